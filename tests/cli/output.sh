#!/bin/sh
# output.sh COVDB SOURCE_DIR - what -o names appears whole or not at all, whatever fails, and what is no file is written to as it is.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc cmp
# shellcheck source=tests/cli/output_fixture.sh
. "$source/tests/cli/output_fixture.sh"

# Fails the close() or the write() of what is to become a file, or has no files without a name.
cat >fail.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int is_fault(const char *name) { return strcmp(getenv("FAULT"), name) == 0; }
static int is_output(int fd)
{
	char path[64], to[4096];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(path, to, sizeof(to) - 1);
	if (length < 0)
		return 0;
	to[length] = '\0';
	return strstr(to, " (deleted)") || strstr(to, ".covdb-") || strstr(to, "/good");
}
int close(int fd)
{
	int (*real)(int) = dlsym(RTLD_NEXT, "close");
	int fails = is_fault("close") && is_output(fd);
	int result = real(fd);
	if (fails)
		errno = EIO;
	return fails ? -1 : result;
}
ssize_t write(int fd, const void *data, size_t size)
{
	static int count;
	ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
	if (!is_fault("write") || !is_output(fd))
		return real(fd, data, size);
	if (++count == 2) {
		errno = EIO;
		return -1;
	}
	if (count > 2)
		dprintf(STDERR_FILENO, "write went on\n");
	return real(fd, data, size);
}
int openat(int folder, const char *path, int flags, ...)
{
	int (*real)(int, const char *, int, mode_t) = dlsym(RTLD_NEXT, "openat");
	va_list list;
	va_start(list, flags);
	mode_t mode = va_arg(list, mode_t);
	va_end(list);
	if (is_fault("tmpfile") && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return real(folder, path, flags, mode);
}
END
gcc -shared -fPIC -o fail.so fail.c -ldl
with_fault() { # with_fault FAULT COMMAND...
	fault=$1
	shift
	FAULT=$fault LD_PRELOAD="$folder/fail.so" ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" "$@"
}

mkdir out
outputs | while IFS= read -r words; do
	# shellcheck disable=SC2086 # words of a command
	{
		"$covdb" $words -o - >expected 2>/dev/null
		"$covdb" $words -o out/good 2>/dev/null
		cmp expected out/good || fail "$words: in a file, other bytes than on standard output"
		chmod 604 out/good
		"$covdb" $words -o out/good 2>/dev/null
		check "$words: the permissions" 604 "$(stat -c %a out/good)"
		with_fault tmpfile "$covdb" $words -o out/good 2>/dev/null
		cmp expected out/good || fail "$words: without O_TMPFILE"
		check "$words: what else there is" good "$(ls -A out)"

		echo old >out/good
		# shellcheck disable=SC2016 # of the inner shell
		refused 1 'cannot write out/good: File too large$' sh -c 'ulimit -f 8; exec "$@"' sh "$covdb" $words -o out/good
		refused 1 'cannot write out/good: Input/output error$' with_fault close "$covdb" $words -o out/good
		refused 1 'cannot write out/good: Input/output error$' with_fault write "$covdb" $words -o out/good
		check "$words: after failures, what was there" old "$(cat out/good)"
		check "$words: and nothing else" good "$(ls -A out)"
		rm out/good
		refused 1 'cannot write out/new: File too large$' sh -c 'ulimit -f 8; exec "$@"' sh "$covdb" $words -o out/new
		check "$words: after a failure, no file" "" "$(ls -A out)"
		refused 1 'cannot write /dev/full: No space left on device$' "$covdb" $words -o /dev/full
	}
done

words="decode snapshot --notes tree"
# shellcheck disable=SC2086 # words of a command
write() { "$covdb" $words -o "$1" 2>/dev/null; }
write expected
check "a new file has what the umask leaves" 640 "$(umask 027 && write new && stat -c %a new)"
echo old >real
ln -s real link
write link
cmp expected real || fail "through a link"
check "the link is one still" real "$(readlink link)"
ln -s nowhere dangling
refused 1 'cannot write dangling: it is a link to a file that is not there' "$covdb" decode snapshot --notes tree -o dangling
refused 1 'cannot write out: Is a directory' "$covdb" decode snapshot --notes tree -o out
refused 1 'cannot create nowhere/x: No such file' "$covdb" decode snapshot --notes tree -o nowhere/x
refused 1 'cannot create expected/x: Not a directory' "$covdb" decode snapshot --notes tree -o expected/x

# What is no file is written to, and stays what it is; what is open already is gone on with.
mkfifo pipe
cat pipe >got &
write pipe
wait
cmp expected got || fail "through a named pipe"
[ -p pipe ] || fail "the named pipe is one no more"
write /dev/null
[ -c /dev/null ] || fail "/dev/null is none any more"
for name in /dev/stdout /dev/fd/1 /proc/self/fd/1 -; do
	write $name | cmp expected - || fail "$name, a pipe"
	{ echo before && write $name && echo after; } >got
	{ echo before && cat expected && echo after; } | cmp - got || fail "$name, a file"
done
{ echo before && write /dev/fd/3 && echo after; } 3>&1 >&2 | cmp expected - || fail "/dev/fd/3"

