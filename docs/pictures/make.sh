#!/usr/bin/env bash
# Makes the README's pictures by the gallery's programs.
#
#   docs/pictures/make.sh            writes them
#   docs/pictures/make.sh --check    makes them elsewhere, and fails if one differs from the one here
set -euo pipefail
cd "$(dirname "$0")/../.."
made=target/pictures

for picture in derivative_of_a_draw eight_schools filter; do
    cargo run --locked --release --quiet -p gallery --all-features --bin "$picture" -- --out "$made" >/dev/null
    [ "$(wc -c <"$made/$picture.svg")" -le 61440 ] || { echo "$picture.svg is larger than 60 KiB" >&2; exit 1; }
    grep -q "(docs/pictures/$picture.svg)" README.md || { echo "README.md does not show $picture.svg" >&2; exit 1; }
    if [ "${1:-}" = --check ]; then
        cmp "$made/$picture.svg" "docs/pictures/$picture.svg"
    else
        cp "$made/$picture.svg" docs/pictures/
    fi
done
