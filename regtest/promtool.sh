#!/usr/bin/env bash
# Prints the path of Prometheus's checker: the one on PATH, else the one of Debian's package, unpacked into
# ~/.cache/satback and not installed – nobody who runs tests wants a server started. Progress and errors go to stderr.
set -euo pipefail

if type -P promtool; then exit; fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/satback
home=$cache/promtool
found() {
    [[ -x $home/usr/bin/promtool ]] || return 1
    printf '%s\n' "$home/usr/bin/promtool"
}
if found; then exit; fi

mkdir -p "$cache"
exec 9>"$home.lock"
flock 9
if found; then exit; fi # another one fetched it while we waited

if ! type -P apt-get >/dev/null; then
    echo "promtool: missing; it is part of Prometheus" >&2
    exit 1
fi
fetched=$(mktemp -d "$cache/promtool.XXXXXX")
trap 'rm -rf "$fetched"' EXIT
cd "$fetched"
fetch() { apt-get -q download prometheus >&2; }
fetch 2>/dev/null || { apt-get -q -o DPkg::Lock::Timeout=300 update >&2 && fetch; }
dpkg-deb --extract prometheus_*.deb unpacked
rm -rf "$home"
mv unpacked "$home"
found
