#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks through every state of proof/pause.pml and proof/passed.pml, and checks that what is planted in them is found.

model.py [MODEL …]   only the rows of these.  Each row: the model, what is defined, and whether the properties hold.  Fails
when one is otherwise than its row says.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 240
ROWS = [
    ('pause', '', True),
    ('pause', 'EPOCHS=3 CRASHES=1', True),
    ('pause', 'AHEAD', True),
    ('pause', 'AHEAD CRASHES=1 LIAR_SEALER', True),
    ('pause', 'LIAR_SEALER', True),
    ('pause', 'LIAR_COURIER', True),
    ('pause', 'SLOW_COURIER', True),
    ('pause', 'LIAR_SEALER LIAR_COURIER', False),
    ('pause', 'LIAR_SEALER SLOW_COURIER', False),
    ('pause', 'CHECK_EARLY', False),
    ('pause', 'MAIL_FIRST', False),
    ('pause', 'FOLD_FORGETS', False),
    ('pause', 'SIGNED_PASSES', False),
    ('pause', 'NO_STOP', False),
    ('pause', 'AHEAD NO_STOP', False),
    ('pause', 'LIAR_COURIER DEAF_PARTNER', False),
    ('passed', '', True),
    ('passed', 'RECORDS=4 CRASHES=1', True),
    ('passed', 'LIAR_SEALER', True),
    ('passed', 'RECORDS=3 CRASHES=0 LIAR_SEALER', True),
    ('passed', 'LIAR_SEALER FALSE_SYNCED', True),
    ('passed', 'REWRITES', True),
    ('passed', 'SILENT', False),
    ('passed', 'LIAR_SEALER MARK_FIRST NO_SUMS', False),
    ('passed', 'LIAR_SEALER NO_SYNC NO_SUMS', False),
    ('passed', 'LIAR_SEALER SEALERS_PAGE', False),
    ('passed', 'LIAR_SEALER MARK_STAYS', False),
    ('passed', 'FLOOR_AT_MARK', False),
    ('passed', 'LIAR_SEALER FLOOR_FIRST NO_SUMS', False),
    ('passed', 'LIAR_SEALER HEEDED_FIRST', False),
    ('passed', 'LIAR_SEALER ONE_BY_ONE', False),
    ('passed', 'CRASHES=0 LIAR_SEALER NO_SKIP', False),
    ('passed', 'REWRITES NO_SUMS', False),
    ('passed', 'LIAR_SEALER FALSE_SYNCED NO_SUMS', False),
    ('passed', 'SUMS_UNSYNCED', False),
    ('passed', 'LIAR_SEALER FALSE_SYNCED SUM_FIRST', False),
]


def look_through(model, names, folder):
    """(do the properties hold, states)"""
    run = lambda *words: subprocess.run(words, cwd=folder, text=True, capture_output=True, timeout=SECONDS)
    made = run('spin', '-a', *[f'-D{name}' for name in names.split()], os.path.join(HERE, f'{model}.pml'))
    if made.returncode == 0:
        made = run('gcc', '-O1', '-w', '-DSAFETY', '-DCOLLAPSE', '-DMEMLIM=2048', 'pan.c', '-o', 'pan')
    if made.returncode != 0:
        sys.exit(f'the model cannot be made\n{made.stdout}{made.stderr}')
    said = run(os.path.join(folder, 'pan'), '-m100000', '-E').stdout
    errors = re.search(r'errors: (\d+)', said)
    if not errors or 'not completed' in said and errors[1] == '0' or 'max search depth too small' in said:
        sys.exit(f'{model}, {names}: the search did not come to its end\n{said}')
    return errors[1] == '0', int(re.search(r'(\d+) states, stored', said)[1])


def main():
    wrong = 0
    wanted = [row for row in ROWS if len(sys.argv) == 1 or row[0] in sys.argv[1:]]
    for model, names, expected in wanted:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            holds, states = look_through(model, names, folder)
        result = f'holds in all of {states} states' if holds else f'is found after {states} states'
        as_expected = '' if holds == expected else ', and that is not as it should be'
        print(f'{model}, {names or "as it is"}: {result} ({time.monotonic() - began:.0f} s){as_expected}', flush=True)
        wrong += holds != expected
    return 1 if wrong or not wanted else 0


sys.exit(main())
