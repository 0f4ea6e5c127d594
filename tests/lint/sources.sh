#!/bin/sh
# sources.sh ROOT - house rules a compiler does not know: banned functions, lengths, first lines.
cd "$1" || exit 2
{
	grep -rnE '\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|system|localtime)\(' \
		collector differ venn workloads --include='*.[ch]'
	# Function of more than 70 lines, file of more than 700, line of more than 100 columns.
	for file in collector/*.[ch] collector/base/*.[ch] differ/*.[ch] venn/*.[ch] workloads/programs/*.[ch]; do
		[ -e "$file" ] || continue
		awk -v file="$file" '
			/^\{/ { open = NR }
			/^\}/ && open {
				if (NR - open > 71)
					print file ":" open ": a function of " NR - open - 1 " lines"
				open = 0
			}
			{
				line = $0
				gsub(/\t/, "        ", line)
				if (length(line) > 104)
					print file ":" NR ": " length(line) " columns"
			}
			END { if (NR > 700) print file ": " NR " lines" }' "$file"
		head -n 2 "$file" | grep -qF "${file##*/} - " ||
			echo "$file: does not begin with what it is for"
	done
} | { ! grep .; }
