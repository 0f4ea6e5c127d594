// firefox_test.cjs - the report of a study in another browser engine: every view shows something,
// and what it shows is what covdb prints.
// usage: COVDB=DATABASE node --test firefox_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory.
const assert = require("node:assert/strict");
const path = require("node:path");
const { after, before, test } = require("node:test");
const puppeteer = require("puppeteer-core");
const { optional, views } = require("./browser.cjs");
const { covdbJson, covdbRows } = require("./study.cjs");

const { REPORT } = process.env;

let browser, page;
const problems = [];

before(async () => {
	browser = await puppeteer.launch({
		browser: "firefox",
		executablePath: "/usr/bin/firefox-esr",
		headless: true,
	});
	page = await browser.newPage();
	await page.setViewport({ width: 1280, height: 900 });
	page.on(
		"console",
		(message) =>
			["error", "warn"].includes(message.type()) && problems.push(message.text()),
	);
	page.on("pageerror", (error) => problems.push(error.message));
});

after(() => browser?.close());

async function open(fragment) {
	await page.goto(`file://${path.resolve(REPORT)}/index.html${fragment}`);
	await page.waitForSelector("main");
	await page.waitForFunction(() => !document.querySelector(".waiting"));
}

test("every view opens without an error", async () => {
	for (const view of views) {
		await open(`#${view}`);
		const text = await page.$eval("main", (main) => main.textContent);
		const said = /The database of this study has no|This study has no/;
		assert.ok(text.length > 300 || (optional.includes(view) && said.test(text)), view);
	}
	assert.deepEqual(problems, []);
});

test("regions are those of covdb venn", async () => {
	await open("#explore");
	const shown = await page.$$eval("#regions a[data-region]", (links) =>
		links.map((link) => Number(link.textContent.replaceAll(",", ""))),
	);
	const expected = covdbJson("venn", "--dir", ".").regions.map((region) => region.lines);
	assert.deepEqual(
		shown,
		expected.sort((a, b) => b - a),
	);
});

test("an address with a line brings that line into sight", async () => {
	const { file, line } = covdbRows("functions", "--limit", "1")[0];
	await open(`#file?path=${encodeURIComponent(file)}&line=${line}`);
	await page.waitForSelector("#listing tr.chosen");
	await page.waitForFunction(() => {
		const { top, bottom } = document
			.querySelector("#listing tr.chosen")
			.getBoundingClientRect();
		return top > 0 && bottom < innerHeight;
	});
	assert.equal(await page.$eval("#listing tr.chosen", (row) => row.id), `L${line}`);
	assert.deepEqual(problems, []);
});
