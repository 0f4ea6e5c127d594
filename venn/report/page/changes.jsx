// changes.jsx - what changed since another kernel or study, platform by platform.
import { addressOf, goTo, usePlace } from "./address.js";
import { Command } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, figure } from "./number.js";
import { Problem } from "./problem.jsx";
import { study } from "./study.js";
import { platformColumn, Table } from "./table.jsx";

// What covdb compare calls the classes of lines, by key, in the order of its tables.
const classes = {
	gained: ["Gained", "no trial before executed the line, trials now do"],
	lost: ["Lost", "trials before executed it, none now does"],
	more: ["More", "executed more often per second"],
	less: ["Less", "executed less often per second"],
	new_code: ["New code", "executed, and only in the kernel of now"],
	code_gone: ["Code gone", "executed, and only in the kernel before"],
	not_carried: ["Not carried", "executed, but a source is missing"],
	left_out: ["Left out", "of an object that is damaged in a trial"],
	alike: ["Alike", "no more different than trials are"],
};

const all = "all";

// The comparisons with their parts of the data; null if there are none.
async function read() {
	const list = await part("changes");
	if (!list) return null;
	const parts = await Promise.all(list.pairs.map((_, i) => part(`changes-${i}`)));
	return {
		...list,
		pairs: list.pairs.map((pair, i) => ({
			...pair,
			...parts[i],
			name: `${pair.platform}/${pair.workload ?? all}`,
		})),
	};
}

const numbersOf = (pair, row) =>
	Object.fromEntries(pair.classes.map((key, i) => [key, row[i + 1]]));

// Directories, or the sum of them: each class is [lines, fewest, most].
const placesOf = (pair, isSum) =>
	pair.places
		.filter((row) => (row[0] === null) === isSum)
		.map((row) => ({ directory: row[0], ...numbersOf(pair, row) }));

const rangeText = ([lines, low, high]) =>
	low === high ? count(lines) : `${count(lines)} (${count(low)}-${count(high)})`;

const lineColumns = Object.entries(classes).map(([key, [title, note]]) => ({
	key,
	title,
	note,
	of: (row) => row[key][0],
	show: (row) => rangeText(row[key]),
}));

const functionsOf = (pair) =>
	pair.functions.map((row) => ({
		file: row[0],
		name: row[1],
		became: row[2],
		...Object.fromEntries(pair.classes.map((key, i) => [key, row[i + 3]])),
		before: row.at(-2),
		now: row.at(-1),
	}));

const functionColumns = [
	{
		key: "file",
		title: "File",
		isText: true,
		of: (row) => row.file,
		show: (row) =>
			study.paths.includes(row.file) ? (
				<Link view="file" changes={{ path: row.file }}>
					{row.file}
				</Link>
			) : (
				row.file
			),
	},
	{ key: "function", title: "Function", isText: true, of: (row) => row.name },
	{ key: "became", title: "Became", isText: true, of: (row) => row.became },
	...Object.entries(classes).map(([key, [title, note]]) => ({
		key,
		title,
		note,
		of: (row) => row[key],
	})),
	{
		key: "old_per_s",
		title: "Before/s",
		note: "of its line that is executed most often",
		of: (row) => row.before,
		show: (row) => figure(row.before),
	},
	{
		key: "new_per_s",
		title: "Now/s",
		note: "of its line that is executed most often",
		of: (row) => row.now,
		show: (row) => figure(row.now),
	},
];

function Choice({ pairs, chosen }) {
	const { params } = usePlace();
	const change = (event) =>
		goTo(addressOf("changes", params, { pair: event.currentTarget.value }));
	return (
		<form
			class="pickers"
			aria-label="which comparison"
			onSubmit={(event) => event.preventDefault()}
		>
			<label>
				Platform and workload{" "}
				<select id="changes-pair" value={chosen.name} onChange={change}>
					{pairs.map(({ name }) => (
						<option
							key={name}
							value={name}
							selected={name === chosen.name}
						>
							{name}
						</option>
					))}
				</select>
			</label>
		</form>
	);
}

const sideText = (side) =>
	`${side.kernel}, ${count(side.trials)} trials` +
	(side.workloads.length > 1 ? " of each workload, added up" : "") +
	(side.seconds === null ? "" : `, ${side.seconds.toFixed(1)} s`);

const ratioText = (ratio) =>
	`Of lines that both execute, the median rate is ${figure(ratio)} times that of before.`;

function Tests({ about }) {
	const { tests } = about;
	return (
		<>
			<p>
				Before: {sideText(about.old)}. Now: {sideText(about.new)}.{" "}
				{about.median_ratio !== null && ratioText(about.median_ratio)}
			</p>
			{tests ? (
				<p id="changes-tests">
					Permutation test, false discovery rate{" "}
					{figure(tests.false_discovery_rate)}: of{" "}
					{count(tests.executed_tests)} tests whether a line is
					executed {count(tests.executed_discoveries)} are
					discoveries, of {count(tests.rate_tests)} how often{" "}
					{count(tests.rate_discoveries)}.
				</p>
			) : (
				<p id="changes-tests" class="notice">
					With so few trials noise cannot be told from change: all
					that differs is here.
				</p>
			)}
			{about.boots_in_both === 0 && (
				<p class="notice">
					No boot of the machine has trials of both sides: what
					differs from boot to boot counts as change.
				</p>
			)}
		</>
	);
}

function Pair({ data, pair }) {
	const functions = functionsOf(pair);
	return (
		<>
			<h2>{pair.name}</h2>
			<Choice pairs={data.pairs} chosen={pair} />
			<Tests about={pair.about} />
			<Table
				id="changes-places"
				key={`places ${pair.name}`}
				caption="Executed lines by directory"
				columns={[
					{
						key: "directory",
						title: "Directory",
						isText: true,
						of: (row) => row.directory,
					},
					...lineColumns,
				]}
				rows={placesOf(pair, false)}
				rowKey={(row) => row.directory}
			/>
			<Table
				id="changes-functions"
				key={`functions ${pair.name}`}
				caption="Functions that are not alike"
				columns={functionColumns}
				rows={functions}
			/>
			<Command words={["compare", pair.about.old.name, pair.about.new.name]} />
		</>
	);
}

function Loaded({ data }) {
	const { params } = usePlace();
	const wanted = params.get("pair");
	const pair = data.pairs.find((each) => each.name === wanted) ?? data.pairs[0];
	const sums = data.pairs.map((each) => ({ pair: each, ...placesOf(each, true)[0] }));
	return (
		<>
			<p>
				What each platform executes, against {data.before}; tested against
				the noise of repeated trials.
			</p>
			{[
				["Only before", data.only_before],
				["Only now", data.only_now],
			].map(
				([title, names]) =>
					names.length > 0 && (
						<p key={title} class="quiet">
							{title}, so not compared: {names.join(", ")}
						</p>
					),
			)}
			<Table
				id="changes-pairs"
				caption="Executed lines by platform and workload"
				columns={[
					platformColumn((row) => row.pair.platform),
					{
						key: "workload",
						title: "Workload",
						isText: true,
						of: (row) => row.pair.workload ?? all,
						show: (row) => (
							<Link
								view="changes"
								changes={{ pair: row.pair.name }}
							>
								{row.pair.workload ?? all}
							</Link>
						),
					},
					...lineColumns,
				]}
				rows={sums}
				rowKey={(row) => row.pair.name}
			/>
			<Pair data={data} pair={pair} />
		</>
	);
}

export function Changes() {
	const { value: data, error } = useLater(read, []);
	if (data === undefined) return <Waiting error={error} />;
	return (
		<>
			<h1>Changes</h1>
			{data ? (
				<Loaded data={data} />
			) : (
				<Problem>
					This study has no other beside it: covdb report --before
					takes another kernel or another database.
				</Problem>
			)}
		</>
	);
}
