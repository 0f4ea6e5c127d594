// charts.jsx - charts of what workloads measured; a script of its own, loaded when they are shown.
import { dot, lineY, plot, ruleX, ruleY } from "@observablehq/plot";

const colours = [
	"#e69f00",
	"#56b4e9",
	"#009e73",
	"#cc79a7",
	"#0072b2",
	"#d55e00",
	"#8a8a8a",
	"#b8a500",
];

const symbols = ["circle", "square", "triangle", "diamond", "star", "cross", "wye", "asterisk"];

// Medians with the range of all trials, beside each other by platform, or along an axis.
// @points: { x, series, place, median, low, high }
// @x: what the axis is of; null if the platforms are all that differs
// @highest: of all charts on this scale; @paper: { x, series, value }, x undefined: wherever
globalThis.covdbChart = ({ points, x, y, names, highest, paper }) => {
	const places = [...new Set(points.map((point) => point.place))].sort((a, b) => a - b);
	const domain = places.map((place) => names[place]);
	const along = x === null ? "series" : "x";
	const last = Math.max(...points.map((point) => point.x));
	const printed = paper.map((each) => ({ ...each, x: each.x ?? last }));
	const top = Math.max(highest, ...printed.map((each) => each.value));
	const picture = plot({
		width: 440,
		height: 240,
		marginLeft: 64,
		marginTop: 28,
		x: {
			type: "point",
			label: x,
			domain: x === null ? domain : [...new Set(points.map((point) => point.x))],
		},
		y: { label: y, domain: [0, top], grid: true, nice: true },
		color: { domain, range: places.map((place) => colours[place % colours.length]) },
		symbol: { domain, range: places.map((place) => symbols[place % symbols.length]) },
		marks: [
			ruleY([0]),
			...(x === null
				? []
				: [
						lineY(points, {
							x: "x",
							y: "median",
							stroke: "series",
							z: "series",
						}),
					]),
			ruleX(points, {
				x: along,
				y1: "low",
				y2: "high",
				stroke: "series",
				strokeWidth: 2,
			}),
			dot(points, {
				x: along,
				y: "median",
				stroke: "series",
				fill: "series",
				symbol: "series",
				r: 5,
			}),
			dot(printed, {
				x: along,
				y: "value",
				stroke: "currentColor",
				symbol: "diamond2",
				r: 6,
				strokeWidth: 1.5,
			}),
		],
	});
	// Its style is in report.css, as the page allows no inline style. Whoever puts it on the
	// page also describes what it shows.
	for (const style of picture.querySelectorAll("style")) style.remove();
	for (const marks of picture.querySelectorAll("[aria-label]"))
		marks.removeAttribute("aria-label");
	picture.setAttribute("aria-hidden", "true");
	return picture;
};
