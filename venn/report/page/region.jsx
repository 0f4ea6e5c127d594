// region.jsx - the lines of a region beside the map: functions, how often each platform calls them.
import { useEffect } from "preact/hooks";
import { addressOf, goTo, usePlace } from "./address.js";
import { AnalysisCommand, directoryWords, workloadWords } from "./command.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, figure } from "./number.js";
import { regionName, RegionSwatch } from "./platform.jsx";
import {
	callRate,
	calls,
	functions,
	maskOf,
	platformsOf,
	regionLines,
	rules,
	study,
} from "./study.js";
import { headOf, Table } from "./table.jsx";

// 1, 2, 3, 7 as [1, 3], [7, 7].
function ranges(list) {
	const result = [];
	for (const line of list) {
		const last = result.at(-1);
		if (last && last[1] + 1 === line) last[1] = line;
		else result.push([line, line]);
	}
	return result;
}

const rangesMax = 5;

function LineLinks({ file, list }) {
	const all = ranges(list);
	return (
		<>
			{all.slice(0, rangesMax).map(([first, last], i) => (
				<span key={first}>
					{i > 0 && ", "}
					<Link
						view="file"
						changes={{ path: study.paths[file], line: first }}
					>
						{first === last ? first : `${first}–${last}`}
					</Link>
				</span>
			))}
			{all.length > rangesMax && `, … (${count(all.length)} ranges)`}
		</>
	);
}

const setExpression = (mask, places) => {
	const names = (list) => list.map((place) => study.names[place]);
	const inside = names(places.filter((place) => (mask >> place) & 1));
	const outside = names(places.filter((place) => !((mask >> place) & 1)));
	return [inside.join(" & "), ...outside].join(" - "); // a name may have a '-' of its own
};

const rateGroup = {
	key: "per_s",
	title: "Calls per second",
	note: "in excess of the baseline's",
	by: (group) => Math.max(...group.rates),
};

const columnsOf = (places) => [
	{
		key: "name",
		title: "Function",
		isText: true,
		of: (group) => group.name,
		show: (group) => (
			<Link
				view="file"
				changes={{ path: study.paths[group.file], line: group.lines[0] }}
			>
				{group.name || "no function"}
			</Link>
		),
	},
	...places.map((place, i) => ({
		...headOf(place, rateGroup),
		of: (group) => group.rates[i],
		show: (group) => (group.rates[i] ? figure(group.rates[i]) : "-"),
	})),
	{ key: "count", title: "Lines", of: (group) => group.lines.length },
	{
		key: "lines",
		title: "Which",
		isText: true,
		show: (group) => (
			<>
				<span class="quiet">{study.paths[group.file]}:</span>{" "}
				<LineLinks file={group.file} list={group.lines} />
			</>
		),
	},
];

async function read(view) {
	const [all, called, list] = await Promise.all([functions(), calls(view), rules()]);
	return { all, called, list, placeOf: new Map([...called.places].map((fn, i) => [fn, i])) };
}

// How far the region's size moves over the trials, which is known of the whole kernel.
function rangeOf({ list }, node, question, mask) {
	const { rule, baseline } = study.analysis;
	const isWhole = node.path === "." && question.chosen === maskOf(platformsOf(question.view));
	const analysis = list.find((each) => each.rule === rule && each.baseline === baseline);
	return isWhole
		? analysis?.views[question.view]?.regions.find(([other]) => other === mask)?.[2]
		: null;
}

function Loaded({ data, rows, node, question, mask }) {
	const groups = regionLines(rows, node, question.chosen, mask).map((group) => {
		const i = data.placeOf.get(group.fn);
		return {
			...group,
			name: data.all.names[group.fn] ?? "",
			rates: question.places.map((place) =>
				i === undefined
					? 0
					: callRate(data.called, question.view, i, place),
			),
		};
	});
	const sum = groups.reduce((lineCount, group) => lineCount + group.lines.length, 0);
	const inside = groups.filter((group) => group.fn >= 0);
	const outside = groups
		.filter((group) => group.fn < 0)
		.reduce((lineCount, group) => lineCount + group.lines.length, 0);
	const range = rangeOf(data, node, question, mask);
	return (
		<>
			<p>
				<strong id="region-lines">{count(sum)}</strong>{" "}
				{sum === 1 ? "line" : "lines"} in{" "}
				<span id="region-functions">{count(inside.length)}</span>{" "}
				{inside.length === 1 ? "function" : "functions"}
				{outside > 0 && `, ${count(outside)} of them in none`}.
				{range &&
					` Over the trials: ${range.map(count).join(" to ")} lines.`}
			</p>
			<Table
				id="region-table"
				key={`${node.path} ${mask}`}
				columns={columnsOf(question.places)}
				rows={groups}
				sort={["count", -1]}
				limit={50}
				rowKey={(group) => `${group.file} ${group.fn}`}
			/>
			<AnalysisCommand
				words={[
					"venn",
					setExpression(mask, question.places),
					"--list",
					"functions",
					"--limit",
					"0",
					...directoryWords(node),
					...workloadWords(question),
				]}
			/>
		</>
	);
}

// @mask: of the region's platforms
export function Region({ rows, node, question, mask }) {
	const { params } = usePlace();
	const { value: data, error } = useLater(() => read(question.view), [question.view]);
	const away = addressOf("explore", params, { r: null });
	useEffect(() => {
		const press = (event) => {
			const isFree = !event.target.matches("input, select, textarea");
			if (
				event.key === "Escape" &&
				isFree &&
				!document.querySelector("dialog[open]")
			)
				goTo(away);
		};
		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	}, [away]);
	return (
		<section aria-labelledby="region-title" class="region">
			<p class="close">
				<a href={away} title="Escape">
					× All regions
				</a>
			</p>
			<h2 id="region-title">
				<RegionSwatch mask={mask} chosen={question.chosen} />
				{regionName(mask, question.chosen)}
			</h2>
			{data ? (
				<Loaded
					data={data}
					rows={rows}
					node={node}
					question={question}
					mask={mask}
				/>
			) : (
				<Waiting error={error} />
			)}
		</section>
	);
}
