#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Events of the TAK protocol against @tak-ps/node-cot: it reads what we write, and we read what it writes.  B=build; without node or
# the module, and without the events of others, it says that it skips.
set -uo pipefail
B=$(realpath "${B:-build}")
here=test/tak
data=${ACCORD_VECTORS:-../shared/data}/cot/xml

skip() {
    echo "skipped: messages of the TAK protocol against node-cot: $1"
    echo "[  SKIPPED ] node_cot"
    exit 0
}

command -v node >/dev/null || skip "there is no node"
[ -d "$data" ] || skip "there are no events of others at $data"
mkdir -p "$B/tak-check"
if [ ! -e "$B/tak-check/node_modules/@tak-ps/node-cot/package.json" ]; then
    command -v npm >/dev/null || skip "there is no npm"
    cp $here/package.json $here/package-lock.json "$B/tak-check" || exit 1
    (cd "$B/tak-check" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000 >npm.log 2>&1) || skip "npm could not fetch node-cot"
fi
cp $here/*.mjs "$B/tak-check" || exit 1
node "$B/tak-check/compare.mjs" "$B/tools/tak-message" "$data"
