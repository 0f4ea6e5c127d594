#!/bin/sh
# lab.sh COVDB SOURCE_DIR - covdb lab build and covdb lab shell, with a build.sh and a QEMU that are none: what they are
# told, what becomes of what the guest leaves, which acceleration is chosen and remembered.
# shellcheck disable=SC2016 # of the programs that are written here
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need mkfs.ext4 debugfs e2fsck
mkdir -p data/workloads/lab bin kernel cache
export COVDB_DATA="$folder/data" XDG_CACHE_HOME="$folder/cache" PATH="$folder/bin:$PATH" FOLDER="$folder"
cat >data/workloads/lab/build.sh <<'END'
echo "$1 collector=${COVDB_COLLECTOR##*/}" >>"$FOLDER/built"
echo "$COVDB_PROGRAMS" >"$FOLDER/programs"
[ ! -e "$FOLDER/build_fails" ] || exit "$(cat "$FOLDER/build_fails")"
for key in KERNEL_DIR KERNEL_TREE KERNEL_IMAGE ROOTFS; do
	[ "$key" = "$(cat "$FOLDER/left_out" 2>/dev/null)" ] || echo "$key=$FOLDER/kernel/$key"
done
END
echo '{"release": "6.1"}' >kernel/kernel.json
mkdir -p kernel/KERNEL_DIR
cp kernel/kernel.json kernel/KERNEL_DIR
cat >bin/qemu-system-x86_64 <<'END'
#!/bin/sh
if [ "$1" = --version ]; then
	echo "QEMU emulator version 7"
	exit
fi
echo "$@" >>"$FOLDER/qemu"
case " $* " in
*covdb.mode=probe*)
	[ ! -e "$FOLDER/kvm_works" ] || echo 'covdb-lab: alive' >&3
	exit 1 ;;
esac
# The guest's shell: leaves a file in /data/out, on the second disk.
disk=$(printf '%s\n' "$@" | sed -n 's/.*cache=unsafe,file=//p')
if [ -n "$disk" ]; then
	echo from the guest >"$FOLDER/note"
	printf 'cd /out\nwrite %s note.txt\n' "$FOLDER/note" | debugfs -w -f - "$disk" >/dev/null 2>&1
fi
exit "$(cat "$FOLDER/qemu_status")"
END
chmod +x bin/qemu-system-x86_64
echo 0 >qemu_status

# build prints where everything is, and passes on how build.sh ended.
check "where the lab is" "KERNEL_DIR=$folder/kernel/KERNEL_DIR KERNEL_TREE=$folder/kernel/KERNEL_TREE \
KERNEL_IMAGE=$folder/kernel/KERNEL_IMAGE ROOTFS=$folder/kernel/ROOTFS" "$("$covdb" lab build | xargs)"
check "what build.sh was told" "build collector=covdb-collector" "$(cat built)"
check "no program is given" "" "$(cat programs)"

# Programs by file, by one option or two variables; what build and run are told is the same.
mkdir release plain
for file in release/firecracker-v1.16.1 release/jailer-v1.16.1 plain/firecracker plain/runsc plain/kata module; do cp /bin/true "$file"; done
given() { # given WHAT EXPECTED [--program LIST]
	what=$1 expected=$2
	shift 2
	"$covdb" lab build "$@" >/dev/null
	check "$what" "$expected" "$(xargs <programs)"
	"$covdb" lab shell --accel tcg "$@" </dev/null 2>/dev/null
	check "$what, to a shell" "$expected" "$(xargs <programs)"
}
given "several, and where they are from here" "kata=$folder/plain/kata other=$folder/plain/runsc" --program "kata=plain/kata,other=$folder/plain/runsc"
export COVDB_FIRECRACKER="$folder/plain/firecracker"
given "Firecracker without a jailer" "firecracker=$folder/plain/firecracker"
export COVDB_FIRECRACKER=release/firecracker-v1.16.1 COVDB_RUNSC=plain/runsc
both="jailer=$folder/release/jailer-v1.16.1"
given "Firecracker with the jailer beside it, and runsc" "firecracker=$folder/release/firecracker-v1.16.1 runsc=$folder/plain/runsc $both"
given "the option comes first" "runsc=$folder/plain/kata firecracker=$folder/release/firecracker-v1.16.1 $both" --program runsc=plain/kata
given "another jailer" "jailer=$folder/plain/kata firecracker=$folder/release/firecracker-v1.16.1 runsc=$folder/plain/runsc" --program jailer=plain/kata
given "a Go module and a file of that name" "runsc=module module=$folder/./module firecracker=$folder/release/firecracker-v1.16.1 $both" \
	--program runsc=module,module=./module
unset COVDB_RUNSC
refused 1 'cannot find nowhere, for the program firecracker: No such file' env COVDB_FIRECRACKER=nowhere "$covdb" lab build
refused 1 'cannot find nowhere, for the program firecracker: No such file' env COVDB_FIRECRACKER=nowhere "$covdb" lab shell
unset COVDB_FIRECRACKER
refused 1 'plain, for the program kata, cannot be executed' "$covdb" lab build --program kata=plain
refused 1 'built, for the program kata, cannot be executed' "$covdb" lab build --program kata=built
for wrong in kata kata= =plain/kata a/b=plain/kata ..=plain/kata 'kata=plain/kata,'; do
	refused 2 "--program takes NAME=FILE or NAME=module, more behind commas, not '$wrong'" "$covdb" lab build --program "$wrong"
done
refused 2 '--program names kata twice' "$covdb" lab build --program kata=plain/kata,kata=plain/runsc
rm built
echo ROOTFS >left_out
refused 1 'ROOTFS' "$covdb" lab build
rm left_out
echo 3 >build_fails
status=0
"$covdb" lab build >out 2>err || status=$?
check "build.sh's own status, which has told why" "3 0" "$status $(wc -c <err)"
rm build_fails
refused 1 'cannot read the collector .*nowhere' env COVDB_COLLECTOR="$folder/nowhere" "$covdb" lab build
refused 1 "cannot find covdb's file workloads/lab/build.sh" env COVDB_DATA="$folder/nowhere" "$covdb" lab build

# A shell, and what it leaves in /data/out.
"$covdb" lab shell --accel tcg --memory 512 </dev/null 2>err
expect err "lab: booting Linux \(tcg\); 'exit' powers off"
expect qemu ' -accel tcg .* -m 512M .* nokaslr no_timer_check covdb.mode=shell covdb.acceleration=tcg .*-serial mon:stdio'
expect qemu "file=$folder/kernel/ROOTFS"
check "no disk for data" 0 "$(grep -c cache=unsafe qemu)"
"$covdb" lab shell --accel tcg -o results </dev/null 2>err || {
	fail "a shell with data"
	cat err
}
check "what was left came back" "from the guest" "$(cat results/note.txt)"
check "the disk is gone" "" "$(ls results/.lab 2>/dev/null || true)"
echo 5 >qemu_status
status=0
"$covdb" lab shell --accel tcg </dev/null 2>err || status=$?
check "QEMU fails" 1 "$status"
expect err 'qemu-system-x86_64 failed with status 5'
echo 0 >qemu_status
for wrong in 1 x 99999999; do
	refused 2 "--memory takes a whole number from [0-9]+ to [0-9]+, not '$wrong'" "$covdb" lab shell --memory "$wrong"
done

# Without a wish, a guest is tried under KVM where there is one, and the outcome is remembered.
[ -w /dev/kvm ] || skip "the rest: there is no /dev/kvm to try"
: >qemu
for round in first second; do
	"$covdb" lab shell </dev/null 2>"$round"
	expect "$round" 'lab: acceleration tcg: /dev/kvm opens, but QEMU ended before the guest was up'
done
expect second "\(found earlier; kept in $folder/cache/covdb/accel\)$"
check "one guest was tried" 1 "$(grep -c covdb.mode=probe qemu)"
rm -r cache/covdb
: >kvm_works
"$covdb" lab shell </dev/null 2>err
expect err 'lab: acceleration kvm: a guest came up under KVM in '
expect qemu ' -accel kvm .*covdb.mode=shell covdb.acceleration=kvm'
