// width.js - how wide things are: an element, a text.
import { useEffect, useState } from "preact/hooks";

// The width of an element, and whenever it changes.
export function useWidth(ref, usual) {
	const [width, setWidth] = useState(usual);
	useEffect(() => {
		const observer = new ResizeObserver(([entry]) =>
			setWidth(Math.max(260, Math.floor(entry.contentRect.width))),
		);
		observer.observe(ref.current);
		return () => observer.disconnect();
	}, []);
	return width;
}

let pen;

// The text if it fits into @width, else as much of it as does, or nothing.
export function fitted(text, width, font) {
	pen ??= document.createElement("canvas").getContext("2d");
	pen.font = font;
	if (pen.measureText(text).width <= width) return text;
	const one = pen.measureText("m").width;
	let length = Math.min(text.length - 1, Math.floor((2 * width) / one));
	while (length > 2 && pen.measureText(`${text.slice(0, length)}…`).width > width) length--;
	return length > 2 ? `${text.slice(0, length)}…` : "";
}
