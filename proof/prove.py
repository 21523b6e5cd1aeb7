#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves by Frama-C what proof/goals names, of the sources as they are compiled, and prints goals proved/total.

prove.py [FILE …]   only the rows of these files.  Fails when fewer goals of a row are proved than it says, or when one
that is not proved does not stand in docs/why/proof.md with its reason.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(os.path.dirname(HERE), 'src')
SECONDS = os.environ.get('PROOF_SECONDS', '10')
# Two things that this Frama-C cannot read: an attribute of C23, and headers other than its own
PREPROCESS = 'gcc -E -C -nostdinc %args -I. -D_GNU_SOURCE -std=c2x %i | sed "s/\\[\\[nodiscard\\]\\]//" > %o'
FRAMA = ['frama-c', '-c11', '-machdep', 'gcc_x86_64', '-cpp-frama-c-compliant', '-cpp-command', PREPROCESS]
WP = ['-wp', '-wp-model', 'Typed+Cast', '-wp-par', '1', '-wp-prover', 'z3,cvc4', '-wp-timeout', SECONDS]


def rows():
    with open(os.path.join(HERE, 'goals')) as table:
        for line in table:
            if line.strip() and not line.startswith('#'):
                file, least, how, *functions = line.split()
                yield file, int(least), how == 'safe', functions


def provers(folder):
    """Why3 is told of the provers here, whatever the user's own configuration says"""
    config = os.path.join(folder, 'why3.conf')
    subprocess.run(['why3', '-C', config, 'config', 'detect'], capture_output=True, check=True)
    return {'WHY3CONFIG': config, 'PWD': SOURCES}


def prove(file, safe, functions, environment):
    """(proved, all, the names of those that are not)"""
    done = subprocess.run(FRAMA + [file] + WP + (['-wp-rte'] if safe else []) + ['-wp-fct', ','.join(functions)], text=True,
                          cwd=SOURCES, env=os.environ | environment, capture_output=True)
    sums = re.search(r'Proved goals: +(\d+) / (\d+)', done.stdout)
    if done.returncode != 0 or not sums:
        sys.exit(f'{file}: Frama-C did not come to its end\n{done.stdout[-2000:]}{done.stderr}')
    lost = set(functions) - set(re.findall(r'annotating function (\w+)', done.stdout))
    if safe and lost:
        sys.exit(f'{file}: nothing was proved of {", ".join(sorted(lost))}, which proof/goals names')
    not_proved = re.findall(r'\[(?:Failed|Timeout|Unknown|Stepout)\] Goal typed_(?:cast_)?(\w+)', done.stdout)
    return int(sums[1]), int(sums[2]), not_proved


def bits():
    """the axioms of bits: z3 must find no words for which one of them fails"""
    done = subprocess.run(['z3', os.path.join(HERE, 'bits.smt2')], text=True, capture_output=True)
    if done.stdout.strip() != 'unsat':
        sys.exit(f'bits.smt2: an axiom of base/set64.h does not hold\n{done.stdout}{done.stderr}')


def judged(file, least, safe, functions, environment, reasons):
    """proves one row, prints it, returns proved, all, and whether it is as it was"""
    proved, total, lacking = prove(file, safe, functions, environment)
    print(f'{file}: {proved} of {total} goals proved, {len(functions)} functions', flush=True)
    unknown = [goal for goal in lacking if goal not in reasons]
    for goal in unknown:
        print(f'    not proved, and without a reason in docs/why/proof.md: {goal}')
    if proved < least:
        print(f'    {least} were proved before')
    return proved, total, proved >= least and not unknown


def main():
    wanted = [row for row in rows() if len(sys.argv) == 1 or row[0] in sys.argv[1:]]
    with open(os.path.join(HERE, '..', 'docs', 'why', 'proof.md')) as page:
        reasons = set(re.findall(r'\w+', page.read()))
    with tempfile.TemporaryDirectory() as folder:
        environment = provers(folder)
        bits()
        results = [judged(*row, environment, reasons) for row in wanted]
    print(f'{sum(r[0] for r in results)} of {sum(r[1] for r in results)} goals proved')
    return 0 if results and all(r[2] for r in results) else 1


sys.exit(main())
