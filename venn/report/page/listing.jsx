// listing.jsx - the lines of a file: rates, marks, source text in colours, a map of all of it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { addressOf, carried, usePlace } from "./address.js";
import { loadScript } from "./data.js";
import { afterPaint, useLater } from "./later.jsx";
import { marksOf } from "./marks.js";
import { count, figure } from "./number.js";
import { PlatformName, regionName } from "./platform.jsx";
import { innermost, phaseOf, seconds } from "./study.js";

const blockLines = 200; // rows that the browser lays out together, when they come into sight

// ---- rows, made without the library, since a file may have thousands of lines ----

function element(tag, className, text) {
	const made = document.createElement(tag);
	if (className) made.className = className;
	if (text !== undefined) made.textContent = text;
	return made;
}

const heats = 6;

// How far up a rate is among those of the file, from 1 to 6, by its logarithm.
const heatOf = (rate, highest) =>
	rate > 0 ? Math.max(1, Math.ceil((heats * Math.log1p(rate)) / Math.log1p(highest))) : 0;

const rateOf = (hit, column) => {
	const time = seconds(column.view, column.place);
	return time ? hit.count / time : 0;
};

function highestRate(data, columns) {
	let highest = 0;
	for (const column of columns)
		for (const hit of data.hits.get(`${column.view}/${column.place}`)?.values() ?? [])
			if (hit.kept) highest = Math.max(highest, rateOf(hit, column));
	return highest;
}

function rateCell(data, column, line, highest) {
	const hit = data.hits.get(`${column.view}/${column.place}`)?.get(line);
	if (!hit) {
		const cell = element("td", "rate never", "·");
		cell.title = "not executed";
		return cell;
	}
	const rate = rateOf(hit, column);
	const cell = element(
		"td",
		hit.kept ? `rate kept heat-${heatOf(rate, highest)}` : "rate removed",
		hit.kept ? figure(rate) : `(${figure(rate)})`,
	);
	const time = seconds(column.view, column.place);
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

// A row of a line that is not instrumented, as most are: the others begin as a copy of it.
function blankRow(columns) {
	const row = element("tr", "outside");
	const number = element("th", "line");
	number.scope = "row";
	number.append(element("a"));
	row.append(number, element("td", "mark"));
	row.append(...columns.map(() => element("td", "rate")));
	row.append(element("td", "source"));
	return row;
}

function makeRow({ data, columns, bits, chosen, address, highest, blank }, line) {
	const bit = bits.get(line);
	const row = blank.cloneNode(true);
	const link = row.firstChild.firstChild;
	row.id = `L${line}`;
	link.href = `${address}&line=${line}`;
	link.textContent = line;
	row.lastChild.textContent = data.source?.[line - 1] ?? "";
	if (!bit) return row;
	const { state, mark, title } = lineState(bit, chosen);
	const cells = [...row.children];
	row.className = state;
	cells[1].textContent = mark;
	if (title) cells[1].title = title;
	for (const [i, column] of columns.entries())
		cells[2 + i].replaceWith(rateCell(data, column, line, highest));
	return row;
}

// Without the text: the instrumented lines, under the names of their functions. @made: what the
// rows are made of; address: of the file, to which a line is added.
function makeBlocks(made) {
	const { data } = made;
	const listed = data.source ? data.source.map((_, i) => i + 1) : data.lineNumbers;
	const starts = new Map(data.functions.map(([start, , name]) => [start, name]));
	const blocks = document.createDocumentFragment();
	for (let first = 0; first < listed.length; first += blockLines) {
		const block = element("div", "block");
		const body = element("tbody");
		const slice = listed.slice(first, first + blockLines);
		block.style.containIntrinsicHeight = `auto ${slice.length * 1.35}em`;
		for (const line of slice) {
			const row = makeRow(made, line);
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

// ---- colours of the source ----

let syntaxLoaded;

// Lines of a source file in pieces of a colour; null where there is none.
async function coloured(source) {
	if (!source) return null;
	await afterPaint();
	syntaxLoaded ??= loadScript("syntax.js");
	await syntaxLoaded;
	return globalThis.covdbSyntax(source.join("\n"));
}

function colour(block, lines) {
	for (const row of block.querySelectorAll("tr")) {
		const pieces = lines[Number(row.id.slice(1)) - 1] ?? [];
		row.querySelector(".source").replaceChildren(
			...pieces.map(([text, name]) =>
				name ? element("span", name, text) : document.createTextNode(text),
			),
		);
	}
}

// Colours the blocks that come into sight.
function useColours(frame, blocks, lines) {
	useEffect(() => {
		if (!lines) return undefined;
		const observer = new IntersectionObserver(
			(entries) => {
				for (const { isIntersecting, target } of entries)
					if (isIntersecting) {
						observer.unobserve(target);
						colour(target, lines);
					}
			},
			{ root: frame.current.closest(".listing"), rootMargin: "600px 0px" },
		);
		for (const block of frame.current.children) observer.observe(block);
		return () => observer.disconnect();
	}, [blocks, lines]);
}

// ---- marks of other layers ----

function addMarks(frame, marks, params) {
	for (const notes of frame.querySelectorAll(".notes")) notes.remove();
	for (const [line, list] of marks) {
		const row = frame.querySelector(`#L${line}`);
		if (!row) continue;
		const cell = element("td", "notes");
		for (const { text, view, changes, kind } of list) {
			const link = element("a", `note note-${kind}`, text);
			link.href = addressOf(view, carried(params), changes);
			cell.append(link, " ");
		}
		row.prepend(cell);
	}
}

// ---- the map of the file ----

const stateColours = {
	conditional: "--mark-conditional",
	some: "--mark-some",
	all: "--mark-all",
	idle: "--share-all",
	unexecuted: "--mark-unexecuted",
};

// A thin map of all lines beside them; a press goes there.
function Minimap({ listing, states }) {
	const canvas = useRef(null);
	const draw = () => {
		const frame = listing.current;
		if (!frame || !canvas.current) return; // gone before it was drawn
		const { clientHeight: height, clientWidth: width } = canvas.current;
		const scale = devicePixelRatio;
		const style = getComputedStyle(canvas.current);
		canvas.current.width = width * scale;
		canvas.current.height = height * scale;
		const pen = canvas.current.getContext("2d");
		pen.scale(scale, scale);
		const tall = Math.max(1, height / states.length);
		for (const [i, state] of states.entries()) {
			if (!stateColours[state]) continue;
			pen.fillStyle = style.getPropertyValue(stateColours[state]);
			pen.fillRect(0, (i * height) / states.length, width, tall);
		}
		pen.strokeStyle = style.getPropertyValue("--text");
		pen.lineWidth = 1.5;
		const of = (number) => (number * height) / frame.scrollHeight;
		pen.strokeRect(1, of(frame.scrollTop) + 1, width - 2, of(frame.clientHeight) - 2);
	};
	useEffect(() => {
		const frame = listing.current;
		let next = 0;
		const later = () => {
			cancelAnimationFrame(next);
			next = requestAnimationFrame(draw);
		};
		later();
		frame.addEventListener("scroll", later);
		addEventListener("resize", later);
		return () => {
			cancelAnimationFrame(next);
			frame.removeEventListener("scroll", later);
			removeEventListener("resize", later);
		};
	}, [states]);
	const go = ({ offsetY, buttons, type }) => {
		if (type === "pointermove" && !buttons) return;
		const frame = listing.current;
		const middle = (offsetY / canvas.current.clientHeight) * frame.scrollHeight;
		frame.scrollTop = middle - frame.clientHeight / 2;
	};
	return (
		<canvas
			ref={canvas}
			class="minimap"
			aria-hidden="true"
			onPointerDown={go}
			onPointerMove={go}
		></canvas>
	);
}

// ---- the listing ----

// The function of the first row that is in sight.
function useSticky(listing, data, blocks) {
	const [name, setName] = useState("");
	useEffect(() => {
		const frame = listing.current;
		const around = innermost(data.functions, data.lineNumbers);
		const starts = [...data.functions].sort((a, b) => a[0] - b[0]);
		let next = 0;
		const nameAt = (line) => {
			const at = around.get(line);
			if (at !== undefined) return at < 0 ? "" : `${data.functions[at][2]}()`;
			const inside = starts.findLast(
				([start, end]) => start <= line && line <= end,
			);
			return inside ? `${inside[2]}()` : "";
		};
		const look = () => {
			const { left, top } = frame.getBoundingClientRect();
			const below = frame.firstElementChild.offsetHeight;
			const row = document
				.elementFromPoint(left + 20, top + below + 4)
				?.closest("tr");
			if (row && frame.contains(row)) setName(nameAt(Number(row.id.slice(1))));
		};
		const later = () => {
			cancelAnimationFrame(next);
			next = requestAnimationFrame(look);
		};
		later();
		frame.addEventListener("scroll", later);
		return () => {
			cancelAnimationFrame(next);
			frame.removeEventListener("scroll", later);
		};
	}, [blocks]);
	return name;
}

// Scrolls to the line asked for, or, of none, so that the first difference is near the top.
function useScroll(frame, listing, blocks, line, first) {
	useEffect(() => {
		const row = frame.current.querySelector(`#L${line || first || 0}`);
		frame.current.querySelector(".chosen")?.classList.remove("chosen");
		if (!row) return undefined;
		if (line) row.classList.add("chosen");
		// Firefox cannot scroll to a row of a block that it has not laid out yet, so the
		// block is brought into view first.
		const block = row.closest(".block");
		if (line) block.scrollIntoView();
		else listing.current.scrollTop = block.offsetTop;
		const later = requestAnimationFrame(() => {
			if (!listing.current) return undefined;
			if (line) return row.scrollIntoView({ block: "center" });
			const above =
				row.getBoundingClientRect().top -
				listing.current.getBoundingClientRect().top;
			listing.current.scrollTop += above - 90;
			return undefined;
		});
		return () => cancelAnimationFrame(later);
	}, [blocks, line]);
}

export function Listing({ path, data, columns, bits, question, line, first }) {
	const frame = useRef(null);
	const listing = useRef(null);
	const { params } = usePlace();
	const { chosen } = question;
	const longest = Math.max(...columns.map((column) => column.title.length));
	const width = Math.min(24, Math.max(10, longest + 5));
	const rates = columns.map((column) => `${column.title} per second`).join(", ");
	const unnamed = data.source ? "per second" : "per second; no source text in this report";
	const blocks = useMemo(
		() =>
			makeBlocks({
				data,
				columns,
				bits,
				chosen,
				address: addressOf("file", params, { line: null }),
				highest: highestRate(data, columns),
				blank: blankRow(columns),
			}),
		[data, bits],
	);
	const states = useMemo(() => {
		const listed = data.source ? data.source.map((_, i) => i + 1) : data.lineNumbers;
		return [...listed].map((each) =>
			lineState(bits.get(each), chosen).state.split(" ").at(-1),
		);
	}, [data, bits]);
	const { value: lines } = useLater(() => coloured(data.source), [data]);
	const { workload } = phaseOf(question.workload);
	const { value: marks } = useLater(
		() => afterPaint().then(() => marksOf(data, path, question, workload)),
		[data, question.view],
	);
	useEffect(() => frame.current.replaceChildren(...blocks.childNodes), [blocks]);
	useColours(frame, blocks, lines);
	useEffect(() => {
		if (marks) addMarks(frame.current, marks, params);
	}, [blocks, marks]);
	useScroll(frame, listing, blocks, line, first);
	const name = useSticky(listing, data, blocks);
	return (
		<div class="listing-and-map">
			<div
				class="listing"
				ref={listing}
				style={`--columns: ${columns.length}; --rates: ${width}ch`}
				tabIndex={0}
				role="region"
				aria-label={`lines; columns: line, mark, ${rates}, source`}
			>
				<div class="code-head" aria-hidden="true">
					<span class="line">Line</span>
					<span class="mark"></span>
					{columns.map((column) => (
						<span
							class="rate"
							key={`${column.view}/${column.place}`}
						>
							{column.isPlatform ? (
								<PlatformName
									place={column.place}
								/>
							) : (
								column.title
							)}
						</span>
					))}
					<span class="source">{name || unnamed}</span>
				</div>
				<div ref={frame} id="listing"></div>
			</div>
			<Minimap listing={listing} states={states} />
		</div>
	);
}
