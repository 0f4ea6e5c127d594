// address.js - addresses of the page: which view is shown, of what, and with which platforms.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { maskOf, platformsOf, study } from "./study.js";

// Where the reader is, according to the URL's fragment: #view?key=value&... Lists repeat their key.
export const Place = createContext(null);

export const usePlace = () => useContext(Place);

export function parseFragment(fragment) {
	const [view, query] = fragment.replace(/^#\/?/, "").split(/\?(.*)/s);
	return { view: view || "overview", params: new URLSearchParams(query ?? "") };
}

// An address. Of @changes a null takes a key away, a list gives it several values.
export function addressOf(view, params, changes = {}) {
	const next = new URLSearchParams(params);
	for (const [key, value] of Object.entries(changes)) {
		next.delete(key);
		for (const each of [value].flat())
			if (each !== null && each !== undefined && each !== "")
				next.append(key, each);
	}
	const query = next.toString();
	return `#${view}${query ? `?${query}` : ""}`;
}

// What is asked: the view of the workload, and the chosen platforms that ran it. It throws if the
// address is wrong, before any view asks.
export function questionOf(params) {
	const wanted = params.get("w");
	const view = wanted === null ? 0 : study.viewNames.indexOf(wanted);
	const names = params.getAll("p");
	const unknown = names.find((name) => !study.names.includes(name));
	if (view < 0) throw new Error(`There is no workload ${wanted} in this report`);
	if (unknown !== undefined)
		throw new Error(`There is no platform ${unknown} in this report`);
	const there = platformsOf(view);
	const places = names.length
		? there.filter((place) => names.includes(study.names[place]))
		: there;
	return {
		view,
		workload: wanted,
		places,
		chosen: maskOf(places),
		isAll: places.length === there.length,
	};
}

// What is carried from view to view: workload and platforms.
export function carried(params) {
	const next = new URLSearchParams();
	for (const key of ["w", "p"])
		for (const value of params.getAll(key)) next.append(key, value);
	return next;
}

export const goTo = (address) => {
	location.hash = address.replace(/^#/, "");
};
