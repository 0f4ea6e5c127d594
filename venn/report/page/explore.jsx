// explore.jsx - the kernel as a map: directories down to files, beside it the regions, or the lines
// of one.
import { useMemo } from "preact/hooks";
import { questionOf, usePlace } from "./address.js";
import { Breadcrumbs } from "./breadcrumbs.jsx";
import { AnalysisCommand, questionWords } from "./command.jsx";
import { CvesHere } from "./cves.jsx";
import { Diagram } from "./diagram.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link, NodeLink } from "./link.jsx";
import { count } from "./number.js";
import { Pickers } from "./picker.jsx";
import { NothingAt } from "./problem.jsx";
import { Region } from "./region.jsx";
import {
	entries,
	least,
	lines,
	linesWhere,
	maskOf,
	nodeAt,
	regions,
	shownPath,
	study,
	titlePath,
	total,
} from "./study.js";
import { leastColumn, platformColumn, shareColumn, Table } from "./table.jsx";
import { shareColumns, Treemap } from "./treemap.jsx";

function Children({ rows, node, question }) {
	const { params } = usePlace();
	const executed = rows.filter((child) => child.lines > 0);
	const columns = [
		{
			key: "path",
			title: "Name",
			isText: true,
			of: (row) => row.node.name,
			show: ({ node: child }) => (
				<NodeLink node={child}>
					{child.name}
					{child.children && "/"}
				</NodeLink>
			),
		},
		...shareColumns(question.chosen),
	];
	const by = params.get("by") === "differ" ? "differ" : "lines";
	return (
		<section aria-labelledby="children-title">
			<h2 id="children-title">In {titlePath(node)}</h2>
			<Table
				id="children"
				key={`${node.path} ${by}`}
				columns={columns}
				rows={executed}
				sort={[by, -1]}
				rowKey={(row) => row.node.path}
			/>
			{rows.length > executed.length && (
				<Rest list={rows.filter((child) => !child.lines)} />
			)}
		</section>
	);
}

const one = "entry has no executed line";
const several = "entries have no executed line";

const Rest = ({ list }) => (
	<details class="rest">
		<summary>
			{count(list.length)} more {list.length === 1 ? one : several}
		</summary>
		<ul>
			{list.map(({ node }) => (
				<li key={node.path}>
					<NodeLink node={node}>{shownPath(node)}</NodeLink>
				</li>
			))}
		</ul>
	</details>
);

// Each platform's lines here, as below the regions of covdb venn.
function Totals({ map, node, question, bounds }) {
	const rows = question.places.map((place) => ({
		place,
		lines: linesWhere(map, (mask) => (mask >> place) & 1),
		only: linesWhere(map, (mask) => mask === 1 << place),
		least: node.children ? bounds.get(node.path)?.get(place) : null,
	}));
	const columns = [
		platformColumn((row) => study.names[row.place]),
		{ key: "lines", title: "Lines", of: (row) => row.lines },
		shareColumn("share_of_found", "Of found", (row) => [row.lines, node.found]),
		{ key: "exclusive", title: "Only here", of: (row) => row.only },
		leastColumn((row) => row.least),
	];
	return (
		<section aria-labelledby="totals-title">
			<h2 id="totals-title">Each platform in {titlePath(node)}</h2>
			<Table
				id="totals"
				columns={columns}
				rows={rows}
				rowKey={(row) => row.place}
			/>
		</section>
	);
}

function Facts({ map, node, question }) {
	const here = total(map);
	const totals = question.places.map((place, i) => (
		<span key={place}>
			{i > 0 && ", "}
			<bdi>{study.names[place]}</bdi>{" "}
			{count(linesWhere(map, (each) => (each >> place) & 1))}
		</span>
	));
	return (
		<p id="here">
			<strong>{count(here)}</strong> of {count(node.found)} instrumented lines are
			executed: {totals}. In the same place:{" "}
			<Link view="functions" changes={{ dir: node.path }}>
				functions
			</Link>
			,{" "}
			<Link view="conditional" changes={{ dir: node.path }}>
				conditional code
			</Link>
			.
		</p>
	);
}

function Here({ rows, bounds, node, question, mask }) {
	const key = `${node.path} ${question.view} ${question.chosen}`;
	const map = useMemo(() => regions(rows, node, question.chosen), [rows, key]);
	const children = useMemo(
		() => (node.children ? entries(rows, node, question.chosen, 2) : []),
		[rows, key],
	);
	return (
		<>
			<Facts map={map} node={node} question={question} />
			<div class={mask ? "explore has-region" : "explore"}>
				{node.children ? (
					<Treemap chosen={question.chosen} selected={mask}>
						{children}
					</Treemap>
				) : (
					<p class="treemap">
						<Link view="file" changes={{ path: node.path }}>
							All lines of this file
						</Link>
					</p>
				)}
				<div class="beside">
					{mask ? (
						<Region
							rows={rows}
							node={node}
							question={question}
							mask={mask}
						/>
					) : null}
					<Diagram
						map={map}
						places={question.places}
						page="explore"
						selected={mask}
					/>
				</div>
			</div>
			<AnalysisCommand
				words={[
					"venn",
					"--dir",
					shownPath(node),
					...questionWords(question),
				]}
			/>
			<div class="below">
				{node.children && (
					<Children rows={children} node={node} question={question} />
				)}
				<Totals map={map} node={node} question={question} bounds={bounds} />
			</div>
		</>
	);
}

export function Explore() {
	const { params } = usePlace();
	const question = questionOf(params);
	const node = nodeAt(params.get("dir") ?? ".");
	const mask = maskOf(
		question.places.filter((place) => params.getAll("r").includes(study.names[place])),
	);
	const { value: data, error } = useLater(
		() => Promise.all([lines(question.view), least(question.view)]),
		[question.view],
	);
	if (!node) return <NothingAt path={params.get("dir")} />;
	return (
		<>
			<Pickers view="explore" />
			<h1>
				<Breadcrumbs path={node.path} />
			</h1>
			{data ? (
				<Here
					rows={data[0]}
					bounds={data[1]}
					node={node}
					question={question}
					mask={mask}
				/>
			) : (
				<Waiting error={error} />
			)}
			<CvesHere path={node.path} question={question} mask={mask} />
		</>
	);
}
