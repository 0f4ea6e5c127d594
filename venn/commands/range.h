/* range.h - how commands show the range of a number of lines. */
#ifndef VENN_COMMANDS_RANGE_H
#define VENN_COMMANDS_RANGE_H

#include <jansson.h>
#include <stdbool.h>

#include "venn/print/rows.h"
#include "venn/questions/diagram.h"

/* Columns of a table to read: two, the second only where there is another rule. */
#define RANGE_TEXT_COLUMNS                                                                         \
	{ "OVER TRIALS", "over_trials", ROWS_FIGURE },                                             \
	{                                                                                          \
		"OVER RULES", "over_rules", ROWS_FIGURE                                            \
	}

/* Columns of rows for programs. */
#define RANGE_COLUMNS                                                                              \
	{ "LOW", "low", ROWS_COUNT }, { "HIGH", "high", ROWS_COUNT },                              \
	    { "RULE LOW", "rule_low", ROWS_COUNT }, { "RULE HIGH", "rule_high", ROWS_COUNT },      \
	{                                                                                          \
		"RESAMPLES", "resamples", ROWS_COUNT                                               \
	}

enum { RANGE_COLUMN_COUNT = 5 };

/** range_has_rules() - whether footprints by another rule are there, to make a range over. */
static inline bool range_has_rules(const struct diagram *diagram)
{
	return diagram->others.count > 0;
}

/** range_add_text() - append the cells of RANGE_TEXT_COLUMNS: "12,010-12,300", "cannot tell". */
void range_add_text(const struct diagram *diagram, const struct diagram_range *range,
		    struct rows *rows);

/** range_add() - append the cells of RANGE_COLUMNS; what cannot be told is missing. */
void range_add(const struct diagram *diagram, const struct diagram_range *range, struct rows *rows);

/** range_set_json() - the same as members of @object. */
void range_set_json(const struct diagram *diagram, const struct diagram_range *range,
		    json_t *object);

/** range_print_notes() - below a table to read, what its ranges are over. */
void range_print_notes(const struct diagram *diagram);

#endif
