// hostile_test.cjs - the report of a database full of markup shows all of it as text.
// usage: REPORT=DIRECTORY node --test hostile_test.cjs
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { views, withReport } = require("./browser.cjs");

let report, page;

withReport((opened) => ({ report, page } = opened));

// Nothing in the study became an element, a script or an address that is not the page's own.
async function checkHarmless(where) {
	const found = await page.evaluate(() => ({
		alarm: globalThis.alarm,
		polluted: {}.x,
		scripts: [...document.scripts].map((script) => script.getAttribute("src")),
		images: document.querySelectorAll("img, iframe, object, embed, b:not(dl b)").length,
		handlers: [...document.querySelectorAll("*")].filter((element) =>
			[...element.attributes].some((each) => each.name.startsWith("on")),
		).length,
		addresses: [...document.querySelectorAll("[href]")].map((element) =>
			element.getAttribute("href"),
		),
	}));
	assert.equal(found.alarm, undefined, where);
	assert.equal(found.polluted, undefined, where);
	for (const source of found.scripts)
		assert.match(source, /^(report\.js|charts\.js|data\/[a-z]+(-\d+)?\.js)$/, where);
	assert.equal(found.images, 0, where);
	assert.equal(found.handlers, 0, where);
	for (const address of found.addresses)
		assert.match(
			address,
			/^(#|data:,$|report\.css$|LICENSES\.txt$)/,
			`${where}: ${address.slice(0, 80)}`,
		);
	assert.deepEqual(report.seen.problems, [], where);
	for (const url of report.seen.requests)
		assert.ok(url.startsWith(report.root) || url === "data:,", url);
}

test("no view runs what the database says", async () => {
	for (const view of views) {
		await report.open(`#${view}`);
		await checkHarmless(view);
		// The page is no wider than the window, even with names of 10,000 characters.
		const width = await page.evaluate(() => document.documentElement.scrollWidth);
		assert.ok(width <= 1400, `${view} is ${width} wide`);
	}
	await report.open("#syscalls");
	assert.ok((await page.locator("#syscall-roles tbody tr").count()) > 20);
	assert.ok((await page.locator("#syscall-matrix .call").count()) > 20);
});

test("names are shown as they are, as text", async () => {
	await report.open("#overview");
	const text = await page.textContent("main");
	assert.ok(text.includes("<img src=x onerror='globalThis.alarm=1'>"));
	assert.ok(
		text.includes("</script><script>globalThis.alarm=1</script>") ||
			text.includes('"><svg/onload=globalThis.alarm=1>'),
	);
});

test("every workload, directory and file can be walked to", async () => {
	await report.open("#explore");
	const workloads = await page.$$eval("#workload option", (options) =>
		options.map((option) => option.value),
	);
	assert.ok(workloads.length > 1);
	for (const workload of workloads) {
		await report.open("#explore");
		await page.selectOption("#workload", workload);
		await report.settle();
		await checkHarmless(`workload ${workload.slice(0, 40)}`);
	}
	await report.open("#explore");
	const directories = await page.$$eval("#children a", (links) =>
		links.map((link) => link.getAttribute("href")),
	);
	assert.ok(directories.length > 1);
	let files = 0;
	for (const directory of directories) {
		await report.open(directory);
		const links = await page.$$eval("#children a", (list) =>
			list.map((link) => link.getAttribute("href")),
		);
		for (const link of links) {
			await report.open(link);
			await checkHarmless(link.slice(0, 80));
			files += (await page.locator("#listing tr").count()) > 0;
		}
	}
	console.log(`${files} files with hostile names opened`);
	assert.ok(files > 1);
});

test("what an address says is text, too", async () => {
	for (const view of [
		"#explore?dir=<img src=x onerror=globalThis.alarm=1>",
		"#file?path=javascript:globalThis.alarm=1",
		"#<svg onload=globalThis.alarm=1>",
		"#overview?w=</p><script>globalThis.alarm=1</script>",
		"#functions?q=(((",
		"#functions?q=[*",
		"#file?path=x&line=1];alert(1)",
		"#explore?r=__proto__&p=__proto__",
	]) {
		await report.open("#overview");
		await page.evaluate((hash) => {
			location.hash = hash;
		}, view);
		await report.settle();
		await checkHarmless(view);
	}
});

test("the search takes any text", async () => {
	await report.open("#overview");
	for (const text of ["<img", "globalThis", "\\", "((", "*", "__proto__"]) {
		await page.fill("#search", text);
		await page.waitForTimeout(50);
		await checkHarmless(`search ${text}`);
	}
});
