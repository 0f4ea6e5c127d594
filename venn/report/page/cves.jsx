// cves.jsx - known vulnerabilities in the code that each platform executes.
import { questionOf, usePlace } from "./address.js";
import { AnalysisCommand, questionWords } from "./command.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count } from "./number.js";
import { Pickers } from "./picker.jsx";
import { PlatformName, regionName } from "./platform.jsx";
import { Problem } from "./problem.jsx";
import { records } from "./records.js";
import { maskOf, sortedRegions, study } from "./study.js";
import { Table } from "./table.jsx";

const fixedText = " are left out: the source has their fix.";
const elsewhere = "not observed, or not instrumented";

const stateOf = (row, place) => ((row.executed >> place) & 1 ? "executed" : row.rest);

// A file that has instrumented lines leads to them.
const FileLink = ({ path }) =>
	study.paths.includes(path) ? (
		<Link view="file" changes={{ path }}>
			{path}
		</Link>
	) : (
		path
	);

const columnsOf = (chosen) => [
	{ key: "cve", title: "CVE", isText: true, isShort: true, of: (row) => row.cve },
	{
		key: "score",
		title: "Score",
		note: "CVSS 3.1",
		of: (row) => row.score,
		show: (row) => row.score ?? "-",
	},
	{
		key: "match",
		title: "Match",
		isText: true,
		isShort: true,
		note: "what counts as it: lines of its fix, functions that it names, or files",
		of: (row) => row.match ?? "",
	},
	...chosen.map((place) => ({
		key: `state-${place}`,
		name: study.names[place],
		title: <PlatformName place={place} />,
		isText: true,
		isShort: true,
		of: (row) => stateOf(row, place),
	})),
	{
		key: "fixed_in",
		title: "Fixed in",
		isText: true,
		isShort: true,
		of: (row) => row.fixed ?? "",
	},
	{
		key: "files",
		title: "Files",
		isText: true,
		of: (row) => row.files.join(", "),
		show: (row) =>
			row.files.map((path, i) => (
				<>
					{i > 0 && ", "}
					<FileLink path={path} />
				</>
			)),
	},
	{
		key: "functions",
		title: "Functions",
		isText: true,
		of: (row) => row.functions.join(", "),
	},
	{ key: "title", title: "Title", isText: true, of: (row) => row.title },
];

export function Cves() {
	const { params } = usePlace();
	const question = questionOf(params);
	const { value: data, error } = useLater(() => records(question.view), [question.view]);
	if (data === undefined) return <Waiting error={error} />;
	if (!data)
		return (
			<>
				<h1>Vulnerabilities</h1>
				<Problem>
					The database of this study has no CVE records, or its kernel
					no version: covdb cve add takes them.
				</Problem>
			</>
		);
	const executed = (place) => data.rows.filter((row) => (row.executed >> place) & 1).length;
	return (
		<>
			<h1>Vulnerabilities</h1>
			<Pickers view="cves" />
			<p>
				{count(data.apply)} of {count(data.records)} records apply to{" "}
				{data.release}. {count(data.not_compiled)} are not compiled,{" "}
				{count(data.unknown)} unknown; the others are here.
				{data.fixed_here > 0 && ` ${count(data.fixed_here)}${fixedText}`}
			</p>
			<p class="quiet">
				Not observed is not unreachable: other workloads execute other code.
			</p>
			<dl class="cve-counts">
				{question.places.map((place) => (
					<div key={place} data-place={place}>
						<dt>
							<PlatformName place={place} />
						</dt>
						<dd>{count(executed(place))} executed</dd>
					</div>
				))}
			</dl>
			<Table
				id="cve-table"
				caption="Known vulnerabilities in compiled code"
				columns={columnsOf(question.places)}
				rows={data.rows}
				rowKey={(row) => row.cve}
			/>
			<AnalysisCommand words={["cve", ...questionWords(question)]} />
		</>
	);
}

const isBelow = (file, path) => path === "." || file === path || file.startsWith(`${path}/`);

// Those of a directory or file: in which regions of the chosen platforms, and each. @mask: only
// those that exactly these execute; 0: all
export function CvesHere({ path, question, mask }) {
	const { value: data } = useLater(() => records(question.view), [question.view]);
	if (!data) return null;
	const chosen = maskOf(question.places);
	const rows = data.rows.filter(
		(row) =>
			row.files.some((file) => isBelow(file, path)) &&
			(!mask || (row.executed & chosen) === mask),
	);
	if (!rows.length) return null;
	const found = new Map();
	for (const { executed } of rows)
		found.set(executed & chosen, (found.get(executed & chosen) ?? 0) + 1);
	const regions = sortedRegions(found).map(([where, cves]) => ({ where, cves }));
	return (
		<details class="cves-here">
			<summary>Vulnerabilities: {count(rows.length)}</summary>
			<Table
				id="cve-regions"
				caption="Vulnerabilities by region"
				columns={[
					{
						key: "platforms",
						title: "Region",
						isText: true,
						of: (row) =>
							row.where
								? regionName(row.where, chosen)
								: elsewhere,
					},
					{ key: "cves", title: "CVEs", of: (row) => row.cves },
				]}
				rows={regions}
			/>
			<Table
				id="cve-table-here"
				caption="Known vulnerabilities here"
				columns={columnsOf(question.places)}
				rows={rows}
				rowKey={(row) => row.cve}
			/>
		</details>
	);
}
