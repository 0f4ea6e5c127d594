// patch.jsx - what executed each line that a patch adds or changes.
import { Command } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, figure } from "./number.js";
import { Problem } from "./problem.jsx";
import { study } from "./study.js";
import { Table } from "./table.jsx";

// By state of a line: the mark of covdb patch, and what it means.
const marks = {
	executed: ["x", "executed"],
	"partly executed": ["~", "partly executed: some block of it was not"],
	"not executed": ["!", "not executed"],
	"not instrumented": [".", "not instrumented"],
};

const busiestOf = (row) =>
	row.executed_by.reduce(
		(most, each) => (!most || (each.per_s ?? 0) > (most.per_s ?? 0) ? each : most),
		null,
	);

function saidOf(row) {
	if (row.why) return row.why;
	const busiest = busiestOf(row);
	const others = row.executed_by.length - 1;
	const [never, branches] = [row.branches_never_taken, row.branches].map(count);
	return [
		busiest && `${figure(busiest.per_s)}/s ${busiest.name}`,
		others > 0 && `+${count(others)}`,
		row.branches_never_taken > 0 && `${never} of ${branches} branches never`,
	]
		.filter(Boolean)
		.join(" ");
}

const byAll = (row) =>
	row.executed_by.map((each) => `${each.name} ${figure(each.per_s)}/s`).join(", ");

// A line of the diff: its mark, what is known of it, the text.
function DiffLine({ origin, text, row }) {
	const [mark] = row ? marks[row.state] : [""];
	return (
		<tr data-state={row?.state}>
			<td>{mark}</td>
			<td class="text quiet" title={row && byAll(row)}>
				{row && saidOf(row)}
			</td>
			<td class="text">
				<code>{`${origin}${text}`}</code>
			</td>
		</tr>
	);
}

function DiffFile({ file, rows }) {
	return (
		<section class="patch-file">
			<h3>
				{study.paths.includes(file.new) ? (
					<Link view="file" changes={{ path: file.new }}>
						{file.new}
					</Link>
				) : (
					file.new
				)}
				{file.old !== file.new && ` (was ${file.old})`}
			</h3>
			<div
				class="table"
				tabIndex={0}
				role="region"
				aria-label={`diff of ${file.new}`}
			>
				<table>
					<thead>
						<tr>
							<th scope="col">State</th>
							<th scope="col">Executed by</th>
							<th scope="col">Line</th>
						</tr>
					</thead>
					<tbody>
						{file.hunks.flatMap(([header, ...lines], hunk) => [
							<tr key={`hunk ${hunk}`}>
								<td />
								<td />
								<td class="text quiet">
									<code>{header}</code>
								</td>
							</tr>,
							...lines.map(([origin, text, row], i) => (
								<DiffLine
									key={`${hunk} ${i}`}
									origin={origin}
									text={text}
									row={
										row === null
											? null
											: rows[row]
									}
								/>
							)),
						])}
					</tbody>
				</table>
			</div>
		</section>
	);
}

const sumColumns = [
	["lines", "Lines"],
	["executed", "Executed"],
	["partly", "Partly"],
	["not_executed", "Not executed"],
	["not_instrumented", "Not instrumented"],
].map(([key, title]) => ({ key, title, of: (row) => row[key] }));

function Loaded({ data }) {
	const { answer } = data;
	return (
		<>
			<p id="patch-summary">{answer.summary.text}</p>
			<dl class="legend">
				{Object.entries(marks).map(([state, [mark, meaning]]) => (
					<div key={state}>
						<dt>
							<code>{mark}</code>
						</dt>
						<dd>{meaning}</dd>
					</div>
				))}
			</dl>
			{answer.commits.length > 0 && (
				<Table
					id="patch-commits"
					caption="Commits"
					columns={[
						{
							key: "commit",
							title: "Commit",
							isText: true,
							of: (row) => row.commit.slice(0, 12),
						},
						{
							key: "subject",
							title: "Subject",
							isText: true,
							of: (row) => row.subject,
						},
						...sumColumns,
					]}
					rows={answer.commits}
				/>
			)}
			<Table
				id="patch-functions"
				caption="Functions that lines were added to"
				columns={[
					{
						key: "file",
						title: "File",
						isText: true,
						of: (row) => row.file,
					},
					{
						key: "function",
						title: "Function",
						isText: true,
						of: (row) => row.function,
					},
					...sumColumns,
				]}
				rows={answer.functions}
			/>
			{data.diff.map((file) => (
				<DiffFile key={file.new} file={file} rows={answer.rows} />
			))}
			<Command words={["patch", data.asked, "--kernel", study.kernel.name]} />
		</>
	);
}

export function Patch() {
	const { value: data, error } = useLater(() => part("patch"), []);
	if (data === undefined) return <Waiting error={error} />;
	return (
		<>
			<h1>Patch</h1>
			{data ? (
				<Loaded data={data} />
			) : (
				<Problem>
					This study has no patch beside it: covdb report --patch
					takes a diff or a range of commits.
				</Problem>
			)}
		</>
	);
}
