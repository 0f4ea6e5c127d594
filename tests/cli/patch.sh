#!/bin/sh
# patch.sh COVDB SOURCE_DIR - what executed each line of a patch series: states, by whom, branches, commits, functions.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git python3

# A program with a history of four commits, of which the last three are the patch.
mkdir repository
cd repository
git init -q .
git config user.name a
git config user.email a@b
commit() { # commit SUBJECT
	git add -A
	git commit -qm "$1"
}
cat >prog.c <<'END'
#include <stdlib.h>
int first(int n)
{
	return n + 1;
}
int main(int argc, char **argv)
{
	int n = atoi(argv[1]);
	n = first(n);
	return n == 1;
}
END
printf 'a text\n' >README
printf 'int never(int n)\n{\n\treturn n;\n}\n' >absent.c
commit "the beginning"
git tag base
# Executed by one, or by all, with a branch that nothing takes.
sed -i 's/^	n = first(n);$/	n = first(n);\n	if (n > 1000)\n		n = 0;\n	\/* a comment *\/\n	if (argc > 2)\n		n += 7;/' prog.c
commit "prog: a branch"
# A function that nothing calls, and a line that the next commit takes away again.
sed -i 's/^int main/int second(int n)\n{\n	return n * 2;\n}\nint main/; s/^	return n == 1;$/	n += 0;\n	return n == 1;/' prog.c
printf 'more text\n' >>README
sed -i 's/return n;/return n + 1;/' absent.c
commit "prog: a function"
sed -i '/n += 0;/d; s/^	return n + 1;/	return n > 3 \&\& n < 9 ? n + 1 : n;/' prog.c
printf 'int global; /* no function */\n' >>prog.c
commit "prog: first() is partly executed"
cd ..

mkdir build
cp repository/prog.c build/prog.c
(cd build && gcc -O0 --coverage -c prog.c -o prog.o && gcc --coverage prog.o -o prog)
"$covdb" kernel add --notes build --name k >/dev/null 2>&1
trial() { # trial PLATFORM ARGUMENT...
	platform=$1
	shift
	rm -f build/*.gcda
	(cd build && ./prog "$@") || :
	"$covdb" import build --platform "$platform" --workload w --seconds 2 >/dev/null 2>&1
}
trial a 1
trial b 1 x
trial b 1 x

patch() { # patch [OPTION...]: file, line, state, why, by whom
	"$covdb" patch "$@" --format json >out.json
	python3 - out.json <<'END'
import json
import sys

for row in json.load(open(sys.argv[1]))["rows"]:
	by = " ".join(f"{one['name']}:{one['count']}:{one['per_s']}" for one in row["executed_by"])
	print(row["file"], row["line"], row["state"], row["why"], f"{row['branches_never_taken']}/{row['branches']}", row["function"], by, sep="|")
END
}
cat >expected <<'END'
README|2|not instrumented|its file is not compiled|0/0|None|
absent.c|3|not instrumented|its file is not compiled|0/0|None|
prog.c|4|partly executed|None|3/4|first|a/w:1:0.5 b/w:2:0.5
prog.c|5|not instrumented|no code|0/0|first|
prog.c|6|not executed|None|0/0|second|
prog.c|7|not instrumented|no code|0/0|second|
prog.c|8|not executed|None|0/0|second|
prog.c|14|executed|None|1/2|main|a/w:1:0.5 b/w:2:0.5
prog.c|15|not executed|None|0/0|main|
prog.c|16|not instrumented|no code|0/0|main|
prog.c|17|executed|None|0/2|main|a/w:1:0.5 b/w:2:0.5
prog.c|18|executed|None|0/0|main|b/w:2:0.5
prog.c|21|not instrumented|no code, outside of functions|0/0|None|
END
patch base..HEAD --git repository >range
diff expected range >&2 || fail "the lines of a range"
git -C repository diff base..HEAD >series.diff
patch series.diff | diff expected - >&2 || fail "a diff says what the range says"

python3 - out.json <<'END' || fail "the summary, commits or functions"
import json
import sys

said = json.load(open(sys.argv[1]))
assert said["summary"]["text"] == "patch: 7 changed lines with code, 4 executed by b/w, 3 by none", said["summary"]
assert said["commits"] == [], said["commits"]
END
"$covdb" patch base..HEAD --git repository --format json >out.json
python3 - out.json <<'END' || fail "the commits or functions"
import json
import sys

said = json.load(open(sys.argv[1]))
commits = [(row["subject"], row["lines"], row["executed"], row["partly"], row["not_executed"], row["not_instrumented"]) for row in said["commits"]]
assert commits == [("prog: a branch", 5, 3, 0, 1, 1), ("prog: a function", 5, 0, 0, 2, 3),
                   ("prog: first() is partly executed", 2, 0, 1, 0, 1),
                   ("lines older than the range", 1, 0, 0, 0, 1)], commits
functions = [(row["function"], row["lines"], row["executed"]) for row in said["functions"]]
assert functions == [("first", 2, 0), ("second", 3, 0), ("main", 5, 3)], functions
assert said["asked"] == ["a/w", "b/w"], said["asked"]
END

# Text is the diff itself behind a margin.
"$covdb" patch base..HEAD --git repository >text
check "the summary" "patch: 7 changed lines with code, 4 executed by b/w, 3 by none" "$(head -n 1 text)"
git -C repository diff base..HEAD | grep -vE '^(diff|index|new file|deleted file|[-+]{3} )' >diff.git
sed -n '/^--- /,/^COMMIT/p' text | grep -vE '^(COMMIT|[-+]{3} |$)' | sed 's/^[^@|]*|//' >diff.ours
diff diff.git diff.ours >&2 || fail "the text of the diff"
expect text '^x 0.5/s a/w \+1 1 of 2 branches never +\|\+	if \(n > 1000\)$'
expect text '^! +\|\+		n = 0;$'
expect text '^x 0.5/s b/w +\|\+		n \+= 7;$'
expect text '^\. +\|\+	/\* a comment \*/$'
expect text '^~ 0.5/s a/w \+1 3 of 4 branches never \|\+	return n > 3 && n < 9 \? n \+ 1 : n;$'

# Some trials only; a tracefile of the changed lines.
check "one platform" "prog.c|18|not executed|None|0/0|main|" "$(patch base..HEAD --git repository --trial a/w | grep '|18|')"
"$covdb" patch base..HEAD --git repository --format info >patch.info
check "the tracefile" "DA:4,3 DA:6,0 DA:8,0 DA:14,3 DA:15,0 DA:17,3 DA:18,2" "$(grep '^DA:' patch.info | paste -sd' ')"
check "its file" "SF:$folder/build/prog.c" "$(grep '^SF:' patch.info)"

# Plain gcov data, without a study.
rm -f build/*.gcda
(cd build && ./prog 1 x) || :
COVDB=/nowhere patch --snapshot build --notes build base..HEAD --git repository >snapshot
sed 's#|a/w:1:0.5 b/w:2:0.5#|build:1:None#; s#|b/w:2:0.5#|build:1:None#; s#14|executed|None|1/2#14|executed|None|1/2#; s#17|executed|None|0/2#17|executed|None|1/2#' expected |
	diff - snapshot >&2 || fail "a snapshot"
(cd repository && "$covdb" patch --snapshot ../build --notes ../build base..HEAD) | head -n 1 >first
check "the repository is the one here" "patch: 7 changed lines with code, 4 executed by ../build, 3 by none" "$(cat first)"

# Commits on top, lines that moved since, and a kernel without the patch.
cp build/prog.c build/kept.c
sed -i '1i /* on top */' build/prog.c
(cd build && gcc -O0 --coverage -c prog.c -o prog.o && gcc --coverage prog.o -o prog && rm -f ./*.gcda && ./prog 1 x) || :
patch --snapshot build --notes build base..HEAD --git repository | cmp - snapshot || fail "a line on top"
mkdir without
git -C repository show base:prog.c >without/prog.c
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "/* $i */" >>without/prog.c; done
refused 1 'built without the patch' "$covdb" patch --snapshot build --notes build base..HEAD --git repository --kernel-src without
mv build/prog.c away.c
(cd build && cp kept.c prog.c && gcc -O0 --coverage -c prog.c -o prog.o && gcc --coverage prog.o -o prog && rm -f ./*.gcda prog.c && ./prog 1 x) || :
patch --snapshot build --notes build base..HEAD --git repository 2>err | cmp - snapshot || fail "without the source"
expect err 'there is no source of the measured kernel: its lines are taken for those of the patch'
mv build/kept.c build/prog.c

refused 2 'is no range' "$covdb" patch base...HEAD --git repository
refused 1 'nothing' "$covdb" patch nothing..HEAD --git repository
refused 1 'nowhere' "$covdb" patch base..HEAD --git nowhere
refused 1 'missing.diff' "$covdb" patch missing.diff
printf 'no diff\n' >no.diff
refused 1 'no.diff: no diff as git writes it|there is no diff in it' "$covdb" patch no.diff
cat series.diff series.diff >twice.diff
refused 1 'it changes README twice' "$covdb" patch twice.diff
refused 2 'need each other' "$covdb" patch series.diff --snapshot build
refused 2 'goes with a range' "$covdb" patch series.diff --git repository
refused 1 'no such trials' "$covdb" patch series.diff --trial c/w
refused 1 "a/v: there are no such trials; .* did you mean 'a/w'" "$covdb" patch series.diff --trial b/w,a/v
refused 1 'none.sqlite' "$covdb" patch series.diff --db none.sqlite

# What docs/patch.md asks of the JSON in CI.
"$covdb" patch base..HEAD --git repository --format json >out.json
python3 - "$source/docs/patch.md" out.json <<'END' || fail "a key that docs/patch.md asks for"
import json
import re
import sys

said = json.load(open(sys.argv[2]))
text = open(sys.argv[1], encoding="utf-8").read()
keys = re.findall(r"\.summary\.(\w+)", text)
assert len(keys) >= 5 and all(key in said["summary"] for key in keys), keys
assert all({"state", "file", "line"} <= row.keys() for row in said["rows"])
assert any(row["state"] == "not executed" for row in said["rows"])
END
