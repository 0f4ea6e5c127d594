// treemap.jsx - a directory as a map: area is lines executed, colour is who executes them.
import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { useEffect, useRef, useState } from "preact/hooks";
import { NodeLink } from "./link.jsx";
import { count } from "./number.js";
import { platformClass, PlatformName, platformPattern, Swatch } from "./platform.jsx";
import { linesWhere, placesOf, study } from "./study.js";
import { shareColumn } from "./table.jsx";

const height = 420;

// The width of an element.
function useWidth(ref, usual) {
	const [width, setWidth] = useState(usual);
	useEffect(() => {
		const observer = new ResizeObserver(([entry]) =>
			setWidth(Math.max(280, Math.floor(entry.contentRect.width))),
		);
		observer.observe(ref.current);
		return () => observer.disconnect();
	}, []);
	return width;
}

// The lines of a cell by who executes them: all platforms, several, or one alone. Shares without
// lines are left out.
function sharesOf(map, chosen) {
	const places = placesOf(chosen);
	const several = (mask) => mask !== chosen && (mask & (mask - 1)) !== 0;
	const shares = places.map((place) => ({
		kind: "only",
		place,
		lines: linesWhere(map, (mask) => mask === 1 << place),
	}));
	if (places.length > 1) {
		shares.unshift({ kind: "some", lines: linesWhere(map, several) });
		shares.unshift({ kind: "all", lines: linesWhere(map, (mask) => mask === chosen) });
	}
	return shares.filter((share) => share.lines > 0);
}

const shareName = (share) =>
	share.kind === "only"
		? `only ${study.names[share.place]}`
		: share.kind === "all"
			? "all platforms"
			: "several";

const shareClass = (share) =>
	share.kind === "only" ? platformClass(share.place) : `share-${share.kind}`;

const sharePattern = (share) =>
	share.kind === "only"
		? platformPattern(share.place)
		: share.kind === "some"
			? "url(#pattern-some)"
			: "none";

// A cell's rectangle cut into strips, each as large as its share.
function strips(cell, shares) {
	const width = cell.x1 - cell.x0;
	const lines = shares.reduce((sum, share) => sum + share.lines, 0);
	let x = cell.x0;
	return shares.map((share) => {
		const strip = { share, x, width: (width * share.lines) / lines };
		x += strip.width;
		return strip;
	});
}

function Cell({ cell, chosen, label }) {
	const { node, map, lines } = cell.data;
	const shares = sharesOf(map, chosen);
	const width = cell.x1 - cell.x0;
	const tall = cell.y1 - cell.y0;
	const parts = shares.map((share) => `${shareName(share)} ${count(share.lines)}`).join(", ");
	const title = `${label}: ${count(lines)} of ${count(node.found)} lines executed; ${parts}`;
	return (
		<NodeLink node={node} class="cell">
			<title>{title}</title>
			{strips(cell, shares).map(({ share, x, width: part }) => (
				<g key={`${share.kind}${share.place}`}>
					<rect
						x={x}
						y={cell.y0}
						width={part}
						height={tall}
						class={`fill ${shareClass(share)}`}
					/>
					<rect
						x={x}
						y={cell.y0}
						width={part}
						height={tall}
						fill={sharePattern(share)}
					/>
				</g>
			))}
			<rect x={cell.x0} y={cell.y0} width={width} height={tall} class="border" />
			{tall > 16 && width > 24 && (
				<svg x={cell.x0} y={cell.y0} width={width - 2} height={tall}>
					<text x={4} y={14} class="cell-name" aria-hidden="true">
						{label}
					</text>
					{tall > 32 && (
						<text
							x={4}
							y={28}
							class="cell-count"
							aria-hidden="true"
						>
							{count(lines)}
						</text>
					)}
				</svg>
			)}
		</NodeLink>
	);
}

function Legend({ chosen }) {
	return (
		<figcaption class="legend">
			Area: lines executed.{" "}
			{placesOf(chosen).map((place) => (
				<span key={place} class="legend-entry">
					<PlatformName place={place} /> alone
				</span>
			))}
			<span class="legend-entry">
				<Swatch colour="share-some" pattern="url(#pattern-some)" />
				several
			</span>
			<span class="legend-entry">
				<Swatch colour="share-all" pattern="none" />
				all
			</span>
		</figcaption>
	);
}

const mapLabel = "Map of this directory; the table below has the same numbers";

export function Treemap({ children, chosen }) {
	const frame = useRef(null);
	const width = useWidth(frame, 900);
	const root = hierarchy(
		{ children: children.filter((child) => child.lines > 0) },
		(datum) => datum.children,
	)
		.sum((datum) => (datum.node ? datum.lines : 0))
		.sort((a, b) => b.value - a.value);
	treemap().tile(treemapSquarify).size([width, height]).round(false)(root);
	return (
		<figure class="treemap" ref={frame}>
			{root.children ? (
				<svg
					width={width}
					height={height}
					viewBox={`0 0 ${width} ${height}`}
					role="group"
					aria-label={mapLabel}
				>
					{root.children.map((cell) => (
						<Cell
							key={cell.data.node.path}
							cell={cell}
							chosen={chosen}
							label={
								cell.data.node.name +
								(cell.data.node.children ? "/" : "")
							}
						/>
					))}
				</svg>
			) : (
				<p>None of these platforms executes any line of this directory.</p>
			)}
			<Legend chosen={chosen} />
		</figure>
	);
}

// The same numbers as columns of a table.
export function shareColumns(chosen) {
	return [
		{ key: "lines", title: "Lines", of: (row) => row.lines },
		{ key: "found", title: "Instrumented", of: (row) => row.node.found },
		shareColumn("coverage", "Coverage", (row) => [row.lines, row.node.found]),
		...placesOf(chosen).map((place) => ({
			key: `only-${place}`,
			name: `only_${study.names[place]}`,
			title: (
				<>
					only <PlatformName place={place} />
				</>
			),
			of: (row) => linesWhere(row.map, (mask) => mask === 1 << place),
		})),
		{
			key: "all",
			title: "all",
			of: (row) => linesWhere(row.map, (mask) => mask === chosen),
		},
	];
}
