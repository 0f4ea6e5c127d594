#!/bin/sh
# verify.sh COVDB SOURCE_DIR - covdb verify agrees with gcov, and tells when it does not.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov python3
# shellcheck source=tests/cli/liars.sh
. "$source/tests/cli/liars.sh"

cp "$source"/tests/data/programs/*.[ch] "$folder"
for program in *.c; do
	name=${program%.c}
	gcc -O2 --coverage -c "$program" -o "$name.o"
	gcc --coverage "$name.o" -o "$name"
	"./$name" >/dev/null
done
"$covdb" verify . --notes . >agrees
cat agrees
grep -qE '^4 objects, [1-9][0-9]+ lines, [1-9][0-9]* functions, [1-9][0-9]+ branches .* 0 differences$' agrees

# A gcov that miscounts one kind of thing each: the difference is found and named.
for change in 's/"count": 40,/"count": 41,/' 's/"execution_count": 40,/"execution_count": 39,/' \
	's/"fallthrough": true/"fallthrough": false/' 's/"blocks_executed": 3,/"blocks_executed": 4,/'; do
	cat >liar <<END
#!/bin/sh
gcov "\$@" | sed '$change'
END
	is_found "gcov, $change"
done
# The formats for programs have every difference, whichever object it is of.
printf '#!/bin/sh\ngcov "$@" | sed '\''s/"execution_count": \\([0-9]*\\)/"execution_count": 7\\1/g'\''\n' >liar
status=0
"$covdb" verify . --notes . --gcov ./liar --format csv >rows 2>err || status=$?
"$covdb" verify . --notes . --gcov ./liar >said || :
check "the status of differences, their rows, and nothing besides" "1 $(sed -n 's/.*: \([0-9]*\) differences$/\1/p' said) 0" \
	"$status $(($(wc -l <rows) - 1)) $(wc -l <err)"
check "who says it" "covdb gcov" "$(sed 1d rows | cut -d, -f2 | sort -u | xargs)"
"$covdb" verify . --notes . --format csv >rows 2>err
check "rows of what agrees" "1 no difference" "$(wc -l <rows) $(cat err)"
refused 3 . "$covdb" verify . --notes . --gcov /bin/true

# As root, what gcov is given must not be replaced by somebody else.
if [ "$(id -u)" = 0 ]; then
	mkdir theirs
	chown 65534 theirs
	refused 1 "theirs belongs to user 65534" env TMPDIR="$folder/theirs" "$covdb" verify . --notes .
fi

# A folder whose name is not UTF-8, which gcov prints as it is: two objects, nothing is missing.
latin=$(printf 'caf\351')
mkdir "$latin"
for name in a b; do
	printf 'int %s(int x)\n{\n\treturn x > 0 ? x : -x;\n}\n' $name >"$latin/$name.c"
	gcc --coverage -c "$latin/$name.c" -o "$latin/$name.o"
done
printf 'int a(int), b(int);\nint main(void) { return a(2) + b(-2) != 4; }\n' >main.c
gcc main.c --coverage "$latin"/[ab].o -o main
./main
mkdir other
cp -r "$latin" other
"$covdb" verify other --notes other >agrees
expect agrees '^2 objects, [1-9]* lines, 2 functions, .* 0 differences$' "a name that is not UTF-8"
"$covdb" verify other --notes other --format json | python3 -c 'import json, sys; assert json.load(sys.stdin)["objects"] == 2' ||
	fail "JSON of verify, a name that is not UTF-8"
