// study.cjs - what covdb itself says of the study that a report is of, by the commands that print
// JSON.
// COVDB is the database, PROGRAM covdb.
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { number } = require("./browser.cjs");

const covdb = (...words) =>
	execFileSync(process.env.PROGRAM, words, { encoding: "utf8", maxBuffer: 1 << 30 });
const covdbJson = (...words) => JSON.parse(covdb(...words, "--format", "json"));
const covdbRows = (...words) => covdbJson(...words).rows;
// Without rows, it prints nothing.
const sql = (query) => JSON.parse(covdb("sql", "--format", "json", query) || "[]");

const byFile = covdbJson("venn", "--by", "file");
const firstOf = ({ totals }) => totals[byFile.platforms[0]];

// Workloads and platforms as the database has them.
const study = {
	summary: (workload) => covdbRows("summary", ...(workload ? ["--workload", workload] : [])),
	workloads: sql(`SELECT DISTINCT w.name, kind
		FROM footprint JOIN workload w USING (workload_id)
		WHERE analysis_id =
			(SELECT max(analysis_id) FROM analysis)`).map((row) => row.name),
	directories: sql(`SELECT path, found FROM directory
		WHERE directory_id IN (SELECT directory_id FROM region)
		ORDER BY found DESC LIMIT 12`).map((row) => row.path),
	// Files by how many lines of them the first platform executes.
	files: byFile.rows
		.filter(({ file }) => file.endsWith(".c"))
		.sort((one, other) => firstOf(other) - firstOf(one))
		.map(({ file }) => file)
		.slice(0, 500),
};

// Whether a number as the page shows it, of four digits or rounded to a whole one, is @value.
const isClose = (shown, value) =>
	Math.abs(number(shown) - value) <=
	Math.max(Math.abs(value) >= 1000 ? 0.51 : 0, Math.abs(value) * 6e-4);

// A cell has a number as covdb prints it, or says that it is not known.
const checkFigure = (shown, value, what) =>
	assert.ok(
		value === null ? shown === "-" : isClose(shown, value),
		`${what}: ${shown}, not ${value}`,
	);

const query = (parts) => {
	const params = new URLSearchParams();
	for (const [key, value] of Object.entries(parts))
		for (const each of [value].flat()) if (each !== null) params.append(key, each);
	return params.toString();
};

module.exports = { checkFigure, covdb, covdbJson, covdbRows, isClose, query, sql, study };
