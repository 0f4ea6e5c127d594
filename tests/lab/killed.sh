#!/bin/sh
# killed.sh COVDB SOURCE_DIR RESULTS - a collector that is killed in the middle of a trial loses that
# trial; the next one cleans up behind it: processes, container, mounts, networks, control group.
# A collector inside the lab's own trial, because a guest does not outlive its kill. The outer one has the state in /run and the
# kernel's counters, so the inner one has its own of both.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
cat >"$folder/experiment.yaml" <<'END'
name: killed
settle: 0.1
platforms:
  - {name: host, driver: host}
workloads:
  - name: killed
    duration: 30
    limit: 300
    command:
      - unshare
      - -m
      - sh
      - -c
      - |
        mount -t tmpfs -o mode=755 run /run || exit
        cd /tmp && mkdir work gcov && export TMPDIR=/var/tmp/inner COVDB_GCOV_DIRECTORY=/tmp/gcov && mkdir $TMPDIR
        echo counters >gcov/main.gcda && : >gcov/reset
        cat >inner.yaml <<'INNER'
        name: inner
        settle: 0
        platforms:
          - {name: runc, driver: oci, runtime: runc, rootfs: /covdb/container, overlay: true, network: bridge}
          - {name: gvisor, driver: oci, runtime: runsc, arguments: [--platform=ptrace, --ignore-cgroups], rootfs: /covdb/container, overlay: true, network: bridge}
        workloads:
          - {name: w, command: [sleep, "1000000"], peer: [covdb-work, serve], duration: 1, limit: 1000}
        INNER
        left() {
          ls -d /sys/class/net/covdb-* /run/netns/covdb-* $TMPDIR/covdb-* /run/covdb/* /sys/fs/cgroup/covdb 2>/dev/null
          grep $TMPDIR /proc/self/mountinfo
          ps -o args | grep -E '^(\{[^}]*\} )?(sleep 1000000|iperf3|runc|runsc)'
        }
        for platform in runc gvisor; do
          awk -v p="name: $platform," '!/name: (runc|gvisor),/ || index($0, p)' inner.yaml >one.yaml
          covdb-collector collect one.yaml -o work/$platform &
          pid=$!
          until ps -o args | grep -qE '^(\{[^}]*\} )?(sleep 1000000|runsc-sandbox)'; do sleep 0.2; done
          sleep 3
          kill -9 $pid
          wait $pid
          echo "$platform: $(left | wc -l) things left after the kill"
          sed 's/"1000000"/"0"/' one.yaml >done.yaml
          covdb-collector collect done.yaml -o work/$platform-again 2>&1 | tail -n 1
          left | sed "s/^/still there after $platform: /"
        done
        [ -z "$(left)" ]
END
status=0
"$covdb" lab run "$folder/experiment.yaml" -o "$folder/out" || status=$?
python3 - "$folder/out/trials/host-killed-1.json" <<'END'
import json, re, sys

trial = json.load(open(sys.argv[1]))
print(trial["output"])
left = re.findall(r"^(?:runc|gvisor): ([0-9]+) things left", trial["output"], re.M)
assert len(left) == 2 and all(int(count) > 4 for count in left), left
assert "still there" not in trial["output"]
assert trial["output"].count("1 trials: 1 ok, 0 failed") == 2
END
[ "$status" = 0 ]
