# lcov.sh - for the tests that show tracefiles to lcov, which source it.
# Takes $covdb, $source and lib.sh.
# shellcheck shell=sh disable=SC2154,SC2034
lcov_newer=${COVDB_LCOV2:-$(dirname "$covdb")/bench/lcov2}
[ -e "$lcov_newer" ] || lcov_newer=$source/build/release/bench/lcov2

run_lcov() { # run_lcov lcov|genhtml ARGUMENT...: of the generation that lcov_begin was told
	tool=$1
	shift
	if [ "$generation" = system ]; then
		"$tool" "$@"
	else
		PERL5LIB=$lcov_newer/usr/share/perl5 perl "$lcov_newer/usr/bin/$tool" "$@"
	fi
}

# Sets $lcov_version, $style of records and the option that switches branches on.
lcov_begin() { # lcov_begin GENERATION: system, that of Debian, or newer, lcov 2
	generation=$1
	if [ "$generation" = system ]; then
		need genhtml lcov
	elif [ ! -e "$lcov_newer" ]; then
		skip "lcov 2 is not in $lcov_newer; 'tests/bench/install.sh build/release/bench' fetches it"
	fi
	lcov_version=$(run_lcov genhtml --version)
	echo "$lcov_version"
	case $lcov_version in
	*' 1.'*) style=1 with_branches='--rc=lcov_branch_coverage=1' ;;
	*) style=2 with_branches=--branch-coverage ;;
	esac
}

# genhtml builds a site without a word of complaint, and its totals are those of the tracefile.
check_site() { # check_site INFO LINES: "HIT of FOUND"
	run_lcov genhtml "$with_branches" -o site "$1" >site.out 2>&1 ||
		check "genhtml takes $1" "status 0" "status $?: $(tail -n 3 site.out)"
	check "no complaint about $1" "" "$(grep -E 'WARNING|ERROR' site.out)"
	check "lines of $1" "$2" "$(sed -n 's/^ *lines\.*: .*(\([0-9]* of [0-9]*\) lines)/\1/p' site.out)"
	for kind in functions:FN branches:BR; do
		check "${kind%:*} of $1" "$(awk -F: -v kind="${kind#*:}" '$1 == kind "F" { found += $2 }
			$1 == kind "H" { hit += $2 } END { print hit " of " found }' "$1")" \
			"$(sed -n "s/^ *${kind%:*}\.*: .*(\([0-9]*\) of \([0-9]*\) ${kind%:*})/\1 of \2/p" site.out)"
	done
	check "pages of $1" "$(grep -c ^SF "$1")" "$(find site -name '*.gcov.html' | wc -l)"
	rm -rf site
}

# What covdb export said of lines, as genhtml says it.
lines_of() { sed -n 's/^\([0-9]*\) lines found, \([0-9]*\) executed.*/\2 of \1/p' "$1"; }
