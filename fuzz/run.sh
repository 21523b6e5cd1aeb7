#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every fuzz target for T seconds under the address and undefined-behaviour sanitizers, from its corpus: a line for each, and what was
# found.  What makes a target fail lies in B/fuzzing/found, what reaches something new in B/fuzzing/new/NAME.
#   fuzz/run.sh NAME…   these; none: all.  B=build T=60 JOBS=2; RECORD=1: it is added to fuzz/CAMPAIGN.tsv
set -uo pipefail
cd "$(dirname "$0")/.."
B=${B:-build}; T=${T:-60}
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(basename -s .c -a fuzz/*.c)
mkdir -p "$B/fuzzing/found" "$B/fuzzing/said"
rm -f "$B"/fuzzing/said/*
env -u MAKEFLAGS -u MFLAGS make --no-print-directory -s B="$B" "${names[@]/#/fuzz/}" || exit 1

one() {
    local name=$1 new=$B/fuzzing/new/$1 began=$SECONDS
    mkdir -p "$new"
    "$B/fuzzing/fuzzer/$name" -max_total_time="$T" -print_final_stats=1 -timeout=20 -rss_limit_mb=4096 \
        -artifact_prefix="$B/fuzzing/found/$name-" "$new" "fuzz/corpus/$name" >"$B/fuzzing/said/$name" 2>&1
    echo "status: $?" >>"$B/fuzzing/said/$name"
    echo "seconds: $((SECONDS - began))" >>"$B/fuzzing/said/$name"
}
stat() { sed -n "s/^$2: *//p" "$B/fuzzing/said/$1" | tail -1; }
export -f one; export B T
printf '%s\0' "${names[@]}" | xargs -0 -n 1 -P "${JOBS:-2}" bash -c 'one "$0"'

found=0
printf '%-20s %12s %10s %8s\n' target inputs a-second new
for name in "${names[@]}"; do
    word=
    if [ "$(stat "$name" status)" != 0 ]; then
        word="  FOUND: $(grep -m1 -E '^SUMMARY|ERROR: ' "$B/fuzzing/said/$name")"; found=$((found + 1))
    fi
    printf '%-20s %12s %10s %8s%s\n' "$name" "$(stat "$name" stat::number_of_executed_units)" "$(stat "$name" stat::average_exec_per_sec)" \
        "$(stat "$name" stat::new_units_added)" "$word"
done
[ -z "${RECORD:-}" ] || fuzz/campaign.sh add
echo "${#names[@]} targets, $T s each, $found found something"
[ $found -eq 0 ]
