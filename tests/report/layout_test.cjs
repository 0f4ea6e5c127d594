// layout_test.cjs - nothing of any view is cut off, overlaps or makes the page scroll sideways, on
// a phone and on two desktops, in light, in dark and on paper.
// usage: COVDB=DATABASE node --test layout_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { openReport, views, withReport } = require("./browser.cjs");
const { faultsOf, states, widths } = require("./layout.cjs");
const { covdbJson, query, study } = require("./study.cjs");

const { REPORT } = process.env;

let browser;

withReport((opened) => ({ browser } = opened));

// The page's scripts know of none of these: what a tab shows is laid out anew by its style alone.
const looks = [
	{ name: "light", media: { media: "screen", colorScheme: "light" } },
	{ name: "dark", media: { media: "screen", colorScheme: "dark" } },
	{ name: "print", media: { media: "print", colorScheme: "light" } },
];

for (const width of widths)
	test(`boxes at ${width} px`, async () => {
		const names = covdbJson("venn", "--dir", ".").platforms;
		const tab = await openReport(browser, REPORT, {
			viewport: { width, height: 900 },
		});
		const [file] = study.files;
		const all = [];
		for (const address of states(
			views,
			query,
			names,
			file,
			study.directories[1] ?? ".",
		)) {
			await tab.page.emulateMedia(looks[0].media);
			await tab.open(address);
			for (const { name, media } of looks) {
				await tab.page.emulateMedia(media);
				await tab.settle();
				for (const fault of await faultsOf(
					tab.page,
					width,
					name === "print",
				))
					all.push(`${name} ${address} ${fault}`);
			}
		}
		await tab.close();
		assert.deepEqual(all, []);
	});
