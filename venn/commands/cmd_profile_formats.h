/* cmd_profile_formats.h - a tree of functions as other programs read it. */
#ifndef VENN_COMMANDS_CMD_PROFILE_FORMATS_H
#define VENN_COMMANDS_CMD_PROFILE_FORMATS_H

#include <stdbool.h>

#include "venn/questions/flame.h"

/* The first frame of what was sampled on an emulated processor. */
extern const char cmd_profile_formats_emulated[];

/**
 * cmd_profile_formats_folded() - a line for each stack: frames, samples; of two sides the samples
 * of both, as difference tools read them.
 *
 * Return: free() it; "" of a tree without samples.
 */
char *cmd_profile_formats_folded(const struct flame *flame, bool is_emulated);

/**
 * cmd_profile_formats_speedscope() - a profile for each side, in speedscope's own format.
 * @names: of the sides
 *
 * Return: JSON, one line; free() it.
 * Source: https://www.speedscope.app/file-format-schema.json, "sampled".
 */
char *cmd_profile_formats_speedscope(const struct flame *flame, const char *const *names);

#endif
