// Opens outbriefs in a headless Chromium: no console error, no request, no accessibility problem,
// no sideways scrolling, at every size and in both themes.
//
//   node look.mjs OUTBRIEF.html... [--pictures FOLDER]
//
// CHROMIUM names the browser's program.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const LARGEST = 2_000_000;
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
// 320 pixels are what 400 % zoom leaves of 1280.
const SIZES = [['desktop', 1280, 800], ['phone', 390, 844], ['zoomed', 320, 256]];

const words = process.argv.slice(2);
const at = words.indexOf('--pictures');
const pictures = at < 0 ? null : words.splice(at, 2)[1];
if (words.length === 0) {
  console.error('name at least one outbrief.html');
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
  const name = basename(dirname(file));
  const bytes = statSync(file).size;
  if (bytes > LARGEST) problems.push(`${name}: ${bytes} bytes, at most ${LARGEST}`);
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, width, height] of SIZES) {
      await look(file, `${name} ${size} ${colorScheme}`, { colorScheme, viewport: { width, height } });
    }
  }
  await printed(file, name);
}
await browser.close();
problems.forEach((problem) => console.error(problem));
console.log(`${words.length} outbriefs looked at, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

async function look(file, what, options) {
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
  if (pictures) {
    const picture = (kind) => join(pictures, `${what.replaceAll(' ', '-')}${kind}.png`);
    await page.screenshot({ path: picture('') });
    await page.screenshot({ path: picture('-whole'), fullPage: true });
  }
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  const wide = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) say(`scrolls sideways by ${wide} pixels`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'section508', 'best-practice'],
  }));
  for (const { id, help, nodes } of violations) {
    say(`${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.target).join(', ')}`);
  }
  const first = await keyboard(page);
  if (first !== 'skip') say(`the first tab stop is not the skip link but ${first}`);
  await context.close();
}

async function keyboard(page) {
  await page.keyboard.press('Tab');
  return page.evaluate(() => document.activeElement?.className);
}

async function printed(file, name) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const pdf = await page.pdf({
    preferCSSPageSize: true,
    path: pictures ? join(pictures, `${name}.pdf`) : undefined,
  });
  if (pdf.length < 10_000) problems.push(`${name}: the printed page is empty`);
  await page.close();
}
