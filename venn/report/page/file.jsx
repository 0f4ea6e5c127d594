// file.jsx - a source file line by line: how often each platform, or workload, executes each line.
import { useEffect, useMemo } from "preact/hooks";
import { addressOf, goTo, questionOf, usePlace } from "./address.js";
import { Breadcrumbs } from "./breadcrumbs.jsx";
import { AnalysisCommand, questionWords } from "./command.jsx";
import { CvesHere } from "./cves.jsx";
import { Diagram } from "./diagram.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { Listing } from "./listing.jsx";
import { count, counted } from "./number.js";
import { Pickers, useField } from "./picker.jsx";
import { fileData, fileHits, functionMasks, innermost, isConditional, study } from "./study.js";

// A column of rates: a platform in the chosen workload, or a workload on a chosen platform.
function columnsOf(question, platform) {
	if (platform === null)
		return question.places.map((place) => ({
			view: question.view,
			place,
			title: study.names[place],
			isPlatform: true,
		}));
	return study.viewNames
		.map((name, view) => ({ view, place: platform, title: name }))
		.filter(
			({ view, place }) =>
				view > 0 &&
				study.workloads[view - 1].kind === "workload" &&
				study.views[view][place],
		);
}

// Which platforms execute a line of each function.
const runnersOf = (bits) => functionMasks([...bits.values()].map(({ fn, kept }) => [fn, kept]));

// What is known of each instrumented line: which platforms keep it, for which it was removed,
// whether it is conditional.
function judge(data, question) {
	const bits = new Map();
	for (const line of data.lineNumbers) {
		let kept = 0,
			removed = 0;
		for (const place of question.places) {
			const hit = data.hits.get(`${question.view}/${place}`)?.get(line);
			if (hit?.kept) kept |= 1 << place;
			else if (hit) removed |= 1 << place;
		}
		bits.set(line, { kept, removed, fn: -1, isConditional: false });
	}
	const around = innermost(data.functions, data.lineNumbers);
	for (const [line, bit] of bits) bit.fn = around.get(line);
	const runners = runnersOf(bits);
	for (const bit of bits.values())
		bit.isConditional = isConditional(
			bit.kept,
			bit.removed,
			runners.get(bit.fn) ?? 0,
			question.chosen,
		);
	return bits;
}

// Lines that only some of the platforms execute: the first line of each stretch.
function differing(data, bits, chosen) {
	const list = data.lineNumbers.filter(
		(line) => bits.get(line).kept && bits.get(line).kept !== chosen,
	);
	return [...list].filter(
		(line, i) =>
			!i ||
			bits.get(list[i - 1]).kept !== bits.get(line).kept ||
			list[i - 1] + 1 < line,
	);
}

// ---- the view ----

function Steps({ list, line }) {
	const { params } = usePlace();
	const to = (target) =>
		target !== undefined && goTo(addressOf("file", params, { line: target }));
	const next = () => to(list.find((each) => each > line) ?? list[0]);
	const previous = () => to(list.findLast((each) => each < line) ?? list.at(-1));
	useEffect(() => {
		const press = (event) => {
			if (
				event.target.matches("input, select, textarea") ||
				event.ctrlKey ||
				event.metaKey ||
				event.altKey
			)
				return;
			if (event.key === "n") next();
			if (event.key === "p") previous();
		};
		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	});
	return (
		<p class="steps">
			<button type="button" id="next" onClick={next} disabled={!list.length}>
				Next (n)
			</button>{" "}
			<button
				type="button"
				id="previous"
				onClick={previous}
				disabled={!list.length}
			>
				Previous (p)
			</button>{" "}
			<span class="quiet">
				{counted(list.length, "place")} where only some of the platforms
				execute lines
			</span>
		</p>
	);
}

function Columns({ platform }) {
	return (
		<label>
			Columns{" "}
			<select
				id="columns"
				value={platform === null ? "" : study.names[platform]}
				onChange={useField("file", "of")}
			>
				<option value="">platforms, in the workload above</option>
				{study.names.map((name, place) => (
					<option
						key={name}
						value={name}
						selected={place === platform}
					>
						workloads, on {name}
					</option>
				))}
			</select>
		</label>
	);
}

function FunctionList({ data, bits }) {
	const { params } = usePlace();
	const runners = runnersOf(bits);
	const executed = data.functions.filter((_, i) => runners.get(i));
	return (
		<details class="outline">
			<summary>
				{counted(data.functions.length, "function")},{" "}
				{count(executed.length)} executed
			</summary>
			<ul>
				{executed.map(([start, , name]) => (
					<li key={`${start} ${name}`}>
						<Link
							view="file"
							keep={params}
							changes={{ line: start }}
						>
							{name}
						</Link>
					</li>
				))}
			</ul>
		</details>
	);
}

function Legend() {
	return (
		<dl class="legend">
			<div>
				<dt>
					<b>*</b>
				</dt>
				<dd>only some of the platforms execute it</dd>
			</div>
			<div>
				<dt>
					<b>◆</b>
				</dt>
				<dd>
					conditional: the same, in a function that all of them
					execute
				</dd>
			</div>
			<div>
				<dt>
					<span class="heat-2">12</span>{" "}
					<span class="heat-6">9,000</span>
				</dt>
				<dd>executions per second, the darker the more</dd>
			</div>
			<div>
				<dt>(12)</dt>
				<dd>executed, but no more often than when idle</dd>
			</div>
			<div>
				<dt>· –</dt>
				<dd>instrumented, but not executed</dd>
			</div>
			<div>
				<dt>blank</dt>
				<dd>not instrumented: the line has no code of its own</dd>
			</div>
		</dl>
	);
}

// The Venn diagram of the file; a region leads to its functions and lines.
function Regions({ path, bits, question }) {
	const map = new Map();
	for (const { kept } of bits.values()) if (kept) map.set(kept, (map.get(kept) ?? 0) + 1);
	return (
		<details class="file-regions">
			<summary>
				{counted(map.size, "region")}: lines by the exact set of platforms
				that execute them
			</summary>
			<Diagram
				map={map}
				places={question.places}
				page="explore"
				changes={{ dir: path, path: null, line: null, of: null }}
			/>
		</details>
	);
}

// The platform whose workloads are the columns; null: the platforms are.
function chosenPlatform(params) {
	const wanted = study.names.indexOf(params.get("of"));
	return wanted < 0 ? null : wanted;
}

function Loaded({ path, data, question, head }) {
	const { params } = usePlace();
	const platform = chosenPlatform(params);
	const line = Number(params.get("line")) || 0;
	const key = `${path} ${question.view} ${question.chosen} ${platform}`;
	const columns = useMemo(() => columnsOf(question, platform), [key]);
	const bits = useMemo(() => judge(data, question), [data, key]);
	const list = useMemo(() => differing(data, bits, question.chosen), [bits]);
	const executed = [...bits.values()].filter((bit) => bit.kept);
	const some = executed.filter((bit) => bit.kept !== question.chosen).length;
	const conditional = executed.filter((bit) => bit.isConditional).length;
	const facts = [
		counted(data.lineNumbers.length, "instrumented line"),
		`${count(executed.length)} executed`,
		`${count(some)} of them by only some of the platforms`,
		`${count(conditional)} conditionally`,
	];
	return (
		<>
			<div class="file-head">
				{head}
				<Steps list={list} line={line} />
				<Columns platform={platform} />
			</div>
			<Listing
				path={path}
				data={data}
				columns={columns}
				bits={bits}
				question={question}
				line={line}
				first={list[0]}
			/>
			<div class="file-facts">
				<AnalysisCommand
					words={[
						"annotate",
						path,
						"--hits",
						"rate",
						...questionWords(question),
					]}
				/>
				<p id="file-facts">{facts.join(", ")}.</p>
				<Legend />
				<FunctionList data={data} bits={bits} />
				<Regions path={path} bits={bits} question={question} />
				<CvesHere path={path} question={question} mask={0} />
			</div>
		</>
	);
}

async function read(file, path, views) {
	if (file === undefined) throw new Error(`This kernel has no instrumented file ${path}.`);
	const [data, hits] = await Promise.all([fileData(file), fileHits(file, views)]);
	return { ...data, hits };
}

export function File() {
	const { params } = usePlace();
	const path = params.get("path") ?? "";
	const question = questionOf(params);
	const file = study.fileOf.get(path);
	const columns = columnsOf(question, chosenPlatform(params));
	const views = [...new Set([question.view, ...columns.map(({ view }) => view)])];
	const { value: data, error } = useLater(
		() => read(file, path, views),
		[file, views.join()],
	);
	const head = <h1>{file === undefined ? "File" : <Breadcrumbs path={path} />}</h1>;
	return (
		<div class="file-view">
			<Pickers view="file" />
			{data ? (
				<Loaded path={path} data={data} question={question} head={head} />
			) : (
				<>
					{head}
					<Waiting error={error} />
				</>
			)}
		</div>
	);
}
