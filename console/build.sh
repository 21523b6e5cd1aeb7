#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The wall display's page: B=build console/build.sh makes B/share/accord/wall.  What it needs of node and npm stands in
# docs/why/dependencies.md; where that is missing it says so and ends with status 2.
set -euo pipefail
B=${B:-build}
NODE_LEAST=18 # Debian 12's; npm ci wants the lock file's version 3, so npm 7
work=$B/console

lacks() {
    echo "the wall display's page cannot be made: $1" >&2
    exit 2
}

command -v node >/dev/null || lacks "there is no node"
version=$(node --version) major=${version#v} major=${major%%.*}
[ "$major" -ge $NODE_LEAST ] 2>/dev/null || lacks "node is $version and must be $NODE_LEAST or newer"
mkdir -p "$work"
if ! cmp -s console/package-lock.json "$work/installed"; then
    command -v npm >/dev/null || lacks "there is no npm"
    cp console/package.json console/package-lock.json "$work"
    (cd "$work" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000 >npm.log 2>&1) ||
        lacks "npm could not fetch its packages: see $work/npm.log"
    cp console/package-lock.json "$work/installed"
fi
rm -rf "$work/src" "$work/lang" "$work/plugins" "$work/wall"
cp -r console/. "$work"
cd "$work"
node node_modules/typescript/bin/tsc
node node_modules/vite/bin/vite.js build --logLevel warn
cd - >/dev/null
mkdir -p "$B/share/accord"
rm -rf "$B/share/accord/wall"
cp -r "$work/wall" "$B/share/accord/wall"
