// trust.jsx - how far the figures can be trusted: trials, baselines, what was removed, what is
// missing.
import { usePlace } from "./address.js";
import { Command } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, counted, figure, percent } from "./number.js";
import { useField } from "./picker.jsx";
import { PlatformName } from "./platform.jsx";
import { study } from "./study.js";
import { platformColumn, Table, shareColumn } from "./table.jsx";

// Details below the summary; @id: of their heading
const Fold = ({ id, title, children }) => (
	<details class="fold">
		<summary>
			<h2 id={id}>{title}</h2>
		</summary>
		{children}
	</details>
);

const spread = (list, text) => {
	const [low, high] = [Math.min(...list), Math.max(...list)].map(text);
	return low === high ? low : `${low} to ${high}`;
};

const alone =
	"No footprint has more than one trial, " +
	"so that nothing tells how much another would differ.";

// What matters most, in three sentences; @data: of the part trust
function Summary({ data }) {
	const agreement = data.agreement.filter((row) => row[0] === "." && row[3] > 1);
	const shares = study.footprints
		.filter((each) => each.workload === null && each.hit)
		.map((each) => each.removed / each.hit);
	const failed = study.trials.filter((trial) => trial.status !== "ok").length;
	const bad = data.problems.filter((row) => row.state !== "not linked").length;
	const { rule, baseline, false_discovery_rate: rate } = study.analysis;
	const decoded = bad
		? `${counted(bad, "object")} could not be decoded in some trial`
		: "every object was decoded";
	const contradicting = data.contradictions.length
		? counted(data.contradictions.length, "function")
		: "no function";
	const jaccard = agreement.map((row) => row[7]).filter(Number.isFinite);
	return (
		<ol id="trust-summary">
			<li>
				{agreement.length && jaccard.length ? (
					<>
						A footprint has{" "}
						{spread(
							agreement.map((row) => row[3]),
							count,
						)}{" "}
						trials, any two of which have{" "}
						{spread(jaccard, (share) => percent(share, 1))} of
						their lines in common, on average.
					</>
				) : (
					alone
				)}
			</li>
			<li>
				The rule {rule} against {baseline} removed{" "}
				{shares.length
					? spread(shares, (share) => `${share.toFixed(1)} %`)
					: "0 %"}{" "}
				of the executed lines as idle
				{rate ? `, with a false discovery rate of at most ${rate}` : ""}.
			</li>
			<li>
				{failed ? `${count(failed)} of ` : "None of "}
				{counted(study.trials.length, "trial")} failed, {decoded}, and the
				counters of {contradicting} contradict each other.
			</li>
		</ol>
	);
}

function Agreement({ rows, directory }) {
	const directories = [...new Set(rows.map((row) => row[0]))];
	const list = rows.filter((row) => row[0] === directory);
	const columns = [
		platformColumn((row) => row[1]),
		{ key: "workload", title: "Workload", isText: true, of: (row) => row[2] },
		{ key: "trials", title: "Trials", of: (row) => row[3] },
		{ key: "any", title: "In any", of: (row) => row[4] },
		{ key: "most", title: "In all but one", of: (row) => row[5] },
		{ key: "all", title: "In all", of: (row) => row[6] },
		{
			key: "jaccard",
			title: "Jaccard",
			note:
				"lines in both trials divided by lines in either, " +
				"averaged over all pairs of trials",
			of: (row) => row[7],
			show: (row) => figure(row[7]),
		},
		{
			key: "chao2",
			title: "Chao2",
			note: "lower bound of the lines executed, kept or not, seen or not",
			of: (row) => row[8],
			show: (row) => figure(row[8]),
		},
	];
	return (
		<Fold id="agreement" title="Do the trials agree?">
			<p>
				How many of a footprint's lines were executed in any of its trials,
				in all or all but one, and in all of them. A single trial has
				nothing to agree with.
			</p>
			<label>
				Directory{" "}
				<select
					id="agreement-directory"
					onChange={useField("trust", "dir")}
				>
					{directories.map((path) => (
						<option
							key={path}
							value={path}
							selected={path === directory}
						>
							{path}
						</option>
					))}
				</select>
			</label>
			<Table id="agreement-table" key={directory} columns={columns} rows={list} />
			<Command words={["stability", "--dir", directory]} />
		</Fold>
	);
}

// Trials of nothing: of the idle host, of idle platforms, and of the capture itself.
function Baselines() {
	const groups = new Map();
	for (const trial of study.trials.filter(
		(each) =>
			(each.kind === "idle" || each.kind === "observer") && each.status === "ok",
	)) {
		const key = `${trial.platform}/${trial.workload}`;
		if (!groups.has(key))
			groups.set(key, {
				key,
				platform: trial.platform,
				kind: trial.kind,
				trials: [],
			});
		groups.get(key).trials.push(trial);
	}
	const lines = (row) => row.trials.map((trial) => trial.lines_hit ?? 0);
	const columns = [
		{ key: "name", title: "Baseline", isText: true, of: (row) => row.key },
		{ key: "kind", title: "Kind", isText: true, of: (row) => row.kind },
		{ key: "trials", title: "Trials", of: (row) => row.trials.length },
		{
			key: "seconds",
			title: "Seconds",
			of: (row) =>
				row.trials.reduce((sum, trial) => sum + trial.duration_ns / 1e9, 0),
			show: (row) =>
				(
					row.trials.reduce(
						(sum, trial) => sum + trial.duration_ns,
						0,
					) / 1e9
				).toFixed(3),
		},
		{ key: "least", title: "Fewest lines", of: (row) => Math.min(...lines(row)) },
		{ key: "most", title: "Most lines", of: (row) => Math.max(...lines(row)) },
	];
	return (
		<Table
			id="baseline-table"
			caption="Trials of nothing, whose hit rates can be subtracted"
			columns={columns}
			rows={[...groups.values()]}
			rowKey={(row) => row.key}
		/>
	);
}

const ruleOf = ({ rule, baseline }) => `${rule} against ${baseline}`;

function Rules({ rows }) {
	const columns = [
		{ key: "rule", title: "Rule", isText: true, of: (row) => row.rule },
		{ key: "baseline", title: "Baseline", isText: true, of: (row) => row.baseline },
		{
			key: "rate",
			title: "False discovery rate",
			of: (row) => row.false_discovery_rate,
			show: (row) => figure(row.false_discovery_rate),
		},
		platformColumn((row) => row.platform),
		{ key: "hit", title: "Executed", of: (row) => row.hit },
		{ key: "removed", title: "Removed as idle", of: (row) => row.removed },
		{ key: "kept", title: "Footprint", of: (row) => row.kept },
		{
			key: "state",
			title: "State",
			isText: true,
			of: (row) =>
				(row.is_shown ? "shown here" : "") +
				(row.is_current ? "" : " not of all trials"),
		},
	];
	return (
		<Fold id="rules" title="Rules and baselines">
			<p id="default-rule">
				This page shows {ruleOf(study.analysis)}. Commands without --rule
				and --baseline use the footprints that were made last:{" "}
				{ruleOf(rows.at(-1))}. covdb import makes them by rate, as the VEE
				'20 paper does, and then by permutation where there are five trials
				of each workload and of the idle host. Rate keeps whatever ran more
				often per second than when idle, however little; permutation bounds
				what share of the lines is kept by chance, its false discovery rate.
			</p>
			<p>All workloads united, by each rule and baseline in the database.</p>
			<Table id="rule-table" columns={columns} rows={rows} />
			<Baselines />
		</Fold>
	);
}

function Removed({ rows }) {
	const columns = [
		platformColumn((row) => row.platform),
		{
			key: "workload",
			title: "Workload",
			isText: true,
			of: (row) => row.workload ?? "all united",
		},
		{ key: "trials", title: "Trials", of: (row) => row.trials },
		{ key: "hit", title: "Executed", of: (row) => row.hit },
		{ key: "removed", title: "Removed as idle", of: (row) => row.removed },
		shareColumn("share", "Share", (row) => [row.removed, row.hit]),
		{ key: "kept", title: "Footprint", of: (row) => row.kept },
		{ key: "left", title: "Objects left out", of: (row) => row.objects_left_out },
	];
	const directories = [
		...new Set(rows.removed.filter((row) => row[3] > 0).map((row) => row[0])),
	];
	const sums = directories.map((path) => {
		const here = rows.removed.filter((row) => row[0] === path && row[2] === null);
		return {
			path,
			lines: study.names.map(
				(name) => here.find((row) => row[1] === name)?.[3] ?? null,
			),
		};
	});
	const byDirectory = [
		{
			key: "path",
			title: "Directory",
			isText: true,
			of: (row) => row.path,
			show: (row) => (
				<Link view="explore" changes={{ dir: row.path }}>
					{row.path}
				</Link>
			),
		},
		...study.names.map((name, place) => ({
			key: name,
			title: <PlatformName place={place} />,
			of: (row) => row.lines[place],
			show: (row) => (row.lines[place] === null ? "-" : count(row.lines[place])),
		})),
	];
	return (
		<Fold id="removed" title="What was removed as idle">
			<p>
				Lines that a platform executed no more often per second than the
				baseline {study.analysis.baseline} did. In a file, their rates are
				in parentheses.
			</p>
			<Table id="removed-table" columns={columns} rows={study.footprints} />
			<Table
				id="removed-directories"
				caption="In all workloads united, by directory"
				columns={byDirectory}
				rows={sums}
			/>
		</Fold>
	);
}

function Trials() {
	const columns = [
		platformColumn((row) => row.platform),
		{ key: "workload", title: "Workload", isText: true, of: (row) => row.workload },
		{ key: "number", title: "Trial", of: (row) => row.number },
		{
			key: "status",
			title: "Status",
			isText: true,
			of: (row) => (row.status === "ok" ? "ok" : `${row.status}: ${row.failure}`),
		},
		{
			key: "seconds",
			title: "Seconds",
			of: (row) => row.duration_ns,
			show: (row) => (row.duration_ns / 1e9).toFixed(3),
		},
		{
			key: "started",
			title: "Started",
			isText: true,
			of: (row) => row.started_at ?? "",
		},
		{ key: "decoded", title: "Objects", of: (row) => row.objects_decoded ?? 0 },
		{ key: "bad", title: "Not decoded", of: (row) => row.objects_bad ?? 0 },
		{ key: "hit", title: "Lines executed", of: (row) => row.lines_hit ?? 0 },
		{
			key: "partly",
			title: "Partly",
			note: "executed, but not all of their blocks",
			of: (row) => row.lines_partly ?? 0,
		},
		{
			key: "negative",
			title: "Below 0",
			note: "with a count below 0, from counters that contradict each other",
			of: (row) => row.lines_negative ?? 0,
		},
		{
			key: "contradicting",
			title: "Contradicting functions",
			of: (row) => row.functions_contradicting ?? 0,
		},
	];
	return (
		<Fold id="trials" title="Trials">
			<Table id="trial-table" columns={columns} rows={study.trials} limit={100} />
		</Fold>
	);
}

function Problems({ rows }) {
	const columns = [
		{ key: "path", title: "Object", isText: true, of: (row) => row.path },
		{ key: "state", title: "State", isText: true, of: (row) => row.state },
		{ key: "trials", title: "Trials", of: (row) => row.trials },
		{ key: "message", title: "Why", isText: true, of: (row) => row.message ?? "" },
	];
	const bad = rows.filter((row) => row.state !== "not linked");
	return (
		<Fold id="problems" title="Objects not decoded">
			<p>
				{bad.length
					? `${count(bad.length)} were not decoded in some trial.`
					: "Every object in the snapshots was decoded."}{" "}
				{count(rows.length - bad.length)} objects have notes, but are not
				part of the kernel that ran.
			</p>
			<Table id="problem-table" columns={columns} rows={rows} limit={50} />
		</Fold>
	);
}

const contradictionsText =
	"In some trial, these functions lost counter updates, " +
	"or were running during the reset or the capture.";

function Contradictions({ rows }) {
	const columns = [
		{ key: "name", title: "Function", isText: true, of: (row) => row.function },
		{
			key: "file",
			title: "File",
			isText: true,
			of: (row) => row.file,
			show: (row) => (
				<Link view="file" changes={{ path: row.file, line: row.line }}>
					{row.file}:{row.line}
				</Link>
			),
		},
		{ key: "trials", title: "Trials", of: (row) => row.trials },
		{ key: "missing", title: "Missing updates, at least", of: (row) => row.missing },
	];
	return (
		<Fold id="contradictions" title="Counters that contradict each other">
			<p>
				{rows.length
					? contradictionsText
					: "No function's counters contradict each other."}
			</p>
			{rows.length > 0 && (
				<Table
					id="contradiction-table"
					columns={columns}
					rows={rows}
					limit={50}
				/>
			)}
		</Fold>
	);
}

export function Trust() {
	const { params } = usePlace();
	const { value: data, error } = useLater(() => part("trust"), []);
	if (!data) return <Waiting error={error} />;
	return (
		<>
			<h1>How sure the numbers are</h1>
			<Summary data={data} />
			<Agreement rows={data.agreement} directory={params.get("dir") ?? "."} />
			<Rules rows={data.analyses} />
			<Removed rows={data} />
			<Trials />
			<Problems rows={data.problems} />
			<Contradictions rows={data.contradictions} />
		</>
	);
}
