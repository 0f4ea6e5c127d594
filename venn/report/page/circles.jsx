// circles.jsx - regions of up to three platforms as circles, as covdb venn --format svg draws them:
// the stronger the shade, the more lines; circles have no size of their own.
import { count } from "./number.js";
import { regionName } from "./platform.jsx";
import { maskOf, sortedRegions, study, total } from "./study.js";

const radius = 130;
const distance = 150; // of centres
const half = 255; // of the picture's width
const inner = distance / (2 * Math.sqrt(3)); // the triangle's middle to its sides

// How far from the middle of the picture a region's number stands.
const singleOfTwo = 130;
const singleOfThree = 152;
const pairOfThree = 97;

// Shades from which a number is written in the colour of the paper.
const brightFrom = 0.6;
const bright = "region-count bright";

export const circlesCaption =
	"The stronger the shade, the more lines; circles have no size of their own.";

const centresOf = (number) =>
	number === 1
		? [[0, 0]]
		: [
				[-distance / 2, number === 3 ? -inner : 0],
				[distance / 2, number === 3 ? -inner : 0],
				[0, 2 * inner],
			].slice(0, number);

function towards([x, y], far) {
	const length = Math.hypot(x, y);
	return length > 0 ? [(x / length) * far, (y / length) * far] : [x, y];
}

// Where the number of a region stands, from the middle. @inside: which circles it is in
function numberPlace(centres, inside) {
	const among = centres.filter((_, i) => inside[i]);
	const sum = [0, 1].map((axis) => among.reduce((all, centre) => all + centre[axis], 0));
	if (among.length === centres.length) return [0, 0];
	if (centres.length === 2) return towards(sum, singleOfTwo);
	return towards(sum, among.length === 1 ? singleOfThree : pairOfThree);
}

const outside = ([x, y]) =>
	`M${-half} ${-half}h${2 * half}v${2 * half}h${-2 * half}z ` +
	`M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0` +
	`a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;

function Clips({ centres }) {
	return (
		<defs>
			{centres.map(([x, y], i) => (
				<>
					<clipPath id={`circle-in-${i}`}>
						<circle cx={x} cy={y} r={radius} />
					</clipPath>
					<clipPath id={`circle-out-${i}`}>
						<path clip-rule="evenodd" d={outside([x, y])} />
					</clipPath>
				</>
			))}
		</defs>
	);
}

// What is in these circles and in no other.
const Shade = ({ inside, opacity, children }) =>
	inside.reduce(
		(within, is, i) => (
			<g clip-path={`url(#circle-${is ? "in" : "out"}-${i})`}>{within}</g>
		),
		<rect
			class="shade"
			x={-half}
			y={-half}
			width={2 * half}
			height={2 * half}
			fill-opacity={opacity}
		>
			{children}
		</rect>,
	);

function Platform({ place, i, centre: [x, y], number, lines }) {
	const isBelow = i === 2;
	const left = isBelow || number === 1 ? 0 : (i ? 1 : -1) * 118;
	const top = y + (isBelow ? radius + 24 : -radius - 28);
	return (
		<>
			<circle class="circle" cx={x} cy={y} r={radius} />
			<text class="circle-name" x={left} y={top}>
				{study.names[place]}
			</text>
			<text class="circle-total" x={left} y={top + 18}>
				{count(lines)}
			</text>
		</>
	);
}

// @link: mask => address of its lines
export function Circles({ map, places, link }) {
	const number = places.length;
	const centres = centresOf(number);
	const chosen = maskOf(places);
	const largest = sortedRegions(map)[0]?.[1] ?? 1;
	const top = 50 + radius - centres[0][1];
	const height = top + radius + (number === 3 ? centres[2][1] + 50 : 10);
	const regions = Array.from({ length: (1 << number) - 1 }, (_, i) => {
		const inside = places.map((_place, at) => ((i + 1) >> at) & 1);
		const mask = maskOf(places.filter((_place, at) => inside[at]));
		const lines = map.get(mask) ?? 0;
		const opacity = lines ? 0.04 + (0.91 * lines) / largest : 0;
		return { inside, mask, lines, opacity, name: regionName(mask, chosen) };
	});
	const describe = regions.map(({ name, lines }) => `${name} ${count(lines)}`).join("; ");
	return (
		<svg
			class="venn"
			viewBox={`${-half} ${-top} ${2 * half} ${height}`}
			role="group"
			aria-label={`Venn diagram of ${count(total(map))} lines: ${describe}`}
		>
			<Clips centres={centres} />
			{regions.map(({ inside, mask, lines, opacity, name }) => (
				<Shade key={mask} inside={inside} opacity={opacity}>
					<title>{`${name}: ${count(lines)} lines`}</title>
				</Shade>
			))}
			{places.map((place, i) => (
				<Platform
					key={place}
					place={place}
					i={i}
					centre={centres[i]}
					number={number}
					lines={[...map].reduce(
						(sum, [mask, lines]) =>
							sum + ((mask >> place) & 1 ? lines : 0),
						0,
					)}
				/>
			))}
			{regions.map(({ inside, mask, lines, opacity, name }) => {
				const [x, y] = numberPlace(centres, inside);
				const text = (
					<text
						class={
							opacity >= brightFrom
								? bright
								: "region-count"
						}
						x={x}
						y={y + 5}
					>
						{count(lines)}
					</text>
				);
				return lines ? (
					<a
						key={mask}
						href={link(mask)}
						aria-label={`${name}: ${count(lines)} lines`}
					>
						{text}
					</a>
				) : (
					<g key={mask} class="quiet">
						{text}
					</g>
				);
			})}
		</svg>
	);
}
