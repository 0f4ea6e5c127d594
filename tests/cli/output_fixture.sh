# output_fixture.sh - for the tests of -o, which source it in a folder of their own: the notes tree/ and
# the snapshot/ of a program of some thousand lines, and a database with one trial of it.
# shellcheck shell=sh disable=SC2154 # of tests/cli/lib.sh
mkdir tree snapshot
{
	echo 'int main(int count, char **words) { (void)words;'
	seq -f 'if (count > %.0f) count++;' 4000
	echo 'return count == 77; }'
} >tree/big.c
(cd tree && gcc -O0 --coverage -c big.c -o big.o && gcc --coverage big.o -o big && ./big)
mv tree/big.gcda snapshot
printf "jumps.o NET\nloops.o INET\n" >tree/covdb.options
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import snapshot --platform p --workload w --seconds 10 >/dev/null 2>&1

# The commands that take -o FILE, without it, in all their formats.
outputs() {
	for format in tsv info json; do echo "decode snapshot --notes tree --format $format"; done
	for format in tsv json; do echo "decode snapshot --notes tree --per-object --format $format"; done
	for format in info cobertura syzkaller json csv; do echo "export --trial p/w --format $format"; done
}
