/*
 * tracefile_read.c - readers of tracefiles: which one, and that of lcov's.
 *
 * Format: geninfo(1) of LCOV 1.16 and 2.5, section FILES. Test names are not kept: what was counted
 * for several adds up. Conditions, versions and checksums are checked no further.
 */
#include "collector/exchange/tracefile_read.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/decode/tree.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_gcov.h"

enum { SHOWN_BYTES_MAX = 60 };

static const char gcov_suffix[] = ".gcov.json.gz";

/* Where a function begins and ends, by FNL; the FNAs that follow give its names. */
struct leader {
	uint32_t index;
	uint32_t start_line;
	uint32_t end_line;
};

struct reading {
	const char *name; /* of the tracefile, for messages */
	size_t line_number;
	const char *record; /* [record_bytes], the line being read */
	size_t record_bytes;
	struct cov_tracefile *tracefile;
	bool is_open;           /* between SF and end_of_record, of the last file */
	size_t called_next;     /* function of that file that the next FNDA is expected for */
	struct leader *leaders; /* [leader_count], of that file; owned */
	size_t leader_count, leader_capacity;
};

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

/* The digits at the front of @fields, if there are any and they are at most @max. */
static bool take_digits(struct fields *fields, uint64_t max, uint64_t *ret)
{
	uint64_t number = 0;
	size_t length = 0;

	for (;
	     length < fields->length && fields->text[length] >= '0' && fields->text[length] <= '9';
	     length++) {
		uint64_t digit = (uint64_t)(fields->text[length] - '0');

		if (number > (max - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*fields = (struct fields){ fields->text + length, fields->length - length };
	*ret = number;
	return length > 0;
}

static bool take_letter(struct fields *fields, char letter)
{
	if (!fields->length || *fields->text != letter)
		return false;
	*fields = (struct fields){ fields->text + 1, fields->length - 1 };
	return true;
}

/* A line number, from 1. */
static bool take_line(struct fields *fields, uint32_t *ret)
{
	uint64_t number;

	if (!take_digits(fields, UINT32_MAX, &number) || !number)
		return false;
	*ret = (uint32_t)number;
	return true;
}

static bool take_count(struct fields *fields, int64_t *ret)
{
	bool is_negative = fields->length && *fields->text == '-';
	uint64_t number;

	if (is_negative)
		*fields = (struct fields){ fields->text + 1, fields->length - 1 };
	if (!take_digits(fields, INT64_MAX, &number))
		return false;
	*ret = is_negative ? -(int64_t)number : (int64_t)number;
	return true;
}

static struct tracefile_file *current(const struct reading *reading)
{
	return &reading->tracefile->files[reading->tracefile->file_count - 1];
}

static bool read_file(struct reading *reading, struct fields fields)
{
	if (!fields.length)
		return false;
	tracefile_add_file(reading->tracefile, fields.text, fields.length);
	reading->is_open = true;
	reading->called_next = 0;
	reading->leader_count = 0;
	return true;
}

/* DA:line,count[,checksum] */
static bool read_line(struct reading *reading, struct fields fields)
{
	uint32_t line;
	int64_t count;

	if (!take_line(&fields, &line) || !take_letter(&fields, ',') ||
	    !take_count(&fields, &count) || (fields.length && !take_letter(&fields, ',')))
		return false;
	tracefile_add_line(current(reading), line, count);
	return true;
}

/* FN:line,[last line,]name */
static bool read_function(struct reading *reading, struct fields fields)
{
	struct tracefile_function function = { 0 };
	struct fields after;

	if (!take_line(&fields, &function.start_line) || !take_letter(&fields, ','))
		return false;
	after = fields;
	if (take_line(&after, &function.end_line) && take_letter(&after, ','))
		fields = after;
	else
		function.end_line = 0;
	if (!fields.length)
		return false;
	function.name = fields.text;
	tracefile_add_function(reading->tracefile, current(reading), function, fields.length);
	return true;
}

/* FNDA:count,name; the function stands in an FN before. */
static bool read_calls(struct reading *reading, struct fields fields)
{
	struct tracefile_file *file = current(reading);
	int64_t calls;

	if (!take_count(&fields, &calls) || !take_letter(&fields, ','))
		return false;
	/* In the order of the FNs as a rule. */
	for (size_t i = 0; i < file->function_count; i++) {
		size_t place = (reading->called_next + i) % file->function_count;
		struct tracefile_function *function = &file->functions[place];

		if (strlen(function->name) != fields.length ||
		    memcmp(function->name, fields.text, fields.length) != 0)
			continue;
		function->calls = (int64_t)((uint64_t)function->calls + (uint64_t)calls);
		reading->called_next = place + 1;
		return true;
	}
	return false;
}

/* FNL:index,line[,last line] */
static bool read_leader(struct reading *reading, struct fields fields)
{
	struct leader leader = { 0 };
	uint64_t index;

	if (!take_digits(&fields, UINT32_MAX, &index) || !take_letter(&fields, ',') ||
	    !take_line(&fields, &leader.start_line))
		return false;
	if (fields.length && (!take_letter(&fields, ',') || !take_line(&fields, &leader.end_line)))
		return false;
	leader.index = (uint32_t)index;
	reading->leaders = cov_grow(reading->leaders, reading->leader_count,
				    &reading->leader_capacity, sizeof(*reading->leaders));
	reading->leaders[reading->leader_count++] = leader;
	return !fields.length;
}

/* FNA:index,calls,name */
static bool read_alias(struct reading *reading, struct fields fields)
{
	struct tracefile_function function = { 0 };
	uint64_t index;

	if (!take_digits(&fields, UINT32_MAX, &index) || !take_letter(&fields, ',') ||
	    !take_count(&fields, &function.calls) || !take_letter(&fields, ',') || !fields.length)
		return false;
	function.name = fields.text;
	/* Most often the last one. */
	for (size_t i = reading->leader_count; i-- > 0;) {
		if (reading->leaders[i].index != index)
			continue;
		function.start_line = reading->leaders[i].start_line;
		function.end_line = reading->leaders[i].end_line;
		tracefile_add_function(reading->tracefile, current(reading), function,
				       fields.length);
		return true;
	}
	return false;
}

/* BRDA:line,[e|f][U]block,branch,taken; the branch may be an expression with commas. */
static bool read_branch(struct reading *reading, struct fields fields)
{
	struct cov_branch branch = { .taken = COV_BRANCH_NOT_EVALUATED };
	uint64_t block;

	if (!take_line(&fields, &branch.line) || !take_letter(&fields, ','))
		return false;
	if (take_letter(&fields, 'e'))
		branch.flags = PLAN_BRANCH_THROW;
	else if (take_letter(&fields, 'f'))
		branch.flags = PLAN_BRANCH_FALLTHROUGH;
	take_letter(&fields, 'U');
	if (!take_digits(&fields, UINT32_MAX, &block) || !take_letter(&fields, ','))
		return false;
	const char *comma = memrchr(fields.text, ',', fields.length);
	if (!comma)
		return false;
	fields.length -= (size_t)(comma + 1 - fields.text);
	fields.text = comma + 1;
	if (!take_letter(&fields, '-') && (!take_count(&fields, &branch.taken) || branch.taken < 0))
		return false;
	branch.block = (uint32_t)block;
	branches_add(&current(reading)->branches, branch);
	return !fields.length;
}

static bool read_end(struct reading *reading, struct fields fields)
{
	reading->is_open = false;
	return !fields.length;
}

/* Not kept. */
static bool pass_over(struct reading *reading, struct fields fields)
{
	(void)reading;
	(void)fields;
	return true;
}

static bool read_total(struct reading *reading, struct fields fields)
{
	uint64_t number;

	(void)reading;
	return take_digits(&fields, UINT64_MAX, &number) && !fields.length;
}

/* Records by what they begin with. */
static const struct record {
	const char *start;
	enum { ANYWHERE, OUTSIDE, INSIDE } place; /* of SF and end_of_record */
	bool (*read)(struct reading *reading, struct fields fields);
} records[] = {
	{ "DA:", INSIDE, read_line },          { "FN:", INSIDE, read_function },
	{ "FNDA:", INSIDE, read_calls },       { "FNL:", INSIDE, read_leader },
	{ "FNA:", INSIDE, read_alias },        { "SF:", OUTSIDE, read_file },
	{ "TN:", OUTSIDE, pass_over },         { "VER:", INSIDE, pass_over },
	{ "BRDA:", INSIDE, read_branch },      { "MCDC:", INSIDE, pass_over },
	{ "LF:", INSIDE, read_total },         { "LH:", INSIDE, read_total },
	{ "FNF:", INSIDE, read_total },        { "FNH:", INSIDE, read_total },
	{ "BRF:", INSIDE, read_total },        { "BRH:", INSIDE, read_total },
	{ "MCF:", INSIDE, read_total },        { "MCH:", INSIDE, read_total },
	{ "end_of_record", INSIDE, read_end }, { "#", ANYWHERE, pass_over },
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
		if (!records[i].read(reading, fields))
			return fail(reading, "a malformed record", err);
		return 0;
	}
	return fail(reading, "an unknown record", err);
}

static int read_records(struct reading *reading, const char *data, size_t size,
			struct cov_error *err)
{
	int result = 0;

	for (size_t offset = 0; result == 0 && offset < size;) {
		const char *newline = memchr(data + offset, '\n', size - offset);

		if (!newline)
			return cov_fail(err, COV_ERR_TRUNCATED, "%s:%zu: the file is cut short",
					reading->name, reading->line_number + 1);
		reading->record = data + offset;
		reading->record_bytes = (size_t)(newline - reading->record);
		reading->line_number++;
		if (memchr(reading->record, '\0', reading->record_bytes))
			return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: a NUL byte", reading->name,
					reading->line_number);
		result = read_record(reading, err);
		offset += reading->record_bytes + 1;
	}
	if (result == 0 && reading->is_open)
		return cov_fail(err, COV_ERR_TRUNCATED,
				"%s:%zu: the file ends before end_of_record", reading->name,
				reading->line_number);
	return result;
}

int tracefile_read_info(const char *data, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err)
{
	struct reading reading = { .name = name, .tracefile = tracefile };
	size_t before = tracefile->file_count;
	int result = read_records(&reading, data, size, err);

	free(reading.leaders);
	if (result == 0 && tracefile->file_count == before)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no SF record in it", name);
	return result;
}

/* All files of a folder, one per object. */
static int read_folder(const char *path, struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };
	int result = tree_open(path, gcov_suffix, &tree, err);

	if (result == 0 && tree.gap_count)
		return cov_fail(err, tree.gaps[0].err.code, "%s", tree.gaps[0].err.message);
	for (size_t i = 0; result == 0 && i < tree.file_count; i++) {
		COV_AUTO(free) char *name = cov_format("%s/%s", path, tree.files[i].name);

		result = tree_read(&tree, i, &content, err);
		if (result == 0)
			result =
			    tracefile_gcov_read(content.data, content.size, name, tracefile, err);
	}
	return result;
}

/* Whether a folder, or one below, has files of gcov and no .gcda. */
static bool has_gcov(const char *path)
{
	COV_AUTO(tree_deinit) struct tree counters = { 0 };
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	struct cov_error ignored; /* that there is none */

	return tree_open(path, ".gcda", &counters, &ignored) != 0 &&
	       tree_open(path, gcov_suffix, &tree, &ignored) == 0;
}

bool tracefile_read_is_for(const char *path)
{
	if (cov_is_directory(path))
		return has_gcov(path);
	return cov_has_suffix(path, ".info") || cov_has_suffix(path, gcov_suffix) ||
	       cov_has_suffix(path, ".gcov.json");
}

int tracefile_read(const char *path, struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size;
	int result;

	if (cov_is_directory(path)) {
		result = read_folder(path, tracefile, err);
	} else {
		result = cov_file_read(path, &data, &size, err);
		if (result == 0 && cov_has_suffix(path, ".info"))
			result = tracefile_read_info(data, size, path, tracefile, err);
		else if (result == 0)
			result = tracefile_gcov_read(data, size, path, tracefile, err);
	}
	tracefile_settle(tracefile);
	return result;
}
