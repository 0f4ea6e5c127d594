// later.jsx - values that have to be waited for, and what stands in their place until then.
import { useEffect, useState } from "preact/hooks";

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

export function Waiting({ error }) {
	return error ? (
		<p class="problem" role="alert">
			{error.message}
		</p>
	) : (
		<p class="waiting">Reading…</p>
	);
}
