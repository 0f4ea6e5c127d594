// report.cjs - how long it takes to write the report of a study, how large it is, and how soon
// Chromium shows it; medians of five, as rows of a table.
// usage: node report.cjs COVDB DATABASE [KERNEL_SRC],
// with NODE_PATH=build/release/tests/report/node_modules
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { openReport, start } = require("../report/browser.cjs");

const rounds = 5;
const [program, database, kernelSource] = process.argv.slice(2);
const files = ["net/core/dev.c", "kernel/sched/fair.c", "mm/mmap.c"];

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const spread = (list, unit) =>
	`${median(list)} ${unit} (${Math.min(...list)}–${Math.max(...list)})`;

async function timed(work) {
	const started = performance.now();
	await work();
	return Math.round(performance.now() - started);
}

function sizeOf(directory) {
	let size = 0;
	let count = 0;
	for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
		const full = path.join(directory, entry.name);
		const [bytes, entries] = entry.isDirectory()
			? sizeOf(full)
			: [fs.statSync(full).size, 1];
		size += bytes;
		count += entries;
	}
	return [size, count];
}

// Write the report @rounds times, from scratch each time.
async function write(directory, words) {
	const times = [];
	for (let i = 0; i < rounds; i++) {
		fs.rmSync(directory, { recursive: true, force: true });
		times.push(
			await timed(() =>
				execFileSync(
					program,
					["report", "--db", database, "-o", directory, ...words],
					{ stdio: ["ignore", "ignore", "inherit"] },
				),
			),
		);
	}
	return times;
}

// From an address to its numbers and pictures, in a browser that has cached nothing.
async function views(directory) {
	const times = { first: [], explore: [], region: [] };
	for (const file of files) times[file] = [];
	for (let i = 0; i < rounds; i++) {
		const browser = await start();
		const report = await openReport(browser, directory);
		const { page } = report;
		times.first.push(await timed(() => report.open("#overview")));
		times.explore.push(await timed(() => report.open("#explore?dir=net&w=cpu")));
		const region = page.locator("#regions a").first();
		times.region.push(
			await timed(async () => {
				await region.click();
				await page.waitForSelector("#region-lines");
			}),
		);
		for (const file of files) {
			times[file].push(
				await timed(async () => {
					await report.open(`#file?path=${file}`);
					await page.waitForSelector("#listing tr");
				}),
			);
		}
		if (report.seen.problems.length) throw new Error(report.seen.problems.join("\n"));
		await browser.close();
	}
	return times;
}

// For comparison, the HTML of one footprint alone by the installed genhtml: its time and size.
function genhtml(folder) {
	const [platform] = JSON.parse(
		execFileSync(program, ["summary", "--db", database, "--format", "json"], {
			encoding: "utf8",
		}),
	).rows.map((row) => row.platform);
	const info = path.join(folder, "footprint.info");
	const output = path.join(folder, "genhtml");
	execFileSync(program, ["export", "--db", database, "--footprint", platform, "-o", info], {
		stdio: "ignore",
	});
	const started = performance.now();
	execFileSync("genhtml", ["-q", info, "-o", output, "--ignore-errors", "source"], {
		stdio: "ignore",
	});
	const time = ((performance.now() - started) / 1000).toFixed(1);
	const [bytes, count] = sizeOf(output);
	const size = `${(bytes / 1e6).toFixed(0)} MB, ${count} files`;
	console.log(`\ngenhtml of the footprint of ${platform} alone: ${time} s, ${size}`);
}

async function main() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "covdb-report-"));
	const kinds = [["without sources", []]];
	if (kernelSource) kinds.push(["with sources", ["--kernel-src", kernelSource]]);
	const columns = [];
	for (const [name, words] of kinds) {
		const directory = path.join(folder, name.replace(" ", "-"));
		const written = await write(directory, words);
		const [bytes, count] = sizeOf(directory);
		columns.push({ name, written, bytes, count, times: await views(directory) });
	}
	const row = (title, of) => console.log(`| ${title} | ${columns.map(of).join(" | ")} |`);
	row("", ({ name }) => name);
	row("---", () => "---");
	row("written in", ({ written }) => spread(written, "ms"));
	row("on disk", ({ bytes, count }) => `${(bytes / 1e6).toFixed(1)} MB, ${count} files`);
	row("first view", ({ times }) => spread(times.first, "ms"));
	row("explorer, net/ of one workload", ({ times }) => spread(times.explore, "ms"));
	row("functions and lines of its largest region", ({ times }) => spread(times.region, "ms"));
	for (const file of files) row(`open ${file}`, ({ times }) => spread(times[file], "ms"));
	try {
		genhtml(folder);
	} catch (error) {
		console.log(`\nnot measured: genhtml (${error.message.split("\n")[0]})`);
	}
	fs.rmSync(folder, { recursive: true });
}

main().catch((error) => {
	console.error(`report.cjs: ${error.message}`);
	process.exit(1);
});
