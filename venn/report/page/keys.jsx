// keys.jsx - the keys of the page, listed when ? is pressed.
import { useEffect, useRef } from "preact/hooks";

const keys = [
	["/", "go to the search"],
	["Escape", "leave the search, this list, or a region"],
	["n", "next difference in a file"],
	["p", "previous difference in a file"],
	["?", "this list"],
];

export function Keys() {
	const dialog = useRef(null);
	useEffect(() => {
		const press = (event) => {
			if (event.key !== "?" || event.target.matches("input, select, textarea"))
				return;
			event.preventDefault();
			if (!dialog.current.open) dialog.current.showModal();
		};
		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	}, []);
	return (
		<dialog id="keys" ref={dialog} aria-labelledby="keys-title">
			<h2 id="keys-title">Keys</h2>
			<dl>
				{keys.map(([key, what]) => (
					<div key={key}>
						<dt>
							<kbd>{key}</kbd>
						</dt>
						<dd>{what}</dd>
					</div>
				))}
			</dl>
			<form method="dialog">
				<button type="submit">Close</button>
			</form>
		</dialog>
	);
}
