// Opens every page of the built book in headless Chromium, as a reader without network would: does it render, is every
// link, anchor and picture there, are formulas set, does the search find things, does it fit a phone?

import { chromium } from "playwright-core";
import { createServer } from "node:http";
import { readFile, readdir, mkdtemp, rm } from "node:fs/promises";
import { join, extname, normalize } from "node:path";
import { tmpdir } from "node:os";

const root = process.argv[2];
const PHONE = { width: 390, height: 844 };
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
/** Words that a reader may look for, and the page that must be among the first results. */
const SEARCHES = [
  ["barrier", "which_tool.html"],
  ["mixture", "wrong_gradient.html"],
  ["rsample", "moving.html"],
  ["microcontroller", "microcontroller.html"],
  ["eigenvalues", "generic_code.html"],
];

const faults = [];
const fault = (page, what) => faults.push(`${page}: ${what}`);

const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://book").pathname));
  try {
    const body = await readFile(join(root, path === "/" ? "index.html" : path));
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
    response.end(body);
  } catch {
    response.writeHead(404);
    response.end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const profile = await mkdtemp(join(tmpdir(), "guide-check-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  viewport: PHONE,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

/** Everything that a page says of itself, in one go. */
function look() {
  const inside = (element) => element.closest("pre, .table-wrapper, .katex-display, .katex-mathml") !== null;
  const main = document.querySelector("main");
  const prose = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const raw = [];
  while (prose.nextNode()) {
    const parent = prose.currentNode.parentElement;
    const isCode = parent.closest("code, pre, .katex, script") !== null;
    if (!isCode && /\$|\{\{|\\frac/.test(prose.currentNode.data)) raw.push(prose.currentNode.data.trim());
  }
  return {
    title: main.querySelector("h1")?.textContent ?? "",
    letters: main.innerText.length,
    raw,
    wide: [...main.querySelectorAll("*")]
      .filter((e) => !inside(e) && e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => `${e.tagName} ${e.textContent.slice(0, 40)}`),
    pictures: [...main.querySelectorAll("img")].map((i) => [i.getAttribute("src"), i.complete && i.naturalWidth > 0, i.alt]),
    formulas: [...main.querySelectorAll(".katex-html")].map((f) => f.getBoundingClientRect().width),
    broken: main.querySelectorAll(".katex-error").length,
    mathFont: main.querySelector(".katex") ? document.fonts.check("16px KaTeX_Main") : true,
    links: [...main.querySelectorAll("a[href]")].map((a) => a.href),
    ids: [...document.querySelectorAll("[id]")].map((e) => e.id),
    highlighted: [...main.querySelectorAll("code.language-rust")].every((c) => c.querySelector("span")),
  };
}

const pages = (await readdir(root)).filter((name) => name.endsWith(".html") && !["print.html", "toc.html", "404.html"].includes(name));
const seen = new Map();
const tab = await browser.newPage();
let current = "";
tab.on("pageerror", (e) => fault(current, `script: ${e.message}`));
tab.on("response", (r) => r.status() >= 400 && !r.url().endsWith("favicon.ico") && fault(current, `${r.status()} ${r.url()}`));
tab.on("request", (r) => !/^(http:\/\/127\.0\.0\.1|data:|blob:)/.test(r.url()) && fault(current, `asks the network: ${r.url()}`));

for (const name of pages) {
  current = name;
  await tab.goto(`${origin}/${name}`, { waitUntil: "load" });
  await tab.evaluate(() => document.fonts.ready);
  const page = await tab.evaluate(look);
  seen.set(name, page);
  if (!page.title || page.letters < 400) fault(name, "renders next to nothing");
  if (page.raw.length) fault(name, `raw text of a formula or an inclusion: ${page.raw[0]}`);
  if (page.wide.length) fault(name, `wider than a phone of ${PHONE.width} pixels: ${page.wide.slice(0, 3).join("; ")}`);
  if (page.broken || page.formulas.some((w) => w === 0)) fault(name, "a formula is not set");
  if (!page.mathFont) fault(name, "no font for formulas");
  if (!page.highlighted) fault(name, "code without colours");
  for (const [src, shown, alt] of page.pictures) {
    if (!shown) fault(name, `no picture ${src}`);
    if (!alt) fault(name, `a picture without words: ${src}`);
  }
}

for (const [name, page] of seen) {
  for (const link of page.links) {
    const url = new URL(link);
    if (url.origin !== origin) continue;
    const target = url.pathname.slice(1) || "index.html";
    if (!seen.has(target)) fault(name, `no page ${target}`);
    else if (url.hash && !seen.get(target).ids.includes(decodeURIComponent(url.hash.slice(1)))) fault(name, `no anchor ${target}${url.hash}`);
  }
}

for (const [word, expected] of SEARCHES) {
  current = `search for ${word}`;
  await tab.goto(`${origin}/index.html?search=${word}`, { waitUntil: "load" });
  try {
    await tab.waitForSelector("#mdbook-searchresults li a, #searchresults li a", { timeout: 10_000 });
    const found = await tab.$$eval("#mdbook-searchresults li a, #searchresults li a", (all) => all.map((a) => a.getAttribute("href")));
    if (!found.some((href) => href.includes(expected))) fault(current, `${expected} is not among ${found.length} results`);
  } catch {
    fault(current, "no results");
  }
}

await browser.close();
server.close();
await rm(profile, { recursive: true, force: true });
const count = (what) => [...seen.values()].reduce((sum, page) => sum + page[what].length, 0);
console.log(`${seen.size} pages, ${count("pictures")} pictures, ${count("formulas")} formulas, ${count("links")} links, ${SEARCHES.length} searches`);
if (faults.length) {
  console.error(faults.join("\n"));
  process.exit(1);
}
