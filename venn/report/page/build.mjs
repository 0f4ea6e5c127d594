// build.mjs DIRECTORY - bundles the report's page into DIRECTORY, whose node_modules has its
// libraries, and lists their licences; a library under any other kind of licence fails the build.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const output = path.resolve(process.argv[2]);
const modules = path.join(output, "node_modules");
const required = createRequire(path.join(output, "package.json"));
const esbuild = required("esbuild");
const { parse } = required("yaml");
const allowed = new Set([
	"MIT",
	"ISC",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"Apache-2.0",
	"0BSD",
	"Unlicense",
]);

// What the paper printed stands in workloads/, once for the page and for covdb paper.
const yamlFiles = {
	name: "yaml",
	setup(build) {
		build.onLoad({ filter: /\.yaml$/ }, ({ path: file }) => ({
			contents: JSON.stringify(parse(fs.readFileSync(file, "utf8"))),
			loader: "json",
		}));
	},
};

const result = await esbuild.build({
	entryPoints: {
		report: path.join(here, "main.jsx"),
		charts: path.join(here, "charts.jsx"),
		syntax: path.join(here, "syntax.js"),
	},
	outdir: output,
	bundle: true,
	format: "iife",
	target: ["chrome109", "firefox115", "safari16.4"],
	minify: true,
	charset: "ascii",
	legalComments: "none", // LICENSES.txt has them
	jsx: "automatic",
	jsxImportSource: "preact",
	nodePaths: [modules],
	plugins: [yamlFiles],
	metafile: true,
	logLevel: "warning",
});

const packages = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
	const match = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
	if (match) packages.set(match[1], path.join(modules, match[1]));
}
let licences = "The report's page contains these libraries.\n";
for (const [name, folder] of [...packages].sort()) {
	const about = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
	if (!allowed.has(about.license)) throw new Error(`${name} is under ${about.license}`);
	const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
	if (!file) throw new Error(`${name} comes without the text of its licence`);
	licences += `\n${"=".repeat(78)}\n${name} ${about.version}, ${about.license}\n\n`;
	licences += fs.readFileSync(path.join(folder, file), "utf8").trim() + "\n";
}
fs.writeFileSync(path.join(output, "LICENSES.txt"), licences);
for (const name of ["index.html", "report.css"])
	fs.copyFileSync(path.join(here, name), path.join(output, name));
