#!/usr/bin/env bash
# Makes sure of a Chromium with its ChromeDriver and of zbarimg, and prints the path of axe-core, the accessibility
# checker: npm's package, fetched into ~/.cache/satback/ when it is not there. Only the path goes to stdout; progress and
# errors go to stderr.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/satback
version=4.14.1
sum=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
home=$cache/axe-core-$version

if ! type -P chromedriver zbarimg >/dev/null; then
    # Without fonts there is nothing to look at on a screenshot: Latin, Arabic and Hebrew, and emoji.
    "$here/../apt.sh" chromium chromium-driver zbar-tools fonts-inter fonts-dejavu-core fonts-noto-color-emoji
fi

found() {
    [[ -e $home/complete ]] || return 1
    printf '%s\n' "$home/package/axe.min.js"
}
if found; then exit; fi

mkdir -p "$cache"
exec 9>"$home.lock"
flock 9
if found; then exit; fi # another one fetched it while we waited

if ! type -P npm >/dev/null; then
    "$here/../apt.sh" nodejs npm 9>&-
fi

printf 'axe-core: fetching version %s into %s\n' "$version" "$home" >&2
rm -rf "$home"
mkdir -p "$home"
cd "$home"
npm pack --silent "axe-core@$version" >&2
sha256sum --check --quiet - <<<"$sum  axe-core-$version.tgz" >&2
tar xzf "axe-core-$version.tgz"
touch complete
found
