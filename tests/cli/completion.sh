#!/bin/bash
# completion.sh COVDB SOURCE_DIR SHELL - a real shell completes commands, options, and names out of the database.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
shell=$3
need "$shell" python3 sqlite3 zstd
# shellcheck source=tests/cli/golden_fixture.sh
. "$source/tests/cli/golden_fixture.sh"
mkdir bin functions
ln -s "$covdb" bin/covdb
touch a-file.yaml
export PATH="$folder/bin:$PATH" HOME="$folder" XDG_DATA_HOME="$folder/data" XDG_CACHE_HOME="$folder/cache"
case $shell in
bash)
	cat >start <<END
PS1='> '
. '$source/docs/completion/covdb.bash'
bind 'set enable-bracketed-paste off'
END
	start=(bash --noprofile --rcfile start -i)
	;;
zsh)
	cp "$source/docs/completion/_covdb" functions/
	cat >.zshrc <<END
PS1='> '
unsetopt zle_bracketed_paste prompt_cr prompt_sp
bindkey -e
fpath=($folder/functions \$fpath)
autoload -Uz compinit
compinit -u -d $folder/dump
END
	export ZDOTDIR=$folder
	start=(zsh -i)
	;;
esac
# What the line becomes; of fish, what it offers if that is one thing.
completes() { # completes EXPECTED LINE
	if [ "$shell" = fish ]; then
		got=$(fish --no-config -c "source '$source/docs/completion/covdb.fish'; complete -C \"$2\"" | cut -f 1 | xargs)
		before=${2% *}
		[ -z "$got" ] || got="[$before $got]"
	else
		got=$(python3 "$source/tests/cli/shell_types.py" "$2" "${start[@]}" 2>err | tr -d '\r' | sed 's/ \]/]/')
	fi
	[ "$got" = "[$1]" ] || fail "$shell, '$2': expected '[$1]', got '$got'"
}
completes "covdb summary" "covdb summ"
completes "covdb kernel check-config" "covdb kernel che"
completes "covdb decode x --notes" "covdb decode x --not"
completes "covdb venn --format json" "covdb venn --format js"
completes "covdb stability --phase steady" "covdb stability --phase ste"
completes "covdb help venn" "covdb help ven"
completes "covdb venn --platforms host,gvisor" "covdb venn --platforms host,g"
completes "covdb top runc microvm" "covdb top runc m"
completes "covdb venn --workload stream" "covdb venn --workload st"
completes "covdb venn --dir net/bridge/netfilter/" "covdb venn --dir net/bridge/n"
completes "covdb annotate mm/memcontrol.c" "covdb annotate mm/me"
completes "covdb functions ebtables_walk" "covdb functions ebtables_w"
completes "covdb --no-pager summary" "covdb --no-pager summ"
completes "covdb kernel remove k" "covdb kernel remove "
completes "covdb collect a-file.yaml" "covdb collect a-f"
# A value in the word of its option, also behind an option without one.
completes "covdb venn --platforms=host,gvisor" "covdb venn --platforms=host,g"
completes "covdb venn --csv-safe --platforms=host,gvisor" "covdb venn --csv-safe --platforms=host,g"
completes "covdb venn --dir=net/bridge/netfilter/" "covdb venn --dir=net/bridge/n"
completes "covdb venn --format=json" "covdb venn --format=js"
completes "covdb patch --snapshot=a-file.yaml" "covdb patch --snapshot=a-f"
mv db.sqlite other.sqlite
completes "covdb venn --db other.sqlite --platforms runc" "covdb venn --db other.sqlite --platforms r"
completes "covdb --db other.sqlite top runc" "covdb --db other.sqlite top r"
completes "covdb venn --db=other.sqlite --platforms runc" "covdb venn --db=other.sqlite --platforms r"
completes "covdb --db=other.sqlite top runc" "covdb --db=other.sqlite top r"
completes "covdb --color=never --db=other.sqlite top runc" "covdb --color=never --db=other.sqlite top r"
# Without a database there is nothing to offer, and not a word about it.
"$covdb" complete -- venn --platforms h >out 2>err || fail "completion fails without a database"
check "without a database" "" "$(cat out err)"
# One of an older schema stays what it is.
zstd -qd "$source/tests/data/schema-4.sqlite.zst" -o old.sqlite
cp old.sqlite before.sqlite
"$covdb" complete -- venn --db old.sqlite --platforms '' >out 2>err || fail "completion fails with an older database"
check "of an older database" "" "$(cat out err)"
cmp old.sqlite before.sqlite
