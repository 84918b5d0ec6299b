#!/usr/bin/env bash
# Prints the path of a Python that has the packages of FOLDER/requirements.txt: a virtual environment in
# ~/.cache/satback/, made when it is not there. Only the path goes to stdout; progress and errors go to stderr.
#
#   regtest/venv.sh FOLDER      a folder beside this script
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
name=${1:?which folder}
wanted=$here/$name/requirements.txt
cache=${XDG_CACHE_HOME:-$HOME/.cache}/satback
sum=$(sha256sum <"$wanted")
home=$cache/$name-${sum:0:12}
python=$home/bin/python

say() { printf '%s: %s\n' "$name" "$*" >&2; }
found() {
    [[ -e $home/complete ]] || return 1
    printf '%s\n' "$python"
}
if found; then exit; fi

mkdir -p "$cache"
exec 9>"$home.lock"
flock 9
if found; then exit; fi # another one made it while we waited

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    "$here/apt.sh" python3 python3-venv 9>&-
fi

say "making the virtual environment $home"
rm -rf "$home"
python3 -m venv "$home"
"$python" -m pip --quiet --disable-pip-version-check install --requirement "$wanted" >&2
touch "$home/complete"
found
