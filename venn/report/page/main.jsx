// main.jsx - the page: where the reader is, the search, the views.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { parseFragment, Place, questionOf, usePlace } from "./address.js";
import { Keys } from "./keys.jsx";
import { useLater, Waiting } from "./later.jsx";
import { Link } from "./link.jsx";
import { Patterns } from "./platform.jsx";
import { Problem } from "./problem.jsx";
import { Search } from "./search.jsx";
import { openStudy, study } from "./study.js";
import { views } from "./views.jsx";

function Header() {
	const { view } = usePlace();
	const titled = Object.entries(views).filter(([, [title]]) => title);
	const currentOf = (name) => (name === view ? "page" : undefined);
	return (
		<header>
			<a href="#overview" class="brand">
				covdb
			</a>
			<span class="quiet kernel-name" title={study.kernel.name}>
				{study.kernel.name}
			</span>
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
					Made by covdb {value.covdb}. <kbd>?</kbd> lists the keys.
					Every view has an address of its own, which can be sent
					along with this directory.{" "}
					<a href="LICENSES.txt">Libraries and their licences</a>
				</p>
			</footer>
			<Keys />
		</Place.Provider>
	);
}

render(<Page />, document.getElementById("page"));
