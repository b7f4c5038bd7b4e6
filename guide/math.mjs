// An mdBook preprocessor: sets formulas between $ signs (and $$ for displayed ones) by KaTeX while the book is built, so
// that a page needs no script and no network for them. Code is left alone.

import katex from "katex";

if (process.argv[2] === "supports") {
  process.exit(process.argv[3] === "html" ? 0 : 1);
}

/** A formula as HTML that Markdown passes through: on one line, without a letter that Markdown reads. */
function set(formula, displayMode) {
  const html = katex.renderToString(formula, { displayMode, output: "htmlAndMathml", strict: "error" });
  return html.replace(/\s*\n\s*/g, " ").replace(/[_*\\[\]|`~]/g, (c) => `&#${c.charCodeAt(0)};`);
}

// blocks of code, pieces of code, displayed formulas, formulas
const PART = /(^ *```[\s\S]*?^ *```)|(`[^`\n]+`)|\$\$([\s\S]+?)\$\$|\$([^$\n]+?)\$/gm;

function text(content) {
  return content.replace(PART, (all, block, code, displayed, inline) => {
    if (block || code) return all;
    return displayed ? set(displayed.trim(), true) : set(inline, false);
  });
}

/** Chapters are nested. mdBook calls them sections up to 0.4 and items from 0.5 on. */
function walk(items) {
  for (const item of items) {
    if (item.Chapter) {
      item.Chapter.content = text(item.Chapter.content);
      walk(item.Chapter.sub_items);
    }
  }
}

let input = "";
for await (const piece of process.stdin) input += piece;
const [, book] = JSON.parse(input);
walk(book.sections ?? book.items);
process.stdout.write(JSON.stringify(book));
