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

async function open(fragment, tab = page, directory = REPORT) {
	await tab.goto(`file://${path.resolve(directory)}/index.html${fragment}`);
	await tab.waitForSelector("main");
	await tab.waitForFunction(() => !document.querySelector(".waiting"));
}

// The driver cannot tell Firefox, while it runs, to prefer dark or to print to a screen: each look
// is a style sheet in which its own rules are those of every medium, and the others' of none.
const [forDark, forPaper] = ["@media (prefers-color-scheme: dark)", "@media print"];
const looks = {
	light: { [forDark]: "@media not all" },
	dark: { [forDark]: "@media all" },
	print: {
		[forDark]: "@media not all",
		[forPaper]: "@media all",
		"@media screen and": "@media not all and",
	},
};

// A copy of the report that has a style sheet for each of them.
function withLooks() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "covdb-looks-"));
	fs.cpSync(REPORT, folder, { recursive: true });
	const style = fs.readFileSync(path.join(REPORT, "report.css"), "utf8");
	for (const [name, media] of Object.entries(looks)) {
		let own = style;
		for (const [from, to] of Object.entries(media)) own = own.replaceAll(from, to);
		fs.writeFileSync(path.join(folder, `${name}.css`), own);
	}
	return folder;
}

// In the page: puts a style sheet on. Returns what tells looks apart.
async function wear(sheet) {
	const link = document.querySelector("link[rel=stylesheet]");
	await new Promise((resolve) => {
		link.addEventListener("load", resolve, { once: true });
		link.href = sheet;
	});
	for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
	const pickers = [...document.querySelectorAll(".pickers")];
	return {
		colour: getComputedStyle(document.body).backgroundColor,
		hasPickers: pickers.some((each) => each.checkVisibility()),
	};
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

// The narrowest and the widest: the style sheet has no rule that begins between the others, and
// layout_test.cjs has all of them.
for (const width of [widths[0], widths.at(-1)])
	test(`nothing is cut off or overlaps at ${width} px`, async () => {
		const names = covdbJson("venn", "--dir", ".").platforms;
		const directory = withLooks();
		const tab = await browser.newPage();
		await tab.setViewport({ width, height: 900 });
		const all = [];
		const seen = {};
		for (const address of states(
			views,
			query,
			names,
			study.files[0],
			study.directories[1],
		)) {
			await open(address, tab, directory);
			// In dark boxes are where they are in light, says layout_test.cjs.
			for (const name of ["light", "print"]) {
				seen[name] = await tab.evaluate(wear, `${name}.css`);
				for (const fault of await faultsOf(tab, width, name === "print"))
					all.push(`${name} ${address} ${fault}`);
			}
		}
		seen.dark = await tab.evaluate(wear, "dark.css");
		await tab.close();
		fs.rmSync(directory, { recursive: true });
		assert.deepEqual(all, []);
		assert.notEqual(seen.light.colour, seen.dark.colour);
		assert.ok(seen.light.hasPickers && !seen.print.hasPickers);
	});
