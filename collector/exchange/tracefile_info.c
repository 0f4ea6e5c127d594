/*
 * tracefile_info.c - reader of lcov's tracefiles.
 *
 * Format: geninfo(1) of LCOV 1.16 and 2.5, section FILES, and what both take beyond it. Test names
 * are not kept: what was counted for several adds up. Conditions, versions and checksums are
 * checked no further.
 */
#include "collector/exchange/tracefile_info.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_content.h"
#include "collector/exchange/tracefile_count.h"

enum { SHOWN_BYTES_MAX = 60 };

/* Where a function begins and ends, by FNL. */
struct leader {
	uint32_t index;
	uint32_t start_line;
	uint32_t end_line;
};

/* How often a function was called, by FNDA; or by FNA, of a leader that was not read yet. */
struct call {
	const char *name; /* [name_bytes], in the tracefile */
	size_t name_bytes;
	int64_t calls;
	uint32_t index; /* of the leader, by FNA */
};

struct calls {
	struct call *items; /* [count]; owned */
	size_t count, capacity;
};

struct reading {
	const char *name; /* of the tracefile, for messages */
	size_t line_number;
	const char *record; /* [record_bytes], the line being read */
	size_t record_bytes;
	struct cov_tracefile *tracefile;
	bool is_open;           /* between SF and end_of_record, of the last file */
	struct leader *leaders; /* [leader_count], of that file; owned */
	size_t leader_count, leader_capacity;
	struct calls by_name;  /* FNDA, of that file */
	struct calls by_index; /* FNA before its FNL, of that file */
};

static void reading_deinit(struct reading *reading)
{
	free(reading->leaders);
	free(reading->by_name.items);
	free(reading->by_index.items);
}

COV_DEFINE_AUTO_STRUCT(struct reading, reading_deinit)

/* What is left of a record: fields separated by commas. */
struct fields {
	const char *text; /* [length] */
	size_t length;
};

static int fail(const struct reading *reading, const char *what, struct cov_error *err)
{
	int shown =
	    reading->record_bytes > SHOWN_BYTES_MAX ? SHOWN_BYTES_MAX : (int)reading->record_bytes;

	return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: %s: '%.*s'", reading->name,
			reading->line_number, what, shown, reading->record);
}

static void remark(const struct reading *reading, enum tracefile_remark_kind kind)
{
	tracefile_remark(&reading->tracefile->remarks, kind, reading->name, reading->line_number);
}

static void skip(struct fields *fields, size_t length)
{
	*fields = (struct fields){ fields->text + length, fields->length - length };
}

static bool take_letter(struct fields *fields, char letter)
{
	if (!fields->length || *fields->text != letter)
		return false;
	skip(fields, 1);
	return true;
}

/* The field up to a comma, which is taken as well, or up to the end. */
static struct fields take_field(struct fields *fields)
{
	const char *comma = memchr(fields->text, ',', fields->length);
	struct fields field = { fields->text,
				comma ? (size_t)(comma - fields->text) : fields->length };

	skip(fields, field.length + (comma != NULL));
	return field;
}

/* A field of digits. */
enum number { NUMBER_FINE, NUMBER_NONE, NUMBER_LARGE };

static enum number read_number(struct fields field, uint32_t *ret)
{
	uint64_t number = 0;

	if (!field.length)
		return NUMBER_NONE;
	for (size_t i = 0; i < field.length; i++) {
		if (field.text[i] < '0' || field.text[i] > '9')
			return NUMBER_NONE;
		if (number <= UINT32_MAX)
			number = number * 10 + (uint64_t)(field.text[i] - '0');
	}
	if (number > UINT32_MAX)
		return NUMBER_LARGE;
	*ret = (uint32_t)number;
	return NUMBER_FINE;
}

/* A number that a refusal calls by what is said of one that is missing or too large. */
static const char *take_number(struct fields *fields, const char *missing, const char *large,
			       uint32_t *ret)
{
	enum number number = read_number(take_field(fields), ret);

	if (number == NUMBER_FINE)
		return NULL;
	return number == NUMBER_LARGE ? large : missing;
}

/* The number of a line, 0 included. Return: NULL, or why it is none. */
static const char *take_line(struct fields *fields, uint32_t *ret)
{
	return take_number(fields, "it has no number of a line",
			   "the number of the line is too large", ret);
}

static const char *take_index(struct fields *fields, uint32_t *ret)
{
	return take_number(fields, "it has no index", "the index is too large", ret);
}

static const char *take_count(const struct reading *reading, struct fields *fields, int64_t *ret)
{
	struct fields field = take_field(fields);
	bool is_cut = false;
	const char *why = tracefile_count_text(field.text, field.length, ret, &is_cut);

	if (is_cut)
		remark(reading, TRACEFILE_COUNT_LARGE);
	return why;
}

static struct tracefile_file *current(const struct reading *reading)
{
	return &reading->tracefile->files[reading->tracefile->file_count - 1];
}

static const char *read_file(struct reading *reading, struct fields fields)
{
	if (!*tracefile_add_file(reading->tracefile, fields.text, fields.length)->path)
		return "it names no file";
	reading->is_open = true;
	reading->leader_count = 0;
	reading->by_name.count = 0;
	reading->by_index.count = 0;
	return NULL;
}

/* DA:line,count[,checksum] */
static const char *read_line(struct reading *reading, struct fields fields)
{
	uint32_t line;
	int64_t count;
	const char *why = take_line(&fields, &line);

	if (!why)
		why = take_count(reading, &fields, &count);
	if (why)
		return why;
	if (line)
		tracefile_add_line(current(reading), line, count);
	else
		remark(reading, TRACEFILE_LINE_0);
	return NULL;
}

static void add_function(struct reading *reading, struct tracefile_function function,
			 struct fields name)
{
	if (function.end_line && function.end_line < function.start_line)
		remark(reading, TRACEFILE_FUNCTION_END);
	function.name = name.text;
	tracefile_add_function(reading->tracefile, current(reading), function, name.length);
}

static const char no_name[] = "it has no name of a function";

/* FN:line,[last line,]name */
static const char *read_function(struct reading *reading, struct fields fields)
{
	struct tracefile_function function = { 0 };
	const char *why = take_line(&fields, &function.start_line);
	struct fields after = fields;

	if (why)
		return why;
	if (take_line(&after, &function.end_line) == NULL && after.length)
		fields = after;
	else
		function.end_line = 0;
	if (!fields.length)
		return no_name;
	add_function(reading, function, fields);
	return NULL;
}

static void add_call(struct calls *calls, struct call call)
{
	calls->items =
	    cov_grow(calls->items, calls->count, &calls->capacity, sizeof(*calls->items));
	calls->items[calls->count++] = call;
}

/* FNDA:count,name; the FN of the function may come later. */
static const char *read_calls(struct reading *reading, struct fields fields)
{
	struct call call = { 0 };
	const char *why = take_count(reading, &fields, &call.calls);

	if (why)
		return why;
	if (!fields.length)
		return no_name;
	call.name = fields.text;
	call.name_bytes = fields.length;
	add_call(&reading->by_name, call);
	return NULL;
}

/* FNL:index,line[,last line] */
static const char *read_leader(struct reading *reading, struct fields fields)
{
	struct leader leader = { 0 };
	const char *why = take_index(&fields, &leader.index);

	if (!why)
		why = take_line(&fields, &leader.start_line);
	if (!why && fields.length)
		why = take_line(&fields, &leader.end_line);
	if (why)
		return why;
	if (fields.length)
		return "something is behind the last line";
	reading->leaders = cov_grow(reading->leaders, reading->leader_count,
				    &reading->leader_capacity, sizeof(*reading->leaders));
	reading->leaders[reading->leader_count++] = leader;
	return NULL;
}

static void add_alias(struct reading *reading, const struct leader *leader, const struct call *call)
{
	struct tracefile_function function = { .calls = call->calls };

	if (leader) {
		function.start_line = leader->start_line;
		function.end_line = leader->end_line;
	}
	add_function(reading, function, (struct fields){ call->name, call->name_bytes });
}

/* FNA:index,calls,name; most often of the last FNL. */
static const char *read_alias(struct reading *reading, struct fields fields)
{
	const struct leader *last =
	    reading->leader_count ? &reading->leaders[reading->leader_count - 1] : NULL;
	struct call call = { 0 };
	const char *why = take_index(&fields, &call.index);

	if (!why)
		why = take_count(reading, &fields, &call.calls);
	if (why)
		return why;
	if (!fields.length)
		return no_name;
	call.name = fields.text;
	call.name_bytes = fields.length;
	if (last && last->index == call.index)
		add_alias(reading, last, &call);
	else
		add_call(&reading->by_index, call);
	return NULL;
}

/* BRDA:line,[e|f][U]block,branch,taken; the branch may be an expression with commas. */
static const char *read_branch(struct reading *reading, struct fields fields)
{
	struct cov_branch branch = { .taken = COV_BRANCH_NOT_EVALUATED };
	const char *why = take_line(&fields, &branch.line);

	if (why)
		return why;
	if (take_letter(&fields, 'e'))
		branch.flags = PLAN_BRANCH_THROW;
	else if (take_letter(&fields, 'f'))
		branch.flags = PLAN_BRANCH_FALLTHROUGH;
	take_letter(&fields, 'U');
	enum number block = read_number(take_field(&fields), &branch.block);
	const char *comma = memrchr(fields.text, ',', fields.length);
	if (!comma)
		return "it does not say how often the branch was taken";
	skip(&fields, (size_t)(comma + 1 - fields.text));
	bool is_evaluated = fields.length != 1 || *fields.text != '-';
	if (is_evaluated)
		why = take_count(reading, &fields, &branch.taken);
	if (why)
		return why;
	if (block == NUMBER_LARGE)
		return "the number of the block is too large";
	if (block == NUMBER_NONE) {
		remark(reading, TRACEFILE_BRANCH_BLOCK);
		return NULL;
	}
	if (!branch.line) {
		remark(reading, TRACEFILE_LINE_0);
		return NULL;
	}
	if (is_evaluated && branch.taken < 0) {
		remark(reading, TRACEFILE_BRANCH_NEGATIVE);
		branch.taken = 0;
	}
	branches_add(&current(reading)->branches, branch);
	return NULL;
}

static int compare_leaders(const void *a, const void *b)
{
	const struct leader *first = a, *second = b;

	return (first->index > second->index) - (first->index < second->index);
}

static void place_aliases(struct reading *reading)
{
	if (!reading->by_index.count)
		return;
	if (reading->leader_count)
		qsort(reading->leaders, reading->leader_count, sizeof(*reading->leaders),
		      compare_leaders);
	for (size_t i = 0; i < reading->by_index.count; i++) {
		const struct call *call = &reading->by_index.items[i];
		struct leader wanted = { .index = call->index };

		add_alias(reading,
			  reading->leader_count
			      ? bsearch(&wanted, reading->leaders, reading->leader_count,
					sizeof(wanted), compare_leaders)
			      : NULL,
			  call);
	}
}

/* A function of the file, to be found by name. */
struct named {
	const char *name;
	size_t place; /* among the file's functions */
	size_t used;  /* of the first of a name: calls that went to functions of that name */
};

static int compare_named(const void *a, const void *b)
{
	const struct named *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	return order ? order : (first->place > second->place) - (first->place < second->place);
}

static int compare_with_call(const struct named *named, const struct call *call)
{
	int order = strncmp(named->name, call->name, call->name_bytes);

	return order ? order : named->name[call->name_bytes] != '\0';
}

/* The first of [@count] that is not before the name of @call. */
static size_t find_named(const struct named *named, size_t count, const struct call *call)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_with_call(&named[middle], call) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Calls go to the functions of their name, one after the other; or to one without a line. */
static void place_calls(struct reading *reading)
{
	struct tracefile_file *file = current(reading);
	size_t count = file->function_count;

	if (!reading->by_name.count)
		return;
	COV_AUTO(free) struct named *named = cov_xcalloc(count, sizeof(*named));
	for (size_t i = 0; i < count; i++)
		named[i] = (struct named){ file->functions[i].name, i, 0 };
	qsort(named, count, sizeof(*named), compare_named);
	for (size_t i = 0; i < reading->by_name.count; i++) {
		const struct call *call = &reading->by_name.items[i];
		size_t first = find_named(named, count, call);

		if (first == count || compare_with_call(&named[first], call) != 0) {
			add_alias(reading, NULL, call);
			continue;
		}
		size_t chosen = first + named[first].used;
		if (chosen == count || compare_with_call(&named[chosen], call) != 0) {
			chosen = first;
			named[first].used = 0;
		}
		named[first].used++;
		int64_t *calls = &file->functions[named[chosen].place].calls;
		*calls = cov_number_add(*calls, call->calls);
	}
}

static const char *read_end(struct reading *reading, struct fields fields)
{
	if (fields.length)
		return "something is behind it";
	place_aliases(reading);
	place_calls(reading);
	reading->is_open = false;
	return NULL;
}

/* Not kept. */
static const char *pass_over(struct reading *reading, struct fields fields)
{
	(void)reading;
	(void)fields;
	return NULL;
}

static const char *read_total(struct reading *reading, struct fields fields)
{
	(void)reading;
	for (size_t i = 0; i < fields.length; i++) {
		if (fields.text[i] < '0' || fields.text[i] > '9')
			return "the total is no number";
	}
	return fields.length ? NULL : "the total is missing";
}

/* Records by what they begin with. */
static const struct record {
	const char *start;
	enum { ANYWHERE, OUTSIDE, INSIDE } place; /* of SF and end_of_record */
	const char *(*read)(struct reading *reading, struct fields fields);
} records[] = {
	{ "DA:", INSIDE, read_line },    { "FN:", INSIDE, read_function },
	{ "FNDA:", INSIDE, read_calls }, { "FNL:", INSIDE, read_leader },
	{ "FNA:", INSIDE, read_alias },  { "SF:", OUTSIDE, read_file },
	{ "KF:", OUTSIDE, read_file },   { "TN:", ANYWHERE, pass_over },
	{ "VER:", ANYWHERE, pass_over }, { "BRDA:", INSIDE, read_branch },
	{ "MCDC:", INSIDE, pass_over },  { "LF:", INSIDE, read_total },
	{ "LH:", INSIDE, read_total },   { "FNF:", INSIDE, read_total },
	{ "FNH:", INSIDE, read_total },  { "BRF:", INSIDE, read_total },
	{ "BRH:", INSIDE, read_total },  { "MCF:", INSIDE, read_total },
	{ "MCH:", INSIDE, read_total },  { "end_of_record", INSIDE, read_end },
	{ "#", ANYWHERE, pass_over },
};

static int read_record(struct reading *reading, struct cov_error *err)
{
	if (!reading->record_bytes)
		return 0;
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		size_t length = strlen(records[i].start);
		struct fields fields = { reading->record + length, reading->record_bytes - length };

		if (reading->record_bytes < length ||
		    memcmp(reading->record, records[i].start, length) != 0)
			continue;
		if (records[i].place == INSIDE && !reading->is_open)
			return fail(reading, "a record before its SF", err);
		if (records[i].place == OUTSIDE && reading->is_open)
			return fail(reading, "a record before end_of_record", err);
		const char *why = records[i].read(reading, fields);
		if (!why)
			return 0;
		COV_AUTO(free) char *what = cov_format("a malformed record, %s", why);
		return fail(reading, what, err);
	}
	return fail(reading, "an unknown record", err);
}

/*
 * The record that begins at @offset. A file that was made elsewhere may end its lines with a
 * carriage return, and one to which others were appended has a byte order mark in the middle.
 */
static void find_record(struct reading *reading, const char *data, size_t offset, size_t end)
{
	offset += tracefile_content_skip_mark(data + offset, end - offset);
	while (end > offset && isspace((unsigned char)data[end - 1]))
		end--;
	reading->record = data + offset;
	reading->record_bytes = end - offset;
	reading->line_number++;
}

int tracefile_info_read(const char *data, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(reading_deinit)
	struct reading reading = { .name = name, .tracefile = tracefile };
	size_t before = tracefile->file_count;

	for (size_t offset = 0; offset < size;) {
		const char *newline = memchr(data + offset, '\n', size - offset);
		size_t end = newline ? (size_t)(newline - data) : size;

		find_record(&reading, data, offset, end);
		if (memchr(data + offset, '\0', end - offset))
			return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: a NUL byte", name,
					reading.line_number);
		int result = read_record(&reading, err);
		if (result)
			return result;
		offset = end + 1;
	}
	if (reading.is_open)
		return cov_fail(err, COV_ERR_TRUNCATED,
				"%s:%zu: the file ends before end_of_record", name,
				reading.line_number);
	if (tracefile->file_count == before)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no SF record in it", name);
	return 0;
}
