// overview.jsx - the experiment, Table 2, and a small diagram of each top-level directory.
import { questionOf, usePlace } from "./address.js";
import { AnalysisCommand, Command, questionWords, workloadWords } from "./command.jsx";
import { SmallDiagram } from "./diagram.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link, NodeLink } from "./link.jsx";
import { count, secondsText } from "./number.js";
import { Pickers } from "./picker.jsx";
import { regionName } from "./platform.jsx";
import {
	entries,
	least,
	lines,
	linesWhere,
	maskOf,
	merged,
	phaseOf,
	platformsOf,
	regions,
	rules,
	shownPath,
	sortedRegions,
	study,
	total,
} from "./study.js";
import { leastColumn, platformColumn, rangeColumn, Table, shareColumn } from "./table.jsx";

const unique = (list) => [...new Set(list)];

function Kernel() {
	const { kernel, machines, analysis } = study;
	const emulated = study.trials.some((trial) => trial.is_emulated);
	const ofMachines = (key, between) =>
		unique(machines.map((machine) => machine[key]).filter(Boolean)).join(between);
	const { release, name: title } = kernel;
	const rate = analysis.false_discovery_rate;
	const facts = [
		["Kernel", release && release !== title ? `${title}, release ${release}` : title],
		["Build id", kernel.build_id || "unknown"],
		["Objects with notes", count(kernel.objects)],
		[
			"Instrumented lines",
			`${count(study.root.found)} in linked objects, ` +
				`${count(kernel.lines)} in all objects`,
		],
		["Compiler", ofMachines("compiler", "; ")],
		["Source", ofMachines("source", "; ")],
		["Processors", ofMachines("cpus", ", ")],
		["Clock", ofMachines("clock_source", ", ")],
		["Counters", kernel.profile_update],
		[
			"Rule",
			`${analysis.rule}, against baseline ${analysis.baseline}` +
				(rate ? `, false discovery rate ${rate}` : ""),
		],
	];
	return (
		<section aria-labelledby="experiment">
			<h2 id="experiment">The experiment</h2>
			{emulated && (
				<p class="notice">
					Measured on an emulated processor: lines and counts are
					valid, but times and whatever was measured over them say
					nothing about the platforms.
				</p>
			)}
			<dl class="facts">
				{facts
					.filter(([, value]) => value)
					.map(([name, value]) => (
						<div key={name}>
							<dt>{name}</dt>
							<dd>{value}</dd>
						</div>
					))}
			</dl>
		</section>
	);
}

function versionsOf(name) {
	const versions = {};
	for (const trial of study.trials)
		if (trial.platform === name) Object.assign(versions, trial.versions);
	return Object.entries(versions).map(([program, version]) =>
		String(version).includes(program) ? version : `${program} ${version}`,
	);
}

function Platforms() {
	const rows = study.platforms.map((platform, place) => {
		const trials = study.trials.filter((trial) => trial.platform === platform.name);
		const failed = trials.filter((trial) => trial.status !== "ok");
		return {
			place,
			platform,
			trials,
			failed,
			ns: trials.reduce((sum, trial) => sum + (trial.duration_ns ?? 0), 0),
		};
	});
	const columns = [
		platformColumn((row) => row.platform.name, "name"),
		{
			key: "driver",
			title: "Driver",
			isText: true,
			of: (row) => row.platform.driver ?? "unknown",
		},
		{
			key: "versions",
			title: "Versions",
			isText: true,
			of: (row) => versionsOf(row.platform.name).join("; "),
		},
		{ key: "trials", title: "Trials", of: (row) => row.trials.length },
		{ key: "failed", title: "Failed", of: (row) => row.failed.length },
		{
			key: "seconds",
			title: "Time counted",
			of: (row) => row.ns,
			show: (row) => secondsText(row.ns),
		},
	];
	return (
		<section aria-labelledby="platforms">
			<h2 id="platforms">Platforms</h2>
			<Table
				id="platform-table"
				columns={columns}
				rows={rows}
				rowKey={(row) => row.place}
			/>
			<Failures />
		</section>
	);
}

function Failures() {
	const failed = study.trials.filter((trial) => trial.status !== "ok");
	if (!failed.length) return <p>{count(study.trials.length)} trials, none failed.</p>;
	return (
		<details open>
			<summary>
				{count(failed.length)} of {count(study.trials.length)} trials failed
				and are not part of any footprint
			</summary>
			<ul>
				{failed.map(({ platform, workload, number, failure }) => (
					<li key={`${platform}/${workload}/${number}`}>
						{platform} {workload} {number}: {failure}
					</li>
				))}
			</ul>
		</details>
	);
}

// "cpu", "cpu, phase steady".
function workloadText({ workload: name }) {
	const { workload, phase } = phaseOf(name);
	const text = workload ?? "all workloads united";
	return phase === null ? text : `${text}, phase ${phase}`;
}

// The paper's Table 2: lines per platform, all workloads united, or of the chosen one.
function Summary({ rows, bounds, question }) {
	const map = regions(rows, study.root, question.chosen);
	const found = study.root.found;
	const list = question.places.map((place) => ({
		place,
		lines: linesWhere(map, (mask) => (mask >> place) & 1),
		only: linesWhere(map, (mask) => mask === 1 << place),
		least: bounds.get(".")?.get(place),
	}));
	const columns = [
		platformColumn((row) => study.names[row.place]),
		{ key: "lines", title: "Lines", of: (row) => row.lines },
		{ key: "found", title: "Instrumented", of: () => found },
		shareColumn("coverage", "Coverage", (row) => [row.lines, found]),
		{ key: "only", title: "Only here", of: (row) => row.only },
		leastColumn((row) => row.least),
	];
	return (
		<section aria-labelledby="summary">
			<h2 id="summary">
				Lines executed by {workloadText(question)}
				{question.workload === null && " (Table 2)"}
			</h2>
			<Table
				id="summary-table"
				columns={columns}
				rows={list}
				rowKey={(row) => row.place}
			/>
			<p>
				{count(total(map))} lines altogether;{" "}
				{count(linesWhere(map, (mask) => mask === question.chosen))} of them
				are executed by every platform. What was not executed may be: at
				least so many lines would be after more trials, as a lower bound.
			</p>
			<AnalysisCommand words={["summary", ...workloadWords(question)]} />
		</section>
	);
}

const ruleKey = ({ rule, baseline }) => `${rule} against ${baseline}`;

// A column of lines by each rule, and of their range if @rangeOf is known; with @leastOf also of
// what there is at least.
const ruleColumns = (list, linesOf, rangeOf, leastOf) =>
	list.flatMap((analysis, i) => [
		{
			key: `lines-${i}`,
			name: `${ruleKey(analysis)} lines`,
			title: `${ruleKey(analysis)}: lines`,
			of: (row) => linesOf(row, i),
		},
		...(rangeOf
			? [
					{
						...rangeColumn((row) => rangeOf(row, i)),
						key: `range-${i}`,
						name: `${ruleKey(analysis)} over_trials`,
						title: `${ruleKey(analysis)}: over trials`,
					},
				]
			: []),
		...(leastOf
			? [
					{
						...leastColumn((row) => leastOf(row, i)),
						key: `least-${i}`,
						name: `${ruleKey(analysis)} at_least`,
						title: `${ruleKey(analysis)}: at least`,
					},
				]
			: []),
	]);

const rulesCaption = "Lines by the exact set of platforms that execute them, by each rule";

// Totals and regions of the whole kernel by one rule beside the other.
function Rules({ list, question }) {
	if (list.length < 2) return null;
	const views = list.map((analysis) => analysis.views[question.view]);
	const maps = views.map(({ regions: all }) => merged(all, question.chosen));
	const regionsOf = (map) => sortedRegions(map).map(([mask]) => mask);
	const masks = [...new Set(maps.flatMap(regionsOf))];
	const totalOf = (place, i) => linesWhere(maps[i], (mask) => (mask >> place) & 1);
	// Of regions of only some of the platforms there are none.
	const isWhole = question.chosen === maskOf(platformsOf(question.view));
	const rangeOf = (mask, i) => views[i].regions.find(([other]) => other === mask)?.[2];
	return (
		<section aria-labelledby="by-rule">
			<h2 id="by-rule">By each rule</h2>
			<p>
				The same trials, and what each rule keeps of them. All other numbers
				of this page are by {ruleKey(study.analysis)};{" "}
				<Link view="trust">why</Link>.
			</p>
			<Table
				id="rules-table"
				caption="Lines of each platform by each rule"
				columns={[
					platformColumn((row) => study.names[row.place]),
					...ruleColumns(
						list,
						(row, i) => totalOf(row.place, i),
						(row, i) => views[i].ranges[row.place],
						(row, i) => views[i].least[row.place],
					),
				]}
				rows={question.places.map((place) => ({ place }))}
				rowKey={(row) => row.place}
			/>
			<Table
				id="rule-regions"
				caption={rulesCaption}
				columns={[
					{
						key: "region",
						title: "Region",
						isText: true,
						of: (row) => regionName(row.mask, question.chosen),
					},
					...ruleColumns(
						list,
						(row, i) => maps[i].get(row.mask) ?? 0,
						isWhole && ((row, i) => rangeOf(row.mask, i)),
					),
				]}
				rows={masks.map((mask) => ({ mask }))}
				rowKey={(row) => row.mask}
			/>
			{list.map(({ rule, baseline }) => (
				<Command
					key={`${rule} ${baseline}`}
					words={[
						"venn",
						...questionWords(question),
						"--rule",
						rule,
						"--baseline",
						baseline,
					]}
				/>
			))}
		</section>
	);
}

function Directories({ rows, question }) {
	const parts = entries(rows, study.root, question.chosen)
		.filter((part) => part.lines > 0)
		.sort((a, b) => b.lines - a.lines);
	return (
		<section aria-labelledby="directories">
			<h2 id="directories">Directories</h2>
			<ul class="cards">
				{parts.map(({ node, map, lines: executed }) => (
					<li key={node.path}>
						<NodeLink
							node={node}
							class="card"
							data-dir={node.path}
						>
							<strong>{shownPath(node)}</strong>{" "}
							<span class="quiet">{count(executed)}</span>
							<SmallDiagram
								map={map}
								places={question.places}
							/>
						</NodeLink>
					</li>
				))}
			</ul>
		</section>
	);
}

async function read(view) {
	const [rows, bounds, list] = await Promise.all([lines(view), least(view), rules()]);
	return { rows, bounds, list };
}

export function Overview() {
	const { params } = usePlace();
	const question = questionOf(params);
	const { value: data, error } = useLater(() => read(question.view), [question.view]);
	return (
		<>
			<Pickers view="overview" />
			{data ? (
				<>
					<Summary
						rows={data.rows}
						bounds={data.bounds}
						question={question}
					/>
					<Rules list={data.list} question={question} />
					<Directories rows={data.rows} question={question} />
				</>
			) : (
				<Waiting error={error} />
			)}
			<Kernel />
			<Platforms />
		</>
	);
}
