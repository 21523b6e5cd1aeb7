#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks through every state of proof/pause.pml, and checks that what is planted in it is found.

Each row: what is defined, and whether the properties hold.  Fails when one is otherwise than its row says.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pause.pml')
SECONDS = 240
ROWS = [
    ('', True),
    ('EPOCHS=3 CRASHES=1', True),
    ('LIAR_SEALER', True),
    ('LIAR_COURIER', True),
    ('SLOW_COURIER', True),
    ('LIAR_SEALER LIAR_COURIER', False),
    ('LIAR_SEALER SLOW_COURIER', False),
    ('CHECK_EARLY', False),
    ('MAIL_FIRST', False),
    ('FOLD_FORGETS', False),
    ('SIGNED_PASSES', False),
    ('NO_STOP', False),
    ('LIAR_COURIER DEAF_PARTNER', False),
]


def look_through(names, folder):
    """(do the properties hold, states)"""
    run = lambda *words: subprocess.run(words, cwd=folder, text=True, capture_output=True, timeout=SECONDS)
    made = run('spin', '-a', *[f'-D{name}' for name in names.split()], MODEL)
    if made.returncode == 0:
        made = run('gcc', '-O1', '-w', '-DSAFETY', '-DCOLLAPSE', '-DMEMLIM=2048', 'pan.c', '-o', 'pan')
    if made.returncode != 0:
        sys.exit(f'the model cannot be made\n{made.stdout}{made.stderr}')
    said = run(os.path.join(folder, 'pan'), '-m100000', '-E').stdout
    errors = re.search(r'errors: (\d+)', said)
    if not errors or 'not completed' in said and errors[1] == '0' or 'max search depth too small' in said:
        sys.exit(f'{names}: the search did not come to its end\n{said}')
    return errors[1] == '0', int(re.search(r'(\d+) states, stored', said)[1])


def main():
    wrong = 0
    for names, expected in ROWS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            holds, states = look_through(names, folder)
        result = f'holds in all of {states} states' if holds else f'is found after {states} states'
        as_expected = '' if holds == expected else ', and that is not as it should be'
        print(f'{names or "as it is"}: {result} ({time.monotonic() - began:.0f} s){as_expected}', flush=True)
        wrong += holds != expected
    return 1 if wrong else 0


sys.exit(main())
