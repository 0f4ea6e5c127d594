// layout.cjs - what of a page is cut off, overlaps, or makes the page scroll sideways, as the boxes
// of its elements tell.

// These run in the page. @kit: { found, frames, isNarrow, isPrint }, what was found so far, the
// frame around what is within an element, and where; of a phone's screen (isNarrow) tables may
// scroll within their frame, source text may on every screen.

const slack = 1.5; // fractions of a pixel, rounded twice
const kindMax = 5; // faults of a kind that are listed

function note({ found }, kind, what) {
	if (found.filter((each) => each.startsWith(kind)).length < kindMax)
		found.push(`${kind}: ${what}`);
}

function nameOf(element) {
	const classes = (element.getAttribute("class") ?? "").split(/\s+/).filter(Boolean);
	const name = [element.tagName.toLowerCase(), ...classes.map((each) => `.${each}`)].join("");
	return `${name} '${element.textContent.trim().slice(0, 40)}'`;
}

const isHidden = (element) =>
	!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ||
	element.closest(".skip, .patterns, .sr-only, title, style");

const scrolls = (overflow) => ["auto", "scroll"].includes(overflow);

// The innermost element around this one that scrolls sideways; null if none does.
function frameOf(kit, element) {
	const parent = element.parentElement;
	if (!parent) return null;
	if (!kit.frames.has(parent)) {
		const isFrame = scrolls(getComputedStyle(parent).overflowX);
		kit.frames.set(parent, isFrame ? parent : frameOf(kit, parent));
	}
	return kit.frames.get(parent);
}

const mayScroll = ({ isNarrow, isPrint }, frame) =>
	!isPrint && (frame.matches(".listing") || (isNarrow && frame.matches(".table")));

// Whether an element is narrower or lower than what is in it. What has a title says it all.
function checkBox(kit, element) {
	const style = getComputedStyle(element);
	if (style.overflowX === "visible" || isHidden(element)) return;
	if (element.title || element.clientWidth === 0) return;
	const isFrame = scrolls(style.overflowX) && mayScroll(kit, element);
	if (element.scrollWidth > element.clientWidth + slack && !isFrame)
		note(
			kit,
			"cut off",
			`${nameOf(element)} ${element.scrollWidth} of ${element.clientWidth}`,
		);
	const isLow = element.scrollHeight > element.clientHeight + 3;
	if (isLow && ["hidden", "clip"].includes(style.overflowY))
		note(kit, "cut off below", nameOf(element));
}

// What is seen of a box within the frame that scrolls it.
function within(kit, box, frame, element) {
	const port = frame.getBoundingClientRect();
	const isOut = box.right > port.right + slack || box.left < port.left - slack;
	if (isOut && !mayScroll(kit, frame)) note(kit, "cut off by its frame", nameOf(element));
	const head = frame.matches(".listing") && frame.querySelector(".code-head");
	const isBelow = head && !element.closest(".code-head");
	return {
		left: Math.max(box.left, port.left),
		right: Math.min(box.right, port.right),
		top: Math.max(box.top, isBelow ? head.getBoundingClientRect().bottom : port.top),
		bottom: Math.min(box.bottom, port.bottom),
	};
}

// Whether the picture around a text cuts it: the innermost one clips.
function checkPicture(kit, box, element) {
	const picture = element.closest("svg");
	if (!picture || getComputedStyle(picture).overflowX === "visible") return;
	const port = picture.getBoundingClientRect();
	const isWide = box.left < port.left - slack || box.right > port.right + slack;
	if (isWide || box.top < port.top - 3 || box.bottom > port.bottom + 3)
		note(kit, "cut off by its picture", nameOf(element));
}

// The box of a piece of text as far as it is seen; null if it is not.
function seen(kit, rect, element) {
	if (rect.width < 1 || rect.height < 1) return null;
	const frame = frameOf(kit, element);
	const { left, right, top, bottom } = rect;
	const whole = { left, right, top, bottom };
	const box = frame ? within(kit, whole, frame, element) : whole;
	if (box.left >= box.right || box.top >= box.bottom) return null;
	if (box.right > document.documentElement.clientWidth + slack || box.left < -slack)
		note(kit, "outside of the page", nameOf(element));
	checkPicture(kit, box, element);
	return { ...box, element };
}

// Every piece of text that is seen.
function textsOf(kit) {
	const texts = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const range = document.createRange();
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const element = node.parentElement;
		if (!node.data.trim() || isHidden(element)) continue;
		if (element.closest("select, textarea, datalist, dialog:not([open])")) continue;
		range.selectNodeContents(node);
		for (const rect of range.getClientRects()) {
			const box = seen(kit, rect, element);
			if (box) texts.push(box);
		}
	}
	return texts;
}

// Two texts at the same place: by their upper edges, each against those that begin in it.
function checkOverlaps(kit, texts) {
	const depth = 3; // boxes of lines may touch
	texts.sort((a, b) => a.top - b.top);
	for (const [i, one] of texts.entries())
		for (let j = i + 1; j < texts.length && texts[j].top < one.bottom - depth; j++) {
			const other = texts[j];
			const wide =
				Math.min(one.right, other.right) - Math.max(one.left, other.left);
			const tall = Math.min(one.bottom, other.bottom) - other.top;
			if (other.element !== one.element && wide > 2 && tall > depth)
				note(
					kit,
					"overlap",
					`${nameOf(one.element)} and ${nameOf(other.element)}`,
				);
		}
}

function faults(isNarrow, isPrint) {
	const kit = { found: [], frames: new Map(), isNarrow, isPrint };
	const { scrollWidth, clientWidth } = document.documentElement;
	if (scrollWidth > clientWidth + slack)
		note(kit, "the page scrolls sideways", `${scrollWidth} of ${clientWidth}`);
	for (const element of document.body.querySelectorAll("*")) {
		const isField = element.matches("input, select, textarea, canvas");
		if (!(element instanceof SVGElement) && !isField) checkBox(kit, element);
	}
	checkOverlaps(kit, textsOf(kit));
	return kit.found;
}

const parts = [
	note,
	nameOf,
	frameOf,
	checkBox,
	within,
	checkPicture,
	seen,
	textsOf,
	checkOverlaps,
	faults,
];
const constants = Object.entries({ slack, kindMax, isHidden, scrolls, mayScroll });
const script = [
	...constants.map(([name, value]) => `const ${name} = ${value};`),
	...parts.map(String),
].join("\n");

// Texts, one for each fault of what a tab shows, at most a few of a kind.
const faultsOf = (page, width, isPrint) =>
	page.evaluate(`(() => {${script}\nreturn faults(${width < 600}, ${isPrint}); })()`);

const widths = [390, 1440, 1920];

// The views of a study, with what they look like when something was chosen. @names: its platforms;
// @file: a file of it
const states = (views, query, names, file, directory) => [
	...views.map((view) => `#${view}`),
	`#explore?${query({ dir: directory })}`,
	`#explore?${query({ r: names.slice(0, 1) })}`,
	`#explore?${query({ p: names.slice(0, 3), r: names.slice(0, 2) })}`,
	`#explore?${query({ p: names.slice(0, 2) })}`,
	`#file?${query({ path: file })}`,
];

module.exports = { faultsOf, states, widths };
