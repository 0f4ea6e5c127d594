// functions.jsx - how often each platform calls each function.
import { useMemo } from "preact/hooks";
import { questionOf, usePlace } from "./address.js";
import { AnalysisCommand, directoryWords, questionWords } from "./command.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { matcher } from "./matcher.js";
import { count, figure } from "./number.js";
import { DirectoryField, OnlyField, Pickers, useTyped } from "./picker.jsx";
import { PlatformName } from "./platform.jsx";
import { NothingAt } from "./problem.jsx";
import { callRate, calls, functions, nodeAt, study } from "./study.js";
import { placeColumn, Table, headOf } from "./table.jsx";

async function read(view) {
	const [all, called] = await Promise.all([functions(), calls(view)]);
	return { all, called };
}

// Rows of the functions that any chosen platform called, by their highest rate.
function rowsOf({ all, called }, question) {
	const rows = [];
	for (const [i, fn] of called.places.entries()) {
		const numbers = question.places.map((place) => called.calls[place][i]);
		if (!numbers.some((number) => number)) continue;
		const rates = question.places.map((place) =>
			callRate(called, question.view, i, place),
		);
		const some = rates.filter((rate) => rate > 0);
		rows.push({
			fn,
			name: all.names[fn],
			file: all.files[fn],
			line: all.starts[fn],
			calls: numbers,
			rates,
			highest: Math.max(...rates),
			ratio:
				some.length === rates.length && rates.length > 1
					? Math.max(...some) / Math.min(...some)
					: null,
			only:
				some.length === 1
					? question.places[rates.findIndex((rate) => rate > 0)]
					: -1,
		});
	}
	return rows.sort((a, b) => b.highest - a.highest);
}

const rateGroup = {
	key: "per_s",
	title: "Calls per second",
	note: "in excess of the baseline's; sorted by the highest",
	by: (row) => row.highest,
};

const callGroup = { key: "calls", title: "Calls", by: (row) => Math.max(...row.calls) };

function columnsOf(question) {
	return [
		{
			key: "function",
			title: "Function",
			isText: true,
			of: (row) => row.name,
			show: (row) => (
				<Link
					view="file"
					changes={{ path: study.paths[row.file], line: row.line }}
				>
					{row.name}
				</Link>
			),
		},
		...question.places.map((place, i) => ({
			...headOf(place, rateGroup),
			of: (row) => row.rates[i],
			show: (row) => figure(row.rates[i]),
		})),
		...question.places.map((place, i) => ({
			...headOf(place, callGroup),
			of: (row) => row.calls[i],
		})),
		{
			key: "ratio",
			title: "Ratio",
			note: "the highest rate divided by the lowest",
			of: (row) => row.ratio,
			show: (row) => figure(row.ratio),
		},
		{
			key: "only",
			title: "Only",
			isText: true,
			of: (row) => (row.only < 0 ? "" : study.names[row.only]),
			show: (row) => (row.only < 0 ? "" : <PlatformName place={row.only} />),
		},
		placeColumn("file", "File", (row) => [row.file, row.line]),
	];
}

function Filters({ question }) {
	const { params } = usePlace();
	const change = useTyped("functions", "q");
	return (
		<form
			class="pickers"
			aria-label="which functions"
			onSubmit={(event) => event.preventDefault()}
		>
			<label>
				Name{" "}
				<input
					id="name"
					type="search"
					placeholder="do_mmap, tcp_*"
					value={params.get("q") ?? ""}
					onInput={change}
				/>
			</label>
			<DirectoryField page="functions" />
			<OnlyField page="functions" question={question} />
		</form>
	);
}

function Loaded({ data, question }) {
	const { params } = usePlace();
	const directory = params.get("dir") ?? ".";
	const node = nodeAt(directory);
	const only = study.names.indexOf(params.get("only"));
	const key = `${question.view} ${question.chosen}`;
	const all = useMemo(() => rowsOf(data, question), [data, key]);
	if (!node) return <NothingAt path={directory} />;
	const pattern = params.get("q")?.trim();
	const matches = matcher(pattern);
	const rows = all.filter(
		(row) =>
			row.file >= node.first &&
			row.file < node.next &&
			matches(row.name) &&
			(only < 0 || row.only === only),
	);
	const words = ["functions"];
	if (pattern) words.push(/[*?]/.test(pattern) ? pattern : `*${pattern}*`);
	words.push(...directoryWords(node));
	if (only >= 0) words.push("--only", study.names[only]);
	return (
		<>
			<p>
				<span id="function-count">{count(rows.length)}</span>{" "}
				{rows.length === 1 ? "function is" : "functions are"} called. Rates
				are in calls per second, in excess of the baseline's. A function
				that is inlined everywhere has no calls of its own.
			</p>
			<Table
				id="function-table"
				key={`${key} ${directory} ${only}`}
				columns={columnsOf(question)}
				rows={rows}
				sort={["per_s", -1]}
				rowKey={(row) => row.fn}
			/>
			<AnalysisCommand words={[...words, ...questionWords(question)]} />
		</>
	);
}

export function Functions() {
	const { params } = usePlace();
	const question = questionOf(params);
	const { value: data, error } = useLater(() => read(question.view), [question.view]);
	return (
		<>
			<Pickers view="functions" />
			<h1>Functions</h1>
			<Filters question={question} />
			{data ? (
				<Loaded data={data} question={question} />
			) : (
				<Waiting error={error} />
			)}
		</>
	);
}
