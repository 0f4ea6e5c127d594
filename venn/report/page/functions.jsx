// functions.jsx - how often each platform calls each function.
import { useMemo } from "preact/hooks";
import { questionOf, usePlace } from "./address.js";
import { AnalysisCommand, directoryWords, questionWords } from "./command.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, figure } from "./number.js";
import { DirectoryField, OnlyField, Pickers, useField } from "./picker.jsx";
import { PlatformName } from "./platform.jsx";
import { NothingAt } from "./problem.jsx";
import { callRate, calls, functions, nodeAt, study } from "./study.js";
import { placeColumn, Table, headOf } from "./table.jsx";

// A shell pattern as covdb takes it; without a wildcard, names that contain it.
export function matcher(pattern) {
	if (!pattern) return () => true;
	const hasWildcard = /[*?]/.test(pattern);
	const source = pattern
		.replace(/[.+^${}()|[\]\\]/g, "\\$&")
		.replaceAll("*", ".*")
		.replaceAll("?", ".");
	const expression = new RegExp(
		hasWildcard ? `^${source}$` : source,
		hasWildcard ? "s" : "is",
	);
	return (name) => expression.test(name);
}

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
		placeColumn("file", "File", (row) => [row.file, row.line]),
		...question.places.map((place, i) => ({
			...headOf(place, "per_s", "/s"),
			note: "calls per second, in excess of the baseline's",
			of: (row) => row.rates[i],
			show: (row) => figure(row.rates[i]),
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
		...question.places.map((place, i) => ({
			...headOf(place, "calls", "calls"),
			of: (row) => row.calls[i],
		})),
	];
}

function Filters({ question }) {
	const { params } = usePlace();
	const change = useField("functions", "q");
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
					onChange={change}
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
	const matches = matcher(params.get("q"));
	const rows = all.filter(
		(row) =>
			row.file >= node.first &&
			row.file < node.next &&
			matches(row.name) &&
			(only < 0 || row.only === only),
	);
	const words = ["functions"];
	if (params.get("q"))
		words.push(/[*?]/.test(params.get("q")) ? params.get("q") : `*${params.get("q")}*`);
	words.push(...directoryWords(node));
	if (only >= 0) words.push("--only", study.names[only]);
	return (
		<>
			<p>
				<span id="function-count">{count(rows.length)}</span> functions are
				called. Rates are in calls per second, in excess of the baseline's.
				A function that is inlined everywhere has no calls of its own.
			</p>
			<Table
				id="function-table"
				key={`${key} ${params}`}
				columns={columnsOf(question)}
				rows={rows}
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
