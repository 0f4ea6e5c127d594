# environment.sh - a Python of its own for tests of packages, which sources it:
#     environment REQUIREMENTS...
# It sets $python to one that has what these files ask for, made once in the cache, by what they are and by the Python that
# it is of. What cannot be fetched makes the test skipped.
# shellcheck shell=sh disable=SC2034,SC2154 # python is for the test that sources this; skip is of lib.sh
environment() {
	environment_key=$({ python3 --version && cat "$@"; } | sha256sum | cut -c 1-12)
	environment_folder=${XDG_CACHE_HOME:-$HOME/.cache}/covdb/python/$environment_key
	mkdir -p "$environment_folder"
	# Two tests at once make it once.
	exec 9>"$environment_folder.lock"
	flock 9
	if [ ! -e "$environment_folder/complete" ]; then
		python3 -m venv --clear "$environment_folder" >"$folder/venv.log" 2>&1 || skip "python3 -m venv: $(tail -n 1 "$folder/venv.log")"
		for environment_file; do
			"$environment_folder/bin/pip" install -q --disable-pip-version-check -r "$environment_file" >"$folder/pip.log" 2>&1 ||
				skip "what $(basename "$environment_file") asks for cannot be fetched: $(grep . "$folder/pip.log" | tail -n 1)"
		done
		: >"$environment_folder/complete"
	fi
	flock -u 9
	python=$environment_folder/bin/python
	# The types of its packages take mypy ten seconds to read; of what has changed it finds out by itself.
	export MYPY_CACHE_DIR="$environment_folder/mypy"
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
