# shellcheck shell=bash
# programs.sh - part of build.sh: programs that not every lab has: those that are given for /covdb/programs, by file or as a Go
# module, and the packages of other platforms.
#
# Uses of build.sh: say, fail, not_built, copy_file, and its variables.
# shellcheck disable=SC2154 # what is not assigned here is build.sh's

# What NAME=module stands for: the package, its version, the oldest Go that compiles it (its go.mod says so).
# gVisor's branch `go` has no releases, only the times of its commits.
go_modules() {
	cat <<-'END'
		runsc gvisor.dev/gvisor/runsc v0.0.0-20260905035102-160fafc42237 1.26.3
	END
}

# "NAME FILE", one a line: what goes into the guest.
given=
# Modules that a Go of this machine compiles, and that are not there yet.
missing_modules=()

# go_reason VERSION - why there is no compiler of this version or a newer one; nothing if there is.
go_reason() {
	local have
	# Not another one than this machine's, which go would fetch by itself.
	have=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || have=
	[[ -n $have ]] || { echo "there is no Go here, and it needs $1 or newer"; return; }
	[[ $(printf '%s\n' "$1" "${have#go}" | sort -V | head -n 1) == "$1" ]] ||
		echo "it needs Go $1 or newer, and this is ${have#go}"
}

module_file() { echo "$cache/programs/$1-$2/$1"; }

# find_module NAME - what is there already is taken, whatever compiled it.
find_module() {
	local name package version oldest reason
	read -r name package version oldest < <(go_modules | grep "^$1 ") || true
	if [[ -z $name ]]; then
		say "covdb lab: no Go module is known for the program $1, only for: $(go_modules | cut -d ' ' -f 1 | xargs)"
		exit 2
	fi
	if [[ ! -e $(module_file "$name" "$version") ]]; then
		reason=$(go_reason "$oldest")
		if [[ -n $reason ]]; then
			say "program $name: skipped: $reason"
			return
		fi
		missing_modules+=("$name")
	fi
	given+="$name $(module_file "$name" "$version")"$'\n'
}

find_programs() {
	local line
	while read -r line; do
		case $line in
		'') ;;
		*=module) find_module "${line%=module}" ;;
		*) given+="${line%%=*} ${line#*=}"$'\n' ;;
		esac
	done <<<"${COVDB_PROGRAMS:-}"
}

# Without cgo: a dynamic runsc does not find its loader in its chroot.
# build_module NAME
build_module() {
	local name package version oldest file status=0
	read -r name package version oldest < <(go_modules | grep "^$1 ")
	file=$(module_file "$name" "$version")
	say "program $name: compiling $package@$version, some minutes"
	rm -rf "${file%/*}.new"
	mkdir -p "${file%/*}.new"
	CGO_ENABLED=0 GOTOOLCHAIN=local GOBIN=${file%/*}.new \
		go install -trimpath -ldflags='-s -w' "$package@$version" >>"$log" 2>&1 &
	make_pid=$!
	wait "$make_pid" || status=$?
	make_pid=
	[[ $status -eq 0 ]] || fail "cannot compile $package@$version"
	mv "${file%/*}.new" "${file%/*}"
}

build_programs() {
	local name
	for name in "${missing_modules[@]}"; do build_module "$name"; done
}

# The file's size and time stand for it, because `paths` has to answer at once.
programs_key() {
	local name file
	while read -r name file; do
		[[ -z $name ]] || echo "given $name $(stat -L -c '%s %Y' "$file")"
	done <<<"$given"
}

add_programs() {
	local name file
	while read -r name file; do
		[[ -z $name ]] || copy_file "$file" "$1" "/covdb/programs/$name"
	done <<<"$given"
}

# --- packages of other platforms, which come along where they are installed ---

# "PACKAGE VERSION", one a line.
other_packages() {
	local names
	mapfile -t names <"$here/../../.ci/packages/platforms.txt"
	{ dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' "${names[@]}" 2>/dev/null || true; } |
		sed -n 's/^installed //p'
}

# All that the package has, since programs look for their helpers at fixed places; not what people read.
# add_package ROOT PACKAGE
add_package() {
	local path
	dpkg-query -L "$2" |
		grep -vE '^/usr/share/(bash-completion|doc|fish|lintian|locale|man|zsh)(/|$)' |
		while read -r path; do
			if [[ -L $path ]]; then
				mkdir -p "$1${path%/*}"
				cp -P "$path" "$1$path"
			elif [[ -d $path ]]; then
				mkdir -p "$1$path"
			elif [[ -x $path ]]; then
				copy_file "$path" "$1" "$path"
			elif [[ -r $path ]]; then
				install -D -m 644 "$path" "$1$path"
			fi
		done
}

add_other_packages() {
	local package version
	other_packages | while read -r package version; do add_package "$1" "$package"; done
}
