// data.js - parts of the study, which are scripts: a page opened from disk can load nothing else.
// A part calls covdbPart() with its name and its JSON, compressed by gzip, in base64.

const texts = new Map(); // of parts that arrived, until they are read
const parts = new Map(); // name to the promise of its value

globalThis.covdbPart = (name, text) => texts.set(name, text);

// Loads a script beside the page: a promise, resolved once the script has run.
export function loadScript(address) {
	return new Promise((resolve, reject) => {
		const script = document.createElement("script");
		script.src = address;
		script.onload = resolve;
		script.onerror = () =>
			reject(new Error(`${address} is missing: a report is the whole directory`));
		document.head.append(script);
	});
}

async function read(name) {
	await loadScript(`data/${name}.js`);
	const bytes = Uint8Array.from(atob(texts.get(name)), (character) =>
		character.charCodeAt(0),
	);
	texts.delete(name);
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Response(stream).json();
}

// The value of a part: a promise, the same one each time.
export function part(name) {
	if (!parts.has(name)) parts.set(name, read(name));
	return parts.get(name);
}

// The numbers that a list of differences stands for.
export function summed(differences) {
	const numbers = new Int32Array(differences.length);
	let number = 0;
	for (let i = 0; i < differences.length; i++) numbers[i] = number += differences[i];
	return numbers;
}
