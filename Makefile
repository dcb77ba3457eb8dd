# The verbs a person types. Each checks first for what is missing.
.PHONY: run test test-rust test-page types fmt bench bench-imports bench-page bench-scan prepare

run: prepare
	cargo run --release -- serve --demo

test:
	@tools/prepare.sh test
	$(MAKE) test-rust test-page

test-rust:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo test --workspace

# Types from the service, lints, unit tests, then the page in Chromium against the service.
test-page: types
	cd kiosk-ui && npm run --silent check && npm run --silent test && npm run --silent browser

# The page's types, from the service's own description of what it answers. The service is built as
# for its tests: `cargo build` has other features, and would build every dependency a second time.
types:
	cargo test --quiet --workspace --no-run --test architecture
	cd kiosk-ui && ../target/debug/remise openapi > src/api/openapi.json
	cd kiosk-ui && npx --no-install openapi-typescript src/api/openapi.json -o src/api/schema.d.ts

# SIECLE's lists of 2,000 and 200,000 pupils with guardians, beside COPY of the same rows and quick-xml;
# memory; telling files apart.
bench-imports: prepare
	cargo bench --bench imports

# The whole service against pgbench and COPY, then the imports; wants a quiet machine.
bench: prepare
	KIOSK_UI=off cargo bench --bench service
	KIOSK_UI=off cargo bench --bench imports
	$(MAKE) bench-page

# In Chromium: from the frame that shows the last needed code to the loan on screen; a frame read
# by the page's module and natively (the demo's frames, or those of FRAMES); frames on screen.
bench-page:
	@tools/prepare.sh test
	cargo build --release
	cd kiosk-ui && $(if $(FRAMES),FRAMES="$(abspath $(FRAMES))") MEASURE=1 REMISE_BIN=../target/release/remise npm run --silent browser

# Recall, false reads and milliseconds of the reader on the pictures of FRAMES, beside those
# readers that PYTHON can import (zxing-cpp, pyzbar); answers and table go to OUT.
PYTHON ?= python3
bench-scan:
	@test -n "$(FRAMES)" && test -n "$(OUT)" || { echo "make bench-scan FRAMES=DIR OUT=DIR [PYTHON=python3]" >&2; exit 2; }
	cargo bench -p remise-scanning --bench frames -- "$(abspath $(FRAMES))" "$(abspath $(OUT))" "$(PYTHON)"

fmt:
	cargo fmt --all

prepare:
	@tools/prepare.sh
