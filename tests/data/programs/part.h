/* part.h - a piece of a function, for those who include it in one. */
total += clamp(i, 1, 4);
if (total > 100)
	total -= 90; else total++;
