// choice_test.cjs - the rules and phases of the report are those of the database, with the numbers
// that covdb prints.
// usage: COVDB=DATABASE node --test choice_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { number, tableRows, withReport } = require("./browser.cjs");
const { checkFigure, covdbJson, covdbRows, query, sql, study } = require("./study.cjs");

let report, page;

const grouped = new Intl.NumberFormat("en");
const rangeText = ({ low, high }) =>
	low === null ? "cannot tell" : `${grouped.format(low)}-${grouped.format(high)}`;

withReport((opened) => ({ report, page } = opened));

test("each rule in the database stands beside the others, with its own numbers", async () => {
	const analyses = sql(
		"SELECT rule, baseline FROM analysis WHERE is_current ORDER BY analysis_id",
	);
	for (const workload of [null, study.workloads[0]]) {
		await report.open(`#overview?${query({ w: workload })}`);
		if (analyses.length < 2) {
			assert.equal(await page.locator("#rules-table").count(), 0);
			continue;
		}
		const totals = new Map(
			(await tableRows(page, "#rules-table")).map((row) => [row[0], row]),
		);
		const regions = new Map(
			(await tableRows(page, "#rule-regions")).map((row) => [row[0], row]),
		);
		for (const [i, { rule, baseline }] of analyses.entries()) {
			const expected = covdbJson(
				"venn",
				...["--rule", rule, "--baseline", baseline],
				...(workload ? ["--workload", workload] : []),
			);
			const what = `${workload} by ${rule}`;
			for (const name of expected.platforms) {
				const row = totals.get(name);
				assert.equal(number(row[1 + 3 * i]), expected.totals[name], what);
				assert.equal(
					row[2 + 3 * i],
					rangeText(expected.ranges[name]),
					what,
				);
				checkFigure(row[3 + 3 * i], expected.at_least[name], what);
			}
			const sizes = [...regions.values()]
				.map((row) => number(row[1 + 2 * i]))
				.filter(Boolean);
			assert.deepEqual(
				sizes.sort((a, b) => a - b),
				expected.regions
					.map((region) => region.lines)
					.sort((a, b) => a - b),
				what,
			);
			for (const region of expected.regions) {
				const [name, ...more] = region.platforms;
				if (more.length) continue;
				const row = regions.get(`only ${name}`);
				assert.equal(number(row[1 + 2 * i]), region.lines, what);
				assert.equal(row[2 + 2 * i], rangeText(region), what);
			}
		}
		assert.match(
			await page.textContent("#by-rule + p"),
			new RegExp(`by ${covdbJson("venn").rule} `),
		);
	}
});

test("the phase of a workload is chosen beside it, and has the numbers of --phase", async () => {
	await report.open("#overview");
	const phases = sql("SELECT name FROM workload WHERE kind = 'phase'").map((row) => row.name);
	assert.equal(await page.locator("#phase").count(), phases.length ? 1 : 0);
	if (!phases.length) return;
	const listed = await page.$$eval("#workload option", (list) =>
		list.map((each) => each.value),
	);
	assert.deepEqual(
		listed.filter((name) => phases.includes(name)),
		[],
		"no phase is a workload of the list",
	);
	const stored = new Set(study.workloads);
	for (const workload of [null, phases[0].replace(/\.[^.]*$/, ""), "idle"]) {
		if (workload && !stored.has(workload)) continue;
		await report.open(`#overview?${query({ w: workload })}`);
		const options = await page.$$eval("#phase option", (list) =>
			list.map((each) => [each.value, each.disabled, each.textContent]),
		);
		for (const [phase, isDisabled, text] of options.slice(1)) {
			const name = workload ? `${workload}.${phase}` : phase;
			assert.equal(isDisabled, !stored.has(name), name);
			assert.equal(text.includes("not stored"), isDisabled, name);
			if (isDisabled) continue;
			await page.selectOption("#phase", phase);
			await report.settle();
			const words = [
				...(workload ? ["--workload", workload] : []),
				"--phase",
				phase,
			];
			assert.deepEqual(
				(await tableRows(page, "#summary-table")).map((row) => [
					row[0],
					number(row[1]),
				]),
				covdbRows("summary", ...words).map((row) => [
					row.platform,
					row.lines,
				]),
				words.join(" "),
			);
			const command = await page.textContent("#summary ~ .command code");
			assert.ok(command.includes(words.join(" ")), command);
			assert.equal(await page.inputValue("#workload"), workload ?? "");
			assert.equal(await page.inputValue("#phase"), phase);
		}
	}
	// Another workload keeps the phase if that is stored, and is shown whole if not.
	await report.open(`#overview?${query({ w: phases[0] })}`);
	const [, phase] = phases[0].match(/\.([^.]*)$/);
	for (const name of listed) {
		await report.open(`#overview?${query({ w: phases[0] })}`);
		await page.selectOption("#workload", name);
		await report.settle();
		const isStored = stored.has(name ? `${name}.${phase}` : phase);
		assert.equal(await page.inputValue("#workload"), name);
		assert.equal(await page.inputValue("#phase"), isStored ? phase : "", name);
	}
	assert.deepEqual(report.seen.problems, []);
});
