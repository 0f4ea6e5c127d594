// syscalls.jsx - which system calls each role of a platform may make, and which it made.
import { questionOf, usePlace } from "./address.js";
import { AnalysisCommand, questionWords } from "./command.jsx";
import { part } from "./data.js";
import { useLater, Waiting } from "./later.jsx";
import { matcher } from "./matcher.js";
import { count, counted } from "./number.js";
import { ChoiceField, Pickers, useField } from "./picker.jsx";
import { NamedPlatform } from "./platform.jsx";
import { Problem } from "./problem.jsx";
import { study } from "./study.js";
import { platformColumn, Table } from "./table.jsx";

const all = "all"; // the role of a platform as a whole, by its counters

const kinds = {
	executed: "made at least once",
	allowed: "its filters let it through, or it has none; never made",
	"by argument": "let through with some arguments only; never made",
	denied: "its filters stop it; never made",
	"not known": "never made; whether it may be is not known",
};

const lists = {
	unused: "allowed, never made",
	beyond: "made, not by another platform",
};

const countersOf = (data, question, platform) =>
	data.views[question.view][study.names.indexOf(platform)];

// The roles that are asked for, each with how often it made which calls: place in the table to
// number. A platform has no counters where it did not run the workload.
function rolesOf(data, question) {
	const chosen = question.places.map((place) => study.names[place]);
	return data.roles
		.filter((each) => question.isAll || chosen.includes(each.platform))
		.map((each) => ({
			...each,
			name: each.role ?? all,
			pairs:
				each.role === null
					? countersOf(data, question, each.platform)
					: each.called,
		}))
		.filter(({ pairs }) => pairs)
		.map(({ pairs, ...each }) => {
			const made = new Map();
			for (let i = 0; i < pairs.length; i += 2) made.set(pairs[i], pairs[i + 1]);
			return { ...each, made };
		});
}

const kindOf = (data, role, call) =>
	role.made.has(call)
		? "executed"
		: role.allowed
			? data.classes[role.allowed[call]]
			: "not known";

// Whether a list of covdb syscalls has the call of this role.
function isListed(data, roles, role, call, { list, versus }) {
	if (list === "unused")
		return (
			role.filters > 0 &&
			data.classes[role.allowed[call]] !== "denied" &&
			!role.made.has(call)
		);
	if (list === "beyond")
		return (
			role.platform !== versus &&
			role.made.has(call) &&
			!roles.some((other) => other.platform === versus && other.made.has(call))
		);
	return true;
}

const longMax = 10; // roles whose cells have room for words

const shortNames = {
	executed: "E",
	allowed: "A",
	"by argument": "arg",
	denied: "D",
	"not known": "?",
};

function Cell({ data, role, call, isShort }) {
	const kind = kindOf(data, role, call);
	const i = Object.keys(kinds).indexOf(kind);
	const made = counted(role.made.get(call) ?? 0, "call");
	const filter = role.allowed
		? `${data.classes[role.allowed[call]]} (${role.answers[call]})`
		: "not known";
	return (
		<span
			class={["call", `call-${i}`, isShort && "call-short"]
				.filter(Boolean)
				.join(" ")}
			title={`${isShort ? `${kind}; ` : ""}${made}; filters: ${filter}`}
		>
			{isShort ? shortNames[kind] : kind}
		</span>
	);
}

const filterColumn = (data, i) => ({
	key: data.classes[i].replace(" ", "_"),
	title: data.classes[i],
	of: (row) => row.counts?.[i] ?? null,
	show: (row) => (row.counts ? count(row.counts[i]) : "-"),
});

const known = (key, title, note) => ({
	key,
	title,
	note,
	of: (row) => row[key] ?? null,
	show: (row) => (Number.isInteger(row[key]) ? count(row[key]) : "-"),
});

const roleColumns = (data) => [
	platformColumn((row) => row.platform),
	{ key: "role", title: "Role", isText: true, of: (row) => row.name },
	known("threads", "Threads", "when the platform was ready"),
	known("filters", "Filters", "of the thread that has most"),
	...data.classes.map((_, i) => filterColumn(data, i)),
	{ key: "executed", title: "executed", of: (row) => row.made.size },
	{ key: "table", title: "of", of: () => data.names.length },
	{
		key: "unread",
		title: "not known",
		isText: true,
		note: "why filters could not be read",
		of: (row) => row.unread ?? "",
	},
];

const callColumns = (data, roles) => [
	{ key: "number", title: "Number", of: (call) => data.numbers[call] },
	{ key: "call", title: "Call", isText: true, of: (call) => data.names[call] },
	{
		key: "compiled",
		title: "Compiled",
		isText: true,
		note: "it is more than an error in kernel/sys_ni.c",
		of: (call) => (data.compiled[call] ? "yes" : "no"),
	},
	...roles.map((role, i) => ({
		key: `role-${i}`,
		name: `${role.platform}_${role.name}`,
		title: (
			<>
				<NamedPlatform name={role.platform} />{" "}
				<span class="role">{role.name}</span>
			</>
		),
		isText: true,
		isUpright: roles.length > longMax,
		of: (call) => kindOf(data, role, call),
		show: (call) => (
			<Cell
				data={data}
				role={role}
				call={call}
				isShort={roles.length > longMax}
			/>
		),
	})),
];

function Filters({ asked, roleNames, question }) {
	const change = useField("syscalls", "q");
	return (
		<form
			class="pickers"
			aria-label="which system calls"
			onSubmit={(event) => event.preventDefault()}
		>
			<label>
				Name{" "}
				<input
					id="syscalls-q"
					type="search"
					placeholder="mount, clone*"
					value={asked.name ?? ""}
					onChange={change}
				/>
			</label>
			<ChoiceField
				page="syscalls"
				name="role"
				label="Role"
				values={roleNames}
				value={asked.role}
				none="any"
			/>
			<ChoiceField
				page="syscalls"
				name="list"
				label="Calls"
				values={Object.keys(lists)}
				value={asked.list}
				none="all"
				titleOf={(each) => lists[each]}
			/>
			{asked.list === "beyond" && (
				<ChoiceField
					page="syscalls"
					name="versus"
					label="versus"
					values={question.places.map((place) => study.names[place])}
					value={asked.versus}
				/>
			)}
		</form>
	);
}

// What the address asks for beside workload and platforms; what is not there is not asked for.
function askedOf(params, roleNames, question) {
	const among = (names, name, other) => (names.includes(name) ? name : other);
	const chosen = question.places.map((place) => study.names[place]);
	return {
		name: params.get("q"),
		role: among(roleNames, params.get("role"), null),
		list: among(Object.keys(lists), params.get("list"), null),
		versus: among(chosen, params.get("versus"), among(chosen, "host", chosen[0])),
	};
}

function Loaded({ data, question }) {
	const { params } = usePlace();
	const asking = rolesOf(data, question);
	const roleNames = [...new Set(asking.map((each) => each.role).filter(Boolean))];
	const asked = askedOf(params, roleNames, question);
	const roles = asking.filter((each) => !asked.role || each.role === asked.role);
	const matches = matcher(asked.name);
	const calls = data.names
		.map((_, call) => call)
		.filter(
			(call) =>
				matches(data.names[call]) &&
				roles.some((role) => isListed(data, asking, role, call, asked)),
		);
	const words = questionWords(question);
	if (asked.role) words.push("--role", asked.role);
	const listWords = ["--list", asked.list ?? all, "--limit", 0];
	if (asked.list === "beyond") listWords.push("--versus", asked.versus);
	return (
		<>
			<p>
				{count(data.names.length)} system calls in the table of{" "}
				{study.kernel.name},{" "}
				{count(data.compiled.filter((each) => each).length)} of them
				compiled; numbers and names of {data.source}. The role {all} is the
				platform by its counters in this workload, beyond the baseline; the
				others are of trials of system calls.
			</p>
			{data.lost.map((each, i) => (
				<p key={i} class="notice">
					{each.platform} {each.workload}: perf lost{" "}
					{count(each.calls)} calls
				</p>
			))}
			<Filters asked={asked} roleNames={roleNames} question={question} />
			<Table
				id="syscall-roles"
				key={`roles ${params}`}
				caption="How many system calls each role may make, and made"
				columns={roleColumns(data)}
				rows={roles}
			/>
			<AnalysisCommand words={["syscalls", ...words]} />
			<h2>Calls</h2>
			<dl class="legend">
				{Object.entries(kinds).map(([kind, meaning], i) => (
					<div key={kind}>
						<dt>
							<span class={`call call-${i}`}>{kind}</span>
							{roles.length > longMax &&
								` (${shortNames[kind]})`}
						</dt>
						<dd>{meaning}</dd>
					</div>
				))}
			</dl>
			<p>
				<span id="syscall-count">{count(calls.length)}</span>{" "}
				{calls.length === 1 ? "call" : "calls"}.
			</p>
			<Table
				id="syscall-matrix"
				key={`calls ${params}`}
				caption="System calls by platform and role"
				columns={callColumns(data, roles)}
				rows={calls}
				rowKey={(call) => call}
			/>
			<AnalysisCommand words={["syscalls", ...words, ...listWords]} />
		</>
	);
}

export function Syscalls() {
	const { params } = usePlace();
	const question = questionOf(params);
	const { value: data, error } = useLater(() => part("syscalls"), []);
	if (data === undefined) return <Waiting error={error} />;
	return (
		<>
			<h1>System calls</h1>
			{data ? (
				<>
					<Pickers view="syscalls" />
					<Loaded data={data} question={question} />
				</>
			) : (
				<Problem>
					This study has no trials of system calls, or its kernel is
					not one of x86-64 from 4.17 on: with syscalls: 1 an
					experiment makes them.
				</Problem>
			)}
		</>
	);
}
