// treemap.jsx - a directory as a map, two levels deep: area is lines executed, colour is the exact
// set of platforms that execute them.
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { useMemo, useRef } from "preact/hooks";
import { NodeLink } from "./link.jsx";
import { count } from "./number.js";
import { PlatformName, regionFill, regionName, RegionSwatch } from "./platform.jsx";
import { linesWhere, placesOf, sortedRegions, study } from "./study.js";
import { shareColumn } from "./table.jsx";
import { Picture } from "./tools.jsx";
import { fitted, useWidth } from "./width.js";

const band = 17; // of a directory's name above its entries
const wideMin = 70; // of a directory whose entries are drawn, and tallMin
const tallMin = 48;
const linkMin = 90; // square pixels of an entry that can be chosen here
const nameFont = "600 12px system-ui, sans-serif";
const countFont = "12px system-ui, sans-serif";

// A cell's rectangle cut into strips along its longer side, each as large as its region.
function strips(cell, map) {
	const wide = cell.x1 - cell.x0;
	const tall = cell.y1 - cell.y0;
	const isWide = wide >= tall;
	const lines = [...map.values()].reduce((sum, each) => sum + each, 0);
	let at = 0;
	return sortedRegions(map).map(([mask, each]) => {
		const share = each / lines;
		const strip = isWide
			? { x: cell.x0 + at * wide, y: cell.y0, width: share * wide, height: tall }
			: { x: cell.x0, y: cell.y0 + at * tall, width: wide, height: share * tall };
		at += share;
		return { mask, ...strip };
	});
}

function Strips({ cell, chosen, faded }) {
	const all = strips(cell, cell.data.map);
	return all
		.filter(({ width, height }) => all.length === 1 || (width > 0.4 && height > 0.4))
		.map(({ mask, ...box }) => {
			const { class: plain, ...fill } = regionFill(mask, chosen);
			const isFaded = faded && mask !== faded;
			return (
				<rect
					key={mask}
					{...box}
					{...fill}
					class={[plain, isFaded && "faded"]
						.filter(Boolean)
						.join(" ")}
				/>
			);
		});
}

const labelOf = (node) => node.name + (node.children ? "/" : "");

function titleOf({ node, map, lines }, chosen) {
	const parts = sortedRegions(map).map(
		([mask, each]) => `${regionName(mask, chosen)} ${count(each)}`,
	);
	const all = `${count(lines)} of ${count(node.found)} lines executed`;
	return `${labelOf(node)}: ${all}; ${parts.join(", ")}`;
}

// The name of a cell and its lines, as far as there is room.
function Label({ cell }) {
	const width = cell.x1 - cell.x0 - 8;
	const tall = cell.y1 - cell.y0;
	if (tall < 16 || width < 16) return null;
	const name = fitted(labelOf(cell.data.node), width, nameFont);
	const lines = fitted(count(cell.data.lines), width, countFont);
	return (
		<>
			<text x={cell.x0 + 4} y={cell.y0 + 13} class="cell-name" aria-hidden="true">
				{name}
			</text>
			{tall > 32 && lines === count(cell.data.lines) && (
				<text
					x={cell.x0 + 4}
					y={cell.y0 + 27}
					class="cell-count"
					aria-hidden="true"
				>
					{lines}
				</text>
			)}
		</>
	);
}

const Border = ({ cell, name = "border" }) => (
	<rect
		x={cell.x0}
		y={cell.y0}
		width={cell.x1 - cell.x0}
		height={cell.y1 - cell.y0}
		class={name}
	/>
);

// A file, or a directory as a whole.
function Whole({ cell, chosen, faded }) {
	const title = titleOf(cell.data, chosen);
	return (
		<NodeLink node={cell.data.node} class="cell">
			<title>{title}</title>
			<Strips cell={cell} chosen={chosen} faded={faded} />
			<Border cell={cell} />
			<Label cell={cell} />
		</NodeLink>
	);
}

// A directory with its entries. Those too small to be chosen here are drawn alone.
function Nested({ cell, chosen, faded }) {
	const title = titleOf(cell.data, chosen);
	const width = cell.x1 - cell.x0 - 8;
	const lines = count(cell.data.lines);
	const both = `${labelOf(cell.data.node)}  ${lines}`;
	const isLarge = (inner) => (inner.x1 - inner.x0) * (inner.y1 - inner.y0) >= linkMin;
	return (
		<g>
			<NodeLink node={cell.data.node} class="cell cell-head">
				<title>{title}</title>
				<Border cell={cell} name="cell-ground" />
				<Border cell={cell} />
				<text
					x={cell.x0 + 4}
					y={cell.y0 + 13}
					class="cell-name"
					aria-hidden="true"
				>
					{fitted(both, width, nameFont) === both
						? both
						: fitted(labelOf(cell.data.node), width, nameFont)}
				</text>
			</NodeLink>
			{cell.children
				.filter(
					(inner) =>
						inner.x1 - inner.x0 > 0.5 &&
						inner.y1 - inner.y0 > 0.5,
				)
				.map((inner) =>
					isLarge(inner) ? (
						<Whole
							key={inner.data.node.path}
							cell={inner}
							chosen={chosen}
							faded={faded}
						/>
					) : (
						<g key={inner.data.node.path}>
							<Strips
								cell={inner}
								chosen={chosen}
								faded={faded}
							/>
						</g>
					),
				)}
		</g>
	);
}

function Legend({ masks, chosen }) {
	return (
		<span class="legend">
			Area: lines executed. Colour: which platforms execute them.{" "}
			{masks.map((mask) => (
				<span key={mask} class="legend-entry">
					<RegionSwatch mask={mask} chosen={chosen} />
					{regionName(mask, chosen)}
				</span>
			))}
		</span>
	);
}

function layout(children, width, height) {
	const root = hierarchy({ children: children.filter((child) => child.lines > 0) }, (datum) =>
		datum.children?.filter((child) => child.lines > 0),
	)
		.sum((datum) => (datum.node && !datum.children?.length ? datum.lines : 0))
		.sort((a, b) => b.value - a.value);
	treemap()
		.tile(treemapSquarify)
		.size([width, height])
		.paddingTop((cell) => (cell.depth === 1 && cell.children ? band : 0))
		.paddingInner((cell) => (cell.depth ? 1 : 2))
		.round(false)(root);
	return root;
}

const mapLabel = "Map of this directory; the table below has the same numbers";

// @children: entries of a directory, and theirs; @selected: the region that stands out, 0 for none
export function Treemap({ children, chosen, selected }) {
	const frame = useRef(null);
	const width = useWidth(frame, 900);
	const height = width < 500 ? 380 : Math.round(Math.min(620, Math.max(420, width * 0.5)));
	const root = useMemo(() => layout(children, width, height), [children, width]);
	const masks = new Map();
	for (const { map } of children)
		for (const [mask, lines] of map) masks.set(mask, (masks.get(mask) ?? 0) + lines);
	const isRoomy = (cell) =>
		cell.children && cell.x1 - cell.x0 >= wideMin && cell.y1 - cell.y0 >= tallMin;
	return (
		<div ref={frame} class="treemap">
			{root.children ? (
				<Picture
					name="map"
					caption={
						<Legend
							masks={sortedRegions(masks).map(
								([mask]) => mask,
							)}
							chosen={chosen}
						/>
					}
				>
					<svg
						viewBox={`0 0 ${width} ${height}`}
						role="group"
						aria-label={mapLabel}
					>
						{root.children.map((cell) => {
							const Shape = isRoomy(cell)
								? Nested
								: Whole;
							return (
								<Shape
									key={cell.data.node.path}
									cell={cell}
									chosen={chosen}
									faded={selected}
								/>
							);
						})}
					</svg>
				</Picture>
			) : (
				<p>None of these platforms executes any line of this directory.</p>
			)}
		</div>
	);
}

const onlyGroup = { key: "only", title: "Only here" };

// The same numbers as columns of a table.
export function shareColumns(chosen) {
	const alone = placesOf(chosen).map((place) => ({
		key: `only-${place}`,
		name: `only_${study.names[place]}`,
		title: <PlatformName place={place} />,
		group: onlyGroup,
		of: (row) => linesWhere(row.map, (mask) => mask === 1 << place),
	}));
	return [
		{ key: "lines", title: "Lines", of: (row) => row.lines },
		...alone,
		{
			key: "all",
			title: "All",
			note: "lines that all of the platforms execute",
			of: (row) => linesWhere(row.map, (mask) => mask === chosen),
		},
		{
			key: "differ",
			title: "Differ",
			note: "lines that some of the platforms execute and others do not",
			of: (row) => linesWhere(row.map, (mask) => mask !== chosen),
		},
		{ key: "found", title: "Instrumented", of: (row) => row.node.found },
		shareColumn("coverage", "Coverage", (row) => [row.lines, row.node.found]),
	];
}
