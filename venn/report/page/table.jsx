// table.jsx - tables that can be sorted and saved, and columns that several of them have.
import { csvFormatRows, tsvFormatRows } from "d3-dsv";
import { useRef, useState } from "preact/hooks";
import { saveText } from "./copy.js";
import { count, figure, percent } from "./number.js";
import { NamedPlatform, PlatformName } from "./platform.jsx";
import { study } from "./study.js";
import { AnchorLink, CopyButton, useAnchor } from "./tools.jsx";

// A column of platforms by name.
export const platformColumn = (nameOf, key = "platform") => ({
	key,
	title: "Platform",
	isText: true,
	isShort: true,
	of: nameOf,
	show: (row) => <NamedPlatform name={nameOf(row)} />,
});

// All rows of a table as text, numbers as they are. Columns have the names that covdb gives them in
// CSV.
function textOf(columns, rows, format) {
	const kept = columns.filter((each) => each.of);
	const lines = rows.map((row) => kept.map((each) => each.of(row) ?? ""));
	return `${format([kept.map((each) => each.name ?? each.key), ...lines])}\n`;
}

function cellClass({ isUpright, isText, isRange, isShort }) {
	if (isUpright) return "upright";
	if (!isText || isRange) return "number";
	return isShort ? "text short" : "text";
}

function cellText(column, row) {
	if (column.show) return column.show(row);
	return column.isText ? column.of(row) : count(column.of(row));
}

// @column: a column, or a group of them
// @direction: 1 ascending, -1 descending, 0 not sorted by this column
// @press: null if the table cannot be sorted by it
function Head({ column, direction, press, ...rest }) {
	const sorted = { 1: "ascending", [-1]: "descending" }[direction];
	return (
		<th
			scope={rest.colSpan ? "colgroup" : "col"}
			class={rest.colSpan ? "group" : cellClass(column)}
			title={column.note}
			aria-sort={sorted}
			{...rest}
		>
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

// Stretches of columns of the same group, or of none: [group, columns].
function groupsOf(columns) {
	const groups = [];
	for (const column of columns) {
		const last = groups.at(-1);
		if (last && last[0]?.key === column.group?.key) last[1]++;
		else groups.push([column.group ?? null, 1]);
	}
	return groups;
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

// The heads of all columns, below those of their groups.
function Heads({ columns, groups, order, press }) {
	const head = (each, rest) => (
		<Head
			key={each.key}
			column={each}
			direction={order?.[0] === each.key ? order[1] : 0}
			press={press && (each.of || each.by) ? () => press(each) : null}
			{...rest}
		/>
	);
	return (
		<thead>
			{groups.some(([group]) => group) && (
				<tr class="groups">
					{groups.map(([group, colSpan], i) =>
						group ? (
							head(group, { colSpan })
						) : (
							<td key={i} colSpan={colSpan} />
						),
					)}
				</tr>
			)}
			<tr>{columns.map((each) => head(each))}</tr>
		</thead>
	);
}

// What can be done with all @rows of a table.
export function TableTools({ id, columns, rows }) {
	const save = () => saveText(`${id}.csv`, "text/csv", textOf(columns, rows, csvFormatRows));
	return (
		<span class="tools">
			<CopyButton
				textOf={() => textOf(columns, rows, tsvFormatRows)}
				title="copy all rows, as a spreadsheet takes them"
			/>
			<button
				type="button"
				class="tool csv"
				title="save all rows as CSV"
				onClick={save}
			>
				CSV
			</button>
			<AnchorLink id={id} />
		</span>
	);
}

// A table whose columns can be sorted. A column: { key, title, of: row => value, show: row => node,
// isText, isRange: text of numbers, isShort: of a word or two, isUpright: a narrow column whose
// title stands, note, name: in CSV, if not the key, by: row => what it is sorted by, if not the
// value,
// group: { key, title, note, by } that stands above it and its neighbours }.
// Rows beyond the limit are shown when asked for. @rowProps: row => attributes of its element
export function Table({
	id,
	caption,
	columns,
	rows,
	sort,
	limit = 200,
	rowKey,
	rowProps,
	isFixed,
}) {
	const frame = useRef(null);
	useAnchor(frame, id);
	const [order, setOrder] = useState(sort ?? null); // [key, 1 ascending or -1]
	const [shown, setShown] = useState(limit);
	const groups = groupsOf(columns);
	const sortable = [
		...columns,
		...groups.map(([group]) => group).filter((group) => group?.by),
	];
	const column = order && sortable.find((each) => each.key === order[0]);
	const by = column && (column.by ?? column.of);
	const sorted = column ? [...rows].sort((a, b) => compare(by(a), by(b), order[1])) : rows;
	const press = (each) =>
		setOrder([each.key, order?.[0] === each.key ? -order[1] : each.isText ? 1 : -1]);
	return (
		<div class="table" ref={frame}>
			<table id={id}>
				{caption && <caption>{caption}</caption>}
				<Heads
					columns={columns}
					groups={groups}
					order={order}
					press={isFixed ? null : press}
				/>
				<tbody>
					{sorted.slice(0, shown).map((row, i) => (
						<tr
							key={rowKey ? rowKey(row) : i}
							{...rowProps?.(row)}
						>
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
						<TableTools
							id={id}
							columns={columns}
							rows={sorted}
						/>
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
	isRange: true,
	of: (row) => {
		const range = of(row);
		return range ? range.map(count).join("-") : "cannot tell";
	},
});

// What a column of one platform's numbers is called, in a @group of such columns: on the page its
// name, in CSV its name and the group's key.
export const headOf = (place, group) => ({
	key: `${group.key}-${place}`,
	name: `${study.names[place]}_${group.key}`,
	title: <PlatformName place={place} />,
	group,
});
