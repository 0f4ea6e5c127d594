#!/bin/sh
# collect_platforms.sh COVDB SOURCE_DIR - platforms that need nothing but a shell: any command, and a machine's image;
# what they execute, say and leave behind.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"
echo image >disk
manifest() { # manifest TRIAL EXPRESSION: of that trial `t`
	python3 -c 'import json, sys; t = json.load(open(f"out/trials/{sys.argv[1]}.json")); print(eval(sys.argv[2]))' "$@"
}

cat >experiment.yaml <<END
name: platforms
settle: 0
platforms:
  - {name: plain, driver: command, template: [sh, -c, 'echo "before {id}"; "\$@"', sh, "{command}"], version: [echo, plain 3]}
  - {name: silent, driver: command, template: [sh, "{job}"], version: ["true"], tear_down: [sh, -c, 'echo gone >>$folder/ends']}
  - {name: machine, driver: command, image: $folder/disk, memory: 5, cpus: 2,
     template: [sh, -c, 'cat "\$1"; echo changed >>"\$1"; sh "\$2"; echo "{\\"event\\": \\"exit\\", \\"status\\": \$?}"; exit 9', sh, "{image}", "{job}"]}
workloads:
  - {name: fine, command: [echo, "it's done"], duration: 1}
  - {name: fails, command: [sh, -c, exit 3], duration: 1}
END
status=0
"$covdb" collect experiment.yaml -o out 2>err || status=$?
check "each platform fails where its workload does" "1 6 trials: 3 ok, 3 failed" "$status $(tail -n 1 err)"
check "a command" "before covdb-trial it's done|plain 3" \
	"$(manifest plain-fine-1 't["output"].replace("\n", " ").strip() + "|" + t["versions"].get("echo", "")')"
check "one that says no version" "it's done|1" "$(manifest silent-fine-1 't["output"].strip() + "|" + str(len(t["versions"]))')"
check "a machine: its word counts, not the end of its command" "ok 0" \
	"$(manifest machine-fine-1 't["status"] + " " + str(t["exit_status"])')"
for platform in plain silent machine; do
	check "status on $platform" "failed 3" "$(manifest $platform-fails-1 't["status"] + " " + str(t["exit_status"])')"
done
check "each trial has a copy of the image" "image" "$(cat disk)"
check "what ends the platform ran once a trial" 2 "$(wc -l <ends)"
check "nothing is left" "" "$(ls tmp)"

# What is optional and not here is left out, and said so with the plan and with the outcome; doctor says it, too.
sed "s|^platforms:|&\n  - {name: later, driver: oci, runtime: $folder/later, rootfs: /, optional: true}\n\
  - {name: tool, driver: command, template: [env, '{command}'], version: [$folder/tool, -v], optional: true}\n\
  - {name: first, driver: command, template: [$folder/first, '{command}'], optional: true}|; /name: fails/d; /name: machine/,+1d" experiment.yaml >optional.yaml
echo 'baselines: [{name: idle-later, platform: later, duration: 1}]' >>optional.yaml
missing="skipped: platform later: there is no program '$folder/later'"
check "a plan without it" "2 trials" \
	"$("$covdb" collect optional.yaml --dry-run | sed -n 's/^platforms: \([0-9]*\) trials to do.*/\1 trials/p')"
"$covdb" collect optional.yaml -o optional 2>err
check "what came of it" "2 trials: 2 ok, 0 failed $missing" "$(tail -n 4 err | head -n 2 | xargs -d '\n')"
check "a command, by what says its version and by its first word" \
	"skipped: platform tool: there is no program '$folder/tool' skipped: platform first: there is no program '$folder/first'" \
	"$(tail -n 2 err | xargs -d '\n')"
check "said before, too" 2 "$(grep -cF "$missing" err)"
"$covdb" doctor optional.yaml --format json >doctor.json || true
check "doctor" advice "$(python3 -c 'import json; print([f["status"] for f in json.load(open("doctor.json"))["checks"] if f["check"] == "platform later"][0])')"
printf '#!/bin/sh\nexit 7\n' >later
chmod +x later
sed -i '/name: tool/d; /name: first/d' optional.yaml
status=0
"$covdb" collect optional.yaml -o optional 2>err || status=$?
check "one that is here and fails is not left out" "1 0" "$status $(grep -c skipped err)"
sed 's/, optional: true//' optional.yaml >needed.yaml
rm later
refused 3 "platform later: there is no program '$folder/later'" "$covdb" collect needed.yaml -o needed

# A machine that ends before it says how its workload ended.
sed "s/^workloads:/workloads: [{name: w, command: ['true'], duration: 1}]/; /name: fine/d; /name: fails/d; /name: plain/d; /name: silent/d; s/; echo \"{.*exit 9/; exit 4/" \
	experiment.yaml >early.yaml
status=0
"$covdb" collect early.yaml -o early 2>err || status=$?
check "a machine that ends early" 1 "$status"
expect err 'the machine ended \(status 4\) before its workload did'

# Each experiment that comes with covdb is one, whatever of its platforms is here.
for file in "$source"/workloads/*.yaml; do
	grep -q '^    driver: host$' "$file" || continue
	"$covdb" collect --dry-run "$file" >plan 2>err || fail "$file: $(cat err)"
	expect plan ' trials to do, '
done
