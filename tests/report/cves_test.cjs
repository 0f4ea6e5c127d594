// cves_test.cjs - the vulnerabilities of the report are those of covdb cve.
// usage: COVDB=DATABASE node --test cves_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory; some records apply to the study's kernel
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { tableRows, withReport } = require("./browser.cjs");
const { covdbJson, query } = require("./study.cjs");

let report, page;

withReport((opened) => ({ report, page } = opened));

const isShown = (row) =>
	Object.values(row.states).every((state) => !["not compiled", "unknown"].includes(state));

test("vulnerabilities have the states of covdb cve", async () => {
	for (const workload of [null, "w"]) {
		const whole = covdbJson("cve", ...(workload ? ["--workload", workload] : []));
		const expected = whole.rows.filter(isShown);
		await report.open(`#cves?${query({ w: workload })}`);
		const shown = await tableRows(page, "#cve-table");
		assert.ok(expected.length > 1 && whole.rows.length > expected.length);
		assert.deepEqual(
			shown.map((cells) => cells.slice(0, 8 + whole.platforms.length - 1)),
			expected.map((row) => [
				row.cve,
				row.score === null ? "-" : String(row.score),
				row.match ?? "",
				...whole.platforms.map((name) => row.states[name]),
				row.fixed_in ?? "",
				row.files.join(", "),
				row.functions.join(", "),
				row.title,
			]),
		);
		const counts = await page.$$eval(".cve-counts dd", (all) =>
			all.map((each) => parseInt(each.textContent, 10)),
		);
		assert.deepEqual(
			counts,
			whole.platforms.map(
				(name) =>
					expected.filter((row) => row.states[name] === "executed")
						.length,
			),
		);
	}
	assert.match(await page.textContent("main"), /Not observed is not unreachable/);
	await page.click("#cve-table tbody a");
	await report.settle();
	assert.match(page.url(), /#file\?/);
	assert.deepEqual(report.seen.problems, []);
});

test("a file and a directory have theirs, by region", async () => {
	const whole = covdbJson("cve");
	const regions = covdbJson("cve", "--regions").rows;
	await report.open("#explore?dir=.");
	await page.click(".cves-here summary");
	const shown = await tableRows(page, "#cve-regions");
	assert.deepEqual(
		shown
			.filter((cells) => !cells[0].startsWith("not "))
			.map((cells) => Number(cells[1]))
			.sort(),
		regions.map((row) => row.cves).sort(),
	);
	assert.equal(
		(await tableRows(page, "#cve-table-here")).length,
		whole.rows.filter(isShown).length,
	);
	await report.open(`#file?${query({ path: "parts.c" })}`);
	await page.click(".cves-here summary");
	assert.deepEqual(
		(await tableRows(page, "#cve-table-here")).map((cells) => cells[0]),
		["CVE-2024-0002"],
	);
	assert.deepEqual(report.seen.problems, []);
});
