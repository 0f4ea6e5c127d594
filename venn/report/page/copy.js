// copy.js - texts and pictures for the clipboard and for files.

// A text to the clipboard; of a page that is not trusted with it, by a selection.
export async function copyText(text) {
	if (navigator.clipboard) return navigator.clipboard.writeText(text);
	const field = document.createElement("textarea");
	field.value = text;
	document.body.append(field);
	field.select();
	document.execCommand("copy");
	field.remove();
	return undefined;
}

export function saveText(name, type, text) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const properties = [
	"fill",
	"fill-opacity",
	"stroke",
	"stroke-width",
	"stroke-dasharray",
	"opacity",
	"font-family",
	"font-size",
	"font-weight",
	"text-anchor",
	"dominant-baseline",
	"paint-order",
];

function inline(from, to) {
	const style = getComputedStyle(from);
	for (const name of properties) to.setAttribute(name, style.getPropertyValue(name));
	to.removeAttribute("class");
	for (const [i, child] of [...from.children].entries()) inline(child, to.children[i]);
}

// What a picture refers to by url(#id), and what that refers to.
function* referred(text, seen = new Set()) {
	for (const [, id] of text.matchAll(/url\((?:"|&quot;|&#34;)?#([\w-]+)/g)) {
		const there = document.getElementById(id);
		if (!there || seen.has(id)) continue;
		seen.add(id);
		const copy = there.cloneNode(true);
		inline(there, copy);
		yield* referred(copy.outerHTML, seen);
		yield copy;
	}
}

// A picture of the page as a file of its own, which has the styles that it has here.
export function svgText(svg) {
	const copy = svg.cloneNode(true);
	const { width, height } = svg.getBoundingClientRect();
	inline(svg, copy);
	copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
	copy.setAttribute("width", width);
	copy.setAttribute("height", height);
	const inside = new Set([...copy.querySelectorAll("[id]")].map((each) => each.id));
	const defs = document.createElementNS("http://www.w3.org/2000/svg", "defs");
	defs.append(...[...referred(copy.outerHTML)].filter((each) => !inside.has(each.id)));
	copy.prepend(defs);
	const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
	for (const [name, value] of [
		["width", "100%"],
		["height", "100%"],
		["fill", getComputedStyle(document.body).backgroundColor],
	])
		ground.setAttribute(name, value);
	defs.after(ground);
	return new XMLSerializer().serializeToString(copy);
}
