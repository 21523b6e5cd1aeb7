#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The wall display's page: built, its parts by node, and all of it in a browser, against a desk of its own and, where the
# programs were built, the real one: B=build test/console/run.sh.
# Screenshots are left in B/console/seen.  Without node, npm's packages or a browser it says that it skips; with WALL=must
# that is a failure, as it is on the machine that tests every change.
set -uo pipefail
B=${B:-build} WALL=${WALL:-may} CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
B=$(cd "$B" && pwd) || exit 1

skip() {
    if [ "$WALL" = must ]; then
        echo "the wall display cannot be tested: $1" >&2
        echo "$2 passed, 1 failed"
        exit 1
    fi
    echo "skipped: the wall display: $1"
    if [ "$2" -gt 0 ]; then echo "$2 passed, 0 failed"; else echo "[  SKIPPED ] wall"; fi
    exit 0
}

said=$(B=$B console/build.sh 2>&1)
code=$?
[ $code -ne 2 ] || skip "$said" 0
if [ $code -ne 0 ]; then
    echo "$said"
    echo "0 passed, 1 failed"
    exit 1
fi
export WORK=$B/console CHROMIUM

node --test --test-reporter=tap test/console/unit.mjs >"$WORK/unit.tap"
units=$(sed -n 's/^# pass //p' "$WORK/unit.tap") wrong=$(sed -n 's/^# fail //p' "$WORK/unit.tap")
if [ "$wrong" != 0 ]; then
    cat "$WORK/unit.tap"
    echo "${units:-0} passed, ${wrong:-1} failed"
    exit 1
fi
[ -x "$CHROMIUM" ] || skip "there is no $CHROMIUM" "$units"
WALL=$B/share/accord/wall timeout -k 5 300 node test/console/browser.mjs >"$WORK/browser.log" 2>&1
codes=$?
parts=$WORK/browser.log
if [ -x "$B/bin/accordd" ]; then # the same page at a real desk
    B=$B timeout -k 5 300 python3 test/live/rooms/visit.py >"$WORK/desk.log" 2>&1
    codes=$codes$?
    B=$B timeout -k 5 120 python3 test/live/streams/page.py >"$WORK/page.log" 2>&1 # the JavaScript client in a page
    codes=$codes$?
    parts="$parts $WORK/desk.log $WORK/page.log"
fi
passed=$units failed=0
for part in $parts; do
    sed '/passed, [0-9]* failed$/d' "$part"
    read -r p f < <(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$part")
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-1}))
done
if [ "$failed" -eq 0 ] && [ "$((10#$codes))" -ne 0 ]; then failed=1; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
