#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The verdict against Cedar, on the shipped texts and on texts that have what those do without:
# B=build CASES=5000 PLANTS=12 SEED=… test/oracle/run.sh.  Without node or the module it says that it skips; with
# CEDAR=must that is a failure, as it is for `make oracle` and on the machine that tests every change.
set -uo pipefail
B=${B:-build} CASES=${CASES:-5000} PLANTS=${PLANTS:-12} SEED=${SEED:-1} CEDAR=${CEDAR:-may}
NODE_LEAST=18 # the oldest that was tried; npm ci wants the lock file's version 3, so npm 7
here=test/oracle
module=$B/oracle/node_modules/@cedar-policy/cedar-wasm/package.json

skip() {
    if [ "$CEDAR" = must ]; then
        echo "the verdict against Cedar cannot be judged: $1" >&2
        echo "0 passed, 1 failed"
        exit 1
    fi
    echo "skipped: the verdict against Cedar: $1"
    echo "[  SKIPPED ] cedar"
    exit 0
}

command -v node >/dev/null || skip "there is no node"
version=$(node --version) major=${version#v} major=${major%%.*}
[ "$major" -ge $NODE_LEAST ] 2>/dev/null || skip "node is $version and must be $NODE_LEAST or newer"
if [ ! -e "$module" ]; then
    command -v npm >/dev/null || skip "there is no npm"
    cp $here/package.json $here/package-lock.json "$B/oracle" || exit 1
    (cd "$B/oracle" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000 >npm.log 2>&1) || skip "npm could not fetch cedar-wasm: see $B/oracle/npm.log"
fi
cp $here/*.mjs "$B/oracle" || exit 1

passed=0 failed=0
judge() {
    local name=$1; shift
    echo "# $name"
    if "$B/oracle/emit" "$SEED" "$CASES" "$@" | node "$B/oracle/judge.mjs" --plants "$PLANTS"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}
judge "the shipped texts" agreements/*.agreement agreements/rules/*.rules
judge "texts with each statement of the language" $here/*.agreement $here/*.rules
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
