// diagram.jsx - regions of footprints as a picture: circles for up to three platforms, UpSet for
// more.
import { computeTextCentres, normalizeSolution, scaleSolution, venn } from "@upsetjs/venn.js";
import { addressOf, usePlace } from "./address.js";
import { count, percent } from "./number.js";
import { platformClass, PlatformName, platformPattern, regionName } from "./platform.jsx";
import { maskOf, placesOf, sortedRegions, study, total } from "./study.js";

const regionLabel = (mask, chosen, lines) => `${regionName(mask, chosen)}: ${count(lines)} lines`;

// A dot says whether a platform is in a region.
const dotClass = (mask, place) => ((mask >> place) & 1 ? `fill ${platformClass(place)}` : "absent");

const describe = (list, chosen) =>
	list.map(([mask, lines]) => `${regionName(mask, chosen)} ${count(lines)}`).join("; ");

// ---- circles ----

// Sets and their pairs as venn.js wants them: sizes of intersections, exclusive or not.
function overlaps(map, places) {
	const list = [];
	for (let subset = 1; subset < 1 << places.length; subset++) {
		const members = places.filter((_, i) => (subset >> i) & 1);
		const size = [...map].reduce(
			(sum, [mask, lines]) =>
				sum + (members.every((place) => (mask >> place) & 1) ? lines : 0),
			0,
		);
		list.push({ sets: members.map(String), size });
	}
	return list;
}

// A circle for each platform, with areas as close to the numbers of lines as circles allow, and
// where the number of each region goes.
function layout(map, places, width, height) {
	const areas = overlaps(map, places);
	const present = areas.filter((area) => area.size > 0);
	if (!present.length) return { circles: {}, centres: {} };
	const circles = scaleSolution(
		normalizeSolution(venn(present), Math.PI / 2),
		width,
		height,
		12,
	);
	return { circles, centres: computeTextCentres(circles, present) };
}

function Circles({ map, places, width, height, link }) {
	const { circles, centres } = layout(map, places, width, height);
	const chosen = maskOf(places);
	const list = sortedRegions(map);
	return (
		<svg
			class="venn"
			viewBox={`0 0 ${width} ${height}`}
			role={link ? "group" : "img"}
			aria-label={`Venn diagram: ${describe(list, chosen)}`}
		>
			{places
				.filter((place) => circles[place])
				.map((place) => (
					<g key={place}>
						<circle
							cx={circles[place].x}
							cy={circles[place].y}
							r={circles[place].radius}
							class={`circle ${platformClass(place)}`}
						/>
						<circle
							cx={circles[place].x}
							cy={circles[place].y}
							r={circles[place].radius}
							fill={platformPattern(place)}
							class="over"
						/>
					</g>
				))}
			{list.map(([mask, lines]) => {
				const centre = centres[placesOf(mask).map(String).join(",")];
				if (!centre || centre.disjoint) return null;
				const text = (
					<text x={centre.x} y={centre.y} class="region-count">
						{count(lines)}
						<title>{regionName(mask, chosen)}</title>
					</text>
				);
				return link ? (
					<a
						key={mask}
						href={link(mask)}
						aria-label={regionLabel(mask, chosen, lines)}
					>
						{text}
					</a>
				) : (
					<g key={mask}>{text}</g>
				);
			})}
		</svg>
	);
}

// ---- UpSet ----

// A small diagram without words: bars of the largest regions above the dots of their platforms.
function SmallUpSet({ map, places }) {
	const list = sortedRegions(map).slice(0, 8);
	const chosen = maskOf(places);
	const largest = list[0]?.[1] ?? 1;
	const dots = 11;
	return (
		<svg
			class="upset"
			viewBox={`0 0 170 ${70 + places.length * dots}`}
			role="img"
			aria-label={`UpSet diagram: ${describe(list, chosen)}`}
		>
			{list.map(([mask, lines], i) => (
				<g key={mask}>
					<rect
						x={4 + i * 20}
						y={62 - (60 * lines) / largest}
						width="14"
						height={(60 * lines) / largest}
						class="bar"
					/>
					{places.map((place, row) => (
						<circle
							key={place}
							cx={11 + i * 20}
							cy={72 + row * dots}
							r="4"
							class={dotClass(mask, place)}
						/>
					))}
				</g>
			))}
		</svg>
	);
}

export function SmallDiagram({ map, places }) {
	return places.length <= 3 ? (
		<Circles map={map} places={places} width={170} height={114} />
	) : (
		<SmallUpSet map={map} places={places} />
	);
}

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

// @length: as a fraction of the longest bar
function Bar({ length }) {
	return (
		<svg width="120" height="10" aria-hidden="true">
			<rect width={120 * length} height="10" class="bar" />
		</svg>
	);
}

// All regions as rows: their platforms and their number of lines. This picture is its own text.
function RegionTable({ map, places, link, selected }) {
	const chosen = maskOf(places);
	const list = sortedRegions(map);
	const all = total(map);
	const largest = list[0]?.[1] ?? 1;
	return (
		<table class="regions" id="regions">
			<caption>
				Lines by the exact set of platforms that execute them. Select a
				number to see its lines.
			</caption>
			<thead>
				<tr>
					{places.map((place) => (
						<th key={place} scope="col">
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
					<tr key={mask} class={mask === selected ? "selected" : ""}>
						{places.map((place) => (
							<td key={place} class="dot">
								<Dot mask={mask} place={place} />
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
						<td class="number">{percent(lines, all)}</td>
						<td class="length">
							<Bar length={lines / largest} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

// @page: the view that shows the lines of a region; @changes: of the address besides the region
export function Diagram({ map, places, page, changes, selected }) {
	const { params } = usePlace();
	const link = (mask) =>
		addressOf(page, params, {
			...changes,
			r: placesOf(mask).map((place) => study.names[place]),
		});
	return (
		<div class="diagram">
			{places.length <= 3 && map.size > 0 && (
				<figure>
					<Circles
						map={map}
						places={places}
						width={360}
						height={260}
						link={link}
					/>
					<figcaption>
						Areas are as close to the numbers as circles allow.
					</figcaption>
				</figure>
			)}
			<RegionTable map={map} places={places} link={link} selected={selected} />
		</div>
	);
}
