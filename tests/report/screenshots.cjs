// screenshots.cjs - pictures of the report's main views, for docs/report.md.
// usage: NODE_PATH=build/release/tests/report/node_modules node screenshots.cjs REPORT DIRECTORY
const path = require("node:path");
const { openReport, start } = require("./browser.cjs");

const views = {
	overview: "#overview",
	explorer: "#explore?dir=net&w=cpu",
	venn: "#explore?dir=net&w=cpu&p=host&p=runc&p=gvisor&r=runc&r=gvisor",
	file: "#file?path=mm/mmap.c&line=1282&w=memory",
	functions: "#functions?w=memory&dir=mm",
	conditional: "#conditional",
	measurements: "#measurements",
	claims: "#claims?verdict=differs",
	trust: "#trust",
};

async function main() {
	const [directory, output] = process.argv.slice(2);
	const browser = await start();
	const report = await openReport(browser, directory, {
		viewport: { width: 1280, height: 800 },
	});
	for (const [name, fragment] of Object.entries(views)) {
		await report.open(fragment);
		await report.page.screenshot({ path: path.join(output, `report-${name}.png`) });
	}
	const dark = await openReport(browser, directory, {
		viewport: { width: 1280, height: 800 },
		colorScheme: "dark",
	});
	await dark.open("#explore?dir=mm");
	await dark.page.screenshot({ path: path.join(output, "report-dark.png") });
	await browser.close();
}

main().catch((error) => {
	console.error(`screenshots.cjs: ${error.message}`);
	process.exit(1);
});
