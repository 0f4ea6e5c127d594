// changes_test.cjs - the report's changes and its patch are those of covdb compare and covdb patch.
// usage: COVDB=DATABASE node --test changes_test.cjs, with PROGRAM: covdb, REPORT: a page made with
// --before before.sqlite and --patch new.diff; WITHOUT: a page made without both
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { openReport, tableRows, withReport } = require("./browser.cjs");
const { checkFigure, covdbJson, query } = require("./study.cjs");

let browser, report, page;

withReport((opened) => ({ browser, report, page } = opened));

const keys = [
	"gained",
	"lost",
	"more",
	"less",
	"new_code",
	"code_gone",
	"not_carried",
	"left_out",
	"alike",
];
const compare = (side, ...words) => covdbJson("compare", `before.sqlite:${side}`, side, ...words);
const numbers = (cells) => cells.map((cell) => Number(cell.split(" ")[0].replaceAll(",", "")));
const sumOf = (rows) => keys.map((key) => rows.reduce((sum, row) => sum + row[key], 0));

test("every platform and workload has the numbers of covdb compare", async () => {
	await report.open("#changes");
	const shown = await tableRows(page, "#changes-pairs");
	assert.ok(shown.length >= 2);
	for (const [platform, workload, ...cells] of shown) {
		const side = workload === "all" ? platform : `${platform}/${workload}`;
		const { rows } = compare(side);
		assert.deepEqual(numbers(cells), sumOf(rows));
	}
	assert.ok(shown.some((cells) => numbers(cells.slice(2, 4)).some((lines) => lines > 0)));
});

test("directories and functions of a comparison are those of covdb compare", async () => {
	for (const side of ["a/w", "b/w"]) {
		await report.open(`#changes?${query({ pair: side })}`);
		assert.equal(await page.$eval("#changes-pair", (field) => field.value), side);
		assert.deepEqual(
			(await tableRows(page, "#changes-places")).map(([name, ...cells]) => [
				name,
				...numbers(cells),
			]),
			compare(side).rows.map((row) => [
				row.directory,
				...keys.map((key) => row[key]),
			]),
		);
		const expected = compare(side, "--list", "functions").rows;
		const shown = await tableRows(page, "#changes-functions");
		assert.ok(expected.length > 0);
		assert.deepEqual(
			shown.map((cells) => [
				...cells.slice(0, 3),
				...numbers(cells.slice(3, -2)),
			]),
			expected.map((row) => [
				row.file,
				row.function ?? "",
				row.became,
				...keys.map((key) => row[key]),
			]),
		);
		for (const [i, row] of expected.entries()) {
			checkFigure(shown[i].at(-2), row.old_per_s, row.function);
			checkFigure(shown[i].at(-1), row.new_per_s, row.function);
		}
	}
});

test("another comparison can be chosen, and few trials are said to be few", async () => {
	await report.open("#changes?pair=a/w");
	await page.selectOption("#changes-pair", "b/w");
	await report.settle();
	assert.match(page.url(), /pair=b%2Fw/);
	assert.match(await page.textContent("main h2"), /b\/w/);
	assert.match(await page.textContent("#changes-tests"), /noise cannot be told from change/);
	assert.equal(compare("b/w").tests, null);
});

test("the lines of the patch have the states that covdb patch gives them", async () => {
	const said = covdbJson("patch", "new.diff", "--kernel-src", "tree");
	await report.open("#patch");
	assert.equal(await page.textContent("#patch-summary"), said.summary.text);
	const shown = await page.$$eval(".patch-file tr[data-state]", (rows) =>
		rows.map((row) => [
			row.dataset.state,
			row.cells[2].textContent,
			row.cells[1].textContent,
		]),
	);
	assert.deepEqual(
		shown.map(([state, text]) => [state, text]),
		said.rows.map((row) => [row.state, `+${row.text}`]),
	);
	for (const [i, row] of said.rows.entries()) if (row.why) assert.equal(shown[i][2], row.why);
	const executed = said.rows.findIndex((row) => row.executed_by.length > 0);
	assert.match(shown[executed][2], /\/s (a|b)\/w/);
	assert.deepEqual(
		(await tableRows(page, "#patch-functions")).map((cells) => cells.slice(0, 2)),
		said.functions.map((row) => [row.file, row.function]),
	);
	assert.deepEqual(
		(await tableRows(page, "#patch-functions")).map((cells) => numbers(cells.slice(2))),
		said.functions.map((row) =>
			["lines", "executed", "partly", "not_executed", "not_instrumented"].map(
				(key) => row[key],
			),
		),
	);
});

test("a report without them says how to get them", async () => {
	const other = await openReport(browser, process.env.WITHOUT);
	await other.open("#changes");
	assert.match(await other.page.textContent("main"), /covdb report --before/);
	await other.open("#patch");
	assert.match(await other.page.textContent("main"), /covdb report --patch/);
	assert.deepEqual(other.seen.problems, []);
	await other.close();
	assert.deepEqual(report.seen.problems, []);
});
