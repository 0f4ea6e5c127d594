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
		<span class="platform">
			<Swatch colour={platformClass(place)} pattern={platformPattern(place)} />
			{study.names[place]}
		</span>
	);
}

// One that has no footprint has no colour.
export const NamedPlatform = ({ name }) =>
	study.names.includes(name) ? <PlatformName place={study.names.indexOf(name)} /> : name;

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

// Patterns tell platforms apart where colours do not: on paper, or for readers who see colours
// differently.
export function Patterns() {
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
					<circle cx="2.5" cy="2.5" r="0.9" class="dot" />
				</pattern>
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
