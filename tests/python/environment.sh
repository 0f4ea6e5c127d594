# environment.sh - a Python of its own for tests of packages, which sources it:
#     environment FOLDER REQUIREMENTS...
# It makes FOLDER unless it has what these files ask for, and sets $python. What cannot be fetched makes the test skipped.
# shellcheck shell=sh disable=SC2034,SC2154 # python is for the test that sources this; skip is of lib.sh
environment() {
	environment_folder=$1
	shift
	mkdir -p "$environment_folder"
	environment_asked=$(cat "$@")
	# Two tests at once make it once.
	exec 9>"$environment_folder.lock"
	flock 9
	if [ "$(cat "$environment_folder/asked" 2>/dev/null)" != "$environment_asked" ]; then
		python3 -m venv --clear "$environment_folder" >"$folder/venv.log" 2>&1 || skip "python3 -m venv: $(tail -n 1 "$folder/venv.log")"
		for environment_file; do
			"$environment_folder/bin/pip" install -q --disable-pip-version-check -r "$environment_file" >"$folder/pip.log" 2>&1 ||
				skip "what $(basename "$environment_file") asks for cannot be fetched: $(grep . "$folder/pip.log" | tail -n 1)"
		done
		echo "$environment_asked" >"$environment_folder/asked"
	fi
	flock -u 9
	python=$environment_folder/bin/python
}

# install SOURCE: the wheel of a package, built of a copy, so that nothing is left beside its sources.
install_wheel() {
	cp -r "$1" "$folder/package"
	"$python" -m pip wheel -q --disable-pip-version-check --no-build-isolation --no-deps -w wheels "$folder/package" ||
		fail "no wheel of $1"
	rm -r "$folder/package"
	mkdir -p installed
	"$python" -m pip install -q --disable-pip-version-check --no-deps --target "$folder/installed" --upgrade wheels/*.whl ||
		fail "the wheel of $1 does not install"
	export PYTHONPATH="$folder/installed"
}
