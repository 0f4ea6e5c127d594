# lib.sh - for tests of the checks in tests/lint: each check has to find what is planted.
# Takes what lib.sh of the command line takes; sets $tree, a copy of what git knows of the sources, and a git
# tree of its own, without what is large and no check looks at. A check that goes through every file, one like the
# other, which the check itself does in another test, is tried on $parts of the sources: paths, as git takes them.
# shellcheck shell=sh
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need git
tree=$folder/tree
mkdir "$tree"
known() { git -C "$source" -c safe.directory="$source" ls-files -z "$@"; }
# shellcheck disable=SC2086 # several
known ${parts:-} ':!tests/fuzz/corpus' ':!docs/pictures' ':!*.zst' | (cd "$source" && xargs -0 cp --parents -t "$tree")
git -C "$tree" init -q
git -C "$tree" add -A

# A file of the copy, written anew from stdin; git knows it.
plant() { # plant PATH
	mkdir -p "$(dirname "$tree/$1")"
	cat >"$tree/$1"
	git -C "$tree" add -A
}

# The copy as it was: without PATH if it was planted, with it if it was changed or removed.
restore() { # restore PATH
	rm -f "$tree/$1"
	[ ! -e "$source/$1" ] || cp -p "$source/$1" "$tree/$1"
	git -C "$tree" add -A
}

passes() { # passes LINT
	"$source/tests/lint/$1" "$tree" >said 2>&1 || {
		fail "$1 finds something where nothing is planted"
		cat said
	}
}

finds() { # finds LINT PATTERN: the check fails, and a line of what it says matches
	if "$source/tests/lint/$1" "$tree" >said 2>&1; then
		fail "$1 does not find what is planted: $2"
	else
		expect said "$2" "$1"
	fi
}

# Where git knows nothing, nothing was looked at, and that is no success.
finds_nothing_to_read() { # finds_nothing_to_read LINT
	mkdir empty
	git -C empty init -q
	if "$source/tests/lint/$1" empty >said 2>&1; then fail "$1 passes where there is nothing"; fi
}
