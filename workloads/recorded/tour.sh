#!/bin/bash
# tour.sh COVDB DATABASE PAGE [NUMBER] - the questions of docs/tour.md, or one of them, asked of the recorded study, whose
# database is made first if it is not there.
set -eu
covdb=$1
database=$2
page=$3
number=${4:-}
if [ ! -e "$database" ]; then
	echo "covdb tour: making $database of the recorded study, once; less than a minute" >&2
	trap 'rm -f "$database.new"' EXIT
	"$(dirname "$0")/load.sh" "$covdb" "$database.new" >&2
	mv "$database.new" "$database"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ln -s "$covdb" "$folder/covdb"
export PATH="$folder:$PATH" COVDB="$database"

is_console=
is_asked=
count=0
question=0
while IFS= read -r line <&3; do
	case $line in
	'```console') is_console=yes ;;
	'```') is_console= ;;
	'**'[0-9]*)
		question=${line#'**'}
		is_asked=
		[ -n "$number" ] && [ "${question%%.*}" != "$number" ] || is_asked=yes
		if [ -n "$is_asked" ]; then
			count=$((count + 1))
			printf '\n%s\n' "${question%%'**'*}"
		fi
		;;
	'$ covdb '*)
		if [ -n "$is_console" ] && [ -n "$is_asked" ]; then
			printf '\n%s\n' "$line"
			bash -c "${line#'$ '}" || exit
		fi
		;;
	esac
done 3<"$page"
[ "$count" -gt 0 ] || {
	echo "covdb tour: there is no question ${number:-} in $page, which has 1 to ${question%%.*}" >&2
	exit 1
}
