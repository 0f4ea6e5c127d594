# shellcheck shell=bash
# microvm.sh - part of build.sh: the small kernel inside the microVM, and the image of its root.
#
# Uses of build.sh: say, fail, hash12, is_static, fill_container, make_image, and its variables.
# shellcheck disable=SC2154 # what is not assigned here is build.sh's

# Raise it when a change of this script changes what it builds.
readonly MICROVM_RECIPE=1
readonly MICROVM_IMAGE_SIZE=512M

microvm_fragment=$fragments_dir/microvm-guest.config

# Always Debian's source: which host kernel is studied is no affair of the guest.
find_microvm() {
	local version
	microvm_key=$({
		echo "$MICROVM_RECIPE $DEBIAN_PACKAGE $(debian_version)"
		grep -hE '^CONFIG_|^# CONFIG_.* is not set' "$microvm_fragment"
		"$compiler" --version | sed -n 1p
	} | hash12)
	version=$(debian_version)
	microvm_dir=$cache/microvm/${version%%-*}-$microvm_key
}

microvm_configure() {
	make "${microvm_make[@]}" tinyconfig &&
		(cd "$microvm_tree" && scripts/kconfig/merge_config.sh -m .config "$microvm_fragment") &&
		make "${microvm_make[@]}" olddefconfig
}

# Kconfig drops without an error what has unmet dependencies.
microvm_missing_options() {
	grep -oE '^CONFIG_[A-Z0-9_]+=.*' "$microvm_fragment" | grep -vxFf "$microvm_tree/.config" || true
}

# The tree goes when the kernel is made: nobody reads the guest's sources.
build_microvm() {
	local missing
	if [[ -e $microvm_dir/done ]]; then
		say "microVM kernel: up to date"
		return
	fi
	microvm_tree=$microvm_dir/$DEBIAN_PACKAGE
	microvm_make=(-C "$microvm_tree" LOCALVERSION= CC="$compiler")
	export KBUILD_BUILD_TIMESTAMP="Thu Jan  1 00:00:00 UTC 1970" KBUILD_BUILD_USER=covdb
	export KBUILD_BUILD_HOST=lab KBUILD_BUILD_VERSION=1
	rm -rf "$microvm_dir"
	mkdir -p "$microvm_dir"
	say "microVM kernel: unpacking and compiling, about 3 minutes on two processors"
	tar -xf "$DEBIAN_TAR" -C "$microvm_dir" >>"$log" 2>&1 || fail "cannot unpack the kernel's source"
	microvm_configure >>"$log" 2>&1 || fail "cannot configure the microVM's kernel"
	missing=$(microvm_missing_options)
	if [[ -n $missing ]]; then
		say "$missing"
		fail "the microVM's kernel cannot have the options above"
	fi
	make "${microvm_make[@]}" -j "$jobs" vmlinux >>"$log" 2>&1 &
	make_pid=$!
	wait "$make_pid" || fail "cannot compile the microVM's kernel"
	make_pid=
	strip -o "$microvm_dir/vmlinux" "$microvm_tree/vmlinux"
	cp "$microvm_tree/.config" "$microvm_dir/config"
	rm -rf "$microvm_tree"
	touch "$microvm_dir/done"
}

# fill_microvm ROOT CONTAINER - the same programs as in the container, and an init.
fill_microvm() {
	mkdir -p "$1/covdb"
	cp -a "$2/." "$1"
	install -m 755 "$here/microvm-init" "$1/covdb/init"
}

# add_microvm ROOT STAGE - kernel and image into the lab's root file system.
add_microvm() {
	install -D -m 644 "$microvm_dir/vmlinux" "$1/covdb/microvm/vmlinux"
	fill_microvm "$2" "$1/covdb/container"
	make_image "$2" "$1/covdb/microvm/root.ext4" "$MICROVM_IMAGE_SIZE"
	rm -rf "$2"
}
