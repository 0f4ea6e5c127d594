// records.js - known vulnerabilities, with who executes each in a view.
import { part } from "./data.js";

// States of what nobody executes, as covdb cve orders them.
const rests = ["not observed", "not instrumented"];

// As covdb cve lists them: executed ones first, then by state; by score, then by name.
function compare(a, b) {
	const stateOf = ({ executed, rest }) => (executed ? -1 : rests.indexOf(rest));
	return (
		stateOf(a) - stateOf(b) ||
		(b.score ?? -1) - (a.score ?? -1) ||
		(a.cve < b.cve ? -1 : 1)
	);
}

// Of a study or a view without records null.
export async function records(view) {
	const [all, pairs] = await Promise.all([part("cves"), part(`cves-${view}`)]);
	if (!all || !pairs) return null;
	const executed = new Map();
	for (let i = 0; i < pairs.length; i += 2) executed.set(pairs[i], pairs[i + 1]);
	const rows = all.rows.map((row) => ({ ...row, executed: executed.get(row.cve) ?? 0 }));
	return { ...all, rows: rows.sort(compare) };
}
