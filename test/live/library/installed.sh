#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The library as another program finds it: installed below a folder of its own, found by pkg-config, compiled
# against as C and as C++, linked shared and static, run; and nothing but its own calls can be seen in it.
set -euo pipefail
cd "$(dirname "$0")/../../.."
CC=${CC:-cc}; SAN=${SAN:-}; passed=0
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
env -u MAKEFLAGS -u MFLAGS make -s --no-print-directory B="$B" CC="$CC" SAN="$SAN" DESTDIR="$root" PREFIX=/opt/marking install-library
export PKG_CONFIG_PATH=$root/opt/marking/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
lib=$root/opt/marking/lib
flags=$(pkg-config --cflags accord-marking)
libs=$(pkg-config --libs accord-marking)
static=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs libxml-2.0 expat jansson)
policies=$root$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --variable=policies accord-marking)

ok() { passed=$((passed + 1)); }
die() { echo "installed: $*"; exit 1; }

expected='TOP SECRET//REL TO USA, JPN
of one: 2'
said() { # <what> <command…>: the example says what it should
    local out what=$1; shift
    out=$("$@" "$policies") || die "$what failed"
    [ "$(head -2 <<<"$out")" = "$expected" ] || die "$what said: $out"
    grep -q '^of both: 0$' <<<"$out" || die "$what said: $out"
    ok
}
$CC -std=c11 -Wall -Wextra -Wpedantic -Werror $SAN $flags docs/examples/marking.c $libs -o "$root/shared"
said shared env LD_LIBRARY_PATH="$lib" "$root/shared"
$CC -std=c11 $SAN $flags docs/examples/marking.c "$lib/libaccord-marking.a" $static -lm -o "$root/static"
said static "$root/static"
for cxx in g++ clang++; do # clang stands for a C++ compiler where there is none: the header needs no library of C++
    command -v $cxx >/dev/null || continue
    $cxx -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror $flags -c docs/examples/marking.c -o "$root/cpp.o"
    $CC $SAN "$root/cpp.o" $libs -o "$root/cpp"
    said "$cxx" env LD_LIBRARY_PATH="$lib" "$root/cpp"
done

# libaccord: its examples compile as C and as C++, shared and static, and says what it wants.
client=$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs jansson openssl)
$CC -std=c11 -Wall -Wextra -Wpedantic -Werror $SAN $(pkg-config --cflags accord) docs/examples/follow.c $(pkg-config --libs accord) -o "$root/follow"
$CC -std=c11 $SAN $(pkg-config --cflags accord) docs/examples/follow.c "$lib/libaccord.a" $client -o "$root/follow-static"
$CC -std=c11 -Wall -Wextra -Wpedantic -Werror $SAN $(pkg-config --cflags accord) docs/examples/desk.c $(pkg-config --libs accord) -o "$root/desk"
for follow in "$root/follow" "$root/follow-static"; do
    out=$(LD_LIBRARY_PATH=$lib "$follow" 127.0.0.1:1 KOR kim no no no 2>&1) && die "follow ran without files"
    [ "$out" = "a file of the settings cannot be read" ] || die "follow said: $out"
    ok
done
for cxx in g++ clang++; do
    command -v $cxx >/dev/null || continue
    echo '#include <accord/accord.h>
#include <accord/marking.h>' | $cxx -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror $flags -fsyntax-only - && ok
done

# All that is installed stands in the table of the README: its folder, and each program by its name.
env -u MAKEFLAGS -u MFLAGS make -s --no-print-directory B="$B" CC="$CC" SAN="$SAN" DESTDIR="$root/all" PREFIX=/usr install >/dev/null
table=$(sed -n '/^## Where things are installed/,/^A party/p' README.md)
told() { # <what>: between backticks, with a slash behind it or without
    grep -qE "\`$1/?\`" <<<"$table" || die "the README's table of what is installed does not have $1"
}
while read -r file; do
    folder=${file%/*}
    case $folder in
    bin | libexec/accord) told "${file##*/}"; told "$folder" ;;
    share/man/*) [ "$folder" = share/man/man1 ] && told "$folder" || told "${folder##*/}" ;;
    share/accord/*) told "$(cut -d/ -f1-3 <<<"$folder")" ;;
    *) told "$folder" ;;
    esac
done < <(cd "$root/all/usr" && find . ! -type d | sed 's|^\./||' | sort)
ok

seen() { # <library> <header> <manual>: what can be seen in it is the calls of its header, all of them and no more
    local declared shown
    declared=$(grep -oE '\baccord_[a-z_]+\(' "include/accord/$2" | tr -d '(' | grep -v '_call$' | sort -u)
    shown=$(nm -D --defined-only "$lib/lib$1.so.1" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | grep -vE '^(__|_init$|_fini$)' | sort -u)
    [ "$declared" = "$shown" ] || die "exported and declared differ: $(diff <(echo "$declared") <(echo "$shown") || true)"
    ok
    shown=$(nm --defined-only -g "$lib/lib$1.a" | awk 'NF == 3 { print $3 }' | grep -vE '^(__|_?accord_)' || true)
    [ -z "$shown" ] || die "the archive shows $shown"
    ok
    objdump -p "$lib/lib$1.so.1" | grep -q "SONAME *lib$1.so.1\$" || die "it has another soname"
    ok
    for call in $declared; do # each call stands in the manual
        case $call in accord_hear) continue ;; esac
        grep -qE "(Fn|Fo|Nm) ${call}( |\$)" "man/$3" || die "$call does not stand in $3"
    done
    ok
}
seen accord-marking marking.h accord-marking.3
seen accord accord.h libaccord.3
if [ -z "$SAN" ]; then # the library of markings rests on nothing of OpenSSL
    ! objdump -p "$lib/libaccord-marking.so.1" | grep -qE 'NEEDED *lib(crypto|ssl)' || die "it needs OpenSSL"
    ok
fi
echo "PASS $passed"
