// number.js - numbers as text.

const grouped = new Intl.NumberFormat("en-US");

export const count = (number) => grouped.format(number);

// As covdb prints figures: four digits, and separators from a thousand on.
export function figure(number) {
	if (number === null || number === undefined || Number.isNaN(number)) return "-";
	if (Math.abs(number) >= 1000 && Math.abs(number) < 1e9)
		return grouped.format(Math.round(number));
	return String(Number(number.toPrecision(4)));
}

export const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(2)} %` : "-");

export const secondsText = (ns) => `${(ns / 1e9).toFixed(1)} s`;

// "1 function", "2 functions".
export const counted = (number, one, several = `${one}s`) =>
	`${count(number)} ${number === 1 ? one : several}`;
