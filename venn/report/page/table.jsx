// table.jsx - tables that can be sorted and saved, and columns that several of them have.
import { csvFormatRows } from "d3-dsv";
import { useState } from "preact/hooks";
import { count, figure, percent } from "./number.js";
import { NamedPlatform, PlatformName } from "./platform.jsx";
import { study } from "./study.js";

// A column of platforms by name.
export const platformColumn = (nameOf, key = "platform") => ({
	key,
	title: "Platform",
	isText: true,
	of: nameOf,
	show: (row) => <NamedPlatform name={nameOf(row)} />,
});

// All rows of a table as a file, numbers as they are. Columns have the names that covdb gives them
// in CSV.
function saveCsv(columns, rows, name) {
	const kept = columns.filter((each) => each.of);
	const lines = rows.map((row) => kept.map((each) => each.of(row) ?? ""));
	const file = new Blob(
		[csvFormatRows([kept.map((each) => each.name ?? each.key), ...lines]), "\n"],
		{ type: "text/csv" },
	);
	const link = document.createElement("a");
	link.href = URL.createObjectURL(file);
	link.download = `${name}.csv`;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const cellClass = (column) => (column.isText ? "text" : "number");

function cellText(column, row) {
	if (column.show) return column.show(row);
	return column.isText ? column.of(row) : count(column.of(row));
}

// @direction: 1 ascending, -1 descending, 0 not sorted by this column
// @press: null if the table cannot be sorted by it
function Head({ column, direction, press }) {
	const sorted = { 1: "ascending", [-1]: "descending" }[direction];
	return (
		<th scope="col" class={cellClass(column)} title={column.note} aria-sort={sorted}>
			{press ? (
				<button type="button" onClick={press}>
					{column.title}
				</button>
			) : (
				column.title
			)}
		</th>
	);
}

const step = 1000; // rows shown more when asked for

function MoreRows({ shown, all, setShown }) {
	if (all <= shown) return null;
	return (
		<>
			{count(shown)} of {count(all)} rows.{" "}
			<button type="button" onClick={() => setShown(shown + step)}>
				{count(Math.min(step, all - shown))} more
			</button>{" "}
		</>
	);
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
	const directionOf = (each) => (order?.[0] === each.key ? order[1] : 0);
	const canSort = (each) => !isFixed && each.of;
	const press = (each) =>
		setOrder([each.key, order?.[0] === each.key ? -order[1] : each.isText ? 1 : -1]);
	return (
		<div class="table">
			<table id={id}>
				{caption && <caption>{caption}</caption>}
				<thead>
					<tr>
						{columns.map((each) => (
							<Head
								key={each.key}
								column={each}
								direction={directionOf(each)}
								press={
									canSort(each)
										? () => press(each)
										: null
								}
							/>
						))}
					</tr>
				</thead>
				<tbody>
					{sorted.slice(0, shown).map((row, i) => (
						<tr key={rowKey ? rowKey(row) : i}>
							{columns.map((each) => (
								<td
									key={each.key}
									class={cellClass(each)}
								>
									{cellText(each, row)}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > 0 && (
				<p class="more">
					<MoreRows
						shown={shown}
						all={rows.length}
						setShown={setShown}
					/>
					{id && (
						<button
							type="button"
							class="csv"
							onClick={() => saveCsv(columns, sorted, id)}
						>
							Save as CSV
						</button>
					)}
				</p>
			)}
		</div>
	);
}

// @direction: 1 ascending or -1. What is missing comes last in both.
function compare(a, b, direction) {
	const isMissing = (value) =>
		value === null || value === undefined || value === "" || Number.isNaN(value);
	if (isMissing(a) || isMissing(b)) return isMissing(a) - isMissing(b);
	return direction * (typeof a === "string" ? a.localeCompare(b, "en") : a - b);
}

// A place in a file, sorted by path, then by line number.
export const placeColumn = (key, title, placeOf, show) => ({
	key,
	title,
	isText: true,
	of: (row) => `${study.paths[placeOf(row)[0]]}:${placeOf(row)[1]}`,
	by: (row) => placeOf(row)[0] * 2 ** 24 + placeOf(row)[1],
	show,
});

// @partsOf: row => a number, and what it is a share of
export const shareColumn = (key, title, partsOf) => ({
	key,
	title,
	of: (row) => partsOf(row)[0] / partsOf(row)[1],
	show: (row) => percent(...partsOf(row)),
});

// What there is at least, executed in the trials or not; missing where that cannot be told.
export const leastColumn = (of) => ({
	key: "at_least",
	title: "At least",
	note: "lines executed at least, kept by the rule or not (Chao2, a lower bound)",
	of: (row) => of(row) ?? null,
	show: (row) => figure(of(row)),
});

// How far a number of lines moves without one of the trials, as covdb venn prints it.
export const rangeColumn = (of) => ({
	key: "over_trials",
	title: "Over trials",
	note: "fewest and most lines in studies that each lack a trial of every group",
	isText: true,
	of: (row) => {
		const range = of(row);
		return range ? range.map(count).join("-") : "cannot tell";
	},
});

// What a column of one platform's numbers is called: on the page its name and @title, in CSV its
// name and @key.
export const headOf = (place, key, title) => ({
	key: `${key}-${place}`,
	name: `${study.names[place]}_${key}`,
	title: (
		<>
			<PlatformName place={place} /> {title}
		</>
	),
});
