// link.jsx - links from view to view, which keep the workload and the platforms.
import { addressOf, carried, usePlace } from "./address.js";

export function Link({ view, changes, keep, children, ...rest }) {
	const { params } = usePlace();
	return (
		<a href={addressOf(view, keep ?? carried(params), changes)} {...rest}>
			{children}
		</a>
	);
}

// To the view that explores a directory, or shows a file.
export const NodeLink = ({ node, ...rest }) =>
	node.children ? (
		<Link view="explore" changes={{ dir: node.path }} {...rest} />
	) : (
		<Link view="file" changes={{ path: node.path }} {...rest} />
	);
