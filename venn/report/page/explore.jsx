// explore.jsx - the kernel as a map: directories down to files, and the lines of a region.
import { addressOf, questionOf, usePlace } from "./address.js";
import { AnalysisCommand, directoryWords, questionWords, workloadWords } from "./command.jsx";
import { CvesHere } from "./cves.jsx";
import { Diagram } from "./diagram.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link, NodeLink } from "./link.jsx";
import { count } from "./number.js";
import { Pickers } from "./picker.jsx";
import { regionName } from "./platform.jsx";
import { NothingAt } from "./problem.jsx";
import {
	entries,
	functions,
	least,
	lines,
	linesWhere,
	maskOf,
	nodeAt,
	regionLines,
	regions,
	shownPath,
	study,
	total,
} from "./study.js";
import { leastColumn, platformColumn, shareColumn, Table } from "./table.jsx";
import { shareColumns, Treemap } from "./treemap.jsx";

export function Breadcrumbs({ path }) {
	const node = nodeAt(path);
	const names = path === "." ? [] : path.split("/").filter(Boolean);
	const start = path.startsWith("/") ? "/" : "";
	const steps = names.map((name, i) => ({
		name: i ? name : start + name,
		path: start + names.slice(0, i + 1).join("/"),
	}));
	return (
		<nav aria-label="path" class="breadcrumbs">
			<Link view="explore">kernel</Link>
			{steps.map((step, i) => (
				<span key={step.path}>
					{" / "}
					{i === steps.length - 1 ? (
						<span aria-current="page">
							{step.name}
							{node?.children ? "/" : ""}
						</span>
					) : (
						<Link view="explore" changes={{ dir: step.path }}>
							{step.name}
						</Link>
					)}
				</span>
			))}
		</nav>
	);
}

// 1, 2, 3, 7 as [1, 3], [7, 7].
function ranges(list) {
	const result = [];
	for (const line of list) {
		const last = result.at(-1);
		if (last && last[1] + 1 === line) last[1] = line;
		else result.push([line, line]);
	}
	return result;
}

function LineLinks({ file, list }) {
	const all = ranges(list);
	return (
		<>
			{all.slice(0, 12).map(([first, last], i) => (
				<span key={first}>
					{i > 0 && ", "}
					<Link
						view="file"
						changes={{ path: study.paths[file], line: first }}
					>
						{first === last ? first : `${first}–${last}`}
					</Link>
				</span>
			))}
			{all.length > 12 && `, … (${count(all.length)} ranges)`}
		</>
	);
}

const setExpression = (mask, places) => {
	const names = (list) => list.map((place) => study.names[place]);
	const inside = names(places.filter((place) => (mask >> place) & 1));
	const outside = names(places.filter((place) => !((mask >> place) & 1)));
	return [inside.join(" & "), ...outside].join(" - "); // a name may have a '-' of its own
};

function Region({ rows, node, question, mask }) {
	const { params } = usePlace();
	const { value: all, error } = useLater(functions, []);
	if (!all) return <Waiting error={error} />;
	const groups = regionLines(rows, node, question.chosen, mask).map((group) => ({
		...group,
		name: all.names[group.fn] ?? "",
	}));
	const sum = groups.reduce((lineCount, group) => lineCount + group.lines.length, 0);
	const inside = groups.filter((group) => group.fn >= 0);
	const outside = groups
		.filter((group) => group.fn < 0)
		.reduce((lineCount, group) => lineCount + group.lines.length, 0);
	const columns = [
		{
			key: "name",
			title: "Function",
			isText: true,
			of: (group) => group.name,
			show: (group) => group.name || <em>no function</em>,
		},
		{
			key: "file",
			title: "File",
			isText: true,
			of: (group) => study.paths[group.file],
			show: (group) => (
				<Link
					view="file"
					changes={{
						path: study.paths[group.file],
						line: group.lines[0],
					}}
				>
					{study.paths[group.file]}
				</Link>
			),
		},
		{ key: "count", title: "Lines", of: (group) => group.lines.length },
		{
			key: "lines",
			title: "Line numbers",
			isText: true,
			show: (group) => <LineLinks file={group.file} list={group.lines} />,
		},
	];
	return (
		<section aria-labelledby="region-title" class="region">
			<h2 id="region-title">
				{regionName(mask, question.chosen)}:{" "}
				<span id="region-lines">{count(sum)}</span> lines in{" "}
				<span id="region-functions">{count(inside.length)}</span> functions
				{outside > 0 && `, ${count(outside)} of them in none`}
			</h2>
			<p>
				<a href={addressOf("explore", params, { r: null })}>All regions</a>
			</p>
			<Table
				id="region-table"
				key={`${node.path} ${mask}`}
				columns={columns}
				rows={groups}
				sort={["count", -1]}
				limit={50}
				rowKey={(group) => `${group.file} ${group.fn}`}
			/>
			<AnalysisCommand
				words={[
					"lines",
					setExpression(mask, question.places),
					"--limit",
					"0",
					...directoryWords(node),
					...workloadWords(question),
				]}
			/>
		</section>
	);
}

function Children({ rows, node, question }) {
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
	return (
		<section aria-labelledby="children-title">
			<h2 id="children-title">In {shownPath(node)}</h2>
			<Table
				id="children"
				key={node.path}
				columns={columns}
				rows={executed}
				sort={["lines", -1]}
				rowKey={(row) => row.node.path}
			/>
			{rows.length > executed.length && (
				<p>
					{count(rows.length - executed.length)} more entries have no
					executed line:{" "}
					<Rest list={rows.filter((child) => !child.lines)} />
				</p>
			)}
		</section>
	);
}

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
	return <Table id="totals" columns={columns} rows={rows} rowKey={(row) => row.place} />;
}

function Here({ rows, bounds, node, question, mask }) {
	const map = regions(rows, node, question.chosen);
	const here = total(map);
	const children = node.children ? entries(rows, node, question.chosen) : [];
	const totals = question.places.map((place, i) => (
		<span key={place}>
			{i > 0 && ", "}
			<bdi>{study.names[place]}</bdi>{" "}
			{count(linesWhere(map, (each) => (each >> place) & 1))}
		</span>
	));
	return (
		<>
			<p id="here">
				<strong>{count(here)}</strong> of {count(node.found)} instrumented
				lines are executed: {totals}.
			</p>
			{node.children ? (
				<Treemap chosen={question.chosen}>{children}</Treemap>
			) : (
				<p>
					<Link view="file" changes={{ path: node.path }}>
						All lines of this file
					</Link>
				</p>
			)}
			<Diagram
				map={map}
				places={question.places}
				page="explore"
				selected={mask}
			/>
			<Totals map={map} node={node} question={question} bounds={bounds} />
			{mask ? (
				<Region rows={rows} node={node} question={question} mask={mask} />
			) : null}
			{node.children && (
				<Children rows={children} node={node} question={question} />
			)}
			<AnalysisCommand
				words={[
					"venn",
					"--dir",
					shownPath(node),
					...questionWords(question),
				]}
			/>
		</>
	);
}

function Rest({ list }) {
	return (
		<details class="rest">
			<summary>show</summary>
			<ul>
				{list.map(({ node }) => (
					<li key={node.path}>
						<NodeLink node={node}>{shownPath(node)}</NodeLink>
					</li>
				))}
			</ul>
		</details>
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
