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

const looks = [
	{ name: "light", options: { colorScheme: "light" } },
	{ name: "dark", options: { colorScheme: "dark" } },
	{ name: "print", options: { colorScheme: "light" }, media: "print" },
];

for (const width of widths)
	for (const { name, options, media } of looks)
		test(`boxes at ${width} px, ${name}`, async () => {
			const names = covdbJson("venn", "--dir", ".").platforms;
			const tab = await openReport(browser, REPORT, {
				...options,
				viewport: { width, height: 900 },
			});
			const file = study.files[0];
			const all = [];
			for (const address of states(
				views,
				query,
				names,
				file,
				study.directories[1] ?? ".",
			)) {
				await tab.open(address);
				if (media) await tab.page.emulateMedia({ media });
				await tab.settle();
				for (const fault of await faultsOf(
					tab.page,
					width,
					media === "print",
				))
					all.push(`${address} ${fault}`);
				if (media) await tab.page.emulateMedia({ media: "screen" });
			}
			await tab.close();
			assert.deepEqual(all, []);
		});
