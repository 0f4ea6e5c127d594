// tools.jsx - what can be done with a table, a picture or a command: copy it, save it, link to it.
import { useEffect, useRef, useState } from "preact/hooks";
import { addressOf, usePlace } from "./address.js";
import { copyText, saveText, svgText } from "./copy.js";

// @textOf: () => what is copied
export function CopyButton({ textOf, title, label = "Copy" }) {
	const [said, setSaid] = useState(null);
	const press = () =>
		copyText(textOf()).then(
			() => setSaid("Copied"),
			() => setSaid("Cannot copy"),
		);
	useEffect(() => {
		if (!said) return undefined;
		const later = setTimeout(() => setSaid(null), 1500);
		return () => clearTimeout(later);
	}, [said]);
	return (
		<button type="button" class="tool copy" title={title} onClick={press}>
			<span aria-live="polite">{said ?? label}</span>
		</button>
	);
}

// Brings what the address asks for into sight.
export function useAnchor(frame, id) {
	const { params } = usePlace();
	const isWanted = id && params.get("at") === id;
	useEffect(() => {
		if (!isWanted) return;
		const folded = frame.current.closest("details");
		if (folded) folded.open = true;
		frame.current.scrollIntoView({ block: "start" });
	}, [isWanted]);
}

export function AnchorLink({ id }) {
	const { view, params } = usePlace();
	return (
		<a
			class="tool"
			href={addressOf(view, params, { at: id })}
			title="an address of this"
		>
			Link
		</a>
	);
}

// A picture with its tools. @name: of its file, and of its place in the view
export function Picture({ name, children, caption, ...rest }) {
	const frame = useRef(null);
	const text = () => svgText(frame.current.querySelector("svg"));
	useAnchor(frame, name);
	return (
		<figure ref={frame} {...rest}>
			{children}
			<figcaption>
				{caption}{" "}
				<span class="tools">
					<CopyButton
						textOf={text}
						title="copy this picture as SVG"
					/>
					<button
						type="button"
						class="tool svg"
						title="save this picture as SVG"
						onClick={() =>
							saveText(
								`${name}.svg`,
								"image/svg+xml",
								text(),
							)
						}
					>
						SVG
					</button>
					<AnchorLink id={name} />
				</span>
			</figcaption>
		</figure>
	);
}
