#!/usr/bin/env bash
# Instructions of the hot paths against benches/counts/record.txt: an error if one is off by more than 5 %, in either direction, or
# if the cases are others. `check.sh --write` writes the record: where a change is meant, and for another compiler.
set -euo pipefail
cd "$(dirname "$0")"
command -v valgrind >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends valgrind libc6-dbg >/dev/null; }
version=$(sed -n 's/^gungraun = "\(.*\)"/\1/p' Cargo.toml)
gungraun-runner --version 2>/dev/null | grep -qF " $version" || cargo install --locked "gungraun-runner@$version"

found=$(mktemp)
trap 'rm -f "$found"' EXIT
# of "counts::laws::draw normal:(..)" and "  Instructions: 12|N/A (..)": a name and its instructions
cargo bench --locked --quiet --package counts --bench counts -- --color=never |
    awk '/^counts::/ { sub(/^counts::[a-z_]*::/, ""); sub(/:.*/, ""); sub(/ /, "/"); name = $0 }
         /^ *Instructions:/ { split($2, of, "|"); print name, of[1] }' >"$found"

if [ "${1:-}" = --write ]; then
    {
        echo "# Instructions of each case, written by benches/counts/check.sh --write."
        echo "# $(rustc --version); $(ldd --version | head -1)"
        cat "$found"
    } >record.txt
    exit
fi
if [ "$(sed -n 2p record.txt)" != "# $(rustc --version); $(ldd --version | head -1)" ]; then
    echo "the record is of another compiler or C library: $(sed -n 2p record.txt)"
    exit
fi
awk 'FNR == NR { if (!/^#/) record[$1] = $2; next }
     { ratio = record[$1] ? $2 / record[$1] : 0; delete record[$1]
       off = ratio < 0.95 || ratio > 1.05; wrong += off
       printf "%-40s %10d %6.3f%s\n", $1, $2, ratio, off ? " off the record" : "" }
     END { for (name in record) { wrong++; print name " is no case any more" }
           exit wrong > 0 }' record.txt "$found" || {
    echo "off the record by more than 5 %, which is of: $(sed -n 2p record.txt)" >&2
    exit 1
}
