// choice_test.cjs - the phases of the report are those of the database, with the numbers
// that covdb prints.
// usage: COVDB=DATABASE node --test choice_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { number, tableRows, withReport } = require("./browser.cjs");
const { covdbJson, query, sql, study } = require("./study.cjs");

let report, page;

withReport((opened) => ({ report, page } = opened));

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
				covdbJson("summary", ...words).map((row) => [
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
