// browser.cjs - the report in Debian's Chromium, under watch: no request may leave the directory,
// no error or warning may be logged, no dialog may open.
const path = require("node:path");
const { after, before } = require("node:test");
const { chromium } = require("playwright-core");

// A browser; without its sandbox for root, under whom the sandbox does not work.
async function start() {
	const flags = process.getuid() === 0 ? ["--no-sandbox"] : [];
	return chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
}

// A tab on the report in @directory. seen.requests: addresses asked for; seen.problems: what went
// wrong.
async function openReport(browser, directory, options = {}) {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 },
		offline: true,
		...options,
	});
	const page = await context.newPage();
	const seen = { requests: [], problems: [] };
	page.on("request", (request) => seen.requests.push(request.url()));
	page.on("requestfailed", (request) =>
		seen.problems.push(`request failed: ${request.url()}`),
	);
	page.on(
		"console",
		(message) =>
			["error", "warning"].includes(message.type()) &&
			seen.problems.push(`console: ${message.text()}`),
	);
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
		// Go to a view, and wait until all of it is shown.
		async open(fragment) {
			await page.goto(`${root}index.html${fragment}`);
			await this.settle();
		},
		async settle() {
			await page.waitForSelector("main");
			await page.waitForFunction(() => !document.querySelector(".waiting"));
			await page.evaluate(
				() =>
					new Promise((resolve) =>
						requestAnimationFrame(() =>
							requestAnimationFrame(resolve),
						),
					),
			);
		},
		close: () => context.close(),
	};
}

// For the tests of a file: a browser with a tab on the report of the environment's REPORT, handed
// to @use before the first test and closed after the last.
function withReport(use) {
	let browser;
	before(async () => {
		browser = await start();
		const report = await openReport(browser, process.env.REPORT);
		use({ browser, report, page: report.page });
	});
	after(() => browser?.close());
}

// The rows of a table as lists of texts.
const tableRows = (page, selector) =>
	page.$$eval(`${selector} tbody tr`, (rows) =>
		rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())),
	);

const number = (text) => Number(text.replaceAll(",", ""));

// The views of a whole study; those of a directory or file have its path in their address.
const views = [
	"overview",
	"explore",
	"functions",
	"conditional",
	"measurements",
	"profiles",
	"cves",
	"syscalls",
	"changes",
	"patch",
	"claims",
	"trust",
];

// Those of what a study may lack: they say so, and have no command. Other tests have some.
const optional = ["measurements", "profiles", "cves", "syscalls", "changes", "patch"];

module.exports = { start, openReport, withReport, tableRows, number, optional, views };
