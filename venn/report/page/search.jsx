// search.jsx - finding functions, files and directories by name.
import { useEffect, useRef, useState } from "preact/hooks";
import { addressOf, carried, goTo, usePlace } from "./address.js";
import { Link } from "./link.jsx";
import { matcher } from "./matcher.js";
import { functions, parentPath, study } from "./study.js";

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

export function Search() {
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
	const clear = () => {
		setText("");
		setFound(null);
	};
	const leave = (event) => {
		if (event.key !== "Escape") return;
		clear();
		field.current.blur();
		event.stopPropagation();
	};
	const submit = (event) => {
		event.preventDefault();
		if (!found?.length) return;
		goTo(addressOf(found[0].view, carried(params), found[0].changes));
		clear();
	};
	return (
		<form class="search" role="search" onSubmit={submit} onKeyDown={leave}>
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
