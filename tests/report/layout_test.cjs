// layout_test.cjs - nothing of any view is cut off, overlaps or makes the page scroll sideways, on
// a phone and on two desktops, on a screen and, but for the widest, on paper; in dark all is where
// it is in light.
// usage: COVDB=DATABASE node --test layout_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { test } = require("node:test");
const { openReport, views, withReport } = require("./browser.cjs");
const { faultsOf, states, widths } = require("./layout.cjs");
const { covdbJson, query, study } = require("./study.cjs");

const { REPORT } = process.env;

let browser;

withReport((opened) => ({ browser } = opened));

// The page's scripts know of neither: what a tab shows is laid out anew by its style alone. No
// paper is as wide as the widest screen.
const looksAt = (width) => (width === Math.max(...widths) ? ["screen"] : ["screen", "print"]);

// In the page: what a style sheet declares for dark alone, but for variables that are colours; and
// how many of those there are.
function otherInDark(text) {
	const found = [];
	let colours = 0;
	const look = (rules, isDark) => {
		for (const rule of rules) {
			const media = rule.media?.mediaText ?? "";
			const isInside = isDark || media.includes("color-scheme");
			for (const name of (isInside && rule.style) || []) {
				const value = rule.style.getPropertyValue(name).trim();
				// Of some there are the parts alone, which an opacity is added to.
				const isColour = [value, `rgb(${value})`].some((each) =>
					CSS.supports("color", each),
				);
				if (name.startsWith("--") && isColour) colours++;
				else found.push(`${rule.selectorText} ${name}: ${value}`);
			}
			if (rule.cssRules) look(rule.cssRules, isInside);
		}
	};
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(text);
	look(sheet.cssRules, false);
	return { found, colours };
}

// A colour moves nothing: the boxes of dark are those of light.
test("in dark there are other colours and nothing else", async () => {
	const tab = await openReport(browser, REPORT);
	await tab.open("#overview");
	const { found, colours } = await tab.page.evaluate(
		otherInDark,
		fs.readFileSync(`${REPORT}/report.css`, "utf8"),
	);
	await tab.close();
	assert.deepEqual(found, []);
	assert.ok(colours > 10, `${colours} colours`);
});

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
			await tab.page.emulateMedia({ media: "screen" });
			await tab.open(address);
			for (const media of looksAt(width)) {
				await tab.page.emulateMedia({ media });
				await tab.settle();
				for (const fault of await faultsOf(
					tab.page,
					width,
					media === "print",
				))
					all.push(`${media} ${address} ${fault}`);
			}
		}
		await tab.close();
		assert.deepEqual(all, []);
	});
