# satback's commands. `make demo` and `make test` do their own set-up on a fresh machine with a Rust toolchain; what they
# build or fetch beyond target/ lies in ~/.cache/satback and is found again the next time.
#
#   make demo          the whole story on a private regtest; stays up until Ctrl-C
#   make demo ONCE=1   the same without a terminal; ends with one line of JSON
#   make test          every test
#   make sim           campaigns over simulated worlds; SEED=n and SCENARIO=name:seed:point replay one, SEEDS=n is a long run
#   make planted       plants known bugs, and sees whether the campaigns catch each of them
#   make kill          kills the real daemon KILLS=50 times while wallets claim, and compares all records
#   make power         rebuilds a recorded folder as power cuts leave it, IMAGES=1000 times, and opens it each time
#   make fuzz          fuzzes every parser for SECS=60 each; TARGET=name only that one
#   make rude          how honest claims fare among rude clients, next to a run without them
#   make bench         how long pages of a list of PAYMENTS=100000 take, by where they lie in it
#   make api-fuzz      asks every operation of the API what its OpenAPI document promises, for SECS=600
#   make screenshots   takes the pictures of docs/screenshots anew
#   make ci            format, lints, documentation, every test and campaign
#   make help          this list

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

cache := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/satback
built := $(or $(CARGO_TARGET_DIR),target)/debug
# cargo-nextest: the one on PATH, else one of our own.
nextest := $(cache)/cargo-nextest/bin
# cargo-fuzz: likewise.
fuzz := $(cache)/cargo-fuzz/bin
export PATH := $(PATH):$(nextest):$(fuzz)

.PHONY: help demo test sim planted kill power fuzz rude bench ci fmt lint doc tools bitcoind python speed-js nextest promtool cargo-fuzz api-fuzz docs/openapi.json browser screenshots

help:
	@sed -n 's/^#   //p' Makefile

demo: bitcoind
	cargo build --locked --workspace --bins
	$(built)/demo $(if $(ONCE),--once)

# nextest runs no doc tests; the documentation has none (tests/tidy keeps it so).
test: bitcoind python speed-js browser promtool nextest
	cargo nextest run --locked --workspace

# Without the node it builds in seconds.
sim: tools
	cargo build --locked --profile sim --no-default-features --features sim --bin sim
	$(or $(CARGO_TARGET_DIR),target)/sim/sim $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) \
		$(if $(SCENARIO),--scenario $(SCENARIO))

planted: tools
	tests/planted/run.sh $(NAMES)

# `make test` has ten of them. What a world that failed has left is there to be read.
kill: bitcoind nextest
	SATBACK_KEEP_WORLD=failed KILLS=$(or $(KILLS),50) cargo nextest run --locked --profile long --test regtest -E 'test(/kill::/)' --no-capture

# `make test` has fifty of them.
power: bitcoind python nextest
	SATBACK_IMAGES=$(or $(IMAGES),1000) cargo nextest run --locked --profile power --test regtest -E 'test(/power/)'

fuzz: cargo-fuzz
	fuzz/run.sh $(or $(SECS),60) $(TARGET)

rude: tools nextest
	cargo nextest run --locked --test web --no-capture -E 'test(rude)'

# Measured, not judged: a busy machine is no mistake of the program's.
bench: tools
	cargo build --locked --profile sim --no-default-features --features bench --bin bench
	$(or $(CARGO_TARGET_DIR),target)/sim/bench $(or $(PAYMENTS),100000)

# `make test` has one of a minute.
api-fuzz: python nextest
	SATBACK_API_FUZZ_SECS=$(or $(SECS),600) cargo nextest run --locked --profile long --test web -E 'test(/api_fuzz::/)' --no-capture

# In few colours they are a quarter as large.
pictures := checkout-phone cashback-phone cashback-dark paid-phone checkout-laptop dashboard-home dashboard-home-phone \
	dashboard-cashback dashboard-cashback-dark dashboard-cashback-form
screenshots: browser nextest
	@type -P pngquant >/dev/null || regtest/apt.sh pngquant
	cargo nextest run --locked --test web -E 'test(picture_taken)'
	mkdir -p docs/screenshots
	for name in $(pictures); do \
		pngquant --force --strip --speed 1 --output docs/screenshots/$$name.png \
			64 $(or $(CARGO_TARGET_DIR),target)/screenshots/manual-$$name.png; \
	done

# The tests last: their summary is what one looks for.
ci: fmt lint doc sim test

fmt: tools
	cargo fmt --all --check

# The other lines keep domain, engine, the simulated world and the measurements buildable without the node.
lint: tools
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy --locked --package satback --lib --bin sim --no-default-features --features sim -- -D warnings
	cargo clippy --locked --package satback --lib --bin bench --no-default-features --features bench -- -D warnings

doc: tools
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps --document-private-items

# ---- what a fresh machine may lack ----

tools:
	@type -P cargo >/dev/null || { echo "satback needs Rust: install rustup, it reads rust-toolchain.toml" >&2; exit 1; }
	@type -P cc >/dev/null || regtest/apt.sh gcc libc6-dev

bitcoind: tools
	@regtest/bitcoin-core/build.sh >/dev/null

# strace watches the order of disk writes and answers.
python:
	@for package in lnurl webhooks schemathesis; do regtest/venv.sh python-$$package >/dev/null; done
	@type -P strace >/dev/null || regtest/apt.sh strace

# Checks the metrics and the alerts.
promtool:
	@regtest/promtool.sh >/dev/null

# Speed's own browser client, which the tests run against us.
speed-js: tools
	@regtest/speed-js/setup.sh >/dev/null

# Chromium with its driver, a reader of QR codes, and a checker of accessibility.
browser: tools
	@regtest/browser/setup.sh >/dev/null

nextest: tools
	@type -P cargo-nextest >/dev/null || cargo install --locked --version 0.9.143 --root $(cache)/cargo-nextest cargo-nextest

# libFuzzer is C++.
cargo-fuzz: tools
	@type -P c++ >/dev/null || regtest/apt.sh g++
	@type -P cargo-fuzz >/dev/null || cargo install --locked --version 0.13.2 --root $(cache)/cargo-fuzz cargo-fuzz

# The OpenAPI document as the program writes it.
docs/openapi.json: nextest
	SATBACK_WRITE_SNAPSHOT=1 cargo nextest run --locked --test web -E 'test(/document::the_document_is_as_it_was/)'

# The example configuration is what the program says it is.
config/satback.example.toml: $(wildcard src/config/*.rs)
	cargo run --locked --quiet --bin satback -- check-config --example >$@.new
	mv $@.new $@
