#!/bin/sh
# programs.sh COVDB SOURCE_DIR RESULTS - a program that is given by file is a platform's in the guest, and its version is in
# the manifest; an optional platform whose program was not given is skipped, and that is said.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
need python3
cat >runtime <<'END'
#!/bin/sh
if [ "$1" = --version ]; then
	echo "runtime version VERSION_MISSING"
else
	echo "given: $*"
fi
exit
END
printf 'path\texample.org/runtime\nmod\texample.org/runtime\tv9.1.0\th1:x=\n' >>runtime
chmod +x runtime
cat >experiment.yaml <<'END'
name: programs
settle: 0
platforms:
  - {name: given, driver: oci, optional: true, runtime: /covdb/programs/runtime, rootfs: /covdb/container}
  - {name: not-given, driver: oci, optional: true, runtime: /covdb/programs/other, rootfs: /covdb/container}
workloads:
  - {name: w, command: ["true"], duration: 1, limit: 60}
END
"$covdb" lab build --program runtime=runtime >/dev/null
"$covdb" lab run --program runtime=runtime experiment.yaml -o out 2>err || {
	fail "the run"
	cat err
}
expect err '^1 trials: 1 ok, 0 failed$'
check "what was not given is said with the plan and at the end" 2 \
	"$(grep -c "^skipped: platform not-given: there is no program '/covdb/programs/other'\$" err)"
check "what ran" "given-w-1.json" "$(cd out/trials && echo *.json)"
check "its version, and what it was told" "runtime version v9.1.0 given: --root" \
	"$(python3 -c 'import json; t = json.load(open("out/trials/given-w-1.json")); print(t["versions"]["runtime"], t["output"][:13])')"

# Of another time or size it is another program: it is not taken for the one that is there.
echo >>runtime
refused 1 'the root file system is missing; run: covdb lab build' \
	"$covdb" lab run --program runtime=runtime experiment.yaml -o other
