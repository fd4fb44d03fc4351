// The sites of the sample province in a real browser: every page loads without an error, breaks no
// rule axe-core knows in light and in dark, is reached and left by keyboard alone, fits a telephone
// and a sheet of paper; search answers, and without script nothing is missing.
//
//   node pages.mjs SITES SHOTS BROWSER ADDRESS…      (one address per site, in the order of SITES/*)
//
// Prints a line per fault and ends with status 1 if there was one.

import { createRequire } from "node:module";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [sites, shots, executablePath, ...addresses] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });

let faults = 0;
function fault(where, what) {
  faults += 1;
  console.log(`FAULT ${where}: ${what}`);
}

function pages(dir, root = dir) {
  return readdirSync(dir).sort().flatMap((name) => {
    const path = join(dir, name);
    if (name === ".qianfa") return [];
    if (statSync(path).isDirectory()) return pages(path, root);
    return name.endsWith(".html") ? [relative(root, path)] : [];
  });
}

const kindOf = (path) =>
  path === "index.html" ? "home"
  : path === "404.html" ? "404"
  : path === "map.html" ? "map"
  : path.startsWith("archive/") ? (path.endsWith("index.html") ? "archive" : "month")
  : path.startsWith("search/") ? "search"
  : path.includes("-") ? "article"
  : "column";

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

async function open(context, url, where) {
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) fault(where, `console: ${message.text()}`);
  });
  page.on("pageerror", (error) => fault(where, `error: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What is under way when a page is left is given up; a slow machine leaves before the icon came.
    if (request.failure()?.errorText === "net::ERR_ABORTED") return;
    fault(where, `not loaded: ${request.url()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) fault(where, `asks elsewhere: ${request.url()}`);
  });
  const answer = await page.goto(url, { waitUntil: "load" });
  if (!answer.ok()) fault(where, `status ${answer.status()}`);
  return page;
}

async function rules(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const v of violations) fault(where, `${v.id}: ${v.help} (${v.nodes[0].html.slice(0, 160)})`);
}

// From the top of the page, tab by tab: the skip link first, then everything that can be used, each
// with a visible focus, and out of the page again.
async function keyboard(page, where) {
  const usable = await page.evaluate(() =>
    [...document.querySelectorAll("a[href], button, input, [tabindex='0']")]
      .filter((e) => e.checkVisibility({ visibilityProperty: true })).length);
  const seen = new Set();
  for (let n = 0; n < usable + 3; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const style = getComputedStyle(e);
      const all = [...document.querySelectorAll("*")];
      return {
        id: all.indexOf(e), skip: e.classList.contains("skip"), html: e.outerHTML.slice(0, 80),
        visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
      };
    });
    if (!at) continue;
    if (n === 0 && !at.skip) fault(where, "the first stop is not the skip link");
    if (!at.visible) fault(where, `focus is not visible: ${at.html}`);
    seen.add(at.id);
  }
  if (seen.size < usable) fault(where, `${usable - seen.size} of ${usable} cannot be reached by keyboard`);
}

async function fits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) fault(where, `${over} px wider than the screen`);
}

const wide = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const shown = new Set();
let count = 0;
const names = readdirSync(sites).filter((s) => statSync(join(sites, s)).isDirectory()).sort();
for (const [n, site] of names.entries()) {
  const address = addresses[n];
  const light = await browser.newContext(wide);
  const dark = await browser.newContext({ ...wide, colorScheme: "dark" });
  const small = await browser.newContext(phone);
  for (const path of pages(join(sites, site))) {
    const where = `${site}/${path}`;
    const url = address + path.split("/").map(encodeURIComponent).join("/");
    const kind = kindOf(path);
    const fresh = !shown.has(kind);
    shown.add(kind);
    const shot = (name) => ({ path: join(shots, `${kind}-${name}.png`), fullPage: true });
    let page = await open(light, url, where);
    await rules(page, where);
    await keyboard(page, where);
    if (fresh) await page.screenshot(shot("wide"));
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 });
    await fits(page, `${where} on paper`);
    if (fresh) await page.screenshot(shot("print"));
    await page.close();
    page = await open(dark, url, `${where} in the dark`);
    await rules(page, `${where} in the dark`);
    if (fresh) await page.screenshot(shot("dark"));
    await page.close();
    page = await open(small, url, `${where} on a telephone`);
    await rules(page, `${where} on a telephone`);
    await fits(page, `${where} on a telephone`);
    if (fresh) await page.screenshot(shot("phone"));
    await page.close();
    count += 1;
  }

  // Search: asked by form and by address, found and not found; the words of a title are found.
  const index = JSON.parse(readFileSync(join(sites, site, "search/index.json"), "utf8"));
  const where = `${site} search`;
  const page = await open(light, `${address}search/`, where);
  if (index.months.length > 0) {
    const entry = JSON.parse(readFileSync(join(sites, site, "search", index.months[0].file), "utf8"))[0];
    await page.fill("#q", entry.title.slice(0, 12));
    await page.press("#q", "Enter");
    await page.waitForFunction(() => /\d/.test(document.getElementById("status").textContent));
    const hrefs = await page.$$eval("#found a", (links) => links.map((a) => a.getAttribute("href")));
    if (!hrefs.includes(`../${entry.href}`)) fault(where, `${entry.title} is not found`);
    await rules(page, `${where} with results`);
    await page.screenshot({ path: join(shots, "search-results.png"), fullPage: true });
  }
  await page.goto(`${address}search/?q=${encodeURIComponent("此处没有的词")}`);
  await page.waitForFunction(() => document.getElementById("status").textContent !== "");
  if (await page.isVisible("#found")) fault(where, "shows results where there are none");
  await page.close();
  const plain = await browser.newContext({ ...wide, javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(`${address}search/`);
  if (await still.isVisible("form")) fault(where, "offers a form that does nothing without script");
  if (!(await still.isVisible("#no-script"))) fault(where, "does not say what to do without script");
  await Promise.all([light, dark, small, plain].map((c) => c.close()));
}
await browser.close();
console.log(`${count} pages looked at, ${faults} faults; screenshots in ${shots}`);
process.exit(faults ? 1 : 0);
