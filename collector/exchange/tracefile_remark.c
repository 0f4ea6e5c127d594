/* tracefile_remark.c - what a reader of counts took otherwise than it was written. */
#include "collector/exchange/tracefile_remark.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"

static const char *const texts[TRACEFILE_REMARK_COUNT] = {
	[TRACEFILE_LINE_0] = "line 0 is none, its record is passed over",
	[TRACEFILE_BRANCH_BLOCK] = "the branch's block has no number, its record is passed over",
	[TRACEFILE_BRANCH_NEGATIVE] = "the branch was taken fewer than 0 times, which counts as 0",
	[TRACEFILE_COUNT_LARGE] = "the count is too large, it is cut to 9223372036854775807",
	[TRACEFILE_FUNCTION_END] = "the function ends before it starts, its end is passed over",
	[TRACEFILE_ADDRESS_OUTSIDE] =
	    "the address is in no code of the image (a module's?), it is passed over",
};

void tracefile_remark(struct tracefile_remarks *remarks, enum tracefile_remark_kind kind,
		      const char *name, size_t line)
{
	if (remarks->kinds[kind].count++)
		return;
	remarks->kinds[kind].place = line ? cov_format("%s:%zu", name, line) : cov_xstrdup(name);
}

void tracefile_remarks_print(const struct tracefile_remarks *remarks)
{
	for (size_t i = 0; i < TRACEFILE_REMARK_COUNT; i++) {
		size_t count = remarks->kinds[i].count;

		if (count)
			cov_say("%s: %s (%zu such %s)", remarks->kinds[i].place, texts[i], count,
				count == 1 ? "record" : "records");
	}
}

void tracefile_remarks_deinit(struct tracefile_remarks *remarks)
{
	for (size_t i = 0; i < TRACEFILE_REMARK_COUNT; i++)
		free(remarks->kinds[i].place);
	memset(remarks, 0, sizeof(*remarks));
}
