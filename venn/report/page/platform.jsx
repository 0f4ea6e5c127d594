// platform.jsx - platforms as names, colours and patterns.
import { placesOf, study } from "./study.js";

const kinds = 8; // of colours and patterns in report.css

export const platformClass = (place) => `platform-${place % kinds}`;

// When the colours repeat, each is combined with another pattern.
export const platformPattern = (place) =>
	`url(#pattern-${(place + Math.floor(place / kinds)) % kinds})`;

// @colour: a class that sets one; @pattern: what is drawn over it
export function Swatch({ colour, pattern }) {
	return (
		<svg class="swatch" width="12" height="12" aria-hidden="true">
			<rect width="12" height="12" class={`fill ${colour}`} />
			<rect width="12" height="12" fill={pattern} />
		</svg>
	);
}

export function PlatformName({ place }) {
	return (
		<span class="platform" title={study.names[place]}>
			<Swatch colour={platformClass(place)} pattern={platformPattern(place)} />
			{study.names[place]}
		</span>
	);
}

// One that has no footprint has no colour.
export const NamedPlatform = ({ name }) =>
	study.names.includes(name) ? (
		<PlatformName place={study.names.indexOf(name)} />
	) : (
		<span class="platform" title={name}>
			{name}
		</span>
	);

const hatches = [
	null,
	"M0,6 L6,0",
	"M0,0 L6,6",
	"M0,3 L6,3",
	"M3,0 L3,6",
	"M0,3 L6,3 M3,0 L3,6",
	"M0,0 L6,6 M0,6 L6,0",
	"M2,3 L4,3",
];

const tile = 6; // of a pattern

// What a region of several platforms is filled with: stripes of their colours.
function Stripes({ mask }) {
	const places = placesOf(mask);
	return (
		<pattern
			id={`region-${mask}`}
			width={places.length * tile}
			height={tile}
			patternUnits="userSpaceOnUse"
			patternTransform="rotate(45)"
		>
			{places.map((place, i) => (
				<rect
					key={place}
					x={i * tile}
					width={tile}
					height={tile}
					class={`fill ${platformClass(place)}`}
				/>
			))}
		</pattern>
	);
}

// What a region of one platform is filled with: its colour and its pattern.
function Plain({ place }) {
	return (
		<pattern
			id={`region-${1 << place}`}
			width={tile}
			height={tile}
			patternUnits="userSpaceOnUse"
		>
			<rect width={tile} height={tile} class={`fill ${platformClass(place)}`} />
			<rect width={tile} height={tile} fill={platformPattern(place)} />
		</pattern>
	);
}

const stripedMax = 6; // platforms, of whose regions each has stripes of its own

// The fill of a region, as attributes: what all of the @chosen execute is plain.
export function regionFill(mask, chosen) {
	if (mask === chosen && placesOf(mask).length > 1) return { class: "fill share-all" };
	if (placesOf(mask).length > 1 && study.names.length > stripedMax)
		return { fill: "url(#pattern-some)" };
	return { fill: `url(#region-${mask})` };
}

export const RegionSwatch = ({ mask, chosen }) => (
	<svg class="swatch" width="14" height="14" aria-hidden="true">
		<rect width="14" height="14" {...regionFill(mask, chosen)} />
	</svg>
);

// Patterns tell platforms apart where colours do not: on paper, or for readers who see colours
// differently.
export function Patterns() {
	const all = study.names.length;
	const several =
		all > stripedMax
			? []
			: Array.from({ length: 1 << all }, (_, mask) => mask).filter(
					(mask) => (mask & (mask - 1)) !== 0,
				);
	return (
		<svg class="patterns" width="0" height="0" aria-hidden="true">
			<defs>
				{hatches.map((path, i) => (
					<pattern
						id={`pattern-${i}`}
						key={i}
						width="6"
						height="6"
						patternUnits="userSpaceOnUse"
					>
						{path && <path d={path} class="hatch" />}
					</pattern>
				))}
				<pattern
					id="pattern-some"
					width="5"
					height="5"
					patternUnits="userSpaceOnUse"
				>
					<rect width="5" height="5" class="fill share-some" />
					<circle cx="2.5" cy="2.5" r="0.9" class="dot" />
				</pattern>
				{study.names.map((name, place) => (
					<Plain key={name} place={place} />
				))}
				{several.map((mask) => (
					<Stripes key={mask} mask={mask} />
				))}
			</defs>
		</svg>
	);
}

// "only runc", "runc + gvisor", "all 3: host, runc, gvisor".
export function regionName(mask, chosen) {
	const names = placesOf(mask).map((place) => study.names[place]);
	if (names.length === 1) return mask === chosen ? names[0] : `only ${names[0]}`;
	if (mask === chosen) return `all ${names.length}: ${names.join(", ")}`;
	return names.join(" + ");
}
