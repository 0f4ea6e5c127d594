// screenshots.cjs - pictures of the report's main views, for docs/report.md.
// usage: NODE_PATH=build/release/tests/report/node_modules node screenshots.cjs REPORT DIRECTORY
const path = require("node:path");
const { openReport, start } = require("./browser.cjs");

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 780 };

// By the name of the picture: where, and how.
const views = {
	overview: ["#overview"],
	explorer: ["#explore?dir=net&w=cpu"],
	region: ["#explore?dir=net&w=cpu&r=gvisor"],
	venn: ["#explore?dir=net/ipv4&w=stream&p=host&p=runc&p=gvisor"],
	file: ["#file?path=mm/mmap.c&w=memory"],
	functions: ["#functions?w=memory&dir=mm"],
	conditional: ["#conditional"],
	measurements: ["#measurements"],
	profiles: ["#profiles?pw=stream&a=runc&f=ksys_write"],
	cves: ["#cves"],
	syscalls: ["#syscalls"],
	claims: ["#claims?verdict=differs"],
	trust: ["#trust"],
	dark: ["#explore?dir=mm", { colorScheme: "dark" }],
	phone: ["#file?path=mm/mmap.c&w=memory", { viewport: phone }],
};

async function main() {
	const [directory, output] = process.argv.slice(2);
	const browser = await start();
	for (const [name, [fragment, options]] of Object.entries(views)) {
		const report = await openReport(browser, directory, {
			viewport: desktop,
			...options,
		});
		await report.open(fragment);
		await report.page.waitForTimeout(300); // for the colours of source text
		await report.page.screenshot({ path: path.join(output, `report-${name}.png`) });
		await report.close();
	}
	await browser.close();
}

main().catch((error) => {
	console.error(`screenshots.cjs: ${error.message}`);
	process.exit(1);
});
