#!/bin/sh
# javascript.sh ROOT MODULES - javascript.sh passes on a small tree without faults, and fails on
# each fault that is planted in it.
set -eu
check=$(cd "$(dirname "$0")/.." && pwd)/javascript.sh
modules=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
plant() { # plant NAME PATTERN STATUS - the check of the tree as it is now; then the tree is made anew
	status=0
	git -C "$folder/tree" add -A 2>/dev/null
	[ -z "${gone:-}" ] || rm "$folder/tree/$gone"
	"$check" "$folder/tree" "$modules" >"$folder/out" 2>&1 || status=$?
	if [ "$status" = 77 ]; then
		cat "$folder/out"
		exit 77
	fi
	if [ "$status" != "$3" ] || ! grep -q "$2" "$folder/out"; then
		echo "$1: status $status, not $3, or no \"$2\" in:"
		cat "$folder/out"
		failures=$((failures + 1))
	fi
	fresh
}
fresh() {
	rm -rf "$folder/tree"
	mkdir -p "$folder/tree/page" "$folder/tree/tests"
	git -C "$folder/tree" init -q
	cd "$folder/tree"
	printf 'export const double = (number) => 2 * number;\n' >page/number.js
	printf '%s\n' 'import { double } from "./number.js";' '' \
		'export const Twice = ({ number }) => <p>{double(number)}</p>;' >page/twice.jsx
	printf '%s\n' 'const fs = require("node:fs");' '' 'console.log(fs.readdirSync("."));' >tests/list.cjs
	printf 'import fs from "node:fs";\n\nconsole.log(fs.readdirSync("."));\n' >tests/list.mjs
	printf 'p {\n\tmargin: 0;\n}\n' >page/page.css
	gone=
}
long=$(printf '%0100d' 0)
# The check takes a second to start: faults are planted together, each in a file of its own.
fault() { # fault FILE FROM PATTERN - FILE is FROM with the lines of stdin behind; the check says PATTERN of it
	cat "$2" - >"$folder/fault"
	mv "$folder/fault" "$1"
	echo "$1:$3" >>"$folder/wanted"
}

fresh
plant "nothing planted" "^5 of 5 files checked, 0 complaints" 0
echo 'const unused = 1;' | fault tests/unused.cjs tests/list.cjs '4: .*(no-unused-vars)'
echo 'import { count } from "./count.js";' | fault page/unused.jsx /dev/null '1: .*(no-unused-vars)'
echo 'nowhere();' | fault tests/undefined.mjs tests/list.mjs '4: .*(no-undef)'
echo 'export const Lost = () => <Nowhere />;' | fault page/undefined.jsx page/twice.jsx '4: .*(react/jsx-no-undef)'
echo 'if (fs == null) fs.readdirSync("x");' | fault tests/loose.cjs tests/list.cjs '4: .*(eqeqeq)'
printf 'let one = 1;\nconsole.log(one);\n' | fault tests/let.cjs tests/list.cjs '4: .*(prefer-const)'
printf 'console.log([1].map((fs) => fs));\n' | fault tests/shadow.cjs tests/list.cjs '4: .*(no-shadow)'
echo 'console.log(' | fault tests/syntax.cjs tests/list.cjs ' not checked'
echo "// $long" | fault page/long.js page/number.js '2: 103 columns (width)'
printf '\n/* %s */\n' "$long" | fault page/long.css page/page.css '5: 106 columns (width)'
echo 'console.log( 1 );' | fault tests/layout.cjs tests/list.cjs ' .*(layout)'
plant "eleven faults" "^15 of 16 files checked, 10 complaints" 1
while read -r wanted; do
	grep -q "^$wanted" "$folder/out" || {
		echo "not found: $wanted"
		failures=$((failures + 1))
	}
done <"$folder/wanted"
mkdir node_modules
cp tests/list.cjs node_modules/
plant "a folder that linters leave out" "node_modules/list.cjs: not checked" 1
gone=tests/list.cjs
plant "a file that is not there" "4 of 5 files checked" 1
rm -r page tests
plant "no file at all" "git lists no file" 1
rm -rf .git
status=0
GIT_CEILING_DIRECTORIES=$folder "$check" "$folder/tree" "$modules" >"$folder/out" 2>&1 || status=$?
case $status in
0 | 77)
	echo "no repository: status $status"
	failures=$((failures + 1))
	;;
esac
[ "$failures" = 0 ]
