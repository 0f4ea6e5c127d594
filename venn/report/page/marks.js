// marks.js - what other layers know of the functions of a file: known vulnerabilities, samples of
// profiles.
import { part } from "./data.js";
import { count } from "./number.js";
import { records } from "./records.js";
import { symbolOf } from "./stack.js";

// Names of functions to their records, of those that lie in @path.
async function vulnerabilities(view, path) {
	const found = new Map();
	const data = await records(view);
	for (const { cve, files, functions } of data?.rows ?? [])
		if (files.includes(path))
			for (const name of functions)
				found.set(name, [...(found.get(name) ?? []), cve]);
	return found;
}

// Names of functions to the largest share of a platform's samples that has them in its stack.
async function samples(workload) {
	const shares = new Map();
	for (const profile of await part("profiles")) {
		if (workload !== null && profile.workload !== workload) continue;
		const own = new Map();
		let all = 0;
		for (let i = 0; i < profile.stacks.length; i += 2) {
			const number = profile.stacks[i + 1];
			all += number;
			for (const name of new Set(profile.stacks[i].split(";").map(symbolOf)))
				own.set(name, (own.get(name) ?? 0) + number);
		}
		for (const [name, number] of own)
			if (number / all > (shares.get(name)?.share ?? 0))
				shares.set(name, {
					share: number / all,
					platform: profile.platform,
				});
	}
	return shares;
}

const named = 2; // records that stand there by name

// Of each function's first line: [{ text, view, changes, kind }].
export async function marksOf(data, path, question, workload) {
	const [known, sampled] = await Promise.all([
		vulnerabilities(question.view, path),
		samples(workload),
	]);
	const marks = new Map();
	for (const [start, , name] of data.functions) {
		const list = [];
		const cves = known.get(name);
		if (cves)
			list.push({
				text:
					cves.length > named
						? `${count(cves.length)} vulnerabilities`
						: cves.join(", "),
				view: "cves",
				changes: { q: path },
				kind: "cve",
			});
		const at = sampled.get(name);
		const share = (100 * (at?.share ?? 0)).toFixed(1);
		if (at && at.share >= 0.001)
			list.push({
				text: `${share} % of ${at.platform}'s samples`,
				view: "profiles",
				changes: { f: name, a: at.platform, pw: workload },
				kind: "profile",
			});
		// Functions of the same lines, as a system call and its wrapper, say the same once.
		const there = marks.get(start) ?? [];
		const fresh = list.filter(({ text }) => there.every((each) => each.text !== text));
		if (fresh.length) marks.set(start, [...there, ...fresh]);
	}
	return marks;
}
