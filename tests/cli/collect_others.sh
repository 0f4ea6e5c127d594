#!/bin/sh
# collect_others.sh COVDB SOURCE_DIR - what another user puts in the way of root's collect is not run, not written
# through, and ends nobody. In a mount namespace with a /run and a /var/tmp of the test's own.
# shellcheck disable=SC2016 # of the inner shells
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
[ "$(id -u)" = 0 ] || skip "only root has something to lose"
need python3 setpriv flock
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"
mount -t tmpfs -o mode=1777 tmpfs /var/tmp
unset TMPDIR
chmod 755 "$test_folder" "$folder"
cat >experiment.yaml <<END
name: others
settle: 0
platforms:
  - {name: plain, driver: command, template: [sh, "{job}"]}
workloads:
  - {name: w, command: [sh, -c, 'echo workload; echo "\$PATH" >$folder/path'], duration: 1}
END
other() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
other true || skip "cannot become another user"
collects() { # collects WHAT [ENVIRONMENT...]: collect does all of the experiment
	what=$1
	shift
	rm -rf out
	status=0
	env "$@" "$covdb" collect experiment.yaml -o out 2>err || status=$?
	check "$what: it is done all the same" "0 1 trials: 1 ok, 0 failed" "$status $(tail -n 1 err)"
}

# A process of root's that a planted note accuses: number and start are those of a session.
setsid sleep 1000000 >/dev/null 2>&1 &
innocent=$!
holder=
tidy_up() {
	# shellcheck disable=SC2086 # none, or one
	kill "$innocent" $holder 2>/dev/null
}
until [ "$(cut -d' ' -f6 /proc/$innocent/stat)" = "$innocent" ]; do sleep 0.01; done
cat >plant.py <<'END'
import os, struct, sys
# The notes of covdb before 0.1: number and start of 64 sessions, and their count.
pid = int(sys.argv[1])
start = int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[19]) * 10**9 // os.sysconf("SC_CLK_TCK")
with open("/var/tmp/covdb-trial/sessions", "wb") as file:
    file.write(struct.pack("128qQ", pid, start, *[0] * 126, 1))
END
cp plant.py /var/tmp

# The folder of the trial, with a command to clean up, a session to end, and links in it.
echo precious >victim
other sh -c 'mkdir /var/tmp/covdb-trial && cd /var/tmp/covdb-trial &&
	printf "sh\n-c\nid -u >'"$folder"'/was-run" >clean-up && python3 ../plant.py '"$innocent"
for name in job job.partial sessions.partial ledger clean-up.partial; do
	other ln -s "$folder/victim" "/var/tmp/covdb-trial/$name"
done
collects "a folder with all that root would obey"
check "the planted command" "" "$(ls was-run 2>/dev/null || true)"
kill -0 "$innocent" || fail "the planted session was ended"
check "what the links lead to" precious "$(cat victim)"
check "the folder of the other" "clean-up 65534" "$(stat -c "%n %u" /var/tmp/covdb-trial/clean-up 2>/dev/null | sed "s,.*/,,")"
rm -rf /var/tmp/covdb-trial*

# Its lock: a link to what root would make, and one that somebody holds.
other ln -s "$folder/made" /var/tmp/covdb-trial.lock
collects "a lock that is a link"
check "what the lock leads to" "" "$(ls made 2>/dev/null || true)"
rm -f /var/tmp/covdb-trial.lock
setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'cd /var/tmp && : >covdb-trial.lock && chmod 666 covdb-trial.lock && : >held && exec flock --nonblock --no-fork covdb-trial.lock sh -c "echo >held; exec sleep 1000000"' >/dev/null 2>&1 &
holder=$!
until [ -s /var/tmp/held ]; do sleep 0.01; done
collects "a lock that another user holds"
rm -f /var/tmp/covdb-trial.lock

# Where root writes its results, links to what it must not write to.
mkdir -m 1777 shared
other mkdir -p shared/out/trials
for name in plain-w-1.json plain-w-1.tar.zst; do
	other ln -s "$folder/victim" "shared/out/trials/$name"
	other ln -s "$folder/victim" "shared/out/trials/$name.partial"
done
other ln -s "$folder/victim" shared/out/experiment.yaml.partial
refused 1 'shared/out belongs to user 65534: choose' "$covdb" collect experiment.yaml -o shared/out
refused 1 'shared/out belongs to user 65534' "$covdb" lab run experiment.yaml -o shared/out
refused 1 'shared/out belongs to user 65534' "$covdb" lab shell -o shared/out
check "what the links in the results lead to" precious "$(cat victim)"
mkdir kept
mkdir theirs
chown 65534 theirs
other ln -s "$folder/kept" theirs/trials
mkdir linked
ln -s "$folder/theirs" linked/trials
refused 1 'theirs belongs to user 65534: choose' "$covdb" collect experiment.yaml -o linked
mkdir -m 777 open
refused 1 'others may write to .*/open: choose' "$covdb" collect experiment.yaml -o open

# What they could exchange on the way there: a folder of theirs, one in a folder that all may write to, a link.
mkdir open/ours
other mkdir theirs/deep
other ln -s "$folder/kept" shared/link
for way in theirs/new theirs/deep/new theirs/../kept/new open/ours open/new shared/link/new shared/link; do
	refused 1 "(theirs|shared/link) belongs to user 65534: choose|others may write to .*/open: choose" \
		"$covdb" collect experiment.yaml -o "$way"
	refused 1 "(theirs|shared/link) belongs to user 65534: choose|others may write to .*/open: choose" \
		"$covdb" lab run experiment.yaml -o "$way"
done
refused 1 'theirs belongs to user 65534: choose' env -C theirs "$covdb" collect ../experiment.yaml -o new
check "what is made there" "deep trials" "$(find theirs/* kept/* open/*/* -printf '%f\n' 2>/dev/null | sort | xargs)"
# The sticky one is fine for a new folder, and so is a link of root's.
ln -s "$folder/kept" way
for way in shared/new shared/new/deeper way/new "$folder/way/newer"; do
	status=0
	"$covdb" collect experiment.yaml -o "$way" 2>err || status=$?
	check "results in $way" "0 1 trials: 1 ok, 0 failed" "$status $(tail -n 1 err)"
done
# Somebody who makes it at the same time, again and again, has root write nowhere else.
mkdir prize
other sh -c 'cd "$1" && while [ ! -e stop ]; do
	ln -s "$2" raced && mv -T raced "gone-$((count += 1))"
	mkdir raced && mv -T raced "gone-$((count += 1))"
done' sh shared "$folder/prize" >/dev/null 2>&1 &
holder=$!
for _ in $(seq 50); do
	"$covdb" collect experiment.yaml -o shared/raced/in >/dev/null 2>&1 || :
	rm -rf shared/raced 2>/dev/null || : # which may become something else meanwhile
done
: >shared/stop
wait "$holder" || :
check "what the link led to" "" "$(ls prize)"
echo "exchanges by the other user: $(find shared -maxdepth 1 -name 'gone-*' | wc -l)"

# By sudo, in a folder of the one who called it.
mkdir -m 755 home
chown 65534 home
status=0
(cd home && env SUDO_UID=65534 "$covdb" collect ../experiment.yaml -o out) 2>err || status=$?
check "by sudo" "0 1 trials: 1 ok, 0 failed" "$status $(tail -n 1 err)"
refused 1 'home belongs to user 65534: choose' env SUDO_UID=65533 "$covdb" collect experiment.yaml -o home/other
refused 1 "SUDO_UID is no user: 'x'" env SUDO_UID=x "$covdb" collect experiment.yaml -o home/other

# Programs from folders that others may write to, or that depend on where covdb was started.
mkdir -m 777 tools
mkdir bin
printf '#!/bin/sh\necho ours\n' >bin/probe
printf '#!/bin/sh\nid -u >>%s/was-run\n' "$folder" >tools/probe
chmod +x bin/probe tools/probe
cp tools/probe tools/only
other cp tools/probe tools/sh
cp tools/sh sh
cp tools/probe .
sed 's/command: \[.*\], duration/command: [probe], duration/; s/driver: command, template: .*}/driver: host}/' experiment.yaml >probe.yaml
cp experiment.yaml kept.yaml
cp probe.yaml experiment.yaml
for path in "$folder/tools:$folder/bin" ":$folder/bin" ".:$folder/bin" "$folder/bin:" "tools:$folder/bin"; do
	collects "PATH $path" "PATH=$path:$PATH"
	expect out/trials/plain-w-1.json '"output": "ours' "PATH $path"
done
cp kept.yaml experiment.yaml
collects "its own shell" "PATH=$folder/tools::$PATH:"
check "programs of others" "" "$(ls was-run 2>/dev/null || true)"
check "a workload's PATH" "" "$(tr ':' '\n' <path | grep -vE '^/' || true)$(grep -F "$folder" path || true)"
sed 's/\[probe\]/[only]/' probe.yaml >only.yaml
refused 3 "there is no program 'only' in PATH \($folder/tools/only is passed over: others may write to $folder/tools\)" \
	env "PATH=$folder/tools:$PATH" "$covdb" collect only.yaml -o only
chown 65534 tools
chmod 755 tools
refused 3 "passed over: $folder/tools belongs to user 65534" env "PATH=$folder/tools:$PATH" "$covdb" collect only.yaml -o only
mv sh probe tools

# A work folder in a place where it could be replaced.
refused 1 "no work folder in $folder/tools: $folder/tools belongs to user 65534; set TMPDIR" \
	env TMPDIR="$folder/tools" "$covdb" collect experiment.yaml -o no

# The state in /run: what is not root's alone is refused, and what is not as covdb writes it, taken nothing from.
rm -rf /run/covdb
if other mkdir /run/covdb 2>/dev/null; then fail "another user made /run/covdb"; fi
mkdir -m 755 /run/covdb
refused 1 '/run/covdb has owner 0 and mode 0755, not 0 and 0700: ' "$covdb" collect experiment.yaml -o no
chmod 700 /run/covdb
chown 65534 /run/covdb
refused 1 '/run/covdb has owner 65534 and mode 0700, not 0 and 0700: ' "$covdb" collect experiment.yaml -o no
rm -rf /run/covdb
mkdir -m 700 elsewhere
ln -s "$folder/elsewhere" /run/covdb
refused 1 'cannot open the folder /run/covdb: ' "$covdb" collect experiment.yaml -o no
rm -f /run/covdb
mkdir -m 700 /run/covdb
python3 -c 'open("/run/covdb/sessions", "wb").write(bytes(64 * 24 + 8))'
for line in 'command rm -rf /' 'link eth0' 'link covdb-tap; reboot' 'link ../covdb' 'namespace other' 'group covdb/..' 'container a/b' \
	'folder /var/tmp/covdb-abcdef' 'folder /var/tmp/covdb-abcdef 1 -2' 'folder /var/tmp/covdb-abcdef 1 2 3' 'folder /etc 1 2' \
	'folder /var/tmp/../covdb-abcdef 1 2' 'folder covdb-abcdef 1 2' 'link' ''; do
	printf 'link covdb-tap\n%s\n' "$line" >/run/covdb/ledger
	refused 1 '/run/covdb/ledger:2: not as covdb writes it: ' "$covdb" collect experiment.yaml -o no
done
printf 'link covdb-tap\nlink covdb' >/run/covdb/ledger
refused 1 '/run/covdb/ledger:2: cut short: ' "$covdb" collect experiment.yaml -o no
ln -sf "$folder/experiment.yaml" /run/covdb/ledger
refused 1 'cannot open /run/covdb/ledger: ' "$covdb" collect experiment.yaml -o no
rm -f /run/covdb/ledger
mkdir /var/tmp/covdb-abcdef
: >/var/tmp/covdb-abcdef/file
printf 'folder /var/tmp/covdb-abcdef %s 1\n' "$(stat -c %d /var/tmp)" >/run/covdb/ledger
collects "another folder of that name"
expect err '/var/tmp/covdb-abcdef is not the folder that a collect made: it is left alone'
[ -e /var/tmp/covdb-abcdef/file ] || fail "another folder of that name was removed"

# Where others may write to /run, they may have made its folder: the state is in one that nobody knows.
rm -rf /run/covdb
chmod 1777 /run
other sh -c 'mkdir -m 777 /run/covdb && printf "folder /etc/covdb-abcdef 1 2\n" >/run/covdb/ledger'
collects "a /run for all"
expect err '/run/covdb cannot be used'
check "what is in the way" "folder /etc/covdb-abcdef 1 2" "$(cat /run/covdb/ledger)"
check "nothing is left" "" "$(find /var/tmp -maxdepth 1 -name 'covdb-*' ! -name covdb-abcdef)"
