#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The floors check fails when the courier could be linked with what decides, or with keys: one include more, or one word
# more in src/FLOORS, in a copy of the tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
passed=0; failed=0
fresh() {
    rm -rf "$copy/src" "$copy/scripts"
    cp -r src scripts Makefile "$copy"
}
seen() { # <what was changed> <what is to be said of it>
    local said
    if said=$(cd "$copy" && scripts/check-floors --includes 2>&1) || ! grep -qF "$2" <<<"$said"; then
        echo "  FAIL $1 is not seen"; failed=$((failed + 1))
    else
        echo "  ok   $1 is seen"; passed=$((passed + 1))
    fi
}
include() { # <file> <folder>
    fresh
    echo "#include \"$2/$2.h\"" >>"$copy/$1"
    seen "$1 with something of $2/" "$1 includes $2/"
}
include src/courier/cut.c release
include src/courierio/links.c agreement
include src/courierio/links.c pouch
include src/main/courier.c release
include src/main/guard.c language
fresh; sed -i 's/^courier   :/courier   : release/' "$copy/src/FLOORS"
seen "a courier that may have release/" "src/FLOORS lets courier/ include release/"
fresh; sed -i 's/^courierio :/courierio : pouch/' "$copy/src/FLOORS"
seen "a courier's program that may have keys" "src/FLOORS lets courierio/ include pouch/"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
