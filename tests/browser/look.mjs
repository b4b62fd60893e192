// Opens the pages that the program writes in a headless Chromium: no console error, no request, no
// accessibility problem, no sideways scrolling, no label on another or cut off, at every size, in
// both themes and in forced colours; the same text without script; so many sheets on paper.
//
//   node look.mjs PAGE.html... [--pictures FOLDER]
//
// CHROMIUM names the browser's program.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const LARGEST = 500_000;
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
// 320 pixels are what 400 % zoom leaves of 1280.
const ZOOMED = { width: 320, height: 256 };
const LOOKS = [
  ...['light', 'dark'].flatMap((colorScheme) => [
    [`desktop ${colorScheme}`, { colorScheme, viewport: DESKTOP }],
    [`phone ${colorScheme}`, { colorScheme, viewport: PHONE }],
    [`zoomed ${colorScheme}`, { colorScheme, viewport: ZOOMED }],
  ]),
  ['forced colours', { forcedColors: 'active', colorScheme: 'dark', viewport: DESKTOP }],
];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'section508', 'best-practice'];

const words = process.argv.slice(2);
const at = words.indexOf('--pictures');
const pictures = at < 0 ? null : words.splice(at, 2)[1];
if (words.length === 0) {
  console.error('name at least one page');
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: FLAGS,
});
const problems = [];

for (const path of words) {
  const file = resolve(path);
  const page = basename(file, '.html');
  const name = ['outbrief', 'compare', 'tune', 'capacity', 'players'].includes(page)
    ? `${basename(dirname(file))} ${page}` : page;
  const bytes = statSync(file).size;
  if (bytes > LARGEST) problems.push(`${name}: ${bytes} bytes, at most ${LARGEST}`);
  // What is made to be printed is dark on white, whatever the reader prefers.
  const onPaper = !readFileSync(file, 'utf8').includes('name="color-scheme"');
  const looks = LOOKS.filter(([look]) => !onPaper || !look.includes('dark'));
  for (const [look, options] of looks) await looked(file, `${name}, ${look}`, options);
  await withoutScript(file, name);
  await printed(file, name);
}
await browser.close();
problems.forEach((problem) => console.error(problem));
console.log(`${words.length} pages looked at, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

async function looked(file, what, options) {
  // The page forbids all scripts but its own; the checker's are let in as well.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  const page = await context.newPage();
  const say = (problem) => problems.push(`${what}: ${problem}`);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) say(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => say(`page error: ${error}`));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) say(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await photographed(page, what);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) say(`scrolls sideways by ${wide} pixels`);
  for (const problem of (await page.evaluate(labels)).slice(0, 5)) say(problem);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => axe.run(document, { runOnly }), RULES);
  for (const { id, help, nodes } of violations) {
    say(`${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.target).join(', ')}`);
  }
  if (await page.evaluate(() => document.querySelector('a.skip') !== null)) {
    const first = await keyboard(page);
    if (first !== 'skip') say(`the first tab stop is not the skip link but ${first}`);
  }
  await context.close();
}

async function photographed(page, what) {
  if (!pictures) return;
  const picture = (kind) => join(pictures, `${what.replaceAll(/[ ,]+/g, '-')}${kind}.png`);
  await page.screenshot({ path: picture('') });
  await page.screenshot({ path: picture('-whole'), fullPage: true });
}

// Labels of charts that lie on each other, or that their chart or a box cuts off.
function labels() {
  const found = [];
  const name = (node) => JSON.stringify(node.textContent.trim().slice(0, 40));
  const shown = (node) => node.textContent.trim() !== '' && node.checkVisibility()
    && node.getBoundingClientRect().width > 0;
  for (const chart of document.querySelectorAll('svg')) {
    if (!chart.checkVisibility()) continue;
    const texts = [...chart.querySelectorAll('text')].filter(shown);
    const boxes = texts.map((text) => text.getBoundingClientRect());
    const frame = chart.getBoundingClientRect();
    const cuts = getComputedStyle(chart).overflow !== 'visible';
    for (let i = 0; i < texts.length; i += 1) {
      const box = boxes[i];
      const out = Math.max(frame.left - box.left, box.right - frame.right,
        frame.top - box.top, box.bottom - frame.bottom);
      if (cuts && out > 2) found.push(`${name(texts[i])} is cut off by ${out.toFixed(0)} pixels`);
      for (let k = i + 1; k < texts.length; k += 1) {
        const other = boxes[k];
        const over = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        const high = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
        // Boxes of letters hold the room above and below them.
        if (over > 1 && high > 0.4 * Math.min(box.height, other.height)) {
          found.push(`${name(texts[i])} lies on ${name(texts[k])}`);
        }
      }
    }
  }
  for (const box of document.querySelectorAll('body *')) {
    if (box.children.length > 0 || !shown(box) || box.closest('svg, .skip')) continue;
    const style = getComputedStyle(box);
    const hidden = box.clientWidth <= 1 || style.clip !== 'auto' || style.clipPath !== 'none';
    if (!hidden && style.overflowX === 'hidden' && box.scrollWidth > box.clientWidth + 1) {
      found.push(`${name(box)} is cut off`);
    }
  }
  return found;
}

async function keyboard(page) {
  await page.keyboard.press('Tab');
  return page.evaluate(() => document.activeElement?.className);
}

// What can be read must not depend on a script.
async function withoutScript(file, name) {
  const read = async (javaScriptEnabled) => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: DESKTOP });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    const lines = (await page.locator('body').innerText()).split('\n');
    await context.close();
    return lines.map((line) => line.trim()).filter((line) => line !== '');
  };
  const [without, having] = [await read(false), await read(true)];
  const lost = having.filter((line) => !without.includes(line));
  if (lost.length > 0 && without.length < having.length / 2) {
    problems.push(`${name}: without script most of it is gone, such as ${lost[0]}`);
  }
  if (without.length < 3) problems.push(`${name}: without script there is nothing`);
}

// How many sheets a page is on both papers; what comes before the appendix is two at most.
async function printed(file, name) {
  for (const format of ['A4', 'Letter']) {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const whole = await sheets(page, format, join(pictures ?? '', `${name.replaceAll(' ', '-')}-${format}.pdf`));
    const appendix = await page.evaluate(() => {
      const folded = [...document.querySelectorAll('.appendix, .later')];
      folded.forEach((part) => { part.hidden = true; });
      return folded.length > 0;
    });
    const front = appendix ? await sheets(page, format) : whole;
    if (appendix && front > 2) problems.push(`${name}: ${front} sheets of ${format} before the appendix`);
    if (pictures) console.log(`${name}: ${whole} sheets of ${format}, ${front} without the appendix`);
    await page.close();
  }
}

async function sheets(page, format, path) {
  const pdf = await page.pdf({ format, path: pictures && path ? path : undefined });
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
}
