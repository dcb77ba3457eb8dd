# The verbs a person types. Each checks first for what is missing.
.PHONY: run test fmt

run: prepare
	cargo run --release -- serve --demo

test: prepare
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo test --workspace

fmt:
	cargo fmt --all

.PHONY: prepare
prepare:
	@tools/prepare.sh
