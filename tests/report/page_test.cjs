// page_test.cjs - the report of a study in a real browser shows what covdb prints.
// usage: COVDB=DATABASE node --test page_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { test } = require("node:test");
const fs = require("node:fs");
const { number, openReport, optional, tableRows, views, withReport } = require("./browser.cjs");
const { checkFigure, covdb, covdbJson, covdbRows, isClose, query, study } = require("./study.cjs");

const { REPORT } = process.env;

let browser, report, page;

const rangeText = ({ low, high }) =>
	low === null
		? "cannot tell"
		: [low, high].map((each) => each.toLocaleString("en-US")).join("-");

withReport((opened) => ({ browser, report, page } = opened));

// The regions that the page shows: a map from "a+b" to lines.
const shownRegions = async () =>
	new Map(
		await page.$$eval("#regions a[data-region]", (links) =>
			links.map((link) => [
				link.dataset.region,
				Number(link.textContent.replaceAll(",", "")),
			]),
		),
	);

async function checkVenn(directory, workload, platforms) {
	const words = ["venn", "--dir", directory];
	if (workload) words.push("--workload", workload);
	if (platforms) words.push("--platforms", platforms.join(","));
	const expected = covdbJson(...words);
	await report.open(`#explore?${query({ dir: directory, w: workload, p: platforms ?? [] })}`);
	const shown = await shownRegions();
	// The page names the platforms of a region in the order of the study, the command line in
	// the order asked for.
	const key = (names) => [...names].sort().join("+");
	const got = new Map([...shown].map(([names, lines]) => [key(names.split("+")), lines]));
	assert.deepEqual(
		got,
		new Map(
			[...got.keys()].map((names) => [
				names,
				expected.regions.find((region) => key(region.platforms) === names)
					?.lines,
			]),
		),
		words.join(" "),
	);
	assert.equal(
		got.size,
		expected.regions.filter((region) => region.lines).length,
		words.join(" "),
	);
	const here = await page.textContent("#here");
	assert.ok(
		here.includes(`of ${expected.found.toLocaleString("en-US")} instrumented lines`),
		here,
	);
	for (const [name, lines] of Object.entries(expected.totals))
		assert.ok(
			here.includes(`${name} ${lines.toLocaleString("en-US")}`),
			`${here} lacks ${name} ${lines}`,
		);
	const totals = await tableRows(page, "#totals");
	assert.equal(totals.length, expected.platforms.length);
	for (const [name, lines, , only, least] of totals) {
		assert.equal(number(lines), expected.totals[name], words.join(" "));
		assert.equal(
			number(only),
			expected.regions.find((region) => key(region.platforms) === name)?.lines ??
				0,
			words.join(" "),
		);
		checkFigure(least, expected.at_least[name], `${words.join(" ")}: ${name} at least`);
	}
	return expected;
}

test("opens from disk without the network", async () => {
	const started = performance.now();
	await report.open("#overview");
	console.log(`first view after ${Math.round(performance.now() - started)} ms`);
	assert.equal(report.root.slice(0, 7), "file://");
	for (const url of report.seen.requests)
		assert.ok(url.startsWith(report.root) || url === "data:,", url);
	assert.ok(report.seen.requests.some((url) => url.endsWith("/data/study.js")));
	assert.deepEqual(report.seen.problems, []);
});

test("Table 2 is that of covdb summary, united and by workload", async () => {
	for (const workload of [null, study.workloads[0]]) {
		await report.open(`#overview?${query({ w: workload })}`);
		const rows = await tableRows(page, "#summary-table");
		const expected = study.summary(workload);
		assert.deepEqual(
			rows.map((row) => [row[0], number(row[1]), row[2]]),
			expected.map((row) => [row.platform, row.lines, rangeText(row)]),
		);
		assert.equal(
			await page.textContent("#summary-table caption"),
			`Of ${expected[0].found.toLocaleString("en-US")} instrumented lines`,
		);
		for (const [i, row] of expected.entries())
			checkFigure(
				rows[i][6],
				row.at_least,
				`${workload}: ${row.platform} at least`,
			);
	}
});

test("the overview has a diagram of each directory of the top level that has lines", async () => {
	await report.open("#overview");
	const cards = await page.$$eval(".card", (links) =>
		links.map((link) => link.dataset.dir).sort(),
	);
	const expected = covdbRows("venn", "--dir", ".", "--depth", "1")
		.slice(1)
		.filter((row) => row.regions.length);
	const directories = expected.map((row) => row.dir.replace(/\/$/, "")).sort();
	assert.deepEqual(
		cards.filter((name) => directories.includes(name)),
		directories,
	);
	assert.equal(await page.locator(".card svg").count(), cards.length);
});

test("regions are those of covdb venn, by directory, workload and platforms", async () => {
	let checked = 0;
	const platformsOf = (...words) => covdbJson("venn", "--dir", ".", ...words).platforms;
	const chosenOf = (names) => [names.slice(0, 1), names.slice(0, 2), names.slice(-3)];
	for (const directory of study.directories) {
		await checkVenn(directory, null, null);
		checked++;
	}
	for (const names of chosenOf(platformsOf())) {
		await checkVenn(".", null, names);
		checked++;
	}
	// Of a workload one directory or one choice of platforms, by turns.
	for (const [i, workload] of study.workloads.entries()) {
		if (i % 2) {
			const chosen = chosenOf(platformsOf("--workload", workload));
			await checkVenn(".", workload, chosen[i % chosen.length]);
		} else {
			const place = (i / 2) % study.directories.length;
			await checkVenn(study.directories[place], workload, null);
		}
		checked++;
	}
	console.log(`${checked} diagrams compared with covdb venn: equal`);
	assert.deepEqual(report.seen.problems, []);
});

test("changing workload and platforms by hand changes address and numbers", async () => {
	await report.open("#explore");
	const before = await shownRegions();
	const names = await page.$$eval("input[name=platform]", (boxes) =>
		boxes.map((box) => box.value),
	);
	await page.uncheck(`input[name=platform][value="${names[0]}"]`);
	await report.settle();
	assert.deepEqual(
		new URLSearchParams((await page.url()).split("?")[1]).getAll("p"),
		names.slice(1),
	);
	const after = await shownRegions();
	assert.notDeepEqual(after, before);
	const expected = covdbJson("venn", "--dir", ".", "--platforms", names.slice(1).join(","));
	assert.equal(
		[...after.values()].reduce((a, b) => a + b, 0),
		expected.regions.reduce((sum, region) => sum + region.lines, 0),
	);
	await page.selectOption("#workload", study.workloads[0]);
	await report.settle();
	assert.equal(
		new URLSearchParams((await page.url()).split("?")[1]).get("w"),
		study.workloads[0],
	);
	await page.goBack();
	await report.settle();
	assert.deepEqual(await shownRegions(), after);
});

test("a region lists its functions and lines, as many as it has", async () => {
	const expected = await checkVenn(".", null, null);
	const region = expected.regions[expected.regions.length >> 1];
	const key = (names) => [...names].sort().join("+");
	const shown = [...(await shownRegions()).keys()];
	const wanted = shown.find((names) => key(names.split("+")) === key(region.platforms));
	await page.click(`#regions a[data-region="${wanted}"]`);
	await page.waitForSelector("#region-lines");
	assert.equal(number(await page.textContent("#region-lines")), region.lines);
	const outside = expected.platforms.filter((name) => !region.platforms.includes(name));
	const set = [region.platforms.join(" & "), ...outside].join(" - ");
	const listed = covdbRows("venn", set, "--list", "functions", "--limit", "0");
	assert.equal(
		number(await page.textContent("#region-functions")),
		listed.filter((row) => row.function).length,
	);
	assert.ok((await tableRows(page, "#region-table")).length > 0);
	const link = page.locator("#region-table tbody tr a").first();
	const address = await link.getAttribute("href");
	await link.click();
	await page.waitForSelector("#listing tr.chosen");
	assert.ok((await page.url()).endsWith(address));
});

test("functions have the calls and rates of covdb functions", async () => {
	for (const workload of [null, study.workloads[0]]) {
		const expected = covdbRows(
			"functions",
			"--limit",
			"300",
			"--sort",
			"rate",
			...(workload ? ["--workload", workload] : []),
		);
		const names = Object.keys(expected[0])
			.filter((key) => key.endsWith("_calls"))
			.map((key) => key.slice(0, -6));
		await report.open(`#functions?${query({ w: workload })}`);
		const all = covdbRows(
			"functions",
			"--limit",
			"0",
			...(workload ? ["--workload", workload] : []),
		);
		assert.equal(number(await page.textContent("#function-count")), all.length);
		const shown = new Map(
			(await tableRows(page, "#function-table")).map((row) => [
				`${row[0]} ${row.at(-1)}`,
				row,
			]),
		);
		let compared = 0;
		for (const row of expected) {
			const cells = shown.get(`${row.function} ${row.file}:${row.line}`);
			if (!cells) continue; // among equals the order may differ at the end
			for (const [i, name] of names.entries())
				assert.equal(
					number(cells[1 + names.length + i]),
					row[`${name}_calls`],
					`${row.function} ${name}`,
				);
			for (const [i, name] of names.entries()) {
				const [got, rate] = [cells[1 + i], row[`${name}_per_s`]];
				assert.ok(
					isClose(got, rate),
					`${row.function} ${name}: ${got}, ${rate}`,
				);
			}
			const [ratio, only] = cells.slice(1 + 2 * names.length);
			assert.ok(
				row.ratio === null ? ratio === "-" : isClose(ratio, row.ratio),
				`${row.function}: ratio`,
			);
			assert.equal(only, row.only ?? "", row.function);
			compared++;
		}
		assert.ok(compared >= Math.min(all.length, 190), `${compared} of ${all.length}`);
	}
});

test("a table can be saved, with all of its rows", async () => {
	await report.open(`#functions?${query({ w: study.workloads[0] })}`);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.click(".table:has(#function-table) .csv"),
	]);
	const lines = fs
		.readFileSync(await download.path(), "utf8")
		.trimEnd()
		.split("\n");
	const expected = covdbRows("functions", "--limit", "0", "--workload", study.workloads[0]);
	assert.equal(lines.length, expected.length + 1);
	const keys = lines[0].split(",");
	const first = lines[1].split(",").at(-1);
	assert.ok(
		expected.some((row) => `${row.file}:${row.line}` === first),
		first,
	);
	const name = keys.find((key) => key.endsWith("_calls"));
	const sum = lines
		.slice(1)
		.reduce((total, line) => total + Number(line.split(",")[keys.indexOf(name)]), 0);
	assert.equal(
		sum,
		expected.reduce((total, row) => total + row[name], 0),
	);
});

test("tables sort by what is pressed", async () => {
	await report.open("#functions");
	const columnHeads = "#function-table thead tr:last-child th";
	const shown = await page.$$eval(columnHeads, (heads) =>
		heads.map((head) => head.textContent.trim()),
	);
	const sorted = () =>
		page.$$eval("th[aria-sort]", (all) => all.map((each) => each.ariaSort));
	assert.deepEqual(await sorted(), ["descending"], "by the highest rate at first");
	const column = (rows) => rows.map((row) => number(row[1]));
	await page.click(`${columnHeads}:nth-child(2) button`);
	const falling = column(await tableRows(page, "#function-table"));
	assert.deepEqual(
		falling,
		[...falling].sort((a, b) => b - a),
	);
	assert.deepEqual(await sorted(), ["descending"]);
	await page.click(`${columnHeads}:nth-child(2) button`);
	assert.deepEqual(await sorted(), ["ascending"]);
	const rising = column(await tableRows(page, "#function-table"));
	assert.deepEqual(
		rising,
		[...rising].sort((a, b) => a - b),
	);
	// Missing values come last in both directions, and places in a file are sorted by line.
	for (const press of [1, 2]) {
		await page
			.locator("#function-table th", { hasText: "Ratio" })
			.locator("button")
			.click();
		const ratios = (await tableRows(page, "#function-table")).map((row) =>
			row.find((_, i) => i === shown.indexOf("Ratio")),
		);
		const missing = ratios.map((text) => text === "-");
		assert.deepEqual(
			missing,
			[...missing].sort((a, b) => a - b),
			`pressed ${press} times`,
		);
	}
	await page.locator("#function-table th", { hasText: "File" }).locator("button").click();
	const places = (await tableRows(page, "#function-table")).map((row) =>
		row.at(-1).split(":"),
	);
	for (const [i, [file, line]] of places.entries())
		assert.ok(
			!i || file !== places[i - 1][0] || Number(line) >= Number(places[i - 1][1]),
			`${file}:${line}`,
		);
	// What is typed chooses at once, without a step back for each letter.
	const steps = await page.evaluate(() => history.length);
	await page.locator("#name").pressSequentially("*a*");
	await report.settle();
	assert.equal(await page.evaluate(() => history.length), steps);
	assert.equal(
		number(await page.textContent("#function-count")),
		covdbRows("functions", "*a*", "--limit", "0").filter((row) =>
			Object.entries(row).some(([key, value]) => key.endsWith("_calls") && value),
		).length,
	);
});

test("the keyboard alone goes down into the map", async () => {
	await report.open("#explore");
	await page.locator(".cell").first().focus();
	const target = await page.locator(".cell").first().getAttribute("href");
	await page.keyboard.press("Enter");
	await report.settle();
	assert.ok((await page.url()).endsWith(target));
});

test("on paper the controls are left out, the numbers are not", async () => {
	await report.open("#overview");
	await page.emulateMedia({ media: "print" });
	assert.equal(await page.locator(".pickers").first().isVisible(), false);
	assert.equal(await page.locator("#search").isVisible(), false);
	assert.equal(await page.locator("#summary-table").isVisible(), true);
	await page.emulateMedia({ media: "screen" });
});

test("finds a function by its name", async () => {
	const row = covdbRows("functions", "--limit", "1")[0];
	await report.open("#overview");
	await page.keyboard.press("/");
	await page.keyboard.type(row.function);
	await page.waitForSelector("#results a");
	await page.keyboard.press("Enter");
	await page.waitForSelector("#listing tr.chosen");
	const params = new URLSearchParams((await page.url()).split("?")[1]);
	assert.deepEqual([params.get("path"), params.get("line")], [row.file, String(row.line)]);
});

test("conditional hot paths are those of covdb conditional", async () => {
	const names = covdbJson("venn", "--dir", ".").platforms;
	for (const platforms of [names, names.slice(-2)]) {
		const expected = covdbJson(
			"conditional",
			"--limit",
			"0",
			"--platforms",
			platforms.join(","),
		);
		await report.open(`#conditional?${query({ p: platforms })}`);
		await page.waitForSelector("#hunk-count");
		assert.equal(number(await page.textContent("#hunk-count")), expected.hunks.length);
		assert.equal(
			number(await page.textContent("#hunk-lines")),
			expected.hunks.reduce((sum, row) => sum + row.lines, 0),
		);
		const shown = await tableRows(page, "#conditional-table");
		const placeOf = (row) => [row.function, `${row.file}:${row.from}`].join(" ");
		// Behind function and rates stand the branches, if all platforms are compared.
		const branchAt = 1 + platforms.length;
		const linesAt = branchAt + (platforms === names ? names.length + 1 : 0);
		const wanted = new Map(expected.hunks.map((row) => [placeOf(row), row]));
		for (const row of shown) {
			const hunk = wanted.get([row[0], row[linesAt + 1].split("–")[0]].join(" "));
			assert.ok(hunk, row.join(" "));
			assert.equal(number(row[linesAt]), hunk.lines);
			for (const [i, name] of platforms.entries()) {
				const rate = hunk[`${name}_per_s`];
				if (rate === null) assert.equal(row[1 + i], "-");
				else
					assert.ok(
						isClose(row[1 + i], rate),
						`${row.join(" ")}: ${rate}`,
					);
			}
		}
		// Branches stand beside the most executed pieces, where all platforms are compared.
		const branches = platforms === names ? shown.slice(0, 20) : [];
		for (const row of branches) {
			const hunk = wanted.get([row[0], row[linesAt + 1].split("–")[0]].join(" "));
			assert.equal(row[linesAt - 1], hunk.branch ?? "", row.join(" "));
			for (const [i, name] of names.entries()) {
				const taken = hunk[`${name}_taken`];
				assert.equal(
					row[branchAt + i],
					taken === null ? "-" : `${(100 * taken).toFixed(2)} %`,
					row.join(" "),
				);
			}
		}
		const shares = await tableRows(page, "#exclusive-table");
		assert.deepEqual(
			shares.map((row) => [
				row[0],
				number(row[1]),
				number(row[2]),
				number(row[3]),
				number(row[5]),
			]),
			expected.exclusive.map((row) => [
				row.platform,
				row.exclusive,
				row.in_shared_functions,
				row.in_no_function,
				row.in_other_functions,
			]),
		);
	}
});

test("an address leads to the same view in another tab", async () => {
	await report.open(
		`#explore?${query({ dir: study.directories[1] ?? ".", w: study.workloads[0] })}`,
	);
	const here = await page.textContent("main");
	const other = await openReport(browser, REPORT);
	await other.page.goto(await page.url());
	await other.settle();
	assert.equal(await other.page.textContent("main"), here);
	assert.deepEqual(other.seen.problems, []);
	await other.close();
});

test("the commands below the views are those that print the same", async () => {
	const [platform] = study
		.summary()
		.map((row) => row.platform)
		.slice(-1);
	const question = query({ w: study.workloads[0] });
	for (const view of [...views, `file?path=${encodeURIComponent(study.files[0])}&x=`]) {
		await report.open(`#${view}${view.includes("?") ? "&" : "?"}${question}`);
		const commands = await page.$$eval(".command code", (list) =>
			list.map((code) => code.textContent),
		);
		assert.ok(commands.length > 0 || optional.includes(view), view);
		for (const command of commands)
			execFileSync("sh", ["-c", command.replace(/^covdb /, `"$PROGRAM" `)], {
				stdio: "ignore",
			});
	}
	await report.open(`#explore?${query({ w: study.workloads[0], r: platform })}`);
	await page.waitForSelector("#region-lines");
	const command = (await page.textContent(".region .command code")).replace(
		/^covdb /,
		`"$PROGRAM" `,
	);
	const { rows } = JSON.parse(
		execFileSync("sh", ["-c", `${command} --format json`], {
			encoding: "utf8",
			maxBuffer: 1 << 30,
		}),
	);
	assert.equal(
		rows.filter((row) => row.function).length,
		number(await page.textContent("#region-functions")),
	);
	assert.equal(
		rows.reduce((sum, row) => sum + row.lines, 0),
		number(await page.textContent("#region-lines")),
	);
});

test("what an address names and the study has not is said in one line", async () => {
	for (const [fragment, words] of [
		["#explore?dir=no/such", "no/such"],
		["#file?path=no/such.c", "no/such.c"],
		["#overview?w=nothing", "nothing"],
		["#explore?p=nobody", "nobody"],
		["#nowhere", "nowhere"],
	]) {
		await report.open("#overview");
		await report.open(fragment);
		assert.match(await page.textContent(".problem"), new RegExp(words));
	}
	assert.deepEqual(report.seen.problems, []);
});

test("a part that is missing is named", async () => {
	for (const name of ["study", "lines-0", "trust"]) {
		const other = await openReport(browser, REPORT);
		await other.page.route(`**/data/${name}.js`, (route) => route.abort());
		await other.page.goto(
			`${other.root}index.html#${name === "trust" ? "trust" : "overview"}`,
		);
		assert.match(
			await other.page.textContent(".problem"),
			new RegExp(`data/${name}.js is missing`),
		);
		await other.close();
	}
});

test("measurements and trust show what the database has", async () => {
	await report.open("#measurements");
	const metrics = JSON.parse(
		covdb(
			"sql",
			"--format",
			"json",
			"SELECT count(*) AS n, max(is_emulated) AS emulated FROM metric_named",
		),
	)[0];
	assert.equal((await page.locator(".figure .chart svg").count()) > 0, metrics.n > 0);
	assert.equal((await page.locator(".figure .label").count()) > 0, metrics.emulated === 1);
	await report.open("#trust");
	const text = await page.textContent("#default-rule");
	const { rule, baseline } = covdbJson("venn");
	assert.ok(text.includes(`This page shows ${rule} against ${baseline}`), text);
	const trials = JSON.parse(
		covdb("sql", "--format", "json", "SELECT count(*) AS n FROM trial"),
	)[0].n;
	assert.equal(await page.locator("#trial-table tbody tr").count(), Math.min(100, trials));
	const agreement = covdbJson("stability").agreement;
	const shown = (await tableRows(page, "#agreement-table")).map((row) =>
		[row[0], row[1], number(row[6])].slice(0, 2).concat(number(row[5])),
	);
	for (const row of agreement)
		assert.ok(
			shown.some(
				(cells) =>
					cells[0] === row.platform &&
					cells[1] === row.workload &&
					cells[2] === row.lines_all,
			),
			JSON.stringify(row),
		);
	assert.deepEqual(report.seen.problems, []);
});

test("claims have the verdicts of covdb claims", async () => {
	const expected = covdbRows("claims");
	await report.open("#claims");
	const shown = await page.$$eval(".claim", (claims) =>
		claims.map((claim) => [claim.id, claim.dataset.verdict]),
	);
	assert.deepEqual(
		shown,
		expected.map((claim) => [`claim-${claim.name}`, claim.verdict]),
	);
	await page.click(".verdicts a:nth-child(2)");
	await report.settle();
	assert.equal(
		await page.locator(".claim").count(),
		expected.filter((claim) => claim.verdict === "holds").length,
	);
	assert.deepEqual(report.seen.problems, []);
});

// In the page: of a table's rows, and of a map's cells, those are taken out whose parts are like
// some above them but for what they say; axe spends most of its time on them. The tables of
// metrics are alike, too. putBack() ends it. Returns ids that are there twice.
function takeOutAlike() {
	const most = 4; // also of stripes there are two of each
	const counts = new Map();
	const kindOf = (element) => {
		const { color, backgroundColor, fill, font, opacity } = getComputedStyle(element);
		const isEmpty = !element.textContent.trim();
		const attributes = [...element.attributes].map(({ name, value }) =>
			["class", "role", "type", "tabindex"].includes(name)
				? `${name}=${value}`
				: `${name} ${!value}`,
		);
		const looks = [color, backgroundColor, fill, font, opacity];
		return [element.tagName, isEmpty, ...looks, ...attributes].join();
	};
	const rows = [...document.querySelectorAll("tbody tr, .cell")].map((row) => {
		const table = row.closest("table")?.id.replace(/^measured-.*/, "measured");
		const around = `${table} ${kindOf(row)}`;
		const kinds = [...row.children].map((cell, i) =>
			[around, i, ...[cell, ...cell.querySelectorAll("*")].map(kindOf)].join("|"),
		);
		return { row, kinds };
	});
	globalThis.takenOut = [];
	for (const { row, kinds } of rows) {
		const isOther = kinds.some((kind) => (counts.get(kind) ?? 0) < most);
		for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + isOther);
		if (isOther) continue;
		const mark = document.createComment("");
		row.replaceWith(mark);
		globalThis.takenOut.push({ row, mark });
	}
	const ids = rows.flatMap(({ row }) =>
		[...row.querySelectorAll("[id]")].map(({ id }) => id),
	);
	return ids.filter((id, i) => ids.indexOf(id) !== i);
}

function putBack() {
	for (const { row, mark } of globalThis.takenOut) mark.replaceWith(row);
}

test("every view is accessible, in light and in dark", async () => {
	const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
	const names = covdbJson("venn", "--dir", ".").platforms;
	const fragments = [
		...views.map((view) => `#${view}`),
		`#explore?${query({ p: names.slice(0, 2) })}`,
		`#file?${query({ path: study.files.at(-1), line: 1 })}`,
	];
	const tab = await openReport(browser, REPORT, { colorScheme: "light" });
	await tab.open(fragments[0]);
	await tab.page.evaluate(axe);
	// In dark there are other colours, and nothing else that a rule looks at.
	const looks = {
		light: { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
		dark: {
			runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
		},
	};
	for (const view of fragments) {
		await tab.page.emulateMedia({ colorScheme: "light" });
		await tab.open(view);
		for (const [colorScheme, options] of Object.entries(looks)) {
			await tab.page.emulateMedia({ colorScheme });
			await tab.settle();
			assert.deepEqual(
				await tab.page.evaluate(takeOutAlike),
				[],
				"ids there twice",
			);
			const violations = await tab.page.evaluate(async (chosen) => {
				const result = await globalThis.axe.run(document, chosen);
				return result.violations.map(
					(each) =>
						`${each.id}: ${each.nodes
							.slice(0, 3)
							.map((node) => node.html.slice(0, 200))
							.join(" | ")}`,
				);
			}, options);
			assert.deepEqual(violations, [], `${view} ${colorScheme}`);
			await tab.page.evaluate(putBack);
		}
	}
	await tab.close();
});
