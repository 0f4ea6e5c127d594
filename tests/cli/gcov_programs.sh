#!/bin/sh
# gcov_programs.sh COVDB SOURCE_DIR - covdb decode equals gcov on small programs, line by line.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov python3


# The sources are beside the objects, as in a kernel's build tree.
for level in O0 O1 O2 O3 Os; do
	mkdir "$folder/$level"
	cp "$source"/tests/data/programs/*.[ch] "$folder/$level"
	(
		cd "$folder/$level"
		for program in *.c; do
			name=${program%.c}
			gcc -"$level" --coverage -c "$program" -o "$name.o"
			gcc --coverage "$name.o" -o "$name"
			"./$name" >/dev/null
			"./$name" >/dev/null # two runs: libgcov adds them up
		done
	)
	"$covdb" decode "$folder/$level" --notes "$folder/$level" -o "$folder/$level.tsv"
	python3 "$source/tests/oracle/gcov_oracle.py" "$folder/$level" "$folder/$level" "$folder/$level.tsv" gcov
done
