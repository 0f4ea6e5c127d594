// file.jsx - a source file line by line: how often each platform, or workload, executes each line.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { addressOf, goTo, questionOf, usePlace } from "./address.js";
import { AnalysisCommand, questionWords } from "./command.jsx";
import { CvesHere } from "./cves.jsx";
import { Diagram } from "./diagram.jsx";
import { Breadcrumbs } from "./explore.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count, figure } from "./number.js";
import { Pickers, useField } from "./picker.jsx";
import { PlatformName, regionName } from "./platform.jsx";
import { fileData, functionMasks, innermost, isConditional, seconds, study } from "./study.js";

const blockLines = 200; // rows that the browser lays out together, when they come into sight

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

// ---- rows, made without the library, since a file may have thousands of lines ----

function element(tag, className, text) {
	const made = document.createElement(tag);
	if (className) made.className = className;
	if (text !== undefined) made.textContent = text;
	return made;
}

function rateCell(data, column, line) {
	const hit = data.hits.get(`${column.view}/${column.place}`)?.get(line);
	if (!hit) {
		const cell = element("td", "rate never", "·");
		cell.title = "not executed";
		return cell;
	}
	const time = seconds(column.view, column.place);
	const rate = figure(time ? hit.count / time : 0);
	const cell = element(
		"td",
		hit.kept ? "rate kept" : "rate removed",
		hit.kept ? rate : `(${rate})`,
	);
	const remark = hit.kept ? "" : "; no more often than when idle";
	cell.title = `${count(hit.count)} times in ${time.toFixed(1)} s${remark}`;
	return cell;
}

// What the line itself says: the class of its row, the mark beside it, and the mark's explanation.
function lineState(bit, chosen) {
	if (!bit) return { state: "outside", mark: "", title: "" };
	const isSome = bit.kept !== 0 && bit.kept !== chosen;
	const names = isSome ? regionName(bit.kept, chosen) : "";
	if (bit.isConditional)
		return { state: "some conditional", mark: "◆", title: `conditional: ${names}` };
	if (isSome) return { state: "some", mark: "*", title: names };
	if (bit.kept) return { state: "all", mark: "", title: "" };
	if (bit.removed) return { state: "idle", mark: "", title: "" };
	return { state: "unexecuted", mark: "–", title: "instrumented, not executed" };
}

function makeRow(data, columns, bits, chosen, address, line) {
	const bit = bits.get(line);
	const { state, mark, title } = lineState(bit, chosen);
	const row = element("tr", state);
	row.id = `L${line}`;
	const number = element("th", "line");
	const link = element("a", "", line);
	link.href = `${address}&line=${line}`;
	number.scope = "row";
	number.append(link);
	const markCell = element("td", "mark", mark);
	if (title) markCell.title = title;
	row.append(number, markCell);
	for (const column of columns)
		row.append(bit ? rateCell(data, column, line) : element("td", "rate"));
	row.append(element("td", "source", data.source?.[line - 1] ?? ""));
	return row;
}

// Without the text: the instrumented lines, under the names of their functions. @address: of the
// file, to which a line is added.
function makeBlocks(data, columns, bits, chosen, address) {
	const listed = data.source ? data.source.map((_, i) => i + 1) : data.lineNumbers;
	const starts = new Map(data.functions.map(([start, , name]) => [start, name]));
	const blocks = document.createDocumentFragment();
	for (let first = 0; first < listed.length; first += blockLines) {
		const block = element("div", "block");
		const body = element("tbody");
		const slice = listed.slice(first, first + blockLines);
		block.style.containIntrinsicHeight = `auto ${slice.length * 1.35}em`;
		for (const line of slice) {
			const row = makeRow(data, columns, bits, chosen, address, line);
			if (!data.source && starts.has(line))
				row.lastChild.textContent = `${starts.get(line)}()`;
			body.append(row);
		}
		const table = element("table", "code");
		table.append(body);
		block.append(table);
		blocks.append(block);
	}
	return blocks;
}

// ---- the view ----

function Listing({ data, columns, bits, chosen, line }) {
	const frame = useRef(null);
	const { params } = usePlace();
	const longest = Math.max(...columns.map((column) => column.title.length));
	const width = Math.min(24, Math.max(10, longest + 4));
	const rates = columns.map((column) => `${column.title} per second`);
	const blocks = useMemo(
		() =>
			makeBlocks(
				data,
				columns,
				bits,
				chosen,
				addressOf("file", params, { line: null }),
			),
		[data, bits],
	);
	useEffect(() => frame.current.replaceChildren(...blocks.childNodes), [blocks]);
	useEffect(() => {
		const row = line ? frame.current.querySelector(`#L${line}`) : null;
		frame.current.querySelector(".chosen")?.classList.remove("chosen");
		row?.classList.add("chosen");
		if (!row) return undefined;
		// Firefox cannot scroll to a row of a block that it has not laid out yet, so the
		// block is brought into view first.
		row.closest(".block").scrollIntoView();
		const later = requestAnimationFrame(() => row.scrollIntoView({ block: "center" }));
		return () => cancelAnimationFrame(later);
	}, [blocks, line]);
	return (
		<div
			class="listing"
			style={`--columns: ${columns.length}; --rates: ${width}ch`}
			tabIndex={0}
			role="region"
			aria-label={`lines; columns: line, mark, ${rates.join(", ")}, source`}
		>
			<div class="code-head" aria-hidden="true">
				<span class="line">Line</span>
				<span class="mark"></span>
				{columns.map((column) => (
					<span class="rate" key={`${column.view}/${column.place}`}>
						{column.isPlatform ? (
							<PlatformName place={column.place} />
						) : (
							column.title
						)}
					</span>
				))}
				<span class="source">
					per second
					{data.source ? "" : "; no source text in this report"}
				</span>
			</div>
			<div ref={frame} id="listing"></div>
		</div>
	);
}

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
				Next difference (n)
			</button>{" "}
			<button
				type="button"
				id="previous"
				onClick={previous}
				disabled={!list.length}
			>
				Previous (p)
			</button>{" "}
			{count(list.length)} places where only some of the platforms execute lines.
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
	const all = count(data.functions.length);
	const executed = data.functions.filter((_, i) => runners.get(i));
	return (
		<details class="outline">
			<summary>
				{all} functions, {count(executed.length)} of them executed
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
				{count(map.size)} regions: lines by the exact set of platforms that
				execute them
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

function Loaded({ path, data, question }) {
	const { params } = usePlace();
	const wanted = study.names.indexOf(params.get("of"));
	const platform = wanted < 0 ? null : wanted;
	const line = Number(params.get("line")) || 0;
	const key = `${path} ${question.view} ${question.chosen} ${platform}`;
	const columns = useMemo(() => columnsOf(question, platform), [key]);
	const bits = useMemo(() => judge(data, question), [data, key]);
	const list = useMemo(() => differing(data, bits, question.chosen), [bits]);
	const executed = [...bits.values()].filter((bit) => bit.kept);
	return (
		<>
			<p id="file-facts">
				{count(data.lineNumbers.length)} instrumented lines;{" "}
				{count(executed.length)} are executed,{" "}
				{count(
					executed.filter((bit) => bit.kept !== question.chosen)
						.length,
				)}{" "}
				of them by only some of the platforms,{" "}
				{count(executed.filter((bit) => bit.isConditional).length)}{" "}
				conditionally.
			</p>
			<Regions path={path} bits={bits} question={question} />
			<div class="pickers">
				<Columns platform={platform} />
			</div>
			<Steps list={list} line={line} />
			<FunctionList data={data} bits={bits} />
			<Legend />
			<Listing
				data={data}
				columns={columns}
				bits={bits}
				chosen={question.chosen}
				line={line}
			/>
			<AnalysisCommand
				words={[
					"annotate",
					path,
					"--hits",
					"rate",
					...questionWords(question),
				]}
			/>
		</>
	);
}

async function read(file, path) {
	if (file === undefined) throw new Error(`This kernel has no instrumented file ${path}.`);
	return fileData(file);
}

export function File() {
	const { params } = usePlace();
	const path = params.get("path") ?? "";
	const question = questionOf(params);
	const file = study.fileOf.get(path);
	const { value: data, error } = useLater(() => read(file, path), [file]);
	return (
		<>
			<Pickers view="file" />
			<h1>{file === undefined ? "File" : <Breadcrumbs path={path} />}</h1>
			{data ? (
				<Loaded path={path} data={data} question={question} />
			) : (
				<Waiting error={error} />
			)}
			<CvesHere path={path} question={question} mask={0} />
		</>
	);
}
