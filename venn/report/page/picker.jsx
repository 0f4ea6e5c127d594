// picker.jsx - fields in which the reader chooses: workload, platforms, directory.
import { addressOf, goTo, questionOf, usePlace } from "./address.js";
import { PlatformName } from "./platform.jsx";
import { phaseName, phaseNames, phaseOf, platformsOf, study } from "./study.js";

const kindTitles = {
	workload: "Workloads",
	group: "Groups of workloads",
	phase: "Phases",
	idle: "Idle platforms",
	observer: "Observer",
};

// Goes to the view of another workload.
function useWorkload(page) {
	const { params } = usePlace();
	return (name) => goTo(addressOf(page, params, { w: name, p: null, r: null }));
}

// The phases of workloads are chosen beside them.
function WorkloadField({ page, workload, phase }) {
	const go = useWorkload(page);
	const change = (event) => {
		const chosen = event.currentTarget.value || null;
		const name = phaseName(chosen, phase);
		go(study.viewNames.includes(name) ? name : chosen);
	};
	const groups = Object.keys(kindTitles)
		.map((kind) => ({
			kind,
			list: study.workloads.filter(
				(each) => each.kind === kind && phaseOf(each.name).phase === null,
			),
		}))
		.filter(({ list }) => list.length > 0);
	return (
		<label>
			Workload{" "}
			<select id="workload" value={workload ?? ""} onChange={change}>
				<option value="">all workloads united</option>
				{groups.map(({ kind, list }) => (
					<optgroup label={kindTitles[kind]} key={kind}>
						{list.map(({ name }) => (
							<option
								key={name}
								value={name}
								selected={name === workload}
							>
								{name}
							</option>
						))}
					</optgroup>
				))}
			</select>
		</label>
	);
}

function PhaseField({ page, workload, phase }) {
	const go = useWorkload(page);
	const isStored = (name) => study.viewNames.includes(phaseName(workload, name));
	const change = (event) => go(phaseName(workload, event.currentTarget.value || null));
	if (!study.workloads.some(({ kind }) => kind === "phase")) return null;
	return (
		<label>
			Phase{" "}
			<select id="phase" value={phase ?? ""} onChange={change}>
				<option value="">whole trial</option>
				{phaseNames.map((name) => (
					<option
						key={name}
						value={name}
						selected={name === phase}
						disabled={!isStored(name)}
					>
						{name}
						{!isStored(name) && " (not stored)"}
					</option>
				))}
			</select>
		</label>
	);
}

export function Pickers({ view: page }) {
	const { params } = usePlace();
	const question = questionOf(params);
	const there = platformsOf(question.view);
	const chosen = phaseOf(question.workload);
	const toggle = (place) => {
		const next = question.places.includes(place)
			? question.places.filter((other) => other !== place)
			: there.filter(
					(other) =>
						other === place || question.places.includes(other),
				);
		const names = next.length === there.length ? null : next.map((i) => study.names[i]);
		if (next.length) goTo(addressOf(page, params, { p: names, r: null }));
	};
	return (
		<form
			class="pickers"
			aria-label="what is shown"
			onSubmit={(event) => event.preventDefault()}
		>
			<WorkloadField page={page} {...chosen} />
			<PhaseField page={page} {...chosen} />
			<fieldset>
				<legend>Platforms</legend>
				{there.map((place) => (
					<label key={place}>
						<input
							type="checkbox"
							name="platform"
							value={study.names[place]}
							checked={question.places.includes(place)}
							disabled={question.chosen === 1 << place}
							onChange={() => toggle(place)}
						/>
						<PlatformName place={place} />
					</label>
				))}
			</fieldset>
		</form>
	);
}

// Puts what is entered or chosen into the address of @view as @key; an empty value removes the key.
export function useField(view, key) {
	const { params } = usePlace();
	return ({ currentTarget: { type, value } }) => {
		const text = type === "select-one" ? value : value.trim();
		goTo(addressOf(view, params, { [key]: text }));
	};
}

// The same of what is being typed, which is no step for the browser's way back.
export function useTyped(view, key) {
	const { params } = usePlace();
	return ({ currentTarget: { value } }) =>
		location.replace(addressOf(view, params, { [key]: value }));
}

// One of @values; with @none, or none of them. @titleOf: value => what is shown
export function ChoiceField({ page, name, label, values, value, none, titleOf = (each) => each }) {
	const change = useField(page, name);
	return (
		<label>
			{label}{" "}
			<select id={`${page}-${name}`} onChange={change}>
				{none && <option value="">{none}</option>}
				{values.map((each) => (
					<option key={each} value={each} selected={each === value}>
						{titleOf(each)}
					</option>
				))}
			</select>
		</label>
	);
}

export function DirectoryField({ page }) {
	const { params } = usePlace();
	const change = useField(page, "dir");
	return (
		<label>
			In{" "}
			<input
				id="directory"
				type="text"
				size="24"
				list="directories"
				placeholder="the whole kernel"
				value={params.get("dir") ?? ""}
				onChange={change}
			/>
			<datalist id="directories">
				{[...study.root.children.values()]
					.filter((node) => node.children)
					.map((node) => (
						<option key={node.path} value={node.path} />
					))}
			</datalist>
		</label>
	);
}

export function OnlyField({ page, question }) {
	const { params } = usePlace();
	const change = useField(page, "only");
	return (
		<label>
			Only on{" "}
			<select id="only" value={params.get("only") ?? ""} onChange={change}>
				<option value="">any</option>
				{question.places.map((place) => (
					<option
						key={place}
						value={study.names[place]}
						selected={params.get("only") === study.names[place]}
					>
						{study.names[place]}
					</option>
				))}
			</select>
		</label>
	);
}
