// main.jsx - the page: where the reader is, the search, the views.
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { addressOf, carried, goTo, parseFragment, Place, questionOf, usePlace } from "./address.js";
import { Claims } from "./claims.jsx";
import { Conditional } from "./conditional.jsx";
import { Cves } from "./cves.jsx";
import { Explore } from "./explore.jsx";
import { File } from "./file.jsx";
import { Functions, matcher } from "./functions.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { Measurements } from "./measurements.jsx";
import { Overview } from "./overview.jsx";
import { Patterns } from "./platform.jsx";
import { Problem } from "./problem.jsx";
import { Profiles } from "./profiles.jsx";
import { functions, openStudy, parentPath, study } from "./study.js";
import { Syscalls } from "./syscalls.jsx";
import { Trust } from "./trust.jsx";

const views = {
	overview: ["Overview", Overview],
	explore: ["Explorer", Explore],
	functions: ["Functions", Functions],
	conditional: ["Conditional", Conditional],
	measurements: ["Measurements", Measurements],
	profiles: ["Profiles", Profiles],
	cves: ["Vulnerabilities", Cves],
	syscalls: ["System calls", Syscalls],
	claims: ["Claims", Claims],
	trust: ["Trust", Trust],
	file: [null, File],
};

// ---- search ----

const resultsMax = 20;

// Functions, files and directories whose name matches; exact matches first.
function search(all, text) {
	const matches = matcher(text);
	const found = [];
	const paths = text.includes("/") || text.includes(".");
	for (let i = 0; i < all.count; i++)
		if (matches(all.names[i]))
			found.push({
				title: all.names[i],
				detail: `${study.paths[all.files[i]]}:${all.starts[i]}`,
				view: "file",
				changes: { path: study.paths[all.files[i]], line: all.starts[i] },
			});
	for (const path of study.paths)
		if (matches(paths ? path : path.slice(path.lastIndexOf("/") + 1)))
			found.push({
				title: path,
				detail: "file",
				view: "file",
				changes: { path },
			});
	const directories = new Set(study.paths.map(parentPath));
	for (const path of directories)
		if (matches(path))
			found.push({
				title: `${path}/`,
				detail: "directory",
				view: "explore",
				changes: { dir: path },
			});
	return found.sort(
		(a, b) =>
			(b.title === text) - (a.title === text) || a.title.length - b.title.length,
	);
}

function Search() {
	const [text, setText] = useState("");
	const [found, setFound] = useState(null);
	const { params } = usePlace();
	const field = useRef(null);
	useEffect(() => {
		let isCurrent = true;
		if (text.trim().length < 2) setFound(null);
		else functions().then((all) => isCurrent && setFound(search(all, text.trim())));
		return () => {
			isCurrent = false;
		};
	}, [text]);
	useEffect(() => {
		const press = (event) => {
			if (event.key !== "/" || event.target.matches("input, select, textarea"))
				return;
			event.preventDefault();
			field.current.focus();
		};
		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	}, []);
	const clear = () => setText("");
	const submit = (event) => {
		event.preventDefault();
		if (!found?.length) return;
		goTo(addressOf(found[0].view, carried(params), found[0].changes));
		clear();
	};
	return (
		<form
			class="search"
			role="search"
			onSubmit={submit}
			onKeyDown={(event) => event.key === "Escape" && clear()}
		>
			<input
				ref={field}
				id="search"
				type="search"
				autocomplete="off"
				aria-label="Find a function, file or directory"
				placeholder="Find a function or file ( / )"
				value={text}
				onInput={(event) => setText(event.currentTarget.value)}
			/>
			{found && (
				<ul id="results" aria-label="search results">
					{found.slice(0, resultsMax).map((each, i) => (
						<li key={i}>
							<Link
								view={each.view}
								changes={each.changes}
								onClick={clear}
							>
								<span>{each.title}</span>{" "}
								<span class="quiet">
									{each.detail}
								</span>
							</Link>
						</li>
					))}
					<li class="quiet">
						{found.length > resultsMax
							? `${found.length - resultsMax} more`
							: found.length
								? ""
								: "no match"}
					</li>
				</ul>
			)}
		</form>
	);
}

// ---- the page ----

function Header() {
	const { view } = usePlace();
	const titled = Object.entries(views).filter(([, [title]]) => title);
	const currentOf = (name) => (name === view ? "page" : undefined);
	return (
		<header>
			<a href="#overview" class="brand">
				covdb
			</a>
			<span class="quiet kernel-name">{study.kernel.name}</span>
			<nav aria-label="views">
				{titled.map(([name, [title]]) => (
					<Link key={name} view={name} aria-current={currentOf(name)}>
						{title}
					</Link>
				))}
			</nav>
			<Search />
		</header>
	);
}

const WrongAddress = ({ text }) => (
	<Problem>
		{text}. <a href="#overview">Overview</a>
	</Problem>
);

function View() {
	const { view, params } = usePlace();
	const [, Content] = views[view] ?? [];
	if (!Content) return <WrongAddress text={`This report has no view ${view}`} />;
	try {
		questionOf(params);
	} catch (error) {
		return <WrongAddress text={error.message} />;
	}
	return <Content key={view === "file" ? params.get("path") : view} />;
}

function titleOf({ view, params }) {
	const where = params.get("path") ?? params.get("dir");
	return [where, views[view]?.[0] ?? (where ? null : view), "covdb"]
		.filter(Boolean)
		.join(" · ")
		.slice(0, 200);
}

function Page() {
	const [place, setPlace] = useState(parseFragment(location.hash));
	const { value, error } = useLater(openStudy, []);
	useEffect(() => {
		const move = () => setPlace(parseFragment(location.hash));
		addEventListener("hashchange", move);
		return () => removeEventListener("hashchange", move);
	}, []);
	useEffect(() => {
		document.title = titleOf(place);
	}, [place]);
	if (!value) return <Waiting error={error} />;
	return (
		<Place.Provider value={place}>
			<a
				class="skip"
				href="#main"
				onClick={(event) => {
					event.preventDefault();
					document.getElementById("main").focus();
				}}
			>
				Skip to the content
			</a>
			<Patterns />
			<Header />
			<main id="main" tabIndex={-1}>
				<View />
			</main>
			<footer>
				<p>
					Made by covdb {value.covdb}. Keys: <kbd>/</kbd> search,{" "}
					<kbd>n</kbd> and <kbd>p</kbd> next and previous difference
					in a file. Every view has an address of its own, which can
					be sent along with this directory.{" "}
					<a href="LICENSES.txt">Libraries and their licences</a>
				</p>
			</footer>
		</Place.Provider>
	);
}

render(<Page />, document.getElementById("page"));
