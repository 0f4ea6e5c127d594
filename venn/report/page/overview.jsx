// overview.jsx - the experiment, Table 2, and a small diagram of each top-level directory.
import { carried, questionOf, usePlace } from "./address.js";
import { Circles, circlesCaption } from "./circles.jsx";
import { verdicts } from "./claims.jsx";
import { AnalysisCommand, Command, questionWords, workloadWords } from "./command.jsx";
import { part } from "./data.js";
import { regionAddress, SmallDiagram, UpSet } from "./diagram.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link, NodeLink } from "./link.jsx";
import { count, secondsText } from "./number.js";
import { Pickers } from "./picker.jsx";
import { PlatformName, regionFill, regionName } from "./platform.jsx";
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
import { Picture } from "./tools.jsx";

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

const tableBar = 90;

// A bar of the lines of a platform, those that it alone executes at its end.
function LinesBar({ place, lines: all, only, largest }) {
	const wide = (number) => (tableBar * number) / largest;
	return (
		<svg width={tableBar} height="12" aria-hidden="true">
			<rect width={wide(all - only)} height="12" class="fill share-some" />
			<rect
				x={wide(all - only)}
				width={wide(only)}
				height="12"
				{...regionFill(1 << place, 0)}
			/>
		</svg>
	);
}

// What is known of the chosen rule's footprints in a view: ranges over the trials.
const currentOf = (list, view) =>
	list.find(
		({ rule, baseline }) =>
			rule === study.analysis.rule && baseline === study.analysis.baseline,
	)?.views[view];

// The paper's Table 2: lines per platform, all workloads united, or of the chosen one.
function Summary({ rows, bounds, list: analyses, question }) {
	const map = regions(rows, study.root, question.chosen);
	const found = study.root.found;
	const ranges = currentOf(analyses, question.view)?.ranges;
	const list = question.places.map((place) => ({
		place,
		lines: linesWhere(map, (mask) => (mask >> place) & 1),
		only: linesWhere(map, (mask) => mask === 1 << place),
		least: bounds.get(".")?.get(place),
	}));
	const largest = Math.max(1, ...list.map((row) => row.lines));
	const columns = [
		platformColumn((row) => study.names[row.place]),
		{ key: "lines", title: "Lines", of: (row) => row.lines },
		rangeColumn((row) => ranges?.[row.place]),
		{ key: "only", title: "Only here", of: (row) => row.only },
		{
			key: "bar",
			title: "",
			isText: true,
			show: (row) => <LinesBar {...row} largest={largest} />,
		},
		shareColumn("coverage", "Coverage", (row) => [row.lines, found]),
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
				caption={`Of ${count(found)} instrumented lines`}
				columns={columns}
				rows={list}
				rowKey={(row) => row.place}
			/>
			<p>
				{count(total(map))} lines altogether;{" "}
				{count(linesWhere(map, (mask) => mask === question.chosen))} of them
				are executed by every platform. Over trials is how far a number
				moves without one of them, at least is how many lines there would be
				after more trials, as a lower bound:{" "}
				<Link view="trust">how sure the numbers are</Link>.
			</p>
			<AnalysisCommand words={["summary", ...workloadWords(question)]} />
		</section>
	);
}

function Whole({ rows, question }) {
	const { params } = usePlace();
	const map = regions(rows, study.root, question.chosen);
	const link = regionAddress("explore", carried(params));
	return (
		<section aria-labelledby="regions-of-all">
			<h2 id="regions-of-all">Who executes the same lines</h2>
			{question.places.length <= 3 && map.size > 0 ? (
				<Picture name="circles" caption={circlesCaption}>
					<Circles map={map} places={question.places} link={link} />
				</Picture>
			) : (
				<UpSet
					map={map}
					places={question.places}
					link={link}
					name="upset"
				/>
			)}
			<AnalysisCommand words={["venn", ...questionWords(question)]} />
		</section>
	);
}

const subsystemsMax = 5;

// The largest shares of a directory of the top level that one platform alone executes.
function OnlyHere({ parts, question }) {
	const all = parts
		.flatMap(({ node, map, lines: executed }) =>
			question.places.map((place) => ({
				node,
				place,
				lines: map.get(1 << place) ?? 0,
				executed,
			})),
		)
		.filter((row) => row.lines > 0 && question.places.length > 1)
		.sort((a, b) => b.lines - a.lines);
	const rows = all.slice(0, subsystemsMax);
	const columns = [
		{
			key: "dir",
			title: "Directory",
			isText: true,
			of: (row) => shownPath(row.node),
			show: (row) => (
				<Link
					view="explore"
					changes={{ dir: row.node.path, r: study.names[row.place] }}
				>
					{shownPath(row.node)}
				</Link>
			),
		},
		platformColumn((row) => study.names[row.place]),
		{ key: "lines", title: "Only here", of: (row) => row.lines },
		shareColumn("share", "Of executed", (row) => [row.lines, row.executed]),
	];
	return (
		<section aria-labelledby="only-here">
			<h2 id="only-here">Where one platform is alone</h2>
			<Table
				id="only-table"
				caption="The largest such parts; a name leads to its lines"
				columns={columns}
				rows={rows}
				rowKey={(row) => `${row.node.path} ${row.place}`}
			/>
		</section>
	);
}

// Each two platforms: how many lines one of them executes and the other does not.
function Pairs({ rows, question }) {
	const map = regions(rows, study.root, question.chosen);
	const [, ...others] = question.places;
	const differ = (a, b) => linesWhere(map, (mask) => ((mask >> a) & 1) !== ((mask >> b) & 1));
	const columns = [
		platformColumn((place) => study.names[place]),
		...others.map((other) => ({
			key: study.names[other],
			title: <PlatformName place={other} />,
			of: (place) => (place < other ? differ(place, other) : null),
			show: (place) =>
				place < other && (
					<Link
						view="explore"
						changes={{
							p: [study.names[place], study.names[other]],
							by: "differ",
						}}
					>
						{count(differ(place, other))}
					</Link>
				),
		})),
	];
	if (!others.length) return null;
	return (
		<section aria-labelledby="pairs">
			<h2 id="pairs">How much two of them differ</h2>
			<Table
				id="pair-table"
				caption="Lines of one and not the other; a number leads to where"
				columns={columns}
				rows={question.places.slice(0, -1)}
				rowKey={(place) => place}
				isFixed
			/>
		</section>
	);
}

// How many claims have which verdict.
function Score({ claims }) {
	const numberOf = (verdict) => claims.filter((claim) => claim.verdict === verdict).length;
	const rows = verdicts
		.map((verdict) => ({ verdict, claims: numberOf(verdict) }))
		.filter((row) => row.claims);
	return (
		<section aria-labelledby="score">
			<h2 id="score">What was claimed</h2>
			<p>
				<strong>
					{count(numberOf("holds"))} of{" "}
					{count(numberOf("holds") + numberOf("differs"))}
				</strong>{" "}
				claims that this study can check hold.
			</p>
			<ul class="score">
				{rows.map((row) => (
					<li
						key={row.verdict}
						class={`score-${verdicts.indexOf(row.verdict)}`}
					>
						<Link
							view="claims"
							changes={{ verdict: row.verdict }}
						>
							<strong>{count(row.claims)}</strong>{" "}
							{row.verdict}
						</Link>
					</li>
				))}
			</ul>
			<Command words={["claims"]} />
		</section>
	);
}

const ruleKey = ({ rule, baseline }) => `${rule} against ${baseline}`;

// A group of columns for each rule: lines, their range if @rangeOf is known; with @leastOf also
// what there is at least.
const ruleColumns = (list, linesOf, rangeOf, leastOf) =>
	list.flatMap((analysis, i) => {
		const name = ruleKey(analysis);
		const group = { key: `rule-${i}`, title: name };
		const columns = [
			{ key: "lines", title: "Lines", of: (row) => linesOf(row, i) },
			rangeOf && rangeColumn((row) => rangeOf(row, i)),
			leastOf && leastColumn((row) => leastOf(row, i)),
		];
		return columns.filter(Boolean).map((column) => ({
			...column,
			group,
			name: `${name} ${column.key}`,
			key: `${column.key}-${i}`,
		}));
	});

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

// Cards of all directories of the top level, on one scale.
function Directories({ parts, question }) {
	const scale = Math.max(1, ...parts.flatMap(({ map }) => [...map.values()]));
	return (
		<section aria-labelledby="directories">
			<h2 id="directories">Directories</h2>
			<p class="quiet">Bars are lines by region, on one scale.</p>
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
								scale={scale}
							/>
						</NodeLink>
					</li>
				))}
			</ul>
			<AnalysisCommand
				words={["venn", "--depth", "1", ...questionWords(question)]}
			/>
		</section>
	);
}

async function read(view) {
	const [rows, bounds, list, claims] = await Promise.all([
		lines(view),
		least(view),
		rules(),
		part("claims"),
	]);
	return { rows, bounds, list, claims: claims.claims };
}

function Loaded({ data, question }) {
	const parts = entries(data.rows, study.root, question.chosen)
		.filter((each) => each.lines > 0)
		.sort((a, b) => b.lines - a.lines);
	return (
		<>
			<div class="hero">
				<Summary {...data} question={question} />
				<Whole rows={data.rows} question={question} />
			</div>
			<div class="trio">
				<OnlyHere parts={parts} question={question} />
				<Pairs rows={data.rows} question={question} />
				<Score claims={data.claims} />
			</div>
			<Directories parts={parts} question={question} />
			<Rules list={data.list} question={question} />
		</>
	);
}

export function Overview() {
	const { params } = usePlace();
	const question = questionOf(params);
	const { value: data, error } = useLater(() => read(question.view), [question.view]);
	return (
		<>
			<h1 class="sr-only">Overview</h1>
			<Pickers view="overview" />
			{data ? (
				<Loaded data={data} question={question} />
			) : (
				<Waiting error={error} />
			)}
			<Kernel />
			<Platforms />
		</>
	);
}
