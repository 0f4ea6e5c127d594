/* expression.c - set expressions over platforms: "firecracker - (host | lxc)". */
#include "venn/sets/expression.h"

#include <ctype.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"

struct parser {
	const char *text;
	const char *place;
	const char *const *names;
	size_t name_count;
	size_t depth; /* of parentheses */
	struct expression expression;
	struct cov_error *err;
};

/* A name continues with letters, digits, dots and underscores; a '-' may be an operator. */
static bool ends_name(char c)
{
	return !isalnum((unsigned char)c) && c != '.' && c != '_';
}

static int fail(const struct parser *parser, const char *expected)
{
	size_t column = (size_t)(parser->place - parser->text) + 1;

	if (!*parser->place)
		return cov_fail(parser->err, COV_ERR_USAGE,
				"the expression ends where %s is expected", expected);
	return cov_fail(parser->err, COV_ERR_USAGE,
			"column %zu of the expression: %s is expected, not '%.20s'", column,
			expected, parser->place);
}

/* A name, but none of a platform. */
static int fail_unknown(const struct parser *parser)
{
	size_t length = 0;

	while (!ends_name(parser->place[length]) || parser->place[length] == '-')
		length++;
	while (parser->place[length - 1] == '-') /* an operator, of what comes next */
		length--;
	COV_AUTO(free) char *word = cov_xstrndup(parser->place, length);
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = word };
	for (size_t i = 0; i < parser->name_count; i++)
		cov_suggest(&suggestion, parser->names[i]);
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(parser->err, COV_ERR_MISMATCH,
			"column %zu of the expression: there is no platform '%s'%s",
			(size_t)(parser->place - parser->text) + 1, word, only);
}

static int fail_name(const struct parser *parser)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	if (parser->name_count && !ends_name(*parser->place))
		return fail_unknown(parser);
	for (size_t i = 0; i < parser->name_count; i++)
		cov_text_print(&list, "%s%s", i ? ", " : "a platform (", parser->names[i]);
	cov_text_print(&list, "%s", parser->name_count ? ") or '('" : "a platform");
	return fail(parser, list.data);
}

static void skip_blanks(struct parser *parser)
{
	while (isspace((unsigned char)*parser->place))
		parser->place++;
}

static void add_step(struct parser *parser, char operator, size_t platform)
{
	struct expression *expression = &parser->expression;

	expression->steps = cov_grow(expression->steps, expression->count, &expression->capacity,
				     sizeof(*expression->steps));
	expression->steps[expression->count++] = (struct expression_step){
		.operator= operator,
		.platform =(unsigned char) platform,
	};
}

/* The longest name that stands here. Return: whether there is one. */
static bool read_name(struct parser *parser)
{
	size_t best = 0, best_length = 0;

	for (size_t i = 0; i < parser->name_count; i++) {
		size_t length = strlen(parser->names[i]);

		if (length <= best_length ||
		    strncmp(parser->place, parser->names[i], length) != 0 ||
		    !ends_name(parser->place[length]))
			continue;
		best = i;
		best_length = length;
	}
	if (!best_length)
		return false;
	parser->place += best_length;
	add_step(parser, 0, best);
	return true;
}

static int read_sum(struct parser *parser);

static int read_operand(struct parser *parser)
{
	skip_blanks(parser);
	if (*parser->place != '(')
		return read_name(parser) ? 0 : fail_name(parser);
	if (++parser->depth == EXPRESSION_DEPTH_MAX)
		return fail(parser, "an end of so many parentheses");
	parser->place++;
	int result = read_sum(parser);
	if (result)
		return result;
	if (*parser->place != ')')
		return fail(parser, "')' or an operator");
	parser->place++;
	parser->depth--;
	return 0;
}

static int read_product(struct parser *parser)
{
	int result = read_operand(parser);

	for (;;) {
		skip_blanks(parser);
		if (result || *parser->place != '&')
			return result;
		parser->place++;
		result = read_operand(parser);
		add_step(parser, '&', 0);
	}
}

static int read_sum(struct parser *parser)
{
	int result = read_product(parser);

	while (result == 0 && *parser->place && strchr("|-^", *parser->place)) {
		char operator= * parser->place++;

		result = read_product(parser);
		add_step(parser, operator, 0);
	}
	return result;
}

int expression_parse(const char *text, const char *const *names, size_t name_count,
		     struct expression *ret, struct cov_error *err)
{
	struct parser parser = {
		.text = text,
		.place = text,
		.names = names,
		.name_count = name_count,
		.err = err,
	};
	int result = read_sum(&parser);

	if (result == 0 && *parser.place)
		result = fail(&parser, "an operator (& | - ^)");
	if (result) {
		expression_deinit(&parser.expression);
		return result;
	}
	*ret = parser.expression;
	return 0;
}

static uint64_t combine(char operator, uint64_t first, uint64_t second)
{
	if (operator== '&')
		return first & second;
	if (operator== '|')
		return first | second;
	return operator== '-' ? first & ~second : first ^ second;
}

/*
 * Each level of parentheses leaves at most two operands waiting, and the innermost adds one.
 * @words: of each platform; NULL: 0 or 1, as its bit in @mask is
 */
static uint64_t evaluate(const struct expression *expression, const uint64_t *words, uint64_t mask)
{
	uint64_t stack[3 * EXPRESSION_DEPTH_MAX];
	size_t depth = 0;

	for (size_t i = 0; i < expression->count; i++) {
		const struct expression_step *step = &expression->steps[i];

		if (!step->operator) {
			stack[depth++] = words ? words[step->platform] : mask >> step->platform & 1;
			continue;
		}
		depth--;
		stack[depth - 1] = combine(step->operator, stack[depth - 1], stack[depth]);
	}
	return stack[0];
}

bool expression_has(const struct expression *expression, uint64_t mask)
{
	return evaluate(expression, NULL, mask);
}

uint64_t expression_words(const struct expression *expression, const uint64_t *words)
{
	return evaluate(expression, words, 0);
}

void expression_deinit(struct expression *expression)
{
	free(expression->steps);
	memset(expression, 0, sizeof(*expression));
}
