#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# TAK clients of a desk with real processes, @tak-ps/node-tak among them; events of the TAK protocol against @tak-ps/node-cot: it
# reads what we write, and we read what it writes.  B=build; without node or the modules, and without the events of others, it
# says what it skips.
set -uo pipefail
B=$(realpath "${B:-build}")
here=test/tak
data=${ACCORD_VECTORS:-../shared/data}/cot/xml
modules=$B/tak-check/node_modules/@tak-ps

skip() {
    echo "skipped: $1: $2"
    echo "[  SKIPPED ] $1"
}

fetch() {
    command -v node >/dev/null || { why="there is no node"; return 1; }
    mkdir -p "$B/tak-check"
    cp $here/*.mjs "$B/tak-check" || exit 1
    [ -e "$modules/node-tak/package.json" ] && [ -e "$modules/node-cot/package.json" ] && return 0
    command -v npm >/dev/null || { why="there is no npm"; return 1; }
    cp $here/package.json $here/package-lock.json "$B/tak-check" || exit 1
    (cd "$B/tak-check" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000 >npm.log 2>&1) && return 0
    why="npm could not fetch node-cot and node-tak"
    return 1
}

failed=0
if fetch; then
    B=$B CLIENT=$B/tak-check/client.mjs python3 $here/clients.py || failed=1
    if [ -d "$data" ]; then
        node "$B/tak-check/compare.mjs" "$B/tools/tak-message" "$data" || failed=1
    else
        skip node_cot "there are no events of others at $data"
    fi
else
    B=$B python3 $here/clients.py || failed=1
    skip node_tak "$why"
    skip node_cot "$why"
fi
exit $failed
