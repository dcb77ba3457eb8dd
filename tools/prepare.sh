#!/bin/sh
# Checks for what Remise needs on this machine; installs it when root, else says the one command to type.
# With "test" it looks for what only the tests need, too.
set -eu
missing=""
newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sed 's|.*/postgresql/\([0-9]*\)/bin|\1|' | sort -n | tail -1)
if [ "${newest:-0}" -lt 15 ] && ! postgres --version >/dev/null 2>&1; then missing="$missing postgresql"; fi
if ! command -v cc >/dev/null 2>&1; then missing="$missing gcc libc6-dev"; fi
if ! command -v node >/dev/null 2>&1; then missing="$missing nodejs"; fi
if ! command -v npm >/dev/null 2>&1; then missing="$missing npm"; fi
if [ "${1:-}" = test ]; then
    if ! [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then missing="$missing chromium"; fi
    if ! command -v pdftoppm >/dev/null 2>&1; then missing="$missing poppler-utils"; fi
    if ! ls /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf >/dev/null 2>&1; then missing="$missing fonts-dejavu-core"; fi
fi
# The page reads codes by a WebAssembly build; a toolchain that was there before may lack its target.
if command -v rustup >/dev/null 2>&1 && ! rustup target list --installed | grep -q wasm32-unknown-unknown; then
    rustup target add wasm32-unknown-unknown
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "Il manque :$missing. Tapez : sudo apt-get install$missing" >&2
        exit 1
    fi
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node $(node --version) est trop ancien : il faut 20.19 ou plus (Debian 13 le fournit)." >&2
    exit 1
fi
