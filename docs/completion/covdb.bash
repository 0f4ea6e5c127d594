# Bash completion for covdb, which asks covdb itself for its commands and options.

_covdb() {
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local covdb=${COMP_WORDS[0]} command=${COMP_WORDS[1]} words
	local commands
	commands=$("$covdb" help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\( [a-z-]*\)\{0,1\}\)  .*/\1/p')

	COMPREPLY=()
	if ((COMP_CWORD > 1)) && grep -q "^$command [a-z]" <<<"$commands"; then
		if ((COMP_CWORD == 2)); then
			words=$(sed -n "s/^$command //p" <<<"$commands")
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
			return
		fi
		command+=" ${COMP_WORDS[2]}"
	fi
	if ((COMP_CWORD == 1)) || [ "$command" = help ]; then
		words="help $(cut -d ' ' -f 1 <<<"$commands" | sort -u)"
	elif [ "$previous" = --format ] || [ "$previous" = --phase ]; then
		# shellcheck disable=SC2086 # a command may be two words
		words=$("$covdb" $command --help 2>/dev/null | sed -n "s/.*$previous=\\([a-z|-]*\\).*/\\1/p" | tr '|' ' ')
	elif [[ $word == -* ]]; then
		# shellcheck disable=SC2086
		words=$("$covdb" $command --help 2>/dev/null | grep -o -- '--[a-z][a-z-]*' | sort -u)
	else
		compopt -o default
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _covdb covdb
