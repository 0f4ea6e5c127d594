// breadcrumbs.jsx - where a directory or file is, each step a link.
import { Link } from "./link.jsx";
import { nodeAt, rootName } from "./study.js";

export function Breadcrumbs({ path }) {
	const node = nodeAt(path);
	const names = path === "." ? [] : path.split("/").filter(Boolean);
	const start = path.startsWith("/") ? "/" : "";
	const steps = names.map((name, i) => ({
		name: i ? name : start + name,
		path: start + names.slice(0, i + 1).join("/"),
	}));
	return (
		<nav aria-label="path" class="breadcrumbs">
			<Link view="explore" aria-current={names.length ? undefined : "page"}>
				{rootName}
			</Link>
			{steps.map((step, i) => (
				<span key={step.path}>
					{" / "}
					{i === steps.length - 1 ? (
						<span aria-current="page">
							{step.name}
							{node?.children ? "/" : ""}
						</span>
					) : (
						<Link view="explore" changes={{ dir: step.path }}>
							{step.name}
						</Link>
					)}
				</span>
			))}
		</nav>
	);
}
