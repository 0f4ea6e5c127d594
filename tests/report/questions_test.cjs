// questions_test.cjs - what a study is made for is answered by clicks alone, at most three from the
// first view; tables, pictures and commands can be copied, saved and linked to.
// usage: COVDB=DATABASE node --test questions_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory, of a study of host, runc and gvisor
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fs = require("node:fs");
const { number, openReport, tableRows, views, withReport } = require("./browser.cjs");
const { covdbJson, covdbRows, study } = require("./study.cjs");

let browser, report, page;

withReport((opened) => ({ browser, report, page } = opened));

// Clicks one after the other, from the first view; each waits for what it leads to.
async function clicks(...selectors) {
	assert.ok(selectors.length <= 3, `${selectors.length} clicks`);
	await report.open("");
	for (const selector of selectors) {
		await page.locator(selector).first().click();
		await report.settle();
	}
}

test("what does only gVisor reach in net/", async () => {
	await clicks("#only-table tr:has(a:text-is('net/')):has-text('gvisor') a");
	await page.waitForSelector("#region-table tbody tr");
	const expected = covdbJson("venn", "--dir", "net").regions.find(
		({ platforms }) => platforms.join() === "gvisor",
	);
	assert.equal(number(await page.textContent("#region-lines")), expected.lines);
	const box = await page.locator("#region-table tbody tr").first().boundingBox();
	assert.ok(box.y + box.height < page.viewportSize().height, "above the fold");
	const href = await page.locator("#region-table tbody a").first().getAttribute("href");
	assert.match(href, /^#file\?.*path=net/);
});

test("where do runc and the host differ most", async () => {
	await clicks("#pair-table tr:has-text('host') td:nth-child(2) a");
	const rows = covdbRows("venn", "--depth", "1", "--platforms", "host,runc").slice(1);
	const differ = ({ regions }) =>
		regions
			.filter(({ platforms }) => platforms.length === 1)
			.reduce((sum, { lines }) => sum + lines, 0);
	const [most] = rows.sort((a, b) => differ(b) - differ(a));
	const [first] = await tableRows(page, "#children");
	const heads = await page.$$eval("#children thead tr:last-child th", (all) =>
		all.map((head) => head.textContent),
	);
	assert.equal(first[0], most.dir);
	assert.equal(number(first[heads.indexOf("Differ")]), differ(most));
});

test("which branch makes them differ", async () => {
	const [{ branch }] = covdbJson("conditional", "--limit", "1").hunks;
	await clicks("nav[aria-label=views] a:text-is('Conditional')");
	const cells = (await tableRows(page, "#conditional-table"))[0];
	assert.ok(cells.includes(branch), `${cells}: ${branch}`);
	await clicks(
		"nav[aria-label=views] a:text-is('Conditional')",
		`#conditional-table a:text-is('${branch}')`,
	);
	await page.waitForSelector("#listing tr.chosen");
	assert.equal(
		await page.textContent("#listing tr.chosen th"),
		branch.slice(branch.lastIndexOf(":") + 1),
	);
});

test("how sure is this number", async () => {
	await report.open("");
	const { ranges } = covdbJson("venn");
	for (const [name, , range] of await tableRows(page, "#summary-table"))
		assert.equal(
			range,
			[ranges[name].low, ranges[name].high]
				.map((each) => each.toLocaleString("en-US"))
				.join("-"),
		);
	await clicks("#summary ~ p a:text-is('how sure the numbers are')");
	assert.equal(await page.locator("#trust-summary li").count(), 3);
	await clicks("#summary ~ p a", "#agreement");
	assert.ok(await page.locator("#agreement-table").isVisible());
});

test("did the paper's claim hold", async () => {
	await clicks("#score ~ .score a:has-text('differs')");
	const expected = covdbRows("claims").filter((claim) => claim.verdict === "differs");
	assert.deepEqual(
		await page.$$eval(".claim", (all) => all.map((each) => each.id)),
		expected.map((claim) => `claim-${claim.name}`),
	);
});

test("a table, a picture and a command are copied, saved and linked to", async () => {
	const tab = await openReport(browser, process.env.REPORT, {
		permissions: ["clipboard-read", "clipboard-write"],
		viewport: { width: 1440, height: 900 },
	});
	const copied = () => tab.page.evaluate(() => navigator.clipboard.readText());
	const press = async (selector) => {
		await tab.page.locator(selector).first().click();
		await tab.page.locator(`${selector} :text("Copied")`).first().waitFor();
		return copied();
	};
	await tab.open("#overview");
	const table = await press(".table:has(#summary-table) .copy");
	assert.equal(table.split("\n")[0].split("\t")[0], "platform");
	assert.equal(table.trimEnd().split("\n").length, 1 + study.summary().length);
	assert.match(await press("#summary ~ .command .copy"), /^covdb summary --rule/);
	const picture = await press("figure.upset .copy");
	const [download] = await Promise.all([
		tab.page.waitForEvent("download"),
		tab.page.click("figure.upset .svg"),
	]);
	const saved = fs.readFileSync(await download.path(), "utf8");
	assert.equal(saved, picture);
	// It stands alone: all that it refers to is within it, and no class is left.
	const ids = new Set([...saved.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
	for (const [, id] of saved.matchAll(/url\((?:&quot;)?#([\w-]+)/g))
		assert.ok(ids.has(id), id);
	assert.doesNotMatch(saved, / class="/);
	const alone = await tab.page.context().newPage();
	await alone.setContent(saved);
	assert.ok((await alone.locator("svg a rect").count()) > 10);
	await tab.open("#overview");
	const link = tab.page.locator(".table:has(#platform-table) a.tool");
	const address = await link.getAttribute("href");
	await tab.open(address);
	const { y } = await tab.page.locator("#platform-table").boundingBox();
	assert.ok(y > -1 && y < 900, `at ${y}`);
	assert.deepEqual(tab.seen.problems, []);
	await tab.close();
});

test("every table and picture of every view has its tools, every view its command", async () => {
	for (const view of views) {
		await report.open(`#${view}`);
		const bare = await page.$$eval(".table, figure", (all) =>
			all
				.filter(
					(each) =>
						each.querySelector("tbody tr, svg") &&
						!each.querySelector(".tools a.tool"),
				)
				.map((each) => each.outerHTML.slice(0, 100)),
		);
		assert.deepEqual(bare, [], view);
		if (await page.locator("main > .problem").count()) continue; // nothing to show
		const commands = page.locator(".command:has(code):has(button.copy)");
		assert.ok((await commands.count()) > 0, view);
	}
});

test("Escape leaves the search and a region; ? lists the keys", async () => {
	await report.open("#explore?r=gvisor");
	await page.keyboard.press("/");
	await page.keyboard.type("vfs_read");
	await page.waitForSelector("#results a");
	await page.keyboard.press("Escape");
	await page.waitForSelector("#results", { state: "detached" });
	assert.equal(await page.inputValue("#search"), "");
	assert.notEqual(await page.evaluate(() => document.activeElement.id), "search");
	assert.match(page.url(), /r=gvisor/);
	await page.keyboard.press("?");
	assert.ok(await page.locator("#keys").isVisible());
	assert.match(await page.textContent("#keys"), /next difference/);
	await page.keyboard.press("Escape");
	assert.ok(!(await page.locator("#keys").isVisible()));
	assert.match(page.url(), /r=gvisor/);
	await page.keyboard.press("Escape");
	await report.settle();
	assert.doesNotMatch(page.url(), /r=gvisor/);
	assert.deepEqual(report.seen.problems, []);
});
