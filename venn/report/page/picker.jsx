// picker.jsx - fields in which the reader chooses: workload, platforms, directory.
import { addressOf, goTo, questionOf, usePlace } from "./address.js";
import { PlatformName } from "./platform.jsx";
import { platformsOf, study } from "./study.js";

const kindTitles = { workload: "Workloads", phase: "Phases", idle: "Idle platforms", observer: "Observer" };

export function Pickers({ view: page }) {
	const { params } = usePlace();
	const question = questionOf(params);
	const there = platformsOf(question.view);
	const groups = Object.keys(kindTitles).map((kind) => [kind, study.workloads.filter((workload) => workload.kind === kind)]);
	const toggle = (place) => {
		const next = question.places.includes(place)
			? question.places.filter((other) => other !== place)
			: there.filter((other) => other === place || question.places.includes(other));
		if (next.length) goTo(addressOf(page, params, { p: next.length === there.length ? null : next.map((i) => study.names[i]), r: null }));
	};
	return (
		<form class="pickers" aria-label="what is shown" onSubmit={(event) => event.preventDefault()}>
			<label>
				Workload{" "}
				<select
					id="workload"
					value={question.workload ?? ""}
					onChange={(event) => goTo(addressOf(page, params, { w: event.currentTarget.value || null, p: null, r: null }))}
				>
					<option value="">all workloads united</option>
					{groups.map(
						([kind, list]) =>
							list.length > 0 && (
								<optgroup label={kindTitles[kind]} key={kind}>
									{list.map((workload) => (
										<option key={workload.name} value={workload.name} selected={workload.name === question.workload}>
											{workload.name}
										</option>
									))}
								</optgroup>
							),
					)}
				</select>
			</label>
			<fieldset>
				<legend>Platforms</legend>
				{there.map((place) => (
					<label key={place}>
						<input type="checkbox" name="platform" value={study.names[place]} checked={question.places.includes(place)} disabled={question.chosen === 1 << place} onChange={() => toggle(place)} />
						<PlatformName place={place} />
					</label>
				))}
			</fieldset>
		</form>
	);
}

export function DirectoryField({ page }) {
	const { params } = usePlace();
	const change = (event) => goTo(addressOf(page, params, { dir: event.currentTarget.value.trim() || null }));
	return (
		<label>
			In <input id="directory" type="text" size="24" placeholder="the whole kernel" value={params.get("dir") ?? ""} onChange={change} />
		</label>
	);
}

export function OnlyField({ page, question }) {
	const { params } = usePlace();
	return (
		<label>
			Only on{" "}
			<select id="only" value={params.get("only") ?? ""} onChange={(event) => goTo(addressOf(page, params, { only: event.currentTarget.value || null }))}>
				<option value="">any</option>
				{question.places.map((place) => (
					<option key={place} value={study.names[place]} selected={params.get("only") === study.names[place]}>{study.names[place]}</option>
				))}
			</select>
		</label>
	);
}
