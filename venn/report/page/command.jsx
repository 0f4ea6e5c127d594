// command.jsx - the command that prints what a view shows.
import { shownPath, study } from "./study.js";

const quoted = (word) =>
	/^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

// The command that answers the same.
export function Command({ words }) {
	const { analysis } = study;
	const all = ["covdb", ...words, "--rule", analysis.rule, "--baseline", analysis.baseline];
	return (
		<p class="command">
			The same on the command line:{" "}
			<code>{all.map((word) => quoted(String(word))).join(" ")}</code>
		</p>
	);
}

// Options of a command for a directory; for the workload; for workload and platforms.
export const directoryWords = (node) => (node.path === "." ? [] : ["--dir", shownPath(node)]);

export const workloadWords = (question) =>
	question.workload === null ? [] : ["--workload", question.workload];

export function questionWords(question) {
	const words = workloadWords(question);
	if (!question.isAll)
		words.push(
			"--platforms",
			question.places.map((place) => study.names[place]).join(","),
		);
	return words;
}
