// syscalls_test.cjs - the system calls of the report are those of covdb syscalls.
// usage: COVDB=DATABASE node --test syscalls_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory; trials of system calls on the platforms a, b and c, of which c has no footprint; perf
// lost some of b; WITHOUT: a page of a study that has none
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { test } = require("node:test");
const { number, openReport, tableRows, withReport } = require("./browser.cjs");
const { covdbRows, query } = require("./study.cjs");

let browser, report, page;

withReport((opened) => ({ browser, report, page } = opened));

const questions = [
	[{}, []],
	[{ w: "w" }, ["--workload", "w"]],
	[{ p: ["b"] }, ["--platforms", "b"]],
	[{ role: "sentry" }, ["--role", "sentry"]],
];

const figure = (cell) => (cell === "-" ? null : number(cell));

// What the table of roles says, as covdb has it.
const rolesShown = async () =>
	(await tableRows(page, "#syscall-roles")).map((cells) => ({
		platform: cells[0],
		role: cells[1],
		threads: figure(cells[2]),
		filters: figure(cells[3]),
		allowed: figure(cells[4]),
		by_argument: figure(cells[5]),
		denied: figure(cells[6]),
		executed: figure(cells[7]),
		table: figure(cells[8]),
		unread: cells[9] || null,
	}));

// The kind of a cell, of the row that covdb has for it.
const kindOf = (row) => (row.calls ? "executed" : (row.filter ?? "not known"));

// [call, role, kind] of each cell of the matrix, and of each row of covdb.
async function cellsShown() {
	const heads = await page.$$eval("#syscall-matrix thead th", (all) =>
		all.map((head) => head.textContent.trim()),
	);
	return (await tableRows(page, "#syscall-matrix")).flatMap((cells) =>
		heads.slice(3).map((head, i) => [cells[1], head, cells[i + 3]]),
	);
}

const cellsOf = (rows) => rows.map((row) => [row.call, `${row.platform} ${row.role}`, kindOf(row)]);

test("roles have the numbers of covdb syscalls", async () => {
	for (const [asked, words] of questions) {
		await report.open(`#syscalls?${query(asked)}`);
		const expected = covdbRows("syscalls", ...words);
		assert.ok(expected.length > 0);
		assert.deepEqual(await rolesShown(), expected);
	}
	assert.deepEqual(report.seen.problems, []);
});

test("the matrix has the cells of covdb syscalls --list all, by text and by colour", async () => {
	for (const [asked, words] of questions) {
		await report.open(`#syscalls?${query(asked)}`);
		const expected = covdbRows("syscalls", "--list", "all", "--limit", "0", ...words);
		assert.deepEqual((await cellsShown()).sort(), cellsOf(expected).sort());
	}
	await report.open("#syscalls");
	const colours = new Map(
		await page.$$eval("#syscall-matrix .call", (all) =>
			all.map((cell) => {
				const { color, backgroundColor } = getComputedStyle(cell);
				return [cell.textContent, `${color} ${backgroundColor}`];
			}),
		),
	);
	assert.deepEqual([...colours.keys()].sort(), [
		"allowed",
		"by argument",
		"denied",
		"executed",
		"not known",
	]);
	assert.equal(new Set(colours.values()).size, colours.size);
	const title = await page
		.locator("#syscall-matrix tr:has(td:text-is('close')) [title^='1,200']")
		.getAttribute("title");
	assert.equal(title, "1,200 calls; filters: denied (kill process)");
});

test("calls are chosen by name, and as covdb lists them", async () => {
	await report.open("#syscalls");
	await page.fill("#syscalls-q", "*stat");
	await page.press("#syscalls-q", "Enter");
	await report.settle();
	assert.deepEqual(
		(await tableRows(page, "#syscall-matrix")).map((cells) => cells[1]),
		["stat", "fstat", "lstat"],
	);
	for (const [asked, words] of [
		[{ list: "unused" }, ["--list", "unused"]],
		[{ list: "unused", role: "stub" }, ["--list", "unused", "--role", "stub"]],
		[{ list: "beyond" }, ["--list", "beyond", "--versus", "a"]],
		[{ list: "beyond", versus: "b" }, ["--list", "beyond", "--versus", "b"]],
	]) {
		await report.open(`#syscalls?${query(asked)}`);
		const expected = covdbRows("syscalls", "--limit", "0", ...words);
		const shown = (await tableRows(page, "#syscall-matrix")).map((cells) => cells[1]);
		assert.deepEqual(
			shown.sort(),
			[...new Set(expected.map((row) => row.call))].sort(),
		);
		assert.equal(number(await page.textContent("#syscall-count")), shown.length);
	}
	await page.selectOption("#syscalls-list", "");
	await page.selectOption("#syscalls-role", "sentry");
	await report.settle();
	assert.match(page.url(), /role=sentry/);
	assert.deepEqual(report.seen.problems, []);
});

test("what is lost and what is not known is said", async () => {
	await report.open("#syscalls");
	const text = await page.textContent("main");
	assert.match(text, /b w: perf lost 3 calls/);
	assert.match(text, /another program traces it/);
});

const printed = (command) =>
	JSON.parse(
		execFileSync("sh", ["-c", `${command} --format json`], {
			stdio: ["ignore", "pipe", "ignore"],
		}),
	).rows;

test("the commands below are those that print the same", async () => {
	for (const asked of ["p=b", "list=beyond&w=w", "role=sentry&list=unused"]) {
		await report.open(`#syscalls?${asked}`);
		const commands = await page.$$eval(".command code", (all) =>
			all.map((code) => code.textContent.replace(/^covdb /, '"$PROGRAM" ')),
		);
		const [roles, calls] = commands.map(printed);
		assert.deepEqual(await rolesShown(), roles);
		const shown = new Set((await cellsShown()).map(([call]) => call));
		assert.deepEqual(
			[...shown].sort(),
			[...new Set(calls.map((row) => row.call))].sort(),
		);
	}
});

test("a study without such trials says so", async () => {
	const other = await openReport(browser, process.env.WITHOUT);
	await other.open("#syscalls");
	assert.match(await other.page.textContent("main"), /has no trials of system calls/);
	assert.equal(await other.page.locator("table").count(), 0);
	assert.deepEqual(other.seen.problems, []);
	await other.close();
});
