// SPDX-License-Identifier: MIT
// node play.mjs FIREFOX URL PASSWORD: works on a board with its page in Firefox, over WebDriver BiDi, and prints
// in JSON what a person would have seen. The URL has a user name, as bookmarks may.
import puppeteer from 'puppeteer-core';

const [executablePath, url, password] = process.argv.slice(2);
const PATIENCE = 60_000;
const seen = {};
const errors = [];

const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 1200, height: 760 });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);

  const until = (condition, ...values) => page.waitForFunction(condition, { timeout: PATIENCE, polling: 50 }, ...values);
  const isIn = (state) => until((wanted) => document.querySelector('#status').dataset.state === wanted, state);
  const shows = (text) => until((wanted) => window.webrepl.text().includes(wanted), text);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.down(key);
    for (const key of keys.reverse()) await page.keyboard.up(key);
  };
  const twice = async (selector) => (await page.waitForSelector(selector)).click({ count: 2 });

  await isIn('password');
  await page.type('#password', password);
  await page.click('#connect');
  await isIn('connected');

  await page.keyboard.type("print('grüße', 6 * 7)\n");
  await shows('\ngrüße 42\n>>>');
  seen.terminal = await page.evaluate(() => window.webrepl.text());

  await press('Alt', 'f');
  await page.waitForSelector('.tree li[data-path="main.py"]');
  seen.files = await page.$$eval('.tree li', (rows) => rows.map(({ dataset }) => dataset.path));

  await twice('.tree li[data-path="main.py"]');
  await page.waitForSelector('.cm-content');
  await page.click('.cm-content');
  await press('Control', 'a');
  await page.keyboard.type("print('written', 'in', 'Firefox')");
  await press('Control', 'Enter');
  await shows('\nwritten in Firefox\n>>>');
  seen.note = await page.$eval('.editor .note', ({ textContent }) => textContent);

  await press('Control', 'a');
  await press('Tab');
  await press('Control', 'z');
  seen.undone = await page.$eval('.cm-content', ({ innerText }) => innerText);

  // The same panel over HTTP, without a terminal.
  await page.goto(`${url}?tree=/data/`);
  await twice('.tree li[data-path="main.py"]');
  await page.waitForSelector('.cm-content');
  await page.click('.cm-content');
  await press('Control', 'a');
  await page.keyboard.type("print('by', 'HTTP')");
  await press('Control', 's');
  await until(() => document.querySelector('.editor .note').textContent === 'Saved');
  seen.errors = errors;
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
