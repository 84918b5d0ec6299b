#!/usr/bin/env bash
# Runs fuzz targets: fuzz/run.sh SECONDS [TARGET…], all of them if none is named. What they find goes to
# fuzz/artifacts, what they learn to fuzz/target/corpus; fuzz/corpus is what they begin with, and stays as it is.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

seconds=$1
shift
targets=("$@")
if [[ $# == 0 ]]; then
    for file in targets/*.rs; do
        targets+=("$(basename "$file" .rs)")
    done
fi

# Instrumentation and sanitizers are switched on by unstable flags, which the pinned toolchain takes only so.
export RUSTC_BOOTSTRAP=1
for target in "${targets[@]}"; do
    [[ -f targets/$target.rs ]] || { echo "there is no fuzz target $target" >&2; exit 64; }
    cargo fuzz build "$target"
done
for target in "${targets[@]}"; do
    learnt=target/corpus/$target
    log=target/$target.log
    mkdir -p "$learnt" "artifacts/$target"
    echo "$target: $seconds s"
    if ! cargo fuzz run "$target" "$learnt" "corpus/$target" -- -max_total_time="$seconds" \
        -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "$target has found something; all of it is in fuzz/$log" >&2
        exit 1
    fi
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    echo "$target: $executed executions, nothing found"
done
