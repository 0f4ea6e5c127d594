// file_test.cjs - the way from the overview down to a line of a file, and what is shown there.
// usage: COVDB=DATABASE node --test file_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory, KERNEL_SRC: the tree that it was made with, or nothing.
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fs = require("node:fs");
const { withReport } = require("./browser.cjs");
const { covdbJson, covdbRows, query, sql, study } = require("./study.cjs");

const { KERNEL_SRC } = process.env;

let report, page;

withReport((opened) => ({ report, page } = opened));

test("from the overview by clicks to a line of a file", async () => {
	await report.open("#overview");
	await page.locator(".card").first().click();
	await report.settle();
	for (let depth = 0; (await page.locator("#children").count()) && depth < 20; depth++) {
		await page.locator("#children tbody tr a").first().click();
		await report.settle();
	}
	const path = new URLSearchParams((await page.url()).split("?")[1]).get("path");
	assert.ok(path, await page.url());
	await page.click("#next");
	const differs =
		(await page.locator("#next").isEnabled()) &&
		(await page.waitForSelector("#listing tr.chosen"));
	const line = differs
		? await page.textContent("#listing tr.chosen th")
		: await page.textContent("#listing tr.all th");
	console.log(`reached ${path}:${line}`);
	if (KERNEL_SRC) {
		const source = fs.readFileSync(`${KERNEL_SRC}/${path}`, "latin1").split("\n")[
			line - 1
		];
		assert.equal(
			(await page.textContent(`#L${line} .source`)).replace(/[^ -~]/g, ""),
			source.replace(/[^ -~]/g, ""),
		);
	}
});

test("a file has the lines, states and rates of covdb annotate", async () => {
	const workload = study.workloads[0];
	const rows = covdbRows(
		"annotate",
		study.files[0],
		"--workload",
		workload,
		...(KERNEL_SRC ? ["--kernel-src", KERNEL_SRC] : []),
	);
	const names = covdbJson("venn", "--dir", ".", "--workload", workload).platforms;
	const started = performance.now();
	await report.open(`#file?${query({ path: study.files[0], w: workload })}`);
	await page.waitForSelector("#listing tr");
	const time = Math.round(performance.now() - started);
	console.log(`${study.files[0]} of ${rows.length} lines opened after ${time} ms`);
	const shown = await page.$$eval("#listing tr", (lines) =>
		lines.map((row) => ({
			line: Number(row.id.slice(1)),
			isOutside: row.classList.contains("outside"),
			cells: [...row.querySelectorAll(".rate")].map((cell) => ({
				class: cell.className,
				times: cell.title.split(" times")[0].replaceAll(",", ""),
			})),
		})),
	);
	const instrumented = rows.filter((row) => row[`${names[0]}_hits`] !== null);
	assert.deepEqual(
		shown.filter((row) => !row.isOutside).map((row) => row.line),
		instrumented.map((row) => row.line),
	);
	let compared = 0;
	for (const [i, row] of shown.filter((each) => !each.isOutside).entries()) {
		for (const [place, name] of names.entries()) {
			const expected = instrumented[i];
			const state = row.cells[place].class.split(" ")[1];
			const isExecuted = expected[`${name}_hits`] !== 0;
			assert.equal(
				state,
				expected[`${name}_kept`]
					? "kept"
					: isExecuted
						? "removed"
						: "never",
				`${study.files[0]}:${row.line} ${name}`,
			);
			if (isExecuted)
				assert.equal(
					row.cells[place].times,
					String(expected[`${name}_hits`]),
					`${study.files[0]}:${row.line} ${name}`,
				);
			compared++;
		}
	}
	console.log(`${compared} rates of ${study.files[0]} compared with covdb annotate: equal`);
	// All columns of one platform: one for each workload.
	await page.selectOption("#columns", names[0]);
	await report.settle();
	const kinds = sql(`SELECT count(DISTINCT workload_id) AS n
		FROM footprint JOIN workload USING (workload_id) JOIN platform p USING (platform_id)
		WHERE kind = 'workload' AND p.name = '${names[0]}'`);
	assert.equal(
		await page.locator("#listing tr").first().locator(".rate").count(),
		kinds[0].n,
	);
});

test("a line's number is a link to that line", async () => {
	await report.open(`#file?${query({ path: study.files[0], w: study.workloads[0] })}`);
	const link = page.locator("#listing th a").nth(3);
	const address = await link.getAttribute("href");
	assert.equal(
		new URLSearchParams(address.split("?")[1]).get("line"),
		await link.textContent(),
	);
	await link.click();
	await page.waitForSelector("#listing tr.chosen");
	assert.ok((await page.url()).endsWith(address));
	assert.equal(await page.textContent("#listing tr.chosen th"), await link.textContent());
});

test("the regions of a file are those of covdb venn, and lead to their lines", async () => {
	await report.open(`#file?${query({ path: study.files[0] })}`);
	await page.click(".file-regions summary");
	const shown = await page.$$eval("#regions a[data-region]", (links) =>
		links.map((link) => [
			link.dataset.region.split("+").sort().join("+"),
			Number(link.textContent.replaceAll(",", "")),
		]),
	);
	const expected = covdbJson("venn", "--dir", study.files[0]).regions.map((region) => [
		[...region.platforms].sort().join("+"),
		region.lines,
	]);
	assert.deepEqual(new Map(shown), new Map(expected));
	await page.locator("#regions a").last().click();
	await page.waitForSelector("#region-lines");
	assert.equal(
		Number((await page.textContent("#region-lines")).replaceAll(",", "")),
		shown.at(-1)[1],
	);
	assert.deepEqual(report.seen.problems, []);
});
