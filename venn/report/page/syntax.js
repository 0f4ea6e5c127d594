// syntax.js - C in colours; a script of its own, loaded when source text is shown.
import { parser } from "@lezer/cpp";
import { classHighlighter, highlightCode } from "@lezer/highlight";

// Lines of a source file, each as a list of [text, class or ""].
globalThis.covdbSyntax = (text) => {
	const lines = [[]];
	highlightCode(
		text,
		parser.parse(text),
		classHighlighter,
		(piece, classes) => lines.at(-1).push([piece, classes]),
		() => lines.push([]),
	);
	return lines;
};
