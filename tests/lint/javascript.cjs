// javascript.cjs - reads names of files, one a line, and prints what is wrong with these files;
// exits with 1 if anything is, or if one of them was not checked. javascript.sh runs it.
const fs = require("node:fs");
const path = require("node:path");
const { ESLint } = require("eslint");
const prettier = require("prettier");

const widthMax = 100;
const tab = 8;
const layout = JSON.parse(fs.readFileSync(path.join(__dirname, "prettier.json"), "utf8"));
const eslint = new ESLint({ overrideConfigFile: path.join(__dirname, "eslint.config.cjs") });

function widthOf(line) {
	let width = 0;
	for (const character of line) width += character === "\t" ? tab - (width % tab) : 1;
	return width;
}

// What is wrong with a file, as lines of text. It throws if the file cannot be checked.
async function complaintsOf(name) {
	const text = fs.readFileSync(name, "utf8");
	const complaints = [];
	for (const [i, line] of text.split("\n").entries()) {
		const width = widthOf(line);
		if (width > widthMax) complaints.push(`${name}:${i + 1}: ${width} columns (width)`);
	}
	if (!(await prettier.check(text, { ...layout, filepath: name })))
		complaints.push(`${name}: prettier sets it otherwise (layout)`);
	if (!/\.(css|html)$/.test(name)) {
		if (await eslint.isPathIgnored(name)) throw new Error("the linter leaves it out");
		const [result] = await eslint.lintText(text, { filePath: name });
		for (const { line, ruleId, message } of result.messages)
			complaints.push(`${name}:${line}: ${message} (${ruleId})`);
	}
	return complaints;
}

async function main() {
	const names = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
	let checked = 0;
	let failures = 0;
	for (const name of names) {
		try {
			const complaints = await complaintsOf(name);
			for (const complaint of complaints) console.log(complaint);
			failures += complaints.length;
			checked++;
		} catch (error) {
			console.log(`${name}: not checked: ${error.message}`);
		}
	}
	console.log(`${checked} of ${names.length} files checked, ${failures} complaints`);
	if (!names.length) console.log("git lists no file to check");
	process.exitCode = names.length && checked === names.length && !failures ? 0 : 1;
}

main();
