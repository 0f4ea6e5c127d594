// profiles.jsx - where time is spent: stacks of a platform as an icicle, or the difference of two.
import { hierarchy, partition } from "d3-hierarchy";
import { useRef } from "preact/hooks";
import { addressOf, goTo, usePlace } from "./address.js";
import { Command } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { count } from "./number.js";
import { ChoiceField } from "./picker.jsx";
import { kernelMark, symbolOf } from "./stack.js";
import { functions, study } from "./study.js";
import { Picture } from "./tools.jsx";
import { fitted, useWidth } from "./width.js";

const row = 18;
const font = "12px system-ui, sans-serif";
const samplesMin = 100; // of fewer, shares cannot be told apart: FLAME_SAMPLES_MIN
const z = 1.959963984540054;

// As covdb profile does it: Wilson's interval, and Newcombe's of a difference.
function shareOf(some, all) {
	const p = some / all;
	const scale = 1 + (z * z) / all;
	const centre = (p + (z * z) / (2 * all)) / scale;
	const half = (z / scale) * Math.sqrt((p * (1 - p)) / all + (z * z) / (4 * all * all));
	return { p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function change(node, totals) {
	if (Math.min(...totals) < samplesMin) return "same";
	const [a, b] = node.samples.map((samples, side) => shareOf(samples, totals[side]));
	const more = a.p > b.p;
	const [high, low] = more ? [a, b] : [b, a];
	const chance = Math.hypot(high.p - high.low, low.high - low.p);
	return high.p - low.p > chance ? (more ? "more" : "less") : "same";
}

// The tree of the stacks of each side, from @begin down; perf's own are in none.
function treeOf(sides, begin) {
	const root = { name: "", samples: sides.map(() => 0), children: new Map() };
	sides.forEach((profiles, side) => {
		for (const { stacks } of profiles)
			for (let i = 0; i < stacks.length; i += 2) {
				const frames = stacks[i].split(";");
				const first = begin
					? frames.findIndex(
							(frame, at) =>
								at > 0 && symbolOf(frame) === begin,
						)
					: 0;
				if (first < 0 || frames[0] === "perf") continue;
				let node = root;
				node.samples[side] += stacks[i + 1];
				for (const frame of frames.slice(first)) {
					if (!node.children.has(frame))
						node.children.set(frame, {
							name: frame,
							samples: sides.map(() => 0),
							children: new Map(),
						});
					node = node.children.get(frame);
					node.samples[side] += stacks[i + 1];
				}
			}
	});
	return root;
}

function Frame({ cell, totals, found, params, places }) {
	const { name, samples } = cell.data;
	const isKernel = name.endsWith(kernelMark);
	const shown = name.replace(kernelMark, "");
	const shares = samples.map((each, side) => {
		const { p, low, high } = shareOf(each, totals[side]);
		const [a, b, c] = [p, low, high].map((share) => (100 * share).toFixed(1));
		return `${a} % (${b} to ${c}), ${count(each)} samples`;
	});
	const title = `${shown} (${isKernel ? "kernel" : "program"}): ${shares.join("; ")}`;
	const kind =
		samples.length > 1 ? change(cell.data, totals) : isKernel ? "kernel" : "program";
	const wide = cell.x1 - cell.x0;
	const place = places.get(symbolOf(name));
	const hasSource = isKernel && place && wide > 60;
	const text = wide > 30 ? fitted(shown, wide - (hasSource ? 24 : 6), font) : "";
	const zoom = addressOf("profiles", params, { f: isKernel ? symbolOf(name) : null });
	return (
		<g class={`frame ${kind}${found ? " found" : ""}`} data-name={shown}>
			<title>{title}</title>
			<a href={zoom} aria-label={text ? undefined : title}>
				<rect x={cell.x0} y={cell.y0} width={wide} height={row - 1} />
				{text && (
					<text x={cell.x0 + 3} y={cell.y0 + 13}>
						{text}
					</text>
				)}
			</a>
			{hasSource && (
				<Link view="file" changes={place}>
					<text class="source" x={cell.x1 - 14} y={cell.y0 + 13}>
						↗
					</text>
				</Link>
			)}
		</g>
	);
}

// What has no sample on a side is as wide as on the other, so that what is gone can be seen.
function Icicle({ tree, find, params, places }) {
	const frame = useRef(null);
	const width = useWidth(frame, 1100);
	const totals = tree.samples;
	const weigh = (node) =>
		Math.max(...node.samples.map((samples, side) => samples / (totals[side] || 1)));
	const own = (node) =>
		Math.max(
			0,
			weigh(node) -
				[...node.children.values()].reduce(
					(sum, each) => sum + weigh(each),
					0,
				),
		);
	const root = hierarchy(tree, (node) => [...node.children.values()])
		.sum(own)
		.sort((a, b) => b.value - a.value);
	partition().size([width, row * (root.height + 1)])(root);
	const cells = root.descendants().filter((cell) => cell.depth && cell.x1 - cell.x0 >= 1);
	const height = Math.max(row, ...cells.map((cell) => cell.y1));
	return (
		<div ref={frame}>
			<Picture name="stacks" caption="Width: share of the samples.">
				<svg
					class="icicle"
					viewBox={`0 ${row} ${width} ${height}`}
					role="group"
					aria-label="Stacks"
				>
					{cells.map((cell, at) => (
						<Frame
							key={at}
							cell={cell}
							totals={totals}
							params={params}
							places={places}
							found={
								find &&
								cell.data.name.includes(find)
							}
						/>
					))}
				</svg>
			</Picture>
		</div>
	);
}

function Field({ label, name, value }) {
	const { params } = usePlace();
	return (
		<label>
			{label}{" "}
			<input
				id={`profiles-${name}`}
				value={value ?? ""}
				onChange={(event) =>
					goTo(
						addressOf("profiles", params, {
							[name]: event.target.value.trim(),
						}),
					)
				}
			/>
		</label>
	);
}

// Where each function begins: the first of those that share a name.
function placesOf(all) {
	const places = new Map();
	for (let i = 0; i < all.count; i++)
		if (!places.has(all.names[i]))
			places.set(all.names[i], {
				path: study.paths[all.files[i]],
				line: all.starts[i],
			});
	return places;
}

const emulated = ", of an emulated processor: shares are those of the emulator";

const legendOf = ([one, other]) =>
	other
		? `Red: more on ${one}; blue: more on ${other}; grey: may be chance.`
		: "Orange: the kernel; blue with a dashed edge: a program.";

export function Profiles() {
	const { params } = usePlace();
	const { value, error } = useLater(() => Promise.all([part("profiles"), functions()]), []);
	if (!value) return <Waiting error={error} />;
	const [profiles, all] = value;
	if (!profiles.length) return <p>This study has no profiles.</p>;
	const of = (key) => [...new Set(profiles.map((profile) => profile[key]))];
	const workload = params.get("pw") ?? profiles[0].workload;
	const platform = params.get("a") ?? profiles[0].platform;
	const names = [platform, params.get("b")].filter(Boolean);
	const sides = names.map((name) =>
		profiles.filter((each) => each.platform === name && each.workload === workload),
	);
	const begin = params.get("f");
	const tree = treeOf(sides, begin);
	return (
		<>
			<h1>Profiles</h1>
			<p class="pickers">
				<ChoiceField
					page="profiles"
					label="Workload"
					name="pw"
					values={of("workload")}
					value={workload}
				/>
				<ChoiceField
					page="profiles"
					label="Platform"
					name="a"
					values={of("platform")}
					value={platform}
				/>
				<ChoiceField
					page="profiles"
					label="versus"
					name="b"
					values={of("platform")}
					value={params.get("b")}
					none="nothing"
				/>
				<Field label="Function" name="f" value={begin} />
				<Field label="Search" name="find" value={params.get("find")} />
			</p>
			{names.map((name, side) => (
				<p key={side} class="profile-side">
					{name}
					{sides[side].some((each) => each.emulated) &&
						emulated}: {count(tree.samples[side])} samples
					{begin && ` in ${begin}`}
					{tree.samples[side] < samplesMin &&
						"; too few to tell shares apart"}
				</p>
			))}
			<p class="quiet">
				{legendOf(names)} A frame leads to what it calls, ↗ to its source.
			</p>
			<Icicle
				tree={tree}
				find={params.get("find")}
				params={params}
				places={placesOf(all)}
			/>
			<Command
				words={[
					"profile",
					...["--platform", platform, "--workload", workload],
					...(names.length > 1 ? ["--versus", names[1]] : []),
					...(begin ? ["--function", begin] : []),
				]}
			/>
		</>
	);
}
