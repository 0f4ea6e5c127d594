// parts.jsx - what all views are made of: addresses, numbers, platforms, tables, commands.
import { csvFormatRows } from "d3-dsv";
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { maskOf, placesOf, platformsOf, shownPath, study } from "./study.js";

// ---- addresses ----

// Where the reader is, as the URL's fragment says: #view?key=value&... Lists repeat their key.
export const Place = createContext(null);

export const usePlace = () => useContext(Place);

export function parseFragment(fragment) {
	const [view, query] = fragment.replace(/^#\/?/, "").split(/\?(.*)/s);
	return { view: view || "overview", params: new URLSearchParams(query ?? "") };
}

// An address. Of @changes a null takes a key away, a list gives it several values.
export function addressOf(view, params, changes = {}) {
	const next = new URLSearchParams(params);
	for (const [key, value] of Object.entries(changes)) {
		next.delete(key);
		for (const each of [value].flat()) if (each !== null && each !== undefined && each !== "") next.append(key, each);
	}
	const query = next.toString();
	return `#${view}${query ? `?${query}` : ""}`;
}

// What is asked: the view of the workload, and the chosen platforms that ran it. It throws what is
// wrong with an address, before any view asks.
export function questionOf(params) {
	const wanted = params.get("w");
	const view = wanted === null ? 0 : study.viewNames.indexOf(wanted);
	const names = params.getAll("p");
	const unknown = names.find((name) => !study.names.includes(name));
	if (view < 0) throw new Error(`There is no workload ${wanted} in this report`);
	if (unknown !== undefined) throw new Error(`There is no platform ${unknown} in this report`);
	const there = platformsOf(view);
	const places = names.length ? there.filter((place) => names.includes(study.names[place])) : there;
	return { view, workload: wanted, places, chosen: maskOf(places), isAll: places.length === there.length };
}

// What goes along from view to view: workload and platforms.
export function carried(params) {
	const next = new URLSearchParams();
	for (const key of ["w", "p"]) for (const value of params.getAll(key)) next.append(key, value);
	return next;
}

export function Link({ view, changes, keep, children, ...rest }) {
	const { params } = usePlace();
	return (
		<a href={addressOf(view, keep ?? carried(params), changes)} {...rest}>
			{children}
		</a>
	);
}

// Where a directory is explored, or a file shown.
export const NodeLink = ({ node, ...rest }) =>
	node.children ? <Link view="explore" changes={{ dir: node.path }} {...rest} /> : <Link view="file" changes={{ path: node.path }} {...rest} />;

export const goTo = (address) => {
	location.hash = address.replace(/^#/, "");
};

// ---- what has to be waited for ----

// The value of a promise: { value }, { error }, or {} until it is there.
export function useLater(make, inputs) {
	const [state, setState] = useState({});
	useEffect(() => {
		let isCurrent = true;
		setState({});
		make().then(
			(value) => isCurrent && setState({ value }),
			(error) => isCurrent && setState({ error }),
		);
		return () => {
			isCurrent = false;
		};
	}, inputs);
	return state;
}

export function Waiting({ error }) {
	return error ? (
		<p class="problem" role="alert">
			{error.message}
		</p>
	) : (
		<p class="waiting">Reading…</p>
	);
}

// ---- numbers ----

const grouped = new Intl.NumberFormat("en-US");

export const count = (number) => grouped.format(number);

// As covdb prints figures: four digits, and separators from a thousand on.
export function figure(number) {
	if (number === null || number === undefined || Number.isNaN(number)) return "-";
	if (Math.abs(number) >= 1000 && Math.abs(number) < 1e9) return grouped.format(Math.round(number));
	return String(Number(number.toPrecision(4)));
}

export const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)} %` : "-");

export const secondsText = (ns) => `${(ns / 1e9).toFixed(1)} s`;

// ---- platforms ----

const kinds = 8; // of colours and patterns in report.css

export const platformClass = (place) => `platform-${place % kinds}`;

// Where colours begin anew, each goes with another pattern.
export const platformPattern = (place) => `url(#pattern-${(place + Math.floor(place / kinds)) % kinds})`;

export function PlatformName({ place }) {
	return (
		<span class="platform">
			<svg class="swatch" width="12" height="12" aria-hidden="true">
				<rect width="12" height="12" class={`fill ${platformClass(place)}`} />
				<rect width="12" height="12" fill={platformPattern(place)} />
			</svg>
			{study.names[place]}
		</span>
	);
}

const hatches = [
	null,
	"M0,6 L6,0",
	"M0,0 L6,6",
	"M0,3 L6,3",
	"M3,0 L3,6",
	"M0,3 L6,3 M3,0 L3,6",
	"M0,0 L6,6 M0,6 L6,0",
	"M2,3 L4,3",
];

// Patterns tell platforms apart where colours do not: printed, or for whoever sees them differently.
export function Patterns() {
	return (
		<svg class="patterns" width="0" height="0" aria-hidden="true">
			<defs>
				{hatches.map((path, i) => (
					<pattern id={`pattern-${i}`} key={i} width="6" height="6" patternUnits="userSpaceOnUse">
						{path && <path d={path} class="hatch" />}
					</pattern>
				))}
				<pattern id="pattern-some" width="5" height="5" patternUnits="userSpaceOnUse">
					<circle cx="2.5" cy="2.5" r="0.9" class="dot" />
				</pattern>
			</defs>
		</svg>
	);
}

// "only runc", "runc and gvisor", "all four".
export function regionName(mask, chosen) {
	const names = placesOf(mask).map((place) => study.names[place]);
	if (names.length === 1) return mask === chosen ? names[0] : `only ${names[0]}`;
	if (mask === chosen) return `all ${names.length}: ${names.join(", ")}`;
	return names.join(" + ");
}

// ---- pickers ----

const kindTitles = { workload: "Workloads", phase: "Phases", idle: "Idle platforms", observer: "Observer" };

export function Pickers({ view: page }) {
	const { params } = usePlace();
	const question = questionOf(params);
	const there = platformsOf(question.view);
	const groups = Object.keys(kindTitles).map((kind) => [kind, study.workloads.filter((workload) => workload.kind === kind)]);
	const toggle = (place) => {
		const next = question.places.includes(place)
			? question.places.filter((other) => other !== place)
			: there.filter((other) => other === place || question.places.includes(other));
		if (next.length) goTo(addressOf(page, params, { p: next.length === there.length ? null : next.map((i) => study.names[i]), r: null }));
	};
	return (
		<form class="pickers" aria-label="what is shown" onSubmit={(event) => event.preventDefault()}>
			<label>
				Workload{" "}
				<select
					id="workload"
					value={question.workload ?? ""}
					onChange={(event) => goTo(addressOf(page, params, { w: event.currentTarget.value || null, p: null, r: null }))}
				>
					<option value="">all workloads united</option>
					{groups.map(
						([kind, list]) =>
							list.length > 0 && (
								<optgroup label={kindTitles[kind]} key={kind}>
									{list.map((workload) => (
										<option key={workload.name} value={workload.name} selected={workload.name === question.workload}>
											{workload.name}
										</option>
									))}
								</optgroup>
							),
					)}
				</select>
			</label>
			<fieldset>
				<legend>Platforms</legend>
				{there.map((place) => (
					<label key={place}>
						<input type="checkbox" name="platform" value={study.names[place]} checked={question.places.includes(place)} disabled={question.chosen === 1 << place} onChange={() => toggle(place)} />
						<PlatformName place={place} />
					</label>
				))}
			</fieldset>
		</form>
	);
}

// ---- tables ----

// A column of platforms by name; one that has no footprint has no colour.
export const platformColumn = (nameOf, key = "platform") => ({
	key,
	title: "Platform",
	isText: true,
	of: nameOf,
	show: (row) => (study.names.includes(nameOf(row)) ? <PlatformName place={study.names.indexOf(nameOf(row))} /> : nameOf(row)),
});

// All rows of a table as a file, numbers as they are. A column is called as covdb calls it in CSV.
function saveCsv(columns, rows, name) {
	const kept = columns.filter((each) => each.of);
	const lines = rows.map((row) => kept.map((each) => each.of(row) ?? ""));
	const file = new Blob([csvFormatRows([kept.map((each) => each.name ?? each.key), ...lines]), "\n"], { type: "text/csv" });
	const link = document.createElement("a");
	link.href = URL.createObjectURL(file);
	link.download = `${name}.csv`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A table whose columns can be sorted. A column: { key, title, of: row => value, show: row => node,
// isText, note, name: in CSV, if not the key; by: row => what it is sorted by, if not the value }.
// Rows beyond the limit are shown when asked for.
export function Table({ id, caption, columns, rows, sort, limit = 200, rowKey, isFixed }) {
	const [order, setOrder] = useState(sort ?? null); // [key, 1 ascending or -1]
	const [shown, setShown] = useState(limit);
	const column = order && columns.find((each) => each.key === order[0]);
	const by = column && (column.by ?? column.of);
	const sorted = column ? [...rows].sort((a, b) => compare(by(a), by(b), order[1])) : rows;
	const press = (each) => setOrder([each.key, order?.[0] === each.key ? -order[1] : each.isText ? 1 : -1]);
	return (
		<div class="table">
			<table id={id}>
				{caption && <caption>{caption}</caption>}
				<thead>
					<tr>
						{columns.map((each) => (
							<th
								key={each.key}
								scope="col"
								class={each.isText ? "text" : "number"}
								title={each.note}
								aria-sort={order?.[0] === each.key ? (order[1] > 0 ? "ascending" : "descending") : undefined}
							>
								{isFixed || !each.of ? each.title : <button type="button" onClick={() => press(each)}>{each.title}</button>}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{sorted.slice(0, shown).map((row, i) => (
						<tr key={rowKey ? rowKey(row) : i}>
							{columns.map((each) => (
								<td key={each.key} class={each.isText ? "text" : "number"}>
									{each.show ? each.show(row) : each.isText ? each.of(row) : count(each.of(row))}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > 0 && (
				<p class="more">
					{rows.length > shown && (
						<>
							{count(shown)} of {count(rows.length)} rows.{" "}
							<button type="button" onClick={() => setShown(shown + 1000)}>
								{count(Math.min(1000, rows.length - shown))} more
							</button>{" "}
						</>
					)}
					{id && <button type="button" class="csv" onClick={() => saveCsv(columns, sorted, id)}>Save as CSV</button>}
				</p>
			)}
		</div>
	);
}

// @direction: 1 ascending or -1. What is missing comes last in both.
function compare(a, b, direction) {
	const isMissing = (value) => value === null || value === undefined || value === "" || Number.isNaN(value);
	if (isMissing(a) || isMissing(b)) return isMissing(a) - isMissing(b);
	return direction * (typeof a === "string" ? a.localeCompare(b, "en") : a - b);
}

// A place in a file, to be sorted as numbers within it.
export const placeColumn = (key, title, placeOf, show) => ({
	key,
	title,
	isText: true,
	of: (row) => `${study.paths[placeOf(row)[0]]}:${placeOf(row)[1]}`,
	by: (row) => placeOf(row)[0] * 2 ** 24 + placeOf(row)[1],
	show,
});

// ---- commands ----

const quoted = (word) => (/^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

// The command that answers the same.
export function Command({ words }) {
	const { analysis } = study;
	const all = ["covdb", ...words, "--rule", analysis.rule, "--baseline", analysis.baseline];
	return (
		<p class="command">
			The same on the command line: <code>{all.map((word) => quoted(String(word))).join(" ")}</code>
		</p>
	);
}

// Options of a command for a directory; for the workload; for workload and platforms.
export const directoryWords = (node) => (node.path === "." ? [] : ["--dir", shownPath(node)]);

export const workloadWords = (question) => (question.workload === null ? [] : ["--workload", question.workload]);

export function questionWords(question) {
	const words = workloadWords(question);
	if (!question.isAll) words.push("--platforms", question.places.map((place) => study.names[place]).join(","));
	return words;
}
