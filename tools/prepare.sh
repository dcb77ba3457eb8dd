#!/bin/sh
# Checks for what Remise needs on this machine; installs it when root, else says the one command to type.
set -eu
missing=""
newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sed 's|.*/postgresql/\([0-9]*\)/bin|\1|' | sort -n | tail -1)
if [ "${newest:-0}" -lt 15 ] && ! postgres --version >/dev/null 2>&1; then missing="$missing postgresql"; fi
if ! command -v cc >/dev/null 2>&1; then missing="$missing gcc libc6-dev"; fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing
else
    echo "Il manque :$missing. Tapez : sudo apt-get install$missing" >&2
    exit 1
fi
