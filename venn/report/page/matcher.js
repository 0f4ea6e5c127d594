// matcher.js - names chosen by a pattern.

// A shell pattern as covdb takes it; without a wildcard, names that contain it.
export function matcher(pattern) {
	if (!pattern) return () => true;
	const hasWildcard = /[*?]/.test(pattern);
	const source = pattern
		.replace(/[.+^${}()|[\]\\]/g, "\\$&")
		.replaceAll("*", ".*")
		.replaceAll("?", ".");
	const expression = new RegExp(
		hasWildcard ? `^${source}$` : source,
		hasWildcard ? "s" : "is",
	);
	return (name) => expression.test(name);
}
