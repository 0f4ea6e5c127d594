// study.js - the study as the views ask for it: directories, regions, functions, conditional code.
// Platforms are places in study.platforms and bits of masks; a view is a workload, 0 for all
// united.
import { part, summed } from "./data.js";

export let study; // filled by openStudy()

export async function openStudy() {
	const data = await part("study");
	if (data.format !== 3)
		throw new Error(
			`the data have format ${data.format}, but this page reads format 3`,
		);
	study = data;
	study.names = study.platforms.map((platform) => platform.name);
	study.viewNames = [null, ...study.workloads.map((workload) => workload.name)];
	study.root = makeTree();
	study.fileOf = new Map(study.paths.map((path, file) => [path, file]));
	return study;
}

// ---- directories ----

// A path's components; the leading slash of an absolute path belongs to the first.
function components(path) {
	const list = path.split("/");
	return list[0] === "" && list.length > 1 ? ["/" + list[1], ...list.slice(2)] : list;
}

function makeNode(name, path, file, isFile) {
	return {
		name,
		path,
		first: file,
		next: file,
		children: isFile ? null : new Map(),
		found: 0,
	};
}

function addFile(node, file) {
	node.next = file + 1;
	node.found += study.found[file];
}

// Files are sorted by path, so a directory is a range of them: first to next - 1.
function makeTree() {
	const root = makeNode(".", ".", 0, false);
	for (const [file, path] of study.paths.entries()) {
		const names = components(path);
		let node = root;
		for (const [depth, name] of names.entries()) {
			node.children ??= new Map(); // what was a file so far is a directory, too
			if (!node.children.has(name))
				node.children.set(
					name,
					makeNode(
						name,
						node === root ? name : `${node.path}/${name}`,
						file,
						depth === names.length - 1,
					),
				);
			addFile(node, file);
			node = node.children.get(name);
		}
		addFile(node, file);
	}
	return root;
}

// The directory or file of a path, null if there is none. "net/" and "net" are the same.
export function nodeAt(path) {
	let node = study.root;
	const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
	if (trimmed === "." || trimmed === "") return node;
	for (const name of components(trimmed)) {
		node = node.children?.get(name);
		if (!node) return null;
	}
	return node;
}

export const parentPath = (path) => {
	const end = path.lastIndexOf("/");
	return end > 0 ? path.slice(0, end) : ".";
};

// The directory of everything has no name of its own.
export const rootName = "linux";

// As a heading has it: "net/", "net/core/dev.c", "linux/".
export const titlePath = (node) => (node.path === "." ? `${rootName}/` : shownPath(node));

// As covdb writes it: "net/", "net/core/dev.c", ".".
export const shownPath = (node) =>
	node.children && node.path !== "." ? node.path + "/" : node.path;

// ---- views ----

// Places of the platforms that ran a view's workload.
export const platformsOf = (view) =>
	study.platforms.map((_, place) => place).filter((place) => study.views[view][place]);

export const maskOf = (places) => places.reduce((mask, place) => mask | (1 << place), 0);

export const placesOf = (mask) =>
	study.platforms.map((_, place) => place).filter((place) => (mask >> place) & 1);

export const seconds = (view, place) => (study.views[view][place]?.[0] ?? 0) / 1e9;

const linesOf = new Map();

// Rows of all lines that any platform executed in a view, by file and line; starts has the first
// row of each file and, at its end, the number of rows.
export function lines(view) {
	if (!linesOf.has(view)) linesOf.set(view, readLines(view));
	return linesOf.get(view);
}

// Of each line that any platform executed in any view: id, file, line, function.
async function readCode() {
	const data = await part("code");
	const count = data.ids.length;
	const code = {
		id: summed(data.ids),
		file: new Int32Array(count),
		line: new Int32Array(count),
		fn: summed(data.functions),
	};
	for (let i = 0, file = 0, row = 0; i < data.files.length; i += 2) {
		file += data.files[i];
		for (let line = 0, end = row + data.files[i + 1]; row < end; row++) {
			code.file[row] = file;
			code.line[row] = line += data.lines[row];
		}
	}
	return code;
}

let codeRead;

async function readLines(view) {
	codeRead ??= readCode();
	const [data, code] = await Promise.all([part(`lines-${view}`), codeRead]);
	const count = data.kept.length;
	const rows = {
		file: new Int32Array(count),
		line: new Int32Array(count),
		id: summed(data.ids),
		kept: Int32Array.from(data.kept),
		removed: Int32Array.from(data.removed),
		fn: new Int32Array(count),
		starts: new Int32Array(study.paths.length + 1).fill(count),
	};
	let next = 0; // file whose first row is not known yet
	for (let row = 0, at = 0; row < count; row++) {
		while (code.id[at] < rows.id[row]) at++; // both ascend
		rows.file[row] = code.file[at];
		rows.line[row] = code.line[at];
		rows.fn[row] = code.fn[at];
		for (; next <= rows.file[row]; next++) rows.starts[next] = row;
	}
	return rows;
}

// The rows of a directory or file: a range, as it has a range of files.
const rangeOf = (rows, node) => [rows.starts[node.first], rows.starts[node.next]];

// [platform][row of lines()]: how often each line was executed.
export const counts = (view) => part(`counts-${view}`);

// How many lines a directory has at least in the footprint of each platform, executed in the trials
// or not, as far as that can be told: path to place to number.
export async function least(view) {
	const result = new Map();
	for (const [path, name, number] of (await part(`least-${view}`)).least) {
		if (!result.has(path)) result.set(path, new Map());
		result.get(path).set(study.names.indexOf(name), number);
	}
	return result;
}

// The whole kernel by each rule and baseline in the database.
export const rules = () => part("rules");

// ---- phases ----

export const phaseNames = ["start-up", "steady", "tear-down"];

// A view's workload, null for all united, and the phase of it, null for the whole trial.
export function phaseOf(name) {
	const known = study.workloads.find((each) => each.name === name);
	if (known?.kind !== "phase" && known?.kind !== "group")
		return { workload: name, phase: null };
	for (const phase of phaseNames) {
		if (name === phase) return { workload: null, phase };
		const whole = name.slice(0, -phase.length - 1);
		if (name === `${whole}.${phase}` && study.viewNames.includes(whole))
			return { workload: whole, phase };
	}
	return { workload: name, phase: null };
}

// What the database calls a phase of a workload.
export function phaseName(workload, phase) {
	if (phase === null) return workload;
	return workload === null ? phase : `${workload}.${phase}`;
}

// ---- regions ----

// How many lines of a directory or file are executed by exactly which of the chosen platforms: a
// map from masks.
export function regions(rows, node, chosen) {
	const result = new Map();
	for (let [row, end] = rangeOf(rows, node); row < end; row++) {
		const mask = rows.kept[row] & chosen;
		if (mask) result.set(mask, (result.get(mask) ?? 0) + 1);
	}
	return result;
}

// Regions that were counted already, as pairs, over the chosen platforms.
export function merged(pairs, chosen) {
	const result = new Map();
	for (const [mask, count] of pairs)
		if (mask & chosen)
			result.set(mask & chosen, (result.get(mask & chosen) ?? 0) + count);
	return result;
}

// The same of each entry of a directory; with @depth above 1 theirs as well, as children.
export const entries = (rows, node, chosen, depth = 1) =>
	[...node.children.values()].map((child) => {
		const map = regions(rows, child, chosen);
		const executed = total(map);
		const isDeep = depth > 1 && child.children && executed > 0;
		const children = isDeep ? entries(rows, child, chosen, depth - 1) : null;
		return { node: child, map, lines: executed, children };
	});

// The lines of one region, by function; those of no function by file.
export function regionLines(rows, node, chosen, mask) {
	const groups = new Map();
	for (let [row, end] = rangeOf(rows, node); row < end; row++) {
		if ((rows.kept[row] & chosen) !== mask) continue;
		const [file, fn] = [rows.file[row], rows.fn[row]];
		const key = fn < 0 ? `file ${file}` : fn;
		if (!groups.has(key)) groups.set(key, { file, fn, lines: [] });
		groups.get(key).lines.push(rows.line[row]);
	}
	return [...groups.values()];
}

// Regions, the largest first; equal ones by their platforms.
export const sortedRegions = (map) => [...map].sort((a, b) => b[1] - a[1] || a[0] - b[0]);

export const total = (map) => [...map.values()].reduce((sum, count) => sum + count, 0);

// Lines of all regions whose mask @test accepts.
export const linesWhere = (map, test) =>
	[...map].reduce((sum, [mask, count]) => sum + (test(mask) ? count : 0), 0);

// ---- functions ----

let functionsRead;

// All functions: names, files, starts, by file and line.
export function functions() {
	functionsRead ??= part("functions").then((data) => ({
		count: data.names.length,
		names: data.names,
		files: summed(data.files),
		starts: summed(data.starts),
	}));
	return functionsRead;
}

// Functions called in a view: places in functions(), calls[platform], baseline[platform].
export async function calls(view) {
	const data = await part(`calls-${view}`);
	return { places: summed(data.functions), calls: data.calls, baseline: data.baseline };
}

// Calls per second beyond those of the baseline, at least 0.
export function callRate(called, view, i, place) {
	const [duration, baseline] = study.views[view][place] ?? [0, 0];
	const own = duration ? (called.calls[place][i] * 1e9) / duration : 0;
	const idle = baseline ? (called.baseline[place][i] * 1e9) / baseline : 0;
	return Math.max(0, own - idle);
}

// ---- conditional code ----

// Whether a line is executed by some and not at all by the others, in a function that all run.
// @functionMask: who runs that function
export const isConditional = (kept, removed, functionMask, chosen) =>
	kept !== 0 && (removed & ~kept) === 0 && kept !== chosen && functionMask === chosen;

// For each function, which platforms execute a line of it. @pairs: of each line its function, -1
// for none, and a mask.
export function functionMasks(pairs) {
	const masks = new Map();
	for (const [fn, mask] of pairs) if (fn >= 0) masks.set(fn, (masks.get(fn) ?? 0) | mask);
	return masks;
}

function* functionLines(rows, node, chosen) {
	for (let [row, end] = rangeOf(rows, node); row < end; row++)
		yield [rows.fn[row], rows.kept[row] & chosen];
}

// Hunks of conditional lines: consecutive lines of the same platforms, and how many of the
// lines that one platform alone executes lie in functions that all run.
export function conditional(rows, node, chosen) {
	const masks = functionMasks(functionLines(rows, node, chosen));
	const hunks = [];
	const exclusive = new Map(
		placesOf(chosen).map((place) => [1 << place, { lines: 0, shared: 0, unknown: 0 }]),
	);
	let last = null; // hunk that the line before belongs to
	for (let [row, end] = rangeOf(rows, node); row < end; row++) {
		const kept = rows.kept[row] & chosen;
		const fn = rows.fn[row];
		const functionMask = masks.get(fn) ?? 0;
		const alone = exclusive.get(kept);
		if (alone) {
			alone.lines++;
			alone.shared += functionMask === chosen;
			alone.unknown += fn < 0;
		}
		if (!isConditional(kept, rows.removed[row] & chosen, functionMask, chosen)) {
			last = null;
			continue;
		}
		if (
			last &&
			last.mask === kept &&
			last.fn === fn &&
			rows.id[row] === rows.id[row - 1] + 1
		) {
			last.next = row + 1;
			continue;
		}
		last = { file: rows.file[row], fn, mask: kept, first: row, next: row + 1 };
		hunks.push(last);
	}
	return { hunks, exclusive };
}

// ---- files ----

// A file's instrumented lines, its functions, its source.
export async function fileData(file) {
	let chunk = study.chunks.length - 1;
	while (study.chunks[chunk] > file) chunk--;
	const [data, source] = await Promise.all(
		[`file-${chunk}`, study.has_source && `source-${chunk}`].map(
			async (name) => name && (await part(name))[file - study.chunks[chunk]],
		),
	);
	return {
		lineNumbers: summed(data.lines),
		functions: data.functions,
		source: source ? source.split(/\r?\n/) : null,
	};
}

// How often each platform executed which line of a file in these views: "view/place" to line to
// count, and whether it is kept.
export async function fileHits(file, views) {
	const hits = new Map();
	const read = async (view) => [view, await lines(view), await counts(view)];
	for (const [view, rows, numbers] of await Promise.all(views.map(read)))
		for (const place of platformsOf(view)) {
			const hit = new Map();
			for (let row = rows.starts[file]; row < rows.starts[file + 1]; row++)
				if (((rows.kept[row] | rows.removed[row]) >> place) & 1)
					hit.set(rows.line[row], {
						count: numbers[place][row],
						kept: (rows.kept[row] >> place) & 1,
					});
			hits.set(`${view}/${place}`, hit);
		}
	return hits;
}

// The innermost function around each line: [index] by line number; -1 outside of all. Of functions
// with the same lines the first stands for all.
export function innermost(functionList, lineNumbers) {
	const order = functionList.map((_, i) => i);
	order.sort(
		(a, b) =>
			functionList[a][0] - functionList[b][0] ||
			functionList[b][1] - functionList[a][1] ||
			a - b,
	);
	const result = new Map();
	const open = [];
	let next = 0;
	for (const line of lineNumbers) {
		for (; next < order.length && functionList[order[next]][0] <= line; next++) {
			const [start, end] = functionList[order[next]];
			const before = next && functionList[order[next - 1]];
			if (!before || before[0] !== start || before[1] !== end)
				open.push(order[next]);
		}
		while (open.length && functionList[open.at(-1)][1] < line) open.pop();
		result.set(line, open.length ? open.at(-1) : -1);
	}
	return result;
}
