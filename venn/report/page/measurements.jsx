// measurements.jsx - what the workloads measured, as in the paper's figures, with the spread of the
// trials.
import { useEffect, useRef } from "preact/hooks";
import { Command } from "./command.jsx";
import { loadScript } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { counted, figure } from "./number.js";
import { PlatformName } from "./platform.jsx";
import { study } from "./study.js";
import { platformColumn, Table } from "./table.jsx";
import { Picture } from "./tools.jsx";
import { platforms } from "../../../workloads/claims.yaml";
import { panels } from "../../../workloads/paper.yaml";

// The figures of the VEE '20 paper and the metrics that re-create them, labels as they must be; x
// is the label along the axis; those with the same scale can be compared.
const figures = [
	{
		name: "Figure 5a",
		title: "CPU events per second, all instances",
		workload: "cpu",
		metric: "cpu_rate_total",
		x: "instances",
	},
	{
		name: "Figure 5b",
		title: "Probes of the last-level cache",
		workload: "llc",
		metric: "llc_probes",
		x: "instance",
	},
	{
		name: "Figure 8",
		title: "Network bandwidth, all instances",
		workload: "stream",
		metric: "bandwidth_total",
		x: "instances",
	},
	{
		name: "Table 3",
		title: "Round-trip time of a ping",
		workload: "ping",
		metric: "rtt_mean",
		x: null,
	},
	{
		name: "Figure 14",
		title: "Time to allocate, without unmapping",
		workload: "memory",
		metric: "map_time",
		labels: { unmap: false },
		scale: "allocate",
		x: "kib",
	},
	{
		name: "Figure 15",
		title: "Time to touch the pages, without unmapping",
		workload: "memory",
		metric: "touch_time",
		labels: { unmap: false },
		scale: "touch",
		x: "kib",
	},
	{
		name: "Figure 16",
		title: "Time to allocate, with unmapping",
		workload: "memory",
		metric: "map_unmap_time",
		labels: { unmap: true },
		scale: "allocate",
		x: "kib",
	},
	{
		name: "Figure 17",
		title: "Time to touch the pages, with unmapping",
		workload: "memory",
		metric: "touch_time",
		labels: { unmap: true },
		scale: "touch",
		x: "kib",
	},
	{
		name: "Figure 19",
		title: "Write throughput",
		workload: "file-write",
		metric: "write_rate",
		x: "kib",
	},
	{
		name: "Figure 20",
		title: "Read throughput",
		workload: "file-read",
		metric: "read_rate",
		x: "kib",
	},
];

const matches = (metric, wanted) =>
	metric.workload === wanted.workload &&
	metric.metric === wanted.metric &&
	Object.entries(wanted.labels ?? {}).every(([key, value]) => metric.labels[key] === value);

function median(sorted) {
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// All labels except the one along the axis: they tell the series of one platform apart.
const otherLabels = (labels, x) =>
	Object.entries(labels)
		.filter(([key]) => key !== x)
		.map(([key, value]) => `${key}=${value}`)
		.join(" ");

// Trials of the same figure on the same platform: their median and range.
function pointsOf(metrics, x) {
	const groups = new Map();
	for (const metric of metrics) {
		const key = JSON.stringify([metric.platform, metric.unit, metric.labels]);
		if (!groups.has(key)) groups.set(key, []);
		groups.get(key).push(metric);
	}
	return [...groups.values()]
		.map((list) => {
			const values = list.map((metric) => metric.value).sort((a, b) => a - b);
			const [first] = list;
			return {
				place: study.names.indexOf(first.platform),
				series: first.platform,
				x: x === null ? null : (first.labels[x] ?? null),
				labels: otherLabels(first.labels, x),
				unit: first.unit,
				trials: values.length,
				median: median(values),
				low: values[0],
				high: values.at(-1),
				isEmulated: list.some((metric) => metric.is_emulated),
			};
		})
		.sort((a, b) => (a.x ?? 0) - (b.x ?? 0) || a.place - b.place);
}

const labelsColumn = { key: "labels", title: "Settings", isText: true, of: (row) => row.labels };

const spreadColumns = [
	{
		key: "median",
		title: "Median",
		of: (row) => row.median,
		show: (row) => figure(row.median),
	},
	{ key: "low", title: "Lowest", of: (row) => row.low, show: (row) => figure(row.low) },
	{ key: "high", title: "Highest", of: (row) => row.high, show: (row) => figure(row.high) },
	{ key: "unit", title: "Unit", isText: true, of: (row) => row.unit },
	{ key: "trials", title: "Trials", of: (row) => row.trials },
];

// What the paper has of a figure: { platform, at, value }, and in words. Its platforms go by the
// name that this study's have, as the claims know them.
function paperOf(wanted) {
	const panel = panels.find(
		({ kind, metric, where }) =>
			kind === "metric" &&
			metric === wanted.metric &&
			(!where || String(wanted.labels?.[where[0]]) === where[1]),
	);
	const nameOf = (role) => platforms[role]?.find((name) => study.names.includes(name));
	return {
		says: panel?.says,
		unit: panel?.unit,
		values: (panel?.values ?? [])
			.map(({ platform, at, value }) => ({
				series: nameOf(platform),
				x: at,
				value,
			}))
			.filter(({ series }) => series),
	};
}

const paperText = ({ values, unit }) =>
	values
		.map(
			({ series, x, value }) =>
				`${series}${x === undefined ? "" : ` at ${x}`} ${figure(value)}`,
		)
		.join(", ") + ` ${unit}`;

const idOf = (title) => title.replace(/\W+/g, "-").toLowerCase();

let chartsLoaded;

// The script of the charts is large, and needed only here.
function loadCharts() {
	chartsLoaded ??= loadScript("charts.js");
	return chartsLoaded;
}

function describe(points) {
	const texts = points.map((point) => {
		const where = point.x === null ? "" : ` at ${point.x}`;
		const range = `${figure(point.low)} to ${figure(point.high)}`;
		return `${point.series}${where}: ${figure(point.median)} (${range})`;
	});
	return texts.join("; ");
}

// An axis with a single value is no axis: then the platforms stand side by side.
function Chart({ points, x, title, highest, paper }) {
	const frame = useRef(null);
	const axis = new Set(points.map((point) => point.x)).size > 1 ? x : null;
	useEffect(() => {
		frame.current.replaceChildren(
			globalThis.covdbChart({
				points,
				x: axis,
				y: points[0].unit,
				names: study.names,
				highest,
				paper: paper.values.filter(() => paper.unit === points[0].unit),
			}),
		);
	}, [points]);
	return (
		<Picture name={`chart-${idOf(title)}`}>
			<div
				ref={frame}
				class="chart"
				role="img"
				aria-label={`${title}, ${points[0].unit}: ${describe(points)}`}
			></div>
			{axis !== null && (
				<p class="legend">
					{[...new Set(points.map((point) => point.place))]
						.sort()
						.map((place) => (
							<span key={place} class="legend-entry">
								<PlatformName place={place} />
							</span>
						))}
				</p>
			)}
		</Picture>
	);
}

function Figure({ wanted, metrics, highest }) {
	const points = pointsOf(metrics, wanted.x);
	const paper = paperOf(wanted);
	const isEmulated = points.some((point) => point.isEmulated);
	const columns = [
		...(wanted.x === null
			? []
			: [
					{
						key: "x",
						title: wanted.x,
						of: (row) => row.x,
						show: (row) => String(row.x ?? ""),
					},
				]),
		platformColumn((row) => row.series),
		...(points.some((point) => point.labels) ? [labelsColumn] : []),
		...spreadColumns,
	];
	const title = `${wanted.name}: ${wanted.title}`;
	const settings = [...new Set(points.map((point) => point.labels))];
	const fixed =
		new Set(points.map((point) => point.x)).size === 1 && wanted.x !== null
			? `${wanted.x}=${points[0].x} `
			: "";
	return (
		<section
			class={settings.length > 1 ? "figure wide" : "figure"}
			aria-label={title}
			data-figure={wanted.name}
		>
			<h2>
				{title} {isEmulated && <span class="label">emulated</span>}
			</h2>
			{paper.values.length > 0 && (
				<p class="paper">
					<span class="paper-mark">◇</span> the paper:{" "}
					{paperText(paper)}
				</p>
			)}
			{paper.says && <p class="quiet says">{paper.says}</p>}
			<div class="settings">
				{settings.map((labels) => (
					<div key={labels}>
						{(fixed || labels) && (
							<p class="quiet">
								{fixed}
								{labels}
							</p>
						)}
						<Chart
							points={points.filter(
								(point) =>
									point.labels === labels &&
									point.place >= 0,
							)}
							x={wanted.x}
							title={[title, labels]
								.filter(Boolean)
								.join(" ")}
							highest={highest}
							paper={paper}
						/>
					</div>
				))}
			</div>
			<details>
				<summary>Numbers</summary>
				<Table
					id={`numbers-${idOf(wanted.name)}`}
					columns={columns}
					rows={points}
					isFixed
				/>
			</details>
		</section>
	);
}

function Others({ metrics }) {
	const names = new Map(metrics.map((metric) => [metric.metric, metric.workload]));
	return (
		<section aria-labelledby="others">
			<h2 id="others">Everything that was measured</h2>
			{[...names].map(([name, workload]) => {
				const rows = pointsOf(
					metrics.filter((metric) => metric.metric === name),
					null,
				);
				const columns = [
					{
						key: "platform",
						title: "Platform",
						isText: true,
						of: (row) => row.series,
					},
					labelsColumn,
					...spreadColumns,
				];
				return (
					<details key={name}>
						<summary>
							{workload}: {name},{" "}
							{counted(rows.length, "value")}
						</summary>
						<Table
							id={`measured-${name}`}
							columns={columns}
							rows={rows}
						/>
					</details>
				);
			})}
		</section>
	);
}

export function Measurements() {
	const { value: isLoaded = false, error } = useLater(
		() => loadCharts().then(() => true),
		[],
	);
	const { metrics } = study;
	const there = figures.map((wanted) => ({
		wanted,
		metrics: metrics.filter((metric) => matches(metric, wanted)),
	}));
	const highestOf = ({ wanted: { name, scale } }) =>
		Math.max(
			...there
				.filter(
					({ wanted }) =>
						wanted.name === name ||
						(scale && wanted.scale === scale),
				)
				.flatMap((each) => each.metrics.map((metric) => metric.value)),
		);
	const missing = there
		.filter((each) => !each.metrics.length)
		.map(({ wanted }) => `${wanted.name} (${wanted.workload})`);
	if (error || !isLoaded) return <Waiting error={error} />;
	if (!metrics.length)
		return (
			<>
				<h1>Measurements</h1>
				<p>
					No workload of this study printed a measurement: the trials
					have no manifest, or their workloads measure nothing.
					Everything that was counted is in the other views.
				</p>
			</>
		);
	return (
		<>
			<h1>Measurements</h1>
			<p>
				What the workloads printed. Each mark is the median of the trials;
				the line through it spans the lowest to the highest.
			</p>
			{metrics.some((metric) => metric.is_emulated) && (
				<p class="notice">
					Anything labelled emulated was measured on an emulated
					processor and says nothing about how fast a platform is.
				</p>
			)}
			<div class="figures">
				{there
					.filter((each) => each.metrics.length)
					.map((each) => (
						<Figure
							key={each.wanted.name}
							{...each}
							highest={highestOf(each)}
						/>
					))}
			</div>
			{missing.length > 0 && <p>Not measured here: {missing.join(", ")}.</p>}
			<Others metrics={metrics} />
			<Command words={["metrics"]} />
		</>
	);
}
