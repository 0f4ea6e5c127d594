// problem.jsx - what stands in the place of a view that cannot be shown.
export const Problem = ({ children }) => (
	<p class="problem" role="alert">
		{children}
	</p>
);

export const NothingAt = ({ path }) => (
	<Problem>This kernel has no instrumented file or directory {path}.</Problem>
);
