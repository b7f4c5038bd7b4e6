#!/usr/bin/env bash
# Builds the guide into target/guide/book and checks it in a browser: pictures and tables by the programs that make them,
# formulas by KaTeX, pages by mdBook. Installs what it needs.
#
#   guide/build.sh             pictures, tables, book, check
#   guide/build.sh --quick     the book alone, with the pictures and tables that are there
set -euo pipefail
cd "$(dirname "$0")/.."
out=target/guide
pictures=target/gallery

command -v mdbook >/dev/null || cargo install --locked mdbook --no-default-features --features search

mkdir -p "$out/math" "$out/src/math/fonts" "$out/src/measured" "$out/src/pictures"
cp guide/package.json guide/package-lock.json guide/math.mjs guide/check.mjs guide/book.toml guide/guide.css "$out"
if ! cmp -s guide/package-lock.json "$out/node_modules/.installed"; then
    npm ci --ignore-scripts --no-audit --no-fund --prefix "$out"
    cp guide/package-lock.json "$out/node_modules/.installed"
fi

# chapters that were renamed must not linger
find "$out/src" -maxdepth 1 -name '*.md' -delete
cp guide/src/*.md "$out/src"
cp "$out"/node_modules/katex/dist/katex.min.css "$out/math"
cp "$out"/node_modules/katex/dist/fonts/*.woff2 "$out/src/math/fonts"
cp src/relax/bias.md "$out/src/measured/relaxation_bias.md"
cp adjoint/src/modes.md "$out/src/measured/modes.md"
cp gallery/board/Cargo.toml "$out/src/measured/board.toml"
cp gallery/board/.cargo/config.toml "$out/src/measured/board_config.toml"
cp gallery/board/memory.x "$out/src/measured/board_memory.x"
sed -n '/^#\[cfg(all(not(feature = "hosted"), target_os = "none"))\]$/,/^}$/p' gallery/board/src/main.rs >"$out/src/measured/board_main.rs"
sed -n '/^\/\/\/ A particle filter/,/^\/\/\/ The logarithm/p' gallery/board/src/lib.rs | sed '$d' >"$out/src/measured/board_filter.rs"
sed 's/^# Limits$/### Limits/; s/^## /### /' docs/limits.md >"$out/src/measured/limits.md"

for program in gallery/src/bin/*.rs gallery/board; do
    name=$(basename "$program" .rs)
    grep -q "^| \`$name\`" gallery/README.md || { echo "gallery/README.md has no row for $name" >&2; exit 1; }
done
# the gallery's table, row by row: a section with what the program shows, its pictures and its command
awk -F ' *\\| *' '/^\| `/ {
    name = $2; gsub(/`/, "", name); files = $4; gsub(/[`,]/, " ", files)
    print "## `" name "`\n\n" toupper(substr($3, 1, 1)) substr($3, 2) ".\n"
    for (i = split(files, file, " "); i > 0; i--) print "![" $3 "](pictures/" file[i] ")\n"
    command = $5; gsub(/`/, "", command); print "```sh\n" command "\n```\n"
}' gallery/README.md >"$out/src/measured/gallery.md"

if [ "${1:-}" != --quick ]; then
    cargo run --locked --release --quiet --example which_tool >"$out/src/measured/which_tool.md"
    cargo run --locked --release --quiet --example compare >"$out/src/measured/compare.txt"
    cargo run --locked --release --quiet --example binary_gradients >"$out/src/measured/binary_gradients.md"
fi
rm -f "$out"/src/pictures/*
for file in $(grep -oh 'pictures/[a-z_]*\.[a-z]*' guide/src/*.md "$out/src/measured/gallery.md" | sort -u | xargs -n1 basename); do
    # made already if the gallery's checks ran before
    [ -s "$pictures/$file" ] || cargo run --locked --release --quiet -p gallery --all-features --bin "${file%.*}" >/dev/null
    cp "$pictures/$file" "$out/src/pictures/$file"
done

# mdBook runs the preprocessor in the book's folder; a picture or table that is missing is an error
(cd "$out" && mdbook build .) 2>&1 | tee "$out/build.log"
if grep -qE 'ERROR|WARN' "$out/build.log"; then
    echo "mdBook has complaints, above" >&2
    exit 1
fi

command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; }
(cd "$out" && node check.mjs book)
echo "the guide: $out/book/index.html"
