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

fresh
plant "nothing planted" "^5 of 5 files checked, 0 complaints" 0
echo 'const unused = 1;' >>tests/list.cjs
plant "an unused variable" "list.cjs:4: .*(no-unused-vars)" 1
echo 'import { count } from "./count.js";' >page/unused.jsx
plant "an unused import" "unused.jsx:1: .*(no-unused-vars)" 1
echo 'nowhere();' >>tests/list.mjs
plant "an undefined name" "list.mjs:4: .*(no-undef)" 1
echo 'export const Lost = () => <Nowhere />;' >>page/twice.jsx
plant "an undefined component" "twice.jsx:4: .*(react/jsx-no-undef)" 1
echo 'if (fs == null) fs.readdirSync("x");' >>tests/list.cjs
plant "a loose comparison" "list.cjs:4: .*(eqeqeq)" 1
printf 'let one = 1;\nconsole.log(one);\n' >>tests/list.cjs
plant "let for a constant" "list.cjs:4: .*(prefer-const)" 1
printf 'console.log([1].map((fs) => fs));\n' >>tests/list.cjs
plant "a shadowed name" "list.cjs:4: .*(no-shadow)" 1
echo 'console.log(' >>tests/list.cjs
plant "a syntax error" "list.cjs: not checked" 1
echo "// $long" >>page/number.js
plant "a line that is too long" "number.js:2: 103 columns (width)" 1
printf '\n/* %s */\n' "$long" >>page/page.css
plant "one in a style sheet" "page.css:5: 106 columns (width)" 1
echo 'console.log( 1 );' >>tests/list.cjs
plant "another layout" "list.cjs: .*(layout)" 1
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
