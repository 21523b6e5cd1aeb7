#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What all runs of the fuzz targets come to: fuzz/CAMPAIGN.tsv has a line for each, target, inputs, seconds, runs.
#   fuzz/campaign.sh add     puts what the last run said (B/fuzzing/said) to it.  B=build
#   fuzz/campaign.sh table   as docs/why/fuzzing.md quotes it
set -euo pipefail
cd "$(dirname "$0")/.."
B=${B:-build}
sums=fuzz/CAMPAIGN.tsv
stat() { sed -n "s/^$2: *//p" "$1" | tail -1; }

add() {
    local said
    for said in "$B"/fuzzing/said/*; do
        printf '%s\t%s\t%s\t1\n' "$(basename "$said")" "$(stat "$said" stat::number_of_executed_units)" "$(stat "$said" seconds)"
    done | cat "$sums" - | awk -F '\t' -v OFS='\t' '{ n[$1] += $2; s[$1] += $3; r[$1] += $4 }
        END { for (t in n) print t, n[t], s[t], r[t] }' | LC_ALL=C sort >"$sums.new"
    mv "$sums.new" "$sums"
}

table() {
    awk -F '\t' 'BEGIN { print "| target | inputs | minutes | runs |"; print "|---|---|---|---|" }
        { printf "| `%s` | %d | %.1f | %d |\n", $1, $2, $3 / 60, $4; n += $2; s += $3; r += $4 }
        END { printf "| %d targets | %d | %.1f hours | %d |\n", NR, n, s / 3600, r }' "$sums"
}

case ${1:-} in
add) add ;;
table) table ;;
*) echo "usage: fuzz/campaign.sh add | table" >&2; exit 2 ;;
esac
