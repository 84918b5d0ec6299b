#!/usr/bin/env bash
# Prints the path of a bitcoind, the first of these that there is:
#   1. $BITCOIND_EXE
#   2. bitcoind on PATH
#   3. the cached build of this version, ~/.cache/satback/bitcoin-core-<version>/bin/bitcoind
#   4. a new build, put there (about four minutes on two cores)
# Only the path goes to stdout; progress and errors go to stderr.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

say() { printf 'bitcoin-core: %s\n' "$*" >&2; }
fail() {
    say "$@"
    exit 1
}

# ---- what is there already ----

if [[ -n ${BITCOIND_EXE:-} ]]; then
    [[ -x $BITCOIND_EXE ]] || fail "BITCOIND_EXE is set to $BITCOIND_EXE, which is no program"
    printf '%s\n' "$BITCOIND_EXE"
    exit
fi
if on_path=$(type -P bitcoind); then
    printf '%s\n' "$on_path"
    exit
fi

crate=libbitcoinkernel-sys
version=$(sed -n "/^name = \"$crate\"\$/{n;s/^version = \"\(.*\)\"\$/\1/p}" "$here/Cargo.lock")
[[ -n $version ]] || fail "$here/Cargo.lock does not name a version of $crate"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/satback
home=$cache/bitcoin-core-$version
bitcoind=$home/bin/bitcoind

found() {
    [[ -x $bitcoind ]] || return 1
    printf '%s\n' "$bitcoind"
}
if found; then exit; fi

# ---- one build at a time; who waited finds what the other one built ----

mkdir -p "$cache"
exec 9>"$cache/bitcoin-core-$version.lock"
if ! flock --nonblock 9; then
    say "another build of version $version is running; waiting for it"
    flock 9
fi
if found; then exit; fi

# ---- tools and headers ----

# $CXX, else the newest clang that will do (three times as fast as g++ at this), else whatever c++ is.
compiles() { "$compiler" -std=c++20 -x c++ -fsyntax-only - 2>/dev/null; }
compiles_cxx20() {
    compiles <<-'PROGRAM'
	#include <source_location>
	template <class T> struct Pair { T a, b; };
	constexpr Pair pair{1, 2};
	PROGRAM
}
candidates=(clang++-{22..17} clang++ c++)
if [[ -n ${CXX:-} ]]; then candidates=("$CXX"); fi
choose_compiler() {
    for compiler in "${candidates[@]}"; do
        if compiles_cxx20; then return; fi
    done
}
choose_compiler
if [[ -z ${CXX:-} && $compiler == c++ && $EUID == 0 ]]; then
    "$here/../apt.sh" clang-19 9>&- || say "going on with $compiler, which is slower"
    choose_compiler
fi

missing() {
    type -P cmake >/dev/null || echo "cmake (3.22 or later)"
    type -P ninja >/dev/null || echo "ninja"
    compiles_cxx20 || echo "a C++20 compiler (clang 17 or g++ 12, or later)"
    compiles <<-'PROGRAM' || echo "the Boost headers (1.74 or later)"
	#include <boost/multi_index_container.hpp>
	#include <boost/version.hpp>
	static_assert(BOOST_VERSION >= 107400);
	PROGRAM
}
list_missing() { missing | paste -sd ',' | sed 's/,/, /g'; }

if [[ -n $(missing) ]]; then
    "$here/../apt.sh" cmake ninja-build g++ libboost-dev 9>&- || fail "missing: $(list_missing)"
    choose_compiler
    [[ -z $(missing) ]] || fail "still missing after the installation: $(list_missing)"
fi

# ---- the sources, as cargo keeps them: read-only for us ----

say "fetching the sources of version $version"
manifest=$here/Cargo.toml
cargo fetch --quiet --locked --manifest-path "$manifest" >&2
source=$(cargo metadata --locked --format-version 1 --manifest-path "$manifest" |
    grep -o "\"manifest_path\":\"[^\"]*/$crate-$version/Cargo.toml\"" | cut -d '"' -f 4)
source=${source%/Cargo.toml}/bitcoin
[[ -f $source/CMakeLists.txt ]] || fail "no Bitcoin Core sources in $source"

# ---- build ----
#
# Aside, in a folder that only the holder of the lock touches. One that was interrupted is gone on with: ninja
# does again what it has no record of having finished.

build=$cache/bitcoin-core-$version.building
log=$build/build.log
options=(
    -DCMAKE_BUILD_TYPE=Release
    "-DCMAKE_CXX_COMPILER=$compiler"
    "-DCMAKE_PROJECT_BitcoinCore_INCLUDE=$here/precompile.cmake"
    # Quick to build rather than to run: regtest asks little of the result, and it meets no strangers.
    "-DAPPEND_CXXFLAGS=-O0 -w"
    -DENABLE_HARDENING=OFF
    -DBUILD_DAEMON=ON
    -DBUILD_CLI=ON
)
for off in BUILD_TX BUILD_UTIL BUILD_TESTS BUILD_BENCH BUILD_FUZZ_BINARY BUILD_GUI BUILD_KERNEL_LIB \
    BUILD_WALLET_TOOL BUILD_BITCOIN_BIN ENABLE_WALLET ENABLE_EXTERNAL_SIGNER ENABLE_IPC WITH_ZMQ \
    WITH_EMBEDDED_ASMAP INSTALL_MAN; do
    options+=("-D$off=OFF")
done

say "configuring in $build"
mkdir -p "$build"
rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles" # what an earlier try found out may be wrong by now
cmake -S "$source" -B "$build" -G Ninja "${options[@]}" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "cmake failed, see $log"
}

# Ninja's lines go to the log; a tenth of the way done is worth a line of progress.
progress() {
    local line done next=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        done=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
        ((done < next)) && continue
        next=$((done + 1))
        say "building: $((done * 10)) % of ${BASH_REMATCH[2]} steps"
    done
}
ninja -C "$build" bitcoind bitcoin-cli 2>&1 | progress || {
    tail -n 20 "$log" >&2
    fail "the build failed, see $log"
}

# ---- into place, whole or not at all ----

rm -rf "$build/home" "$home"
mkdir -p "$build/home/bin"
cp "$build/bin/bitcoind" "$build/bin/bitcoin-cli" "$build/home/bin/"
strip "$build/home/bin/"* 2>/dev/null || true
mv "$build/home" "$home"
rm -rf "$build"
say "built $bitcoind"
found
