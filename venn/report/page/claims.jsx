// claims.jsx - what was claimed about the platforms, and what this study found.
import { addressOf, usePlace } from "./address.js";
import { Command } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { count } from "./number.js";
import { study } from "./study.js";

const verdicts = ["holds", "differs", "not measured", "not comparable", "for information"];

function Claim({ claim }) {
	return (
		<li class="claim" id={`claim-${claim.name}`} data-verdict={claim.verdict}>
			<h2>
				<span class={`verdict verdict-${verdicts.indexOf(claim.verdict)}`}>
					{claim.verdict}
				</span>{" "}
				{claim.claim}
			</h2>
			<p class="quiet">
				{claim.place}; {claim.class}; {claim.name}
			</p>
			<dl>
				{claim.expected !== null && (
					<div>
						<dt>Expected</dt>
						<dd>
							<code>{claim.expected}</code>
						</dd>
					</div>
				)}
				<div>
					<dt>Found</dt>
					<dd>
						<code>{claim.got}</code>
					</dd>
				</div>
				{claim.note !== null && claim.verdict !== "holds" && (
					<div>
						<dt>Note</dt>
						<dd>{claim.note}</dd>
					</div>
				)}
			</dl>
		</li>
	);
}

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
			<ol class="claims">
				{shown.map((claim) => (
					<Claim key={claim.name} claim={claim} />
				))}
			</ol>
			<Command words={["claims"]} />
		</>
	);
}
