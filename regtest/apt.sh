#!/usr/bin/env bash
# apt.sh PACKAGE...: installs what is missing of these Debian or Ubuntu packages. Only root can; everybody else is told how.
# Progress and errors go to stderr.
set -euo pipefail

say() { printf 'packages: %s\n' "$*" >&2; }

missing=()
for package in "$@"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $state == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $EUID != 0 ]] || ! type -P apt-get >/dev/null; then
    say "missing: ${missing[*]}"
    say "on Debian or Ubuntu: apt-get install --no-install-recommends ${missing[*]}"
    exit 1
fi
say "installing ${missing[*]}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/satback
mkdir -p "$cache"
apt=(apt-get -q -o DPkg::Lock::Timeout=300)
export DEBIAN_FRONTEND=noninteractive
{ "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
    >"$cache/apt.log" 2>&1 || {
    tail -n 5 "$cache/apt.log" >&2
    say "apt-get failed, see $cache/apt.log"
    exit 1
}
