#!/usr/bin/env bash
# build.sh - make the lab: a kernel that counts its lines, and a root file system with the platforms.
#
# usage: build.sh build    make what is missing, then print where it is
#        build.sh paths    print where it is; fail if something is not built for these inputs
#
# KERNEL_SRC=DIR        the tree to build instead of Debian's linux-source-6.1; it is copied, not changed. Without it,
#                       `paths` has the kernel of the last `build`; empty is Debian's
# COVDB_COLLECTOR=FILE  the static collector for the root file system; required by `build`
# COVDB_WORK=FILE       the static workloads; covdb-work beside the collector when not given
# COVDB_PROGRAMS=LINES  NAME=FILE each: programs for the guest's /covdb/programs; NAME=module compiles one that
#                       programs.sh lists, where there is a Go that can
# COVDB_JOBS=N          parallel compilations (all processors)
# CC=COMPILER           GCC to build the kernel with (gcc)
#
# stdout: KERNEL_DIR=, KERNEL_TREE=, KERNEL_IMAGE= and ROOTFS=, one a line. Progress goes to stderr,
# the full output to a log file. Exit status: 0 done, 1 failed, 2 wrong usage, 3 packages are missing.
set -euo pipefail
export LC_ALL=C

# Raise these when a change of this script changes what it builds: they are part of the keys under
# which results are kept.
readonly KERNEL_RECIPE=1
readonly ROOTFS_RECIPE=2

readonly DEBIAN_PACKAGE=linux-source-6.1
readonly DEBIAN_TAR=/usr/src/$DEBIAN_PACKAGE.tar.xz
readonly ROOTFS_SIZE=2G
readonly ROOTFS_KEPT=3
# What Debian's kernel has by this recipe, for the progress line only.
readonly OBJECTS_EXPECTED=1955

# mkfs.ext4 and runc are not in the PATH of an ordinary user.
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fragments_dir=$(cd "$here/../../kernel-config" && pwd)
fragments=("$fragments_dir/gcov.config" "$fragments_dir/platforms.config" "$fragments_dir/lab-guest.config")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/covdb
jobs=${COVDB_JOBS:-$(nproc)}
compiler=${CC:-gcc}
log=$cache/logs/lab-build.log
# Names the folder of the kernel of the last build, if it was not Debian's.
remembered=$cache/kernel/last
make_pid=

say() { printf '%s\n' "$*" >&2; }

usage_error() {
	say "usage: build.sh build|paths"
	exit 2
}

# With the end of the log, because that is where the reason is.
fail() {
	say "covdb lab: $*"
	[[ ! -s $log ]] || tail -n 20 "$log" >&2
	say "log: $log"
	exit 1
}

hash12() { sha256sum | cut -c 1-12; }

# shellcheck source=microvm.sh
. "$here/microvm.sh"
# shellcheck source=programs.sh
. "$here/programs.sh"

# --- packages of the host ---

package_is_present() {
	case $1 in
	binutils) command -v readelf ;;
	busybox-static) [[ -x $(command -v busybox) ]] && is_static "$(command -v busybox)" ;;
	e2fsprogs) command -v mkfs.ext4 ;;
	gcc) command -v "$compiler" ;;
	libelf-dev) [[ -e /usr/include/gelf.h ]] ;;
	libssl-dev) [[ -e /usr/include/openssl/evp.h ]] ;;
	iproute2) command -v ip && ip -Version | grep -q iproute2 ;;
	iputils-ping) command -v ping ;;
	linux-perf) command -v perf ;;
	"$DEBIAN_PACKAGE") [[ -e $DEBIAN_TAR ]] ;;
	qemu-system-x86) command -v qemu-system-x86_64 ;;
	util-linux) command -v flock ;;
	xz-utils) command -v xz ;;
	*) command -v "$1" ;;
	esac >/dev/null
}

is_static() { ! ldd "$1" >/dev/null 2>&1; }

check_packages() {
	local package missing=()
	while read -r package; do
		package_is_present "$package" || missing+=("$package")
	done <"$here/../../.ci/packages/lab.txt"
	[[ ${#missing[@]} -eq 0 ]] && return
	say "covdb lab: packages are missing; run: apt-get install ${missing[*]}"
	exit 3
}

# --- what the kernel is made from ---

# Changed files count as well: a patched tree is another kernel.
git_tree_identity() {
	git -C "$1" rev-parse HEAD
	git -C "$1" diff --no-ext-diff HEAD | sha256sum
}

# Build products are left out, so that a build inside the tree does not make it another one.
plain_tree_identity() {
	local products=(-name '*.o' -o -name '*.a' -o -name '*.ko' -o -name '*.gcno' -o -name '*.mod*'
		-o -name 'modules.*' -o -name '.?*' -o -name 'vmlinux*' -o -name System.map
		-o -path ./include/config -o -path '*/include/generated')
	# For the sake of `paths`: a fifth of the files, and none that is compiled.
	local texts=(-path ./Documentation -o -path ./tools/testing)
	(cd "$1" && find . \( "${products[@]}" -o "${texts[@]}" \) -prune \
		-o -type f -printf '%p %s %T@\n') | sort | sha256sum
}

debian_version() {
	dpkg-query -W -f '${Version}' "$DEBIAN_PACKAGE" 2>/dev/null || stat -c '%s-%Y' "$DEBIAN_TAR"
}

source_identity() {
	if [[ -z ${KERNEL_SRC:-} ]]; then
		echo "$DEBIAN_PACKAGE $(debian_version)"
	elif [[ -e $KERNEL_SRC/.git ]] && command -v git >/dev/null; then
		git_tree_identity "$KERNEL_SRC"
	else
		plain_tree_identity "$KERNEL_SRC"
	fi
}

# The version in the name of the directory, for people: 6.1.192, 5.4.13.
source_version() {
	if [[ -z ${KERNEL_SRC:-} ]]; then
		local version
		version=$(debian_version)
		echo "${version%%-*}"
	else
		awk -F ' *= *' '/^(VERSION|PATCHLEVEL|SUBLEVEL) *=/ { printf "%s%s", dot, $2; dot = "." }
			NR == 8 { exit }' "$KERNEL_SRC/Makefile"
	fi
}

# From v6.1-stable's late versions on this is the kernel's own choice; before, counters are plain
# additions that lose counts between processors. GCC 7 and later have the option.
profile_update() {
	if "$compiler" -fprofile-update=prefer-atomic -E -x c /dev/null >/dev/null 2>&1; then
		echo prefer-atomic
	else
		echo single
	fi
}

# The kernel's own flags, which a value on make's command line replaces.
gcov_flags() {
	echo "-fprofile-arcs -ftest-coverage -fno-tree-loop-im -fprofile-update=$update"
}

find_kernel() {
	if [[ -n ${KERNEL_SRC:-} && ! -e $KERNEL_SRC/kernel/gcov/Kconfig ]]; then
		say "covdb lab: KERNEL_SRC=$KERNEL_SRC is not a kernel tree"
		exit 1
	fi
	update=$(profile_update)
	kernel_key=$({
		echo "$KERNEL_RECIPE"
		source_identity
		# Not the comments, which change no kernel.
		grep -hE '^CONFIG_|^# CONFIG_.* is not set' "${fragments[@]}"
		"$compiler" --version | sed -n 1p
		gcov_flags
	} | hash12)
	kernel_dir=$cache/kernel/$(source_version)-$kernel_key
	tree=$kernel_dir/linux
}

remember_kernel() {
	if [[ -n ${KERNEL_SRC:-} ]]; then
		echo "$kernel_dir" >"$remembered"
	else
		rm -f "$remembered"
	fi
}

# As it was built: its tree may have changed since, or be gone.
find_remembered_kernel() {
	[[ -z ${KERNEL_SRC+set} && -z ${CC+set} && -e $remembered ]] || return 1
	kernel_dir=$(cat "$remembered")
	tree=$kernel_dir/linux
	[[ -e $kernel_dir/done ]] || return 1
	say "kernel: ${kernel_dir##*/}, which was built last (KERNEL_SRC= takes Debian's)"
}

# --- the kernel's tree ---

unpack_debian() { tar -xf "$DEBIAN_TAR" -C "$kernel_dir" && mv "$kernel_dir/$DEBIAN_PACKAGE" "$tree"; }

# Through tar, because cp cannot leave out the history and the build products of the tree.
copy_tree() {
	mkdir "$tree" &&
		tar -C "$KERNEL_SRC" --exclude=./.git --exclude='*.o' --exclude='*.a' --exclude='*.ko' \
		--exclude='*.gcno' --exclude='.*.cmd' --exclude='./vmlinux*' -cf - . | tar -C "$tree" -xf -
}

prepare_tree() {
	[[ -e $kernel_dir/prepared ]] && return
	rm -rf "$tree" "${kernel_dir:?}/$DEBIAN_PACKAGE"
	if [[ -n ${KERNEL_SRC:-} ]]; then
		say "kernel: copying $KERNEL_SRC"
		copy_tree >>"$log" 2>&1 || fail "cannot copy $KERNEL_SRC"
		make -C "$tree" mrproper >>"$log" 2>&1 || fail "'make mrproper' fails in the copy of $KERNEL_SRC"
	else
		say "kernel: unpacking $DEBIAN_PACKAGE"
		unpack_debian >>"$log" 2>&1 || fail "cannot unpack $DEBIAN_TAR"
	fi
	touch "$kernel_dir/prepared"
}

# knows_gcc MAJOR - whether the tree's kernel/gcov knows this version's layout of struct gcov_info. One that does not reads
# wild pointers, which shows only when the first counter is read.
knows_gcc() {
	local need
	for need in 15 14 12 10; do
		[[ $1 -lt $need ]] || grep -Eq "__GNUC__ (>=|==) $need" "$tree"/kernel/gcov/*.[ch] || return 1
	done
}

# The compilers here that would do.
other_compilers() {
	local name
	compgen -c gcc- | grep -E '^gcc-[0-9]+$' | sort -u | while read -r name; do
		! knows_gcc "${name#gcc-}" || echo "CC=$name"
	done
}

check_compiler() {
	local major others
	major=$("$compiler" -dumpversion | cut -d . -f 1)
	knows_gcc "$major" && return
	others=$(other_compilers | tr '\n' ' ')
	fail "this tree's kernel/gcov does not know GCC $major; an older one that is installed:" \
		"${others:-none, and CC= would name it}"
}

# Fixed, so that the version string names the configuration and not the moment. LOCALVERSION= keeps
# scripts/setlocalversion from looking for a git tree around the cache.
set_make_arguments() {
	export KBUILD_BUILD_TIMESTAMP="Thu Jan  1 00:00:00 UTC 1970" KBUILD_BUILD_USER=covdb
	export KBUILD_BUILD_HOST=lab KBUILD_BUILD_VERSION=1
	make_arguments=(-C "$tree" LOCALVERSION= CC="$compiler" "CFLAGS_GCOV=$(gcov_flags)")
}

configure_commands() {
	local guest=kvm_guest.config
	# Up to v5.9 the target had a name of its own.
	grep -q '^kvmconfig:' "$tree/scripts/kconfig/Makefile" && guest=kvmconfig
	make "${make_arguments[@]}" defconfig &&
		make "${make_arguments[@]}" "$guest" &&
		(cd "$tree" && scripts/kconfig/merge_config.sh -m .config "${fragments[@]}") &&
		make "${make_arguments[@]}" olddefconfig
}

# missing_options FRAGMENT - the required options of the fragment that did not end up in .config.
# Kconfig drops without an error what has unmet dependencies.
missing_options() {
	awk -v version="$(make -s -C "$tree" kernelversion)" '
	function number(text, part) { split(text, part, "."); return part[1] * 1000 + part[2] }
	function applies() { return !advice && number(version) >= since && number(version) <= until }
	function forget() { advice = 0; since = 0; until = 1e9 }
	BEGIN { forget() }
	FNR == NR { if (/^CONFIG_/) { split($0, pair, "="); set[pair[1]] = substr($0, length(pair[1]) + 2) } next }
	/^# advice:/ { advice = 1 }
	/^# since:/ { since = number($3) }
	/^# until:/ { until = number($3) }
	/^CONFIG_[A-Z0-9_]+=y/ { sub(/=y.*/, ""); if (applies() && set[$0] != "y" && set[$0] != "m") print $0 "=y"; forget() }
	/^# CONFIG_.* is not set/ { if (exact && applies() && ($2 in set)) print; forget() }
	' exact="$2" "$tree/.config" "$1"
}

configure_tree() {
	[[ -e $kernel_dir/configured ]] && return
	say "kernel: configuring"
	check_compiler
	configure_commands >>"$log" 2>&1 || fail "cannot configure the kernel"
	local missing
	# What the lab merely goes without may come back as a dependency; that is no error.
	missing=$(missing_options "${fragments[0]}" 1 && missing_options "${fragments[1]}" 1 &&
		missing_options "${fragments[2]}" 0)
	if [[ -n $missing ]]; then
		say "$missing"
		fail "the configuration of this tree cannot have the options above"
	fi
	touch "$kernel_dir/configured"
}

# --- compiling ---

# Files that make removes meanwhile are none.
object_count() { { find "$tree" -name '*.gcno' 2>/dev/null || true; } | wc -l; }

show_progress() {
	local text of=" of ~$OBJECTS_EXPECTED"
	[[ -z ${KERNEL_SRC:-} ]] || of= # any tree has its own number
	text=$(printf 'kernel: %d%s objects, %d:%02d' "$1" "$of" $(($2 / 60)) $(($2 % 60)))
	if [[ -t 2 ]]; then
		printf '\r%s' "$text" >&2
	else
		say "$text"
	fi
}

# In the background, so that a signal to this script ends make at once. It inherits the lock: if
# this script is killed, the next one waits until make has ended.
run_make() {
	make "${make_arguments[@]}" -j "$jobs" bzImage >>"$log" 2>&1 &
	make_pid=$!
}

# Time of interrupted attempts counts: it is the price of this kernel.
watch_make() {
	local before started every=10 next=0 now
	before=$(cat "$kernel_dir/seconds" 2>/dev/null || echo 0)
	started=$SECONDS
	[[ -t 2 ]] && every=2
	while kill -0 "$make_pid" 2>/dev/null; do
		now=$((SECONDS - started))
		echo $((before + now)) >"$kernel_dir/seconds"
		if [[ $now -ge $next ]]; then
			show_progress "$(object_count)" $((before + now))
			next=$((now + every))
		fi
		sleep 0.5
	done
	[[ -t 2 ]] && say ""
	return 0
}

compile_kernel() {
	local status=0
	run_make
	watch_make
	wait "$make_pid" || status=$?
	make_pid=
	[[ $status -eq 0 ]] || fail "the kernel does not compile"
	say "kernel: $(object_count) objects in $(cat "$kernel_dir/seconds") s"
}

# --- what is kept of the kernel ---

# Text of a JSON string. What is written here are versions and paths: no control characters.
json_text() {
	local text=${1//\\/\\\\}
	printf '"%s"' "${text//\"/\\\"}"
}

build_id() { readelf -n "$tree/vmlinux" | awk '/Build ID:/ { print $3; exit }'; }

version_string() { strings -n 20 "$tree/vmlinux" | grep -m 1 '^Linux version [0-9]' || true; }

write_kernel_json() {
	local source=${KERNEL_SRC:-"$DEBIAN_PACKAGE $(debian_version)"}
	{
		printf '{\n'
		printf '  "release": %s,\n' "$(json_text "$(cat "$tree/include/config/kernel.release")")"
		printf '  "version_string": %s,\n' "$(json_text "$(version_string)")"
		printf '  "source": %s,\n' "$(json_text "$source")"
		printf '  "config_sha256": "%s",\n' "$(sha256sum <"$tree/.config" | cut -d ' ' -f 1)"
		printf '  "compiler": %s,\n' "$(json_text "$("$compiler" --version | sed -n 1p)")"
		printf '  "profile_update": "%s",\n' "$update"
		printf '  "build_id": "%s",\n' "$(build_id)"
		printf '  "object_count": %d,\n' "$(object_count)"
		printf '  "build_seconds": %d,\n' "$(cat "$kernel_dir/seconds")"
		printf '  "tree": %s\n' "$(json_text "$tree")"
		printf '}\n'
	} >"$kernel_dir/kernel.json"
}

# The sources (for annotated listings), the notes, vmlinux and what says how each object was made stay; a gigabyte of
# objects goes.
remove_objects() {
	find "$tree" -type f \( -name '*.o' -o -name '*.a' -o -name '*.ko' \
		-o -name '.tmp_*' -o -name 'vmlinux.bin*' -o -name 'bzImage' \) -delete
	rm -f "$tree/arch/x86/boot/compressed/vmlinux"
}

finish_kernel() {
	cp "$tree/arch/x86/boot/bzImage" "$kernel_dir/bzImage"
	write_kernel_json
	touch "$kernel_dir/done"
	remove_objects
}

build_kernel() {
	if [[ -e $kernel_dir/done ]]; then
		say "kernel: up to date"
		return
	fi
	mkdir -p "$kernel_dir"
	set_make_arguments
	prepare_tree
	configure_tree
	compile_kernel
	finish_kernel
}

# --- the root file system ---

readonly HOST_PROGRAMS=(runc crun runsc ip qemu-system-x86_64 perf)
readonly WORKLOAD_PROGRAMS=(sysbench iperf3 ping)

rootfs_programs() {
	local name
	for name in busybox "${HOST_PROGRAMS[@]}" "${WORKLOAD_PROGRAMS[@]}"; do command -v "$name"; done
}

package_versions() {
	dpkg-query -W -f '${Package} ${Version}\n' busybox-static crun iperf3 iproute2 iputils-ping \
		linux-perf qemu-system-x86 runc runsc sysbench 2>/dev/null || true
	other_packages
}

# Sizes and times instead of contents, because `paths` has to answer at once.
rootfs_base_key() {
	{
		echo "$ROOTFS_RECIPE $ROOTFS_SIZE"
		package_versions
		rootfs_programs | xargs stat -L -c '%n %s %Y'
		cat "$here/init" "$here/microvm-init" "$here/../programs/primes.wat"
		echo "$microvm_key $MICROVM_IMAGE_SIZE"
		programs_key
	} | hash12
}

work_program() { echo "${COVDB_WORK:-$(dirname "$COVDB_COLLECTOR")/covdb-work}"; }

find_rootfs() {
	local base
	base=$cache/rootfs/root-$(rootfs_base_key)
	if [[ -n ${COVDB_COLLECTOR:-} ]]; then
		rootfs=$base-$(cat "$COVDB_COLLECTOR" "$(work_program)" | hash12).ext4
	else
		# Without a collector to compare with, the newest one counts as current.
		rootfs=$(newest_first "$base"-*.ext4 | sed -n 1p)
		rootfs=${rootfs:-$base-none.ext4}
	fi
}

newest_first() { stat -c '%Y %n' "$@" 2>/dev/null | sort -rn | cut -d ' ' -f 2-; }

# A static program has none, which ldd calls an error.
libraries_of() { { ldd "$1" 2>/dev/null || true; } | sed -n "s|^[^/]*\(/[^ ]*\) .*|\1|p"; }

# copy_file FILE ROOT PLACE - with the shared libraries that it needs, at the places where the
# dynamic loader looks for them.
copy_file() {
	local library
	install -D -m 755 "$1" "$2$3"
	libraries_of "$1" | while read -r library; do
		[[ -e $2$library ]] || install -D -m 755 "$library" "$2$library"
	done
}

copy_program() { copy_file "$(command -v "$1")" "$2" "/usr/bin/$1"; }

# add_busybox ROOT - a link per applet, where nothing else has the name. Not init: the lab has its own.
add_busybox() {
	local applet
	install -D -m 755 "$(command -v busybox)" "$1/bin/busybox"
	for applet in $(busybox --list); do
		case $applet in busybox | init | linuxrc) continue ;; esac
		[[ -e $1/usr/bin/$applet ]] || ln -s busybox "$1/bin/$applet"
	done
	ln -s ../../bin/busybox "$1/usr/bin/env"
}

add_etc() {
	mkdir -p "$1/etc"
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$1/etc/passwd"
	printf 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n' >"$1/etc/group"
	printf '127.0.0.1 localhost covdb-lab\n::1 localhost\n' >"$1/etc/hosts"
	printf 'covdb-lab\n' >"$1/etc/hostname"
	: >"$1/etc/resolv.conf"
	# systemd-nspawn takes no system without it.
	[[ ! -r /etc/os-release ]] || install -m 644 /etc/os-release "$1/etc/os-release"
}

# The root of the containers, for runc and runsc alike: what the workloads need and no more.
fill_container() {
	local program
	mkdir -p "$1"/{proc,sys,dev,tmp,run,root,bin,usr/bin,var/tmp}
	chmod 1777 "$1/tmp" "$1/var/tmp"
	for program in "${WORKLOAD_PROGRAMS[@]}"; do copy_program "$program" "$1"; done
	install -m 755 "$(work_program)" "$1/usr/bin/covdb-work"
	add_busybox "$1"
	add_etc "$1"
}

fill_root() {
	mkdir -p "$1"/{proc,sys,dev,tmp,run,data,root,bin,sbin,usr/bin,usr/sbin,var/lib,var/tmp,etc/covdb}
	chmod 1777 "$1/tmp" "$1/var/tmp"
	local program
	for program in "${HOST_PROGRAMS[@]}" "${WORKLOAD_PROGRAMS[@]}"; do copy_program "$program" "$1"; done
	# The firmware of QEMU's machine microvm.
	install -D -m 644 /usr/share/qemu/qboot.rom "$1/usr/share/qemu/qboot.rom"
	add_busybox "$1"
	add_etc "$1"
	install -m 755 "$here/init" "$1/sbin/init"
	install -m 755 "$COVDB_COLLECTOR" "$1/usr/bin/covdb-collector"
	install -m 755 "$(work_program)" "$1/usr/bin/covdb-work"
	package_versions >"$1/etc/covdb/packages"
	fill_container "$1/covdb/container"
	add_programs "$1"
	add_other_packages "$1"
	install -m 644 "$here/../programs/primes.wat" "$1/covdb/primes.wat"
	add_microvm "$1" "$2"
}

# Root owns the files, also when another user builds. The journal stays: hosts have one.
# make_image ROOT FILE SIZE
make_image() {
	local as_root=()
	[[ $(id -u) -eq 0 ]] || as_root=(unshare --map-root-user)
	truncate -s "$3" "$2"
	"${as_root[@]}" mkfs.ext4 -q -F -b 4096 -m 0 -L covdb-root -d "$1" "$2"
}

remove_old_images() {
	newest_first "$cache"/rootfs/root-*.ext4 | tail -n +$((ROOTFS_KEPT + 1)) | xargs -r rm -f
}

build_rootfs() {
	if [[ -e $rootfs ]]; then
		say "root file system: up to date"
		return
	fi
	say "root file system: making"
	local stage=$cache/rootfs/stage image=$cache/rootfs/new.ext4 status=0
	mkdir -p "$cache/rootfs"
	rm -rf "$stage" "$stage-microvm" "$image"
	# Not on the left of ||, where set -e would not hold inside the functions.
	set +e
	(
		set -e
		fill_root "$stage" "$cache/rootfs/stage-microvm"
		make_image "$stage" "$image" "$ROOTFS_SIZE"
	) >>"$log" 2>&1
	status=$?
	set -e
	[[ $status -eq 0 ]] || fail "cannot make the root file system"
	mv "$image" "$rootfs"
	rm -rf "$stage"
	remove_old_images
}

# --- commands ---

print_paths() {
	printf 'KERNEL_DIR=%s\n' "$kernel_dir"
	printf 'KERNEL_TREE=%s\n' "$tree"
	printf 'KERNEL_IMAGE=%s\n' "$kernel_dir/bzImage"
	printf 'ROOTFS=%s\n' "$rootfs"
}

# One build at a time: two would remove each other's half-made files.
lock_cache() {
	exec 9>"$cache/lab.lock"
	flock -n 9 && return
	say "covdb lab: waiting for another build"
	flock 9
}

command_build() {
	check_packages
	if [[ ! -r ${COVDB_COLLECTOR:-} ]]; then
		say "covdb lab: COVDB_COLLECTOR must name the collector program"
		exit 2
	fi
	if [[ ! -r $(work_program) ]]; then
		say "covdb lab: $(work_program) is missing: build it, or set COVDB_WORK"
		exit 1
	fi
	local program
	for program in "$COVDB_COLLECTOR" "$(work_program)"; do
		is_static "$program" && continue
		say "covdb lab: $program is not static, and the guest has none of its libraries"
		exit 1
	done
	mkdir -p "$cache/logs"
	lock_cache
	: >"$log"
	say "log: $log"
	trap '[[ -z $make_pid ]] || kill "$make_pid"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	find_kernel
	find_microvm
	find_programs
	build_programs
	find_rootfs
	build_kernel
	remember_kernel
	build_microvm
	build_rootfs
	print_paths
}

command_paths() {
	local program
	for program in "$compiler" busybox "${HOST_PROGRAMS[@]}" "${WORKLOAD_PROGRAMS[@]}"; do
		command -v "$program" >/dev/null || not_built "$program"
	done
	[[ -e $DEBIAN_TAR ]] || not_built "$DEBIAN_TAR"
	find_remembered_kernel || find_kernel
	find_microvm
	find_programs
	[[ ${#missing_modules[@]} -eq 0 ]] || not_built "the program ${missing_modules[0]} of its Go module"
	find_rootfs
	[[ -e $kernel_dir/done ]] || not_built "the kernel of ${KERNEL_SRC:-$DEBIAN_PACKAGE}" "$(other_kernels)"
	[[ -e $rootfs ]] || not_built "the root file system"
	print_paths
}

# The trees of kernels that are built: who forgets KERNEL_SRC would build another one.
other_kernels() {
	local file
	for file in "$cache"/kernel/*/kernel.json; do
		[[ ! -e ${file%/*}/done ]] || sed -n 's/^ *"source": "\(\/.*\)",$/KERNEL_SRC=\1/p' "$file"
	done | sort -u | tr '\n' ' '
}

# not_built WHAT [OTHERS]
not_built() {
	say "covdb lab: $1 is missing; run: covdb lab build${2:+ (built are those of: $2)}"
	exit 1
}

main() {
	[[ $# -eq 1 ]] || usage_error
	case $1 in
	build) command_build ;;
	paths) command_paths ;;
	*) usage_error ;;
	esac
}

# On one line: an editor that saves this file during the long build must not add commands to it.
main "$@"; exit
