#!/usr/bin/env bash
# run.sh [NAME...]: plants each of these bugs (all of them, unless some are named) into a copy of the sources, and runs
# the campaigns of the simulated world over it. A bug that is not caught fails the run, and so does a patch that no
# longer applies. Prints what caught each one.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
tree=$root/target/planted/tree
export CARGO_TARGET_DIR=$root/target/planted/target

fresh_tree() {
    rm -rf "$tree"
    mkdir -p "$tree"
    (cd "$root" && git ls-files -z src regtest Cargo.toml Cargo.lock rust-toolchain.toml |
        xargs -0 cp --parents --target-directory "$tree")
}

# What caught it, in a line; nothing if nothing did.
catch() {
    local log=$tree.log
    local ended=0
    timeout 600 "$CARGO_TARGET_DIR/debug/sim" --quick >"$log" 2>&1 || ended=$?
    # That it ran out of time (124) shows nothing.
    if [[ $ended == 0 || $ended == 124 ]]; then return; fi
    grep --max-count=1 --after-context=1 '^WRONG make sim' "$log" | tr -s '\n ' ' ' ||
        grep --max-count=1 --after-context=1 'panicked at' "$log" | tr -s '\n ' ' ' || echo "it dies"
}

names=("$@")
if [[ ${#names[@]} == 0 ]]; then
    for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
missed=0
for name in "${names[@]}"; do
    fresh_tree
    if ! patch --quiet --strip=1 --directory "$tree" <"$here/$name.patch"; then
        printf '%-32s does not apply any more\n' "$name"
        missed=$((missed + 1))
        continue
    fi
    if ! CARGO_PROFILE_DEV_OPT_LEVEL=1 cargo build --quiet --locked --manifest-path "$tree/Cargo.toml" \
        --no-default-features --features sim --bin sim 2>"$tree.build.log"; then
        printf '%-32s does not build any more, see %s\n' "$name" "$tree.build.log"
        missed=$((missed + 1))
        continue
    fi
    caught=$(catch)
    printf '%-32s %s\n' "$name" "${caught:-NOT CAUGHT}"
    [[ -n $caught ]] || missed=$((missed + 1))
done
echo "planted: ${#names[@]}, not caught or out of date: $missed"
[[ $missed == 0 ]]
