# liars.sh - for the tests of covdb verify, which source it: a gcov that lies has to be found out.
# Takes $covdb and lib.sh.
# shellcheck shell=sh disable=SC2154
is_found() { # is_found LIE: by verify with ./liar, which is named, of what is in this folder
	chmod +x liar
	status=0
	"$covdb" verify . --notes . --gcov ./liar >differs || status=$?
	if [ "$status" != 1 ] || ! grep -q 'only gcov: ' differs || grep -q ' 0 differences' differs; then
		fail "not told: $1"
		cat differs
	fi
	tail -n 1 differs
}

# The text that older gcovs and llvm-cov write: it agrees, and with a false count of each kind it does not.
liars_are_found() { # liars_are_found GCOV CHANGE...
	gcov=$1
	shift
	"$covdb" verify . --notes . --gcov "$gcov"
	for change; do
		cat >liar <<-END
			#!/bin/sh
			# What is not printed is written, beside this.
			$gcov "\$@" | sed '$change'
			for file in *.gcov; do [ ! -e "\$file" ] || sed -i '$change' "\$file"; done
		END
		is_found "$gcov, $change"
	done
}
