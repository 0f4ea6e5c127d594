#!/bin/sh
# firecracker.sh COVDB SOURCE_DIR - the driver firecracker starts, configures and ends what a stand-in takes for a
# machine, by file and by calls, jailed or not, and tells why when it is refused.
# shellcheck disable=SC2016 # the stand-in puts names between backquotes
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3
if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then skip "the driver wants /dev/kvm, which cannot be used here"; fi
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"
export STAND_IN_LOG="$folder/log"
for name in firecracker jailer; do
	printf '#!/bin/sh\nexec python3 -S "%s" %s "$@"\n' "$source/tests/cli/firecracker.py" "$name" >"$name"
done
chmod +x firecracker jailer
mkdir elsewhere
cp firecracker elsewhere/firecracker-of-some-version
ln -s elsewhere/firecracker-of-some-version linked
runtime=firecracker
cp /bin/true vmlinux # an ELF file
truncate -s 1M root.ext4

collects() { # collects STATUS COMMAND KEYS: on a platform with these keys besides; what was told is in log, what was said in err
	cat >experiment.yaml <<-END
		name: firecracker
		settle: 0
		platforms:
		  - {name: fc, driver: firecracker, runtime: $folder/$runtime, kernel: $folder/vmlinux, image: $folder/root.ext4, memory: 128, cpus: 2$3}
		workloads:
		  - {name: w, command: [sh, -c, "$2"], duration: 1, limit: 60}
	END
	rm -rf out log
	: >log
	status=0
	"$covdb" collect experiment.yaml -o out 2>err || status=$?
	if [ "$status" != "$1" ]; then
		fail "status $status, not $1:$3"
		cat err log
	fi
	check "nothing is left of:$3" "" "$(ls tmp)"
}
manifest() { # manifest EXPRESSION: of the trial `t`
	python3 -c 'import json, sys; t = json.load(open("out/trials/fc-w-1.json")); print(eval(sys.argv[1]))' "$1"
}
calls='PUT /boot-source 204 PUT /drives/root 204 PUT /drives/job 204 PUT /machine-config 204 PUT /actions 204 guest: status'
parts='configured: boot-source drives machine-config network-interfaces guest: status'
said() { # said: what was told, but for the filters of system calls
	grep -v '^seccomp: ' log | xargs
}

for version in 0.19.1 0.21.0 1.0.0 1.16.1; do
	export STAND_IN_VERSION=$version
	case $version in 0.19.1) words="firecracker $version" ;; *) words="Firecracker v$version" ;; esac
	collects 0 "echo it\\\\'s here" ''
	check "$version told by a file" "$parts 0" "$(said)"
	check "$version: what the manifest has" "ok None 0 $words" \
		"$(manifest '" ".join(map(str, (t["status"], t["signal"], t["exit_status"], t["versions"]["firecracker"])))')"
	expect out/trials/fc-w-1.json "it's here" "the workload's output"
	collects 0 true ', api_socket: true'
	check "$version told by calls, of which starting is the last" "$calls 0" "$(said)"
	collects 1 'echo said; exit 3' ', api_socket: true'
	check "$version: the workload's status" "$calls 3" "$(said)"
	expect err 'fc w 1: failed, exit status 3, '
	expect err '^    ' "a line of its output"

	# Whatever is refused is in the failure, by file or by call.
	echo 'no kernel' >vmlinux
	collects 1 true ', api_socket: true'
	expect err 'Firecracker refuses PUT /actions: status 400: Cannot load kernel .*Invalid Elf magic'
	check "no guest" 0 "$(grep -c guest log)"
	collects 1 true ''
	expect err 'the machine ended \(status 152\) before its workload did: .*Invalid Elf magic'
	cp /bin/true vmlinux

	# One that ends before it listens is not waited for, and its reason is told and not its last line.
	collects 1 true ', api_socket: true, arguments: [--no-such-option]'
	expect err "Firecracker ended before it listened at .*/api.socket: .*Found argument '(--)?no-such-option' which wasn't expected"
	check "$version: not what says less" 0 "$(grep -cE 'failed, .*(Firecracker exiting|/api.socket: (Error: |For more))' err)"
	case $version in 0.*) filters='[--seccomp-level, "0"]' level=0 ;; *) filters='[--no-seccomp]' level=none ;; esac
	collects 0 true ", api_socket: true, arguments: $filters"
	check "$version: without filters of system calls" "seccomp: $level" "$(grep seccomp log)"

	# In a jail it finds all of it below its root, and it is its own; the folder has the name of what a link leads to.
	[ "$(id -u)" = 0 ] || continue
	chmod 755 "$test_folder" "$folder" tmp
	for keys in '' ', api_socket: true'; do
		for program in firecracker linked; do
			runtime=$program
			collects 0 true "$keys, jailer: $folder/jailer, uid: 1234, gid: 2345"
			expect log '^jailer: job kernel root.ext4( vm.json)? of 1234:2345$'
			expect log '^guest: status 0$'
			check "$version: the calls, jailed" "$([ -z "$keys" ] || echo "$calls 0")" "$(grep -E '^PUT|^guest' log | xargs | grep '^PUT' || true)"
		done
	done
	runtime=firecracker
	collects 0 true ", jailer: $folder/jailer, uid: 1234, gid: 2345, arguments: $filters"
	check "$version: without filters, jailed" "seccomp: $level" "$(grep seccomp log)"
	printf '#!/bin/sh\nexec python3 "%s" jailer --no-such-option\n' "$source/tests/cli/firecracker.py" >broken
	chmod +x broken
	collects 1 true ", api_socket: true, jailer: $folder/broken, uid: 1234, gid: 2345"
	expect err "Firecracker ended before it listened at .*: .*Found argument '(--)?no-such-option'"
done

# What is missing is told before the first trial.
refused_with() { # refused_with PATTERN SED_COMMAND
	sed "$2" experiment.yaml >wrong.yaml
	refused 3 "$1" "$covdb" collect wrong.yaml -o wrong
}
collects 0 true ", jailer: $folder/jailer, uid: $(id -u), gid: $(id -g)"
refused_with 'platform fc: cannot use the kernel .*/vmlinux.gone: No such file' 's,/vmlinux,&.gone,'
refused_with 'platform fc: cannot use the image .*/root.ext4.gone: No such file' 's,/root.ext4,&.gone,'
refused_with 'platform fc: .*firecracker.gone' 's,/firecracker\,,/firecracker.gone\,,'
refused_with 'platform fc: .*jailer.gone' 's,/jailer\,,/jailer.gone\,,'

# The stand-in itself refuses what the real one refuses.
asks() { # asks STATUS PATTERN METHOD PATH BODY...: of a fresh one
	cat >ask.py <<-'END'
		import http.client, re, socket, subprocess, sys, time
		status, pattern, *rest = sys.argv[1:]
		process = subprocess.Popen(["./firecracker", "--api-sock", "ask.socket"])
		connection = socket.socket(socket.AF_UNIX)
		for _ in range(1000):
		    try:
		        connection.connect("ask.socket")
		        break
		    except OSError:
		        time.sleep(0.01)
		client = http.client.HTTPConnection("localhost")
		client.sock = connection
		while rest:
		    method, path, body, *rest = rest
		    client.request(method, path, body)
		    answer = client.getresponse()
		    said = f"{answer.status} {answer.read().decode()}"
		process.kill()
		process.wait()
		sys.exit(not (said.startswith(status + " ") and re.search(pattern, said)) and f"no {status} {pattern}: {said}")
	END
	rm -f ask.socket
	python3 ask.py "$@" || fail "the stand-in: $*"
}
boot="{\"kernel_image_path\": \"vmlinux\"}"
root='{"drive_id": "root", "path_on_host": "root.ext4", "is_root_device": true, "is_read_only": false}'
start='{"action_type": "InstanceStart"}'
asks 204 '' PUT /boot-source "$boot" PUT /drives/root "$root"
asks 400 'without kernel configuration' PUT /actions "$start"
asks 400 'Invalid request method' GET /boot-source ''
asks 400 'Invalid request method' PUT /nowhere '{}'
asks 400 'unknown field `smp`' PUT /machine-config '{"vcpu_count": 1, "mem_size_mib": 128, "smp": true}'
asks 400 'missing field `mem_size_mib`' PUT /machine-config '{"vcpu_count": 1}'
asks 400 'invalid type' PUT /machine-config '{"vcpu_count": "1", "mem_size_mib": 128}'
asks 400 'deserializing' PUT /boot-source '{'
asks 400 'does not match' PUT /drives/other "$root"
asks 400 'unknown field `ht_enabled`' PUT /machine-config '{"vcpu_count": 1, "mem_size_mib": 128, "ht_enabled": false}'
STAND_IN_VERSION=0.19.1
asks 400 'without kernel configuration' PUT /actions "$start"
STAND_IN_VERSION=0.25.2
asks 400 'unknown field `smt`' PUT /machine-config '{"vcpu_count": 1, "mem_size_mib": 128, "smt": false}'
asks 400 'missing field `ht_enabled`' PUT /machine-config '{"vcpu_count": 1, "mem_size_mib": 128}'
