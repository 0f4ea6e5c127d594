// diagram.jsx - regions of footprints as pictures: circles for up to three platforms, UpSet for
// more, and a table that is its own picture.
import { useRef } from "preact/hooks";
import { addressOf, usePlace } from "./address.js";
import { Circles, circlesCaption } from "./circles.jsx";
import { count, percent } from "./number.js";
import { platformClass, PlatformName, regionFill, regionName } from "./platform.jsx";
import { linesWhere, maskOf, placesOf, sortedRegions, study, total } from "./study.js";
import { TableTools } from "./table.jsx";
import { Picture, useAnchor } from "./tools.jsx";
import { fitted, useWidth } from "./width.js";

const regionLabel = (mask, chosen, lines) => `${regionName(mask, chosen)}: ${count(lines)} lines`;

// A dot says whether a platform is in a region.
const dotClass = (mask, place) => ((mask >> place) & 1 ? `fill ${platformClass(place)}` : "absent");

const describe = (list, chosen) =>
	list.map(([mask, lines]) => `${regionName(mask, chosen)} ${count(lines)}`).join("; ");

// ---- UpSet ----

const regionsMax = 31; // columns of a picture
const step = 24; // of rows of dots
const columnMin = 44; // of a number that lies

// Where the number of a bar stands: lying above it, or upright where bars are narrow.
const numberPlace = (middle, top, wide) =>
	wide < columnMin
		? { transform: `translate(${middle + 4} ${top - 5}) rotate(-90)` }
		: { x: middle, y: top - 5, "text-anchor": "middle" };

// @box: { x, wide, top, bottom } of the bar with its room on both sides
function Column({ mask, lines, places, chosen, box, link }) {
	const { x, wide, top, bottom } = box;
	const middle = x + wide / 2;
	const rowOf = (row) => bottom + 18 + row * step;
	const rows = places.map((_, row) => row).filter((row) => (mask >> places[row]) & 1);
	const label = regionLabel(mask, chosen, lines);
	return (
		<a href={link(mask)} class="column" aria-label={label}>
			<title>{label}</title>
			<rect
				class="catch"
				x={x}
				width={wide}
				height={bottom + places.length * step + 10}
			/>
			<rect
				x={x + wide * 0.18}
				y={top}
				width={wide * 0.64}
				height={bottom - top}
				{...regionFill(mask, chosen)}
			/>
			<text class="bar-count" {...numberPlace(middle, top, wide)}>
				{count(lines)}
			</text>
			{rows.length > 1 && (
				<line
					class="stem"
					x1={middle}
					x2={middle}
					y1={rowOf(rows[0])}
					y2={rowOf(rows.at(-1))}
				/>
			)}
			{places.map((place, row) => (
				<circle
					key={place}
					cx={middle}
					cy={rowOf(row)}
					r="6"
					class={dotClass(mask, place)}
				/>
			))}
		</a>
	);
}

// The platforms on the left, each with its total.
function Sets({ map, places, left, height, width }) {
	return places.map((place, row) => (
		<g key={place}>
			{row % 2 === 0 && (
				<rect
					class="stripe"
					y={height + 18 - step / 2 + row * step}
					width={width}
					height={step}
				/>
			)}
			<text class="set-name" x="4" y={height + 22 + row * step}>
				{fitted(study.names[place], left - 62, "600 12px system-ui")}
			</text>
			<text class="set-count" x={left - 8} y={height + 22 + row * step}>
				{count(linesWhere(map, (mask) => (mask >> place) & 1))}
			</text>
		</g>
	));
}

const upSetCaption = "Each bar is a region: the lines that exactly the platforms below it execute.";

// Bars of the regions above the dots of their platforms, whose totals stand on the left.
export function UpSet({ map, places, link, name, height = 230 }) {
	const frame = useRef(null);
	const width = useWidth(frame, 640);
	const all = sortedRegions(map);
	const list = all.slice(0, regionsMax);
	const chosen = maskOf(places);
	const largest = list[0]?.[1] ?? 1;
	const left = Math.min(150, width * 0.3);
	const wide = Math.min(60, (width - left) / Math.max(1, list.length));
	const room = wide < columnMin ? 52 : 20; // for the numbers above
	const tall = height + places.length * step + 12;
	const boxOf = (lines, i) => ({
		x: left + i * wide,
		wide,
		top: room + (height - room) * (1 - lines / largest),
		bottom: height,
	});
	const rest = count(all.length - list.length);
	const more = all.length > list.length ? ` ${rest} smaller ones are not drawn.` : "";
	return (
		<div ref={frame}>
			<Picture name={name} class="upset" caption={upSetCaption + more}>
				<svg
					viewBox={`0 0 ${width} ${tall}`}
					role="group"
					aria-label={`UpSet diagram: ${describe(all, chosen)}`}
				>
					<Sets
						map={map}
						places={places}
						left={left}
						height={height}
						width={left + wide * list.length}
					/>
					{list.map(([mask, lines], i) => (
						<Column
							key={mask}
							mask={mask}
							lines={lines}
							places={places}
							chosen={chosen}
							box={boxOf(lines, i)}
							link={link}
						/>
					))}
				</svg>
			</Picture>
		</div>
	);
}

// ---- cards ----

const cardWidth = 230;
const cardRow = 15;
const cardRows = 8;

// A small diagram: a row for each of the largest regions, with its dots, its bar and its number.
// @scale: lines of the longest bar of all cards
export function SmallDiagram({ map, places, scale }) {
	const list = sortedRegions(map).slice(0, cardRows);
	const chosen = maskOf(places);
	const left = places.length * 11 + 6;
	const bar = cardWidth - left - 48;
	return (
		<svg
			class="small-upset"
			viewBox={`0 0 ${cardWidth} ${cardRows * cardRow + 2}`}
			role="img"
			aria-label={`Regions: ${describe(list, chosen)}`}
		>
			{list.map(([mask, lines], row) => {
				const length = Math.max(1, (bar * lines) / scale);
				return (
					<g key={mask}>
						{places.map((place, i) => (
							<circle
								key={place}
								cx={6 + i * 11}
								cy={row * cardRow + 8}
								r="4"
								class={dotClass(mask, place)}
							/>
						))}
						<rect
							x={left}
							y={row * cardRow + 3}
							width={length}
							height={10}
							{...regionFill(mask, chosen)}
						/>
						<text
							class="bar-count"
							x={left + length + 4}
							y={row * cardRow + 12}
						>
							{count(lines)}
						</text>
					</g>
				);
			})}
		</svg>
	);
}

// ---- the table ----

function Dot({ mask, place }) {
	const label = (mask >> place) & 1 ? study.names[place] : `not ${study.names[place]}`;
	return (
		<svg width="14" height="14" role="img" aria-label={label}>
			<circle cx="7" cy="7" r="6" class={dotClass(mask, place)} />
		</svg>
	);
}

function RegionLink({ mask, chosen, lines, link }) {
	const names = placesOf(mask).map((place) => study.names[place]);
	return (
		<a
			href={link(mask)}
			aria-label={regionLabel(mask, chosen, lines)}
			data-region={names.join("+")}
		>
			{count(lines)}
		</a>
	);
}

const barWidth = 90;

// @length: as a fraction of the longest bar
const Bar = ({ length, mask, chosen }) => (
	<svg width={barWidth} height="12" aria-hidden="true">
		<rect width={barWidth * length} height="12" {...regionFill(mask, chosen)} />
	</svg>
);

// As covdb venn has them in CSV. @all: lines of all regions
const columnsOf = (all) => [
	{
		key: "platforms",
		of: ({ mask }) =>
			placesOf(mask)
				.map((place) => study.names[place])
				.join("+"),
	},
	{ key: "lines", of: ({ lines }) => lines },
	{ key: "share", of: ({ lines }) => lines / all },
];

// All regions as rows: their platforms and their number of lines. This picture is its own text.
function RegionTable({ map, places, link, selected }) {
	const frame = useRef(null);
	const chosen = maskOf(places);
	const list = sortedRegions(map);
	const all = total(map);
	const largest = list[0]?.[1] ?? 1;
	useAnchor(frame, "regions");
	return (
		<div class="table" ref={frame}>
			<table class="regions" id="regions">
				<caption>
					Lines by the exact set of platforms that execute them.
					Select a number to see its lines.
				</caption>
				<thead>
					<tr>
						{places.map((place) => (
							<th key={place} scope="col" class="upright">
								<PlatformName place={place} />
							</th>
						))}
						<th scope="col" class="number">
							Lines
						</th>
						<th scope="col" class="number">
							Share
						</th>
						<th scope="col" aria-label="Bar"></th>
					</tr>
				</thead>
				<tbody>
					{list.map(([mask, lines]) => (
						<tr
							key={mask}
							class={mask === selected ? "selected" : ""}
						>
							{places.map((place) => (
								<td key={place} class="dot">
									<Dot
										mask={mask}
										place={place}
									/>
								</td>
							))}
							<td class="number">
								<RegionLink
									mask={mask}
									chosen={chosen}
									lines={lines}
									link={link}
								/>
							</td>
							<td class="number">
								{percent(lines, all)}
							</td>
							<td class="length">
								<Bar
									length={lines / largest}
									mask={mask}
									chosen={chosen}
								/>
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<p class="more">
				<TableTools
					id="regions"
					columns={columnsOf(all)}
					rows={list.map(([mask, lines]) => ({ mask, lines }))}
				/>
			</p>
		</div>
	);
}

export const regionAddress = (view, params, changes) => (mask) =>
	addressOf(view, params, {
		...changes,
		r: placesOf(mask).map((place) => study.names[place]),
	});

// @page: the view that shows the lines of a region; @changes: of the address besides the region
export function Diagram({ map, places, page, changes, selected }) {
	const { params } = usePlace();
	const link = regionAddress(page, params, changes);
	return (
		<div class="diagram">
			{places.length <= 3 && map.size > 0 && (
				<Picture name="circles" caption={circlesCaption}>
					<Circles map={map} places={places} link={link} />
				</Picture>
			)}
			<RegionTable map={map} places={places} link={link} selected={selected} />
		</div>
	);
}
