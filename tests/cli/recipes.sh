#!/bin/sh
# recipes.sh COVDB SOURCE_DIR - the snippets for GitHub Actions and GitLab in docs/patch.md are YAML, and their commands run.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc git jq python3
python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
mkdir bin && ln -s "$covdb" bin/covdb
PATH=$folder/bin:$PATH
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_GLOBAL=/dev/null

# A repository whose branch adds a line that its tests execute and one that they do not; what each version executed is in a database.
git init -q -b main work
cd work
mkdir net
printf 'int main(int argc, char **argv)\n{\n\tint n = argc;\n\treturn n > 9;\n}\n' >net/prog.c
git add net
git commit -qm base
measure() { # measure DATABASE
	rm -rf build gcda
	mkdir -p build gcda/net
	cp -r net build
	(cd build && gcc -O0 --coverage -c net/prog.c -o net/prog.o && gcc --coverage net/prog.o -o prog && ./prog &&
		mv net/prog.gcda ../gcda/net)
	covdb kernel add --db "$1" --notes build --name "$1" --sources build >/dev/null 2>&1
	covdb import gcda --db "$1" --kernel "$1" --platform host --workload selftests --seconds 1 >/dev/null 2>&1
}
measure base.sqlite
git update-ref refs/remotes/origin/main HEAD
sed -i 's/^\treturn n > 9;/\tn += 2;\n\tif (n > 100)\n\t\tn = 0;\n&/' net/prog.c
git commit -qam "two lines more"
export COVDB=now.sqlite GITHUB_BASE_REF=main CI_MERGE_REQUEST_DIFF_BASE_SHA=origin/main GITHUB_STEP_SUMMARY="$folder/summary"
measure now.sqlite

# snippet HEADING PROGRAM: the first block of YAML below it, whose object PROGRAM makes commands of.
snippet() {
	python3 - "$source/docs/patch.md" "$1" "$2" <<'END'
import sys
import yaml

text = open(sys.argv[1], encoding="utf-8").read()
block = text.split(f"### {sys.argv[2]}\n")[1].split("```yaml\n")[1].split("```")[0]
print(eval(sys.argv[3], {"said": yaml.safe_load(block)}))
END
}
snippet "GitHub Actions" '"\n".join(step["run"] for step in said[:-1])' >github.sh
status=0
sh -e github.sh >out 2>err || status=$?
check "GitHub: status" "0 $(cat err)" "$status "
expect ../summary '^patch: [0-9]+ changed lines with code, ' "GitHub: the summary"
check "GitHub: the line that nothing executes" "::warning file=net/prog.c,line=6::nothing executes this line" "$(cat out)"
snippet "GitHub Actions" 'said[-1]["run"]' >github.sh
status=0
sh -e github.sh >out 2>err || status=$?
check "GitHub: what grew fails" 1 "$status"
expect err '^covdb compare: \.: [0-9]+ lines gained or new code, more than 0: main \(' "GitHub: and is named"

snippet "GitLab" '"\n".join(said["coverage"]["script"])' >gitlab.sh
sh -e gitlab.sh >out 2>err || fail "GitLab: $(cat err)"
expect out '^covered [0-9]+ of [0-9]+$' "GitLab: the figure"
check "GitLab: what is kept" patch.json "$(snippet GitLab 'said["coverage"]["artifacts"]["paths"][0]')"
