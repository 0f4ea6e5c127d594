// later.jsx - values that have to be waited for, and what stands in their place until then.
import { useEffect, useState } from "preact/hooks";
import { Problem } from "./problem.jsx";

// The value of a promise: { value }, { error }, or {} until it is there.
export function useLater(make, inputs) {
	const [state, setState] = useState({});
	useEffect(() => {
		let isCurrent = true;
		setState({});
		make().then(
			(value) => isCurrent && setState({ value }),
			(error) => isCurrent && setState({ error }),
		);
		return () => {
			isCurrent = false;
		};
	}, inputs);
	return state;
}

// Once what is there has been painted: for what can come later.
export const afterPaint = () =>
	new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));

export function Waiting({ error }) {
	return error ? <Problem>{error.message}</Problem> : <p class="waiting">Reading…</p>;
}
