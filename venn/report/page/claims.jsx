// claims.jsx - what was claimed about the platforms, and what this study found.
import { addressOf, usePlace } from "./address.js";
import { Command } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { count } from "./number.js";
import { study } from "./study.js";
import { Table } from "./table.jsx";

export const verdicts = ["holds", "differs", "not measured", "not comparable", "for information"];

const columns = [
	{
		key: "claim",
		title: "Claim",
		isText: true,
		of: (claim) => claim.claim,
		show: (claim) => (
			<>
				{claim.claim}{" "}
				<span class="quiet">
					{claim.place}; {claim.class}; {claim.name}
				</span>
			</>
		),
	},
	{
		key: "expected",
		title: "Paper",
		note: "what was expected",
		isText: true,
		of: (claim) => claim.expected ?? "",
		show: (claim) => claim.expected && <code>{claim.expected}</code>,
	},
	{
		key: "got",
		title: "Here",
		note: "what this study found",
		isText: true,
		of: (claim) => claim.got,
		show: (claim) => <code>{claim.got}</code>,
	},
	{
		key: "verdict",
		title: "Verdict",
		isText: true,
		of: (claim) => claim.verdict,
		show: ({ verdict }) => (
			<span class={`verdict verdict-${verdicts.indexOf(verdict)}`}>
				{verdict}
			</span>
		),
	},
	{
		key: "note",
		title: "Note",
		isText: true,
		of: (claim) => (claim.verdict === "holds" ? "" : (claim.note ?? "")),
	},
];

const rowProps = (claim) => ({
	class: "claim",
	id: `claim-${claim.name}`,
	"data-verdict": claim.verdict,
});

export function Claims() {
	const { params } = usePlace();
	const { value: data, error } = useLater(() => part("claims"), []);
	if (!data) return <Waiting error={error} />;
	const wanted = params.get("verdict");
	const shown = data.claims.filter((claim) => !wanted || claim.verdict === wanted);
	return (
		<>
			<h1>Claims: {data.name}</h1>
			<p>
				Each claim is a query over this study with a condition on the
				result, by rule {study.analysis.rule} against baseline{" "}
				{study.analysis.baseline}.
			</p>
			<nav aria-label="verdicts" class="verdicts">
				<a
					href={addressOf("claims", params, { verdict: null })}
					aria-current={wanted ? undefined : "page"}
				>
					all {count(data.claims.length)}
				</a>
				{verdicts.map((verdict) => (
					<a
						key={verdict}
						href={addressOf("claims", params, { verdict })}
						aria-current={
							wanted === verdict ? "page" : undefined
						}
					>
						{verdict}{" "}
						{count(
							data.claims.filter(
								(claim) =>
									claim.verdict === verdict,
							).length,
						)}
					</a>
				))}
			</nav>
			<Table
				id="claim-table"
				key={wanted}
				columns={columns}
				rows={shown}
				rowKey={(claim) => claim.name}
				rowProps={rowProps}
			/>
			<Command words={["claims"]} />
		</>
	);
}
