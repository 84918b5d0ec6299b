#!/usr/bin/env bash
# Prints the path of Speed's own browser client, npm's @speeddev/speed-js: fetched into ~/.cache/satback/ when it is not
# there, and the very package that the tests were written for. Only the path goes to stdout; progress and errors go to
# stderr.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/satback
version=2.0.0
sum=133d755796917bfe2be166893a584d780eea2d035ee7e676857cb2238b61bc3d
home=$cache/speed-js-$version

found() {
    [[ -e $home/complete ]] || return 1
    printf '%s\n' "$home/package/dist/index.js"
}
if found; then exit; fi

mkdir -p "$cache"
exec 9>"$home.lock"
flock 9
if found; then exit; fi # another one fetched it while we waited

if ! type -P node npm >/dev/null; then
    "$here/../apt.sh" nodejs npm 9>&-
fi

printf 'speed-js: fetching version %s into %s\n' "$version" "$home" >&2
rm -rf "$home"
mkdir -p "$home"
cd "$home"
npm pack --silent "@speeddev/speed-js@$version" >&2
sha256sum --check --quiet - <<<"$sum  speeddev-speed-js-$version.tgz" >&2
tar xzf "speeddev-speed-js-$version.tgz"
touch complete
found
