// conditional.jsx - conditional hot paths: lines that some execute, in functions that all execute.
import { useMemo } from "preact/hooks";
import { questionOf, usePlace } from "./address.js";
import { AnalysisCommand, directoryWords, questionWords } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, figure, percent } from "./number.js";
import { DirectoryField, OnlyField, Pickers } from "./picker.jsx";
import { NothingAt, Problem } from "./problem.jsx";
import {
	conditional,
	counts,
	functions,
	lines,
	nodeAt,
	placesOf,
	seconds,
	study,
} from "./study.js";
import { placeColumn, platformColumn, Table, headOf, shareColumn } from "./table.jsx";

async function read(view) {
	const [rows, numbers, all, branches] = await Promise.all([
		lines(view),
		counts(view),
		functions(),
		part("branches"),
	]);
	const branchOf = new Map(
		branches[view].map(([id, path, line, taken]) => [id, { path, line, taken }]),
	);
	return { rows, numbers, all, branchOf };
}

// For each platform, executions per second of the hunk's line that it executes most often.
function ratesOf(hunk, numbers, question) {
	return question.places.map((place) => {
		const time = seconds(question.view, place);
		let highest = 0;
		if ((hunk.mask >> place) & 1)
			for (let row = hunk.first; row < hunk.next; row++)
				highest = Math.max(highest, numbers[place][row]);
		return time ? highest / time : 0;
	});
}

const sharesCaption =
	"Of the lines that one platform alone executes, " +
	"how many lie in functions that all of them execute";

function Shares({ found, question }) {
	const rows = question.places.map((place) => ({
		place,
		...found.exclusive.get(1 << place),
	}));
	const columns = [
		platformColumn((row) => study.names[row.place], "name"),
		{ key: "lines", title: "Only here", of: (row) => row.lines },
		{ key: "shared", title: "In functions that all execute", of: (row) => row.shared },
		{ key: "unknown", title: "In no function", of: (row) => row.unknown },
		shareColumn("share", "Share", (row) => [row.shared, row.lines]),
		{
			key: "others",
			title: "In others",
			of: (row) => row.lines - row.shared - row.unknown,
		},
	];
	return (
		<Table
			id="exclusive-table"
			caption={sharesCaption}
			columns={columns}
			rows={rows}
			rowKey={(row) => row.place}
		/>
	);
}

const takenGroup = {
	key: "taken",
	title: "Branch taken",
	note: "how often a platform that reached the branch went on to the lines",
};

const rateGroup = {
	key: "per_s",
	title: "Executions per second",
	by: (row) => row.highest,
};

// The branch that decides, and how often each platform that reached it went on to the code.
function branchColumns(question) {
	return [
		...question.places.map((place) => ({
			...headOf(place, takenGroup),
			of: (row) => row.branch?.taken[place] ?? null,
			show: (row) =>
				typeof row.branch?.taken[place] === "number"
					? percent(row.branch.taken[place], 1)
					: "-",
		})),
		{
			key: "branch",
			title: "Branch",
			isText: true,
			note: "the one that decides whether the lines are executed",
			of: (row) => (row.branch ? `${row.branch.path}:${row.branch.line}` : ""),
			show: (row) =>
				row.branch && (
					<Link
						view="file"
						changes={{
							path: row.branch.path,
							line: row.branch.line,
						}}
					>
						{row.branch.path}:{row.branch.line}
					</Link>
				),
		},
	];
}

// The hunks of the chosen platforms, or of one platform alone, with what is shown of each; the most
// executed first.
function hunksOf(found, { rows, numbers, all, branchOf }, question, only) {
	return found.hunks
		.filter((hunk) => only < 0 || hunk.mask === 1 << only)
		.map((hunk) => ({
			...hunk,
			lines: hunk.next - hunk.first,
			from: rows.line[hunk.first],
			to: rows.line[hunk.next - 1],
			name: all.names[hunk.fn],
			branch: question.isAll ? branchOf.get(rows.id[hunk.first]) : undefined,
			rates: ratesOf(hunk, numbers, question),
		}))
		.map((hunk) => ({ ...hunk, highest: Math.max(...hunk.rates) }))
		.sort((a, b) => b.highest - a.highest || b.lines - a.lines);
}

function columnsOf(question) {
	return [
		{ key: "name", title: "Function", isText: true, of: (row) => row.name },
		...question.places.map((place, i) => ({
			...headOf(place, rateGroup),
			of: (row) => row.rates[i],
			show: (row) => (row.rates[i] ? figure(row.rates[i]) : "-"),
		})),
		...(question.isAll ? branchColumns(question) : []),
		{ key: "lines", title: "Lines", of: (row) => row.lines },
		placeColumn(
			"file",
			"Place",
			(row) => [row.file, row.from],
			(row) => (
				<Link
					view="file"
					changes={{ path: study.paths[row.file], line: row.from }}
				>
					{study.paths[row.file]}:
					{row.from === row.to ? row.from : `${row.from}–${row.to}`}
				</Link>
			),
		),
		{
			key: "who",
			title: "Executed by",
			isText: true,
			of: (row) =>
				placesOf(row.mask)
					.map((place) => study.names[place])
					.join(" + "),
		},
	];
}

function Loaded({ data, question }) {
	const { params } = usePlace();
	const directory = params.get("dir") ?? ".";
	const node = nodeAt(directory);
	const only = study.names.indexOf(params.get("only"));
	const key = `${question.view} ${question.chosen} ${directory}`;
	const found = useMemo(
		() =>
			node &&
			question.places.length > 1 &&
			conditional(data.rows, node, question.chosen),
		[data, key],
	);
	if (!node) return <NothingAt path={directory} />;
	if (!found) return <Problem>A comparison takes at least two platforms.</Problem>;
	const hunks = hunksOf(found, data, question, only);
	const pieces = count(hunks.length);
	const lineCount = hunks.reduce((sum, hunk) => sum + hunk.lines, 0);
	const words = [
		"conditional",
		...directoryWords(node),
		...(only < 0 ? [] : ["--only", study.names[only]]),
	];
	return (
		<>
			<p>
				<span id="hunk-count">{pieces}</span>{" "}
				{hunks.length === 1 ? "piece" : "pieces"} of code,{" "}
				<span id="hunk-lines">{count(lineCount)}</span>{" "}
				{lineCount === 1 ? "line" : "lines"}. Branch is the one that decides
				whether the lines are executed; taken is how often a platform that
				reached it went on to the lines. Branches are shown for the 50 most
				executed pieces, and only if all platforms are compared; the command
				prints all of them.
			</p>
			<Table
				id="conditional-table"
				key={`${key} ${only}`}
				columns={columnsOf(question)}
				rows={hunks}
				sort={["per_s", -1]}
				rowKey={(row) => row.first}
			/>
			<Shares found={found} question={question} />
			<AnalysisCommand words={[...words, ...questionWords(question)]} />
		</>
	);
}

export function Conditional() {
	const { params } = usePlace();
	const question = questionOf(params);
	const { value: data, error } = useLater(() => read(question.view), [question.view]);
	return (
		<>
			<Pickers view="conditional" />
			<h1>Conditional hot paths</h1>
			<p>
				Lines that some of the platforms execute and the others never do, in
				functions that all of them execute: comparing functions alone does
				not show them.
			</p>
			<form
				class="pickers"
				aria-label="which lines"
				onSubmit={(event) => event.preventDefault()}
			>
				<DirectoryField page="conditional" />
				<OnlyField page="conditional" question={question} />
			</form>
			{data ? (
				<Loaded data={data} question={question} />
			) : (
				<Waiting error={error} />
			)}
		</>
	);
}
