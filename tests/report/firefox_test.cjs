// firefox_test.cjs - the report of a study in another browser engine: every view shows something,
// and what it shows is what covdb prints.
// usage: COVDB=DATABASE node --test firefox_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, test } = require("node:test");
const puppeteer = require("puppeteer-core");
const { optional, views } = require("./browser.cjs");
const { faultsOf, states, widths } = require("./layout.cjs");
const { covdbJson, covdbRows, query, study } = require("./study.cjs");

const { REPORT } = process.env;

let browser, page;
const problems = [];

const launch = (extraPrefsFirefox = {}) =>
	puppeteer.launch({
		browser: "firefox",
		executablePath: "/usr/bin/firefox-esr",
		headless: true,
		extraPrefsFirefox,
	});

before(async () => {
	browser = await launch();
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

async function open(fragment, tab = page, directory = REPORT) {
	await tab.goto(`file://${path.resolve(directory)}/index.html${fragment}`);
	await tab.waitForSelector("main");
	await tab.waitForFunction(() => !document.querySelector(".waiting"));
}

// The driver cannot tell Firefox to print to a screen: the report with its rules for paper as those
// of every medium, and without those of screens alone.
function onPaper() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "covdb-paper-"));
	for (const name of fs.readdirSync(REPORT))
		if (name !== "report.css")
			fs.cpSync(path.join(REPORT, name), path.join(folder, name), {
				recursive: true,
			});
	const style = fs.readFileSync(path.join(REPORT, "report.css"), "utf8");
	fs.writeFileSync(
		path.join(folder, "report.css"),
		style
			.replaceAll("@media print", "@media all")
			.replaceAll("@media screen and", "@media not all and"),
	);
	return folder;
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

const dark = { "layout.css.prefers-color-scheme.content-override": 0 };

for (const [name, preferences] of [
	["light", {}],
	["dark", dark],
	["print", {}],
])
	test(`nothing is cut off or overlaps, ${name}`, async () => {
		const names = covdbJson("venn", "--dir", ".").platforms;
		const directory = name === "print" ? onPaper() : REPORT;
		const other = await launch(preferences);
		const tab = await other.newPage();
		const all = [];
		for (const width of widths) {
			await tab.setViewport({ width, height: 900 });
			const list = states(
				views,
				query,
				names,
				study.files[0],
				study.directories[1],
			);
			for (const address of list) {
				await open(address, tab, directory);
				await tab.evaluate(() => new Promise(requestAnimationFrame));
				for (const fault of await faultsOf(tab, width, name === "print"))
					all.push(`${width} ${address} ${fault}`);
			}
		}
		await other.close();
		if (directory !== REPORT) fs.rmSync(directory, { recursive: true });
		assert.deepEqual(all, []);
	});
