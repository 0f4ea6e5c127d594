// browser.cjs - the report in Debian's Chromium, watched: nothing may leave the directory, nothing may
// be complained of, nothing may open a dialog.
const path = require("node:path");
const { chromium } = require("playwright-core");

const programs = [process.env.CHROMIUM, "/usr/bin/chromium"].filter(Boolean);

// A browser, as root without its sandbox, which is not for root.
async function start() {
	const flags = process.getuid() === 0 ? ["--no-sandbox"] : [];
	return chromium.launch({ executablePath: programs[0], args: flags });
}

// A tab on the report in @directory. seen.requests: addresses asked for; seen.problems: what went wrong.
async function openReport(browser, directory, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, offline: true, ...options });
	const page = await context.newPage();
	const seen = { requests: [], problems: [] };
	page.on("request", (request) => seen.requests.push(request.url()));
	page.on("requestfailed", (request) => seen.problems.push(`request failed: ${request.url()}`));
	page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.problems.push(`console: ${message.text()}`));
	page.on("pageerror", (error) => seen.problems.push(`script: ${error.stack}`));
	page.on("dialog", (dialog) => {
		seen.problems.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on("popup", () => seen.problems.push("a window was opened"));
	const root = `file://${path.resolve(directory)}/`;
	return {
		page,
		seen,
		root,
		// Go to a view, and wait until it shows what it has.
		async open(fragment) {
			await page.goto(`${root}index.html${fragment}`);
			await this.settle();
		},
		async settle() {
			await page.waitForSelector("main");
			await page.waitForFunction(() => !document.querySelector(".waiting"));
			await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
		},
		close: () => context.close(),
	};
}

// The rows of a table as lists of texts.
const tableRows = (page, selector) =>
	page.$$eval(`${selector} tbody tr`, (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));

const number = (text) => Number(text.replaceAll(",", ""));

module.exports = { start, openReport, tableRows, number };
