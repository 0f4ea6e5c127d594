// profiles_test.cjs - the profiles of the report are those of covdb profile, and can be asked.
// usage: COVDB=DATABASE node --test profiles_test.cjs, with PROGRAM: covdb, REPORT: the page's
// directory; profiles of the platforms a and b, of which b is emulated
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { test } = require("node:test");
const { withReport } = require("./browser.cjs");

let report, page;

withReport((opened) => ({ report, page } = opened));

const asked = (...words) =>
	JSON.parse(
		execFileSync(process.env.PROGRAM, ["profile", "--format", "json", ...words], {
			stdio: ["ignore", "pipe", "ignore"],
		}),
	);

// [name, class] of each frame that is drawn.
const frames = () =>
	page.$$eval(".icicle .frame", (all) =>
		all.map((each) => [each.dataset.name, each.getAttribute("class").split(" ")[1]]),
	);

const title = (name) => page.locator(`.frame[data-name="${name}"] > title`).first().textContent();

test("a profile has the frames, shares and kinds of covdb profile", async () => {
	await report.open("#profiles?a=a");
	const { rows } = asked("--platform", "a");
	assert.deepEqual(
		(await frames()).sort(),
		rows.map((row) => [row.function, row.kernel ? "kernel" : "program"]).sort(),
	);
	for (const row of rows) {
		const { share, low, high, samples } = row.sides[0];
		const [a, b, c] = [share, low, high].map((each) => (100 * each).toFixed(1));
		assert.match(
			await title(row.function),
			new RegExp(`: ${a} % \\(${b} to ${c}\\), ${samples} samples$`),
		);
	}
	assert.deepEqual(report.seen.problems, []);
});

test("a click on a function of the kernel shows what is below it", async () => {
	await report.open("#profiles?a=a");
	await page.locator('.frame[data-name="ksys_write"] rect').click();
	await report.settle();
	const { rows } = asked("--platform", "a", "--function", "ksys_write");
	assert.deepEqual(
		(await frames()).map(([name]) => name).sort(),
		rows.map((row) => row.function).sort(),
	);
	assert.equal(await page.locator("#profiles-f").inputValue(), "ksys_write");
});

test("two platforms differ where covdb profile says so", async () => {
	await report.open("#profiles?a=a&b=b&f=ksys_write");
	const { rows } = asked("--platform", "a", "--versus", "b", "--function", "ksys_write");
	const kinds = rows.map(({ differs, sides: [a, b], function: name }) => [
		name,
		differs ? (a.share > b.share ? "more" : "less") : "same",
	]);
	assert.deepEqual((await frames()).sort(), kinds.sort());
	assert.deepEqual(new Set(kinds.map(([, kind]) => kind)), new Set(["more", "less", "same"]));
});

test("what was sampled on an emulated processor says so, and too few samples do", async () => {
	await report.open("#profiles?a=b");
	assert.match(await page.locator(".profile-side").textContent(), /emulated processor/);
	await report.open("#profiles?a=a&f=vfs_read");
	assert.match(await page.locator(".profile-side").textContent(), /too few to tell/);
	assert.doesNotMatch(await page.locator(".profile-side").textContent(), /emulated/);
});

test("a search marks frames, and a frame leads to its source", async () => {
	await report.open("#profiles?a=a&find=work");
	assert.ok((await page.locator(".icicle .found").count()) > 0);
	const href = await page
		.locator(".frame:has(.source) a:has(.source)")
		.first()
		.getAttribute("href");
	assert.match(href, /^#file\?.*path=.*line=\d+/);
	assert.deepEqual(report.seen.problems, []);
});

test("the command below is the one that prints the same", async () => {
	for (const address of ["a=a", "a=b", "a=a&f=ksys_write", "a=a&b=b&f=main"]) {
		await report.open(`#profiles?${address}`);
		const command = await page.textContent(".command code");
		const words = `${command.replace(/^covdb /, '"$PROGRAM" ')} --format json`;
		const printed = execFileSync("sh", ["-c", words], {
			stdio: ["ignore", "pipe", "ignore"],
		});
		const { rows } = JSON.parse(printed);
		assert.deepEqual(
			(await frames()).map(([name]) => name).sort(),
			rows.map((row) => row.function).sort(),
			command,
		);
	}
});
