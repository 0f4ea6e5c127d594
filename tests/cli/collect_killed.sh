#!/bin/sh
# collect_killed.sh COVDB SOURCE_DIR - what a killed collect left behind is ended and removed by the next, from kinds
# and names alone: its processes, mounts, folder; the command that ends a platform is the experiment's.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
[ "$(id -u)" = 0 ] || skip "only root's state is found again"
need python3
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"
mkdir root
cat >experiment.yaml <<END
name: killed
settle: 0
platforms:
  - name: plain
    driver: command
    template: [sh, -c, 'mkdir "{folder}/mounted here"; mount -t tmpfs tmpfs "{folder}/mounted here"; echo \$\$ >$folder/pid; exec sleep 1000000']
    tear_down: [sh, -c, 'echo ended {id} {folder} >>$folder/ends']
workloads:
  - {name: w, command: ["true"], duration: 1, limit: 2000}
END
sed 's/name: plain/name: other/; s/^name: .*/name: next/; s/template: .*/template: ["true"]/; /tear_down/d' experiment.yaml >next.yaml
sed 's/^name: .*/name: again/; s/template: .*/template: ["true"]/' experiment.yaml >again.yaml
killed() { # a collect is killed in the middle of its trial; $pid is its workload
	rm -rf pid ends killed
	"$covdb" collect experiment.yaml -o killed 2>/dev/null &
	collector=$!
	until [ -s pid ]; do sleep 0.05; done
	kill -KILL "$collector"
	wait "$collector" || :
	pid=$(cat pid)
	left=$(echo tmp/covdb-*)
	[ -d "$left/mounted here" ] || fail "nothing was left by the killed one"
}
gone() { # gone PID WHAT
	waited=0
	while [ -e "/proc/$1" ] && [ "$waited" -lt 100 ]; do
		[ "$(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null)" != Z ] || return 0
		waited=$((waited + 1))
		sleep 0.05
	done
	[ ! -e "/proc/$1" ] || fail "$2 still runs"
}

killed
check "the state" "0 700 0 600" "$(stat -c '%u %a' /run/covdb /run/covdb/ledger | xargs)"
check "no command in the ledger" "folder $folder/$left $(stat -c '%d %i' "$left"); platform plain;" \
	"$(sed 's/$/;/' /run/covdb/ledger | xargs)"
status=0
"$covdb" collect again.yaml -o again 2>err || status=$?
check "the next one works" "0 1 trials: 1 ok, 0 failed" "$status $(tail -n 1 err)"
gone "$pid" "the workload"
check "what ends the platform ran for the killed trial, and for its own" "ended covdb-trial $folder/$left 2" \
	"$(head -n 1 ends) $(wc -l <ends)"
check "nothing is left" "" "$(ls tmp; ls /run/covdb; grep "$folder/tmp" /proc/self/mountinfo || true)"

# An experiment that does not know the platform says what it cannot end.
killed
"$covdb" collect next.yaml -o next 2>err || fail "another experiment does not go on"
expect err 'a collect was killed on platform plain, which has no tear_down here: what it started may still run'
gone "$pid" "the workload"
check "nothing is left then" "" "$(ls tmp; ls /run/covdb; ls ends 2>/dev/null || true)"

# A container of a runtime that covdb does not know by name is deleted by that of the experiment, with its arguments.
mkdir -p box/bin
cp /bin/true box/bin/
cat >boxed <<END
#!/bin/sh
case " \$* " in
*' --version '*) echo 1 ;;
*' delete '*) echo "\$*" >>$folder/ends ;;
*) mkdir -p $folder/\$(cd $folder && echo tmp/covdb-*)/'mounted here' && echo \$\$ >$folder/pid && exec sleep 1000000 ;;
esac
END
chmod +x boxed
sed '/- name: plain/,/tear_down/d' experiment.yaml | sed "s|^platforms:|&\n  - {name: box, driver: oci, runtime: $folder/boxed, arguments: [--quiet], rootfs: $folder/box}|; s|\[\"true\"\]|[/bin/true]|" >boxes.yaml
sed 's/limit: 2000/limit: 1.5/; s/^name: .*/name: later/' boxes.yaml >later.yaml
cp experiment.yaml plain.yaml
cp boxes.yaml experiment.yaml
killed
"$covdb" collect next.yaml -o next2 2>err || fail "an experiment without the runtime does not go on"
expect err 'a collect was killed on platform box, which has no tear_down here'
killed
"$covdb" collect later.yaml -o later 2>err || : # its own container outlives the limit
gone "$pid" "the runtime"
check "the container is deleted" "--quiet --root $folder/$left/state delete --force covdb-trial" "$(head -n 1 ends)"
cp plain.yaml experiment.yaml

# A trial's files may be many and deep.
cat >deep.yaml <<END
name: deep
settle: 0
platforms:
  - {name: plain, driver: command, template: [python3, $folder/deep.py, "{folder}"]}
workloads:
  - {name: w, command: ["true"], duration: 1}
END
cat >deep.py <<'END'
import os, sys
os.chdir(sys.argv[1])
os.symlink("/etc", "link")
for depth in range(3000):
    os.mkdir("covdb-removed-0" if depth % 2 else "folder")
    open("file", "w").close()
    os.chdir("covdb-removed-0" if depth % 2 else "folder")
END
"$covdb" collect deep.yaml -o deep 2>err || fail "deep folders"
check "deep folders are removed" "" "$(ls tmp; grep 'left behind' err || true)"

# What cannot be removed does not make a whole trial fail; the next collect removes it.
mount -t tmpfs tmpfs tmp
tidy_up() { umount "$folder/tmp"; }
sed "s|^name: .*|name: stuck|; s|template: .*|template: [sh, -c, 'mount -o remount,ro $folder/tmp']|; /tear_down/d" experiment.yaml >stuck.yaml
status=0
"$covdb" collect stuck.yaml -o stuck 2>err || status=$?
check "a folder that stays" "0 1 trials: 1 ok, 0 failed" "$status $(tail -n 1 err)"
expect err "^left behind: cannot remove $folder/tmp/covdb-......(/.*)?: Read-only file system; the next collect tries again$"
check "it is kept in mind" "folder $folder/$(echo tmp/covdb-*)" "$(cut -d' ' -f1,2 /run/covdb/kept)"
mount -o remount,rw tmp
"$covdb" collect next.yaml -o after 2>err || fail "the collect after it"
check "it is removed" "" "$(ls tmp; ls /run/covdb; grep 'left behind' err || true)"
