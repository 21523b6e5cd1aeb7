#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checker is checked: each test/mutants/NAME.patch is a defect, and says which test is to catch it.  In a copy of the tree
# each is applied alone, what that test is made of is built, and the test must fail; without any it must pass.
#   test/mutants/run.sh NAME…   these; none: all.  COUNT=5: so many, by the date (DAY, of 1970-01-01)
# B=build: objects that lie there and are up to date are not made anew.
set -uo pipefail
cd "$(dirname "$0")/../.."
B=${B:-build}
LIMIT=${LIMIT:-180} # seconds for one test
DAY=${DAY:-$(($(date +%s) / 86400))}
all=("$@")
[ ${#all[@]} -gt 0 ] || mapfile -t all < <(basename -s .patch -a test/mutants/*.patch)
if [ -n "${COUNT:-}" ]; then
    for ((i = 0; i < COUNT; i++)); do some+=("${all[(DAY * COUNT + i) % ${#all[@]}]}"); done
    all=("${some[@]}")
fi
copy=$(mktemp -d); trap 'rm -rf "$copy"' EXIT
mine=$PWD
if [ "${B#/}" = "$B" ]; then there=$B; else there=build; fi

tree_copy() {
    { git ls-files -z 2>/dev/null || find . -name build -prune -o -type f -print0; } | xargs -0 cp -p --parents -t "$copy" || return 1
    mkdir -p "$copy/$there"
    [ ! -d "$B" ] || (cd "$B" && find . -path ./mutants -prune -o \( -name '*.[oad]' -o -path './gen/*' \) -type f -print0 |
        xargs -0 -r cp -p --parents -t "$copy/$there")
}

# what a patch says of its test: the program, below B, and its arguments
test_of() { sed -n 's/^Test: //p' "test/mutants/$1.patch"; }

made() { env -u MAKEFLAGS -u MFLAGS make --no-print-directory -C "$copy" -j"${JOBS:-2}" B="$there" CC="${CC:-cc}" SAN="${SAN:-}" ${OPT:+OPT="$OPT"} "$there/${1%% *}" >"$copy/made" 2>&1; }

caught() { ! (cd "$copy" && timeout -k 5 "$LIMIT" "$there"/$1 >"$copy/said" 2>&1); }

passed=0; failed=0
tell() { # ok|FAIL, what, since when
    if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    printf '  %-4s %s (%d s)\n' "$1" "$2" $((SECONDS - $3))
}

sound() { # once for each test
    local test=$1 began=$SECONDS
    [ -z "${known[$test]:-}" ] || return "${known[$test]}"
    known[$test]=0
    if ! made "$test"; then known[$test]=1; tell FAIL "$test does not build" "$began"; tail -5 "$copy/made"
    elif caught "$test"; then known[$test]=1; tell FAIL "$test fails without a defect" "$began"; tail -5 "$copy/said"; fi
    return "${known[$test]}"
}

one() {
    local name=$1 test began
    local patch=$mine/test/mutants/$name.patch
    [ -f "$patch" ] || { tell FAIL "there is no mutant $name" "$SECONDS"; return; }
    test=$(test_of "$name")
    sound "$test" || return
    began=$SECONDS
    if ! patch -s -p1 -d "$copy" <"$patch" >"$copy/made"; then tell FAIL "$name does not fit the tree" "$began"; tail -5 "$copy/made"; return; fi
    if ! made "$test"; then tell FAIL "$name does not build" "$began"; grep -m3 error "$copy/made"
    elif caught "$test"; then tell ok "$name: $(head -1 "$patch") Caught by $test" "$began"
    else tell FAIL "$name SURVIVES $test: $(head -1 "$patch")" "$began"; fi
    patch -s -R -p1 -d "$copy" <"$patch" || exit 1
}

declare -A known
tree_copy || exit 1
for name in "${all[@]}"; do one "$name"; done
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
