// command.jsx - the command that prints what a view shows.
import { phaseOf, shownPath, study } from "./study.js";
import { CopyButton } from "./tools.jsx";

const quoted = (word) =>
	/^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const before = "The same on the command line:";

// The command that prints the same numbers.
export function Command({ words }) {
	const text = ["covdb", ...words].map((word) => quoted(String(word))).join(" ");
	return (
		<p class="command">
			<span class="quiet">{before}</span> <code>{text}</code>{" "}
			<CopyButton textOf={() => text} title="copy this command" />
		</p>
	);
}

// The same for a command that takes a rule and a baseline.
export function AnalysisCommand({ words }) {
	const { rule, baseline } = study.analysis;
	return <Command words={[...words, "--rule", rule, "--baseline", baseline]} />;
}

// Options of a command for a directory; for the workload and its phase; for these and platforms.
export const directoryWords = (node) => (node.path === "." ? [] : ["--dir", shownPath(node)]);

export function workloadWords(question) {
	const { workload, phase } = phaseOf(question.workload);
	return [
		...(workload === null ? [] : ["--workload", workload]),
		...(phase === null ? [] : ["--phase", phase]),
	];
}

export function questionWords(question) {
	const words = workloadWords(question);
	if (!question.isAll)
		words.push(
			"--platforms",
			question.places.map((place) => study.names[place]).join(","),
		);
	return words;
}
