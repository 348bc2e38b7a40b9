#!/usr/bin/env bash
# SoftHSM 2 for the tests of tokens (PKCS#11): the machine's own, or Debian's unpacked in the folder that is given.
# Needs no root and installs nothing. wijkwerk.testing.softhsm finds it.
set -euo pipefail
target=$(realpath -m "$1")
mkdir -p "$target"
if command -v softhsm2-util >/dev/null && ls /usr/lib/softhsm/libsofthsm2.so /usr/lib64/softhsm/libsofthsm2.so >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    echo "De tests van tokens hebben SoftHSM 2 nodig. Installeer het (pakket softhsm of softhsm2) en probeer het opnieuw." >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
packages=(softhsm2 libsofthsm2 softhsm2-common)
if ! apt-get download -qq "${packages[@]}" 2>/dev/null; then # lists of our own: those of the machine may be absent, and only root makes them
    mkdir -p lists/partial cache/archives/partial
    own=(-o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User= -o Debug::NoLocking=1)
    apt-get -qq "${own[@]}" update
    apt-get -qq "${own[@]}" download "${packages[@]}"
fi
for package in ./*.deb; do
    dpkg -x "$package" "$target"
done
