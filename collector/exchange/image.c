/* image.c - from addresses of code to lines and functions, by a program's debug information. */
#include "collector/exchange/image.h"

#include <dw_late.h>
#include <dwarf.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_addresses.h"
#include "collector/gcov/build_id.h"

/* Functions inlined into each other in blocks within blocks; compilers stop far earlier. */
enum { DEPTH_MAX = 512 };

COV_DEFINE_AUTO(Dwarf *, dwarf_end)

/* What all steps need. */
struct resolving {
	const struct tracefile_addresses *addresses;
	struct cov_tracefile *tracefile;
	const char *name;        /* of the addresses, for messages */
	Dwarf_Files *files;      /* of the compilation unit */
	const char *directory;   /* that it was compiled in, or "" */
	unsigned char *is_known; /* [addresses->count], those in some unit; owned */
};

static void resolving_deinit(struct resolving *resolving)
{
	free(resolving->is_known);
}

COV_DEFINE_AUTO_STRUCT(struct resolving, resolving_deinit)

/* Index of the first address that is not below @address. */
static size_t find_address(const struct tracefile_addresses *addresses, uint64_t address)
{
	size_t low = 0, high = addresses->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (addresses->items[middle] < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether any address is in the code of a part of the program. */
static bool has_run(const struct resolving *resolving, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t offset = 0;

	while ((offset = dwarf_ranges(die, offset, &base, &start, &end)) > 0) {
		size_t index = find_address(resolving->addresses, start);

		if (index < resolving->addresses->count && resolving->addresses->items[index] < end)
			return true;
	}
	return false;
}

/* The file of a path, which is relative to the folder of the compilation; NULL: it is none. */
static struct tracefile_file *find_file(const struct resolving *resolving, const char *path)
{
	struct cov_tracefile *tracefile = resolving->tracefile;
	bool is_relative = *path != '/' && *resolving->directory;
	COV_AUTO(free)
	char *whole = is_relative ? cov_format("%s/%s", resolving->directory, path) : NULL;
	const char *named = whole ? whole : path;

	if (tracefile->file_count) {
		struct tracefile_file *last = &tracefile->files[tracefile->file_count - 1];

		if (strcmp(last->path, named) == 0)
			return last;
	}
	struct tracefile_file *file = tracefile_add_file(tracefile, named, strlen(named));
	return *file->path ? file : NULL;
}

static void add_line(const struct resolving *resolving, const char *path, int line)
{
	struct tracefile_file *file = path ? find_file(resolving, path) : NULL;

	if (file && line > 0)
		tracefile_add_line(file, (uint32_t)line, 1);
	else
		tracefile_remark(&resolving->tracefile->remarks, TRACEFILE_LINE_0, resolving->name,
				 0);
}

/* A function that ran, inlined or not. */
static void add_function(const struct resolving *resolving, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die), *path = dwarf_decl_file(die);
	struct tracefile_file *file = name && path ? find_file(resolving, path) : NULL;
	int line;

	if (!file || dwarf_decl_line(die, &line) != 0 || line <= 0)
		return;
	tracefile_add_function(
	    resolving->tracefile, file,
	    (struct tracefile_function){ .name = name, .start_line = (uint32_t)line, .calls = 1 },
	    strlen(name));
}

/* Where a function that ran was inlined: that line ran, too. */
static void add_call(const struct resolving *resolving, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Word file, line;

	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attribute), &file) != 0 ||
	    dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attribute), &line) != 0 ||
	    line > INT32_MAX)
		return;
	add_line(resolving, dwarf_filesrc(resolving->files, (size_t)file, NULL, NULL), (int)line);
}

/* The functions in a part of the program, and in their parts, that addresses are in. */
static void visit(const struct resolving *resolving, Dwarf_Die *parent, int depth)
{
	Dwarf_Die die;

	if (depth > DEPTH_MAX || dwarf_child(parent, &die) != 0)
		return;
	do {
		int tag = dwarf_tag(&die);
		bool is_inlined = tag == DW_TAG_inlined_subroutine;
		bool is_function = tag == DW_TAG_subprogram || is_inlined;

		if (!is_function && tag != DW_TAG_lexical_block)
			continue;
		if (!has_run(resolving, &die))
			continue;
		if (is_inlined)
			add_call(resolving, &die);
		if (is_function)
			add_function(resolving, &die);
		visit(resolving, &die, depth + 1);
	} while (dwarf_siblingof(&die, &die) == 0);
}

/* The lines of a unit's addresses. Return: whether it has any. */
static bool add_lines(const struct resolving *resolving, Dwarf_Die *unit)
{
	const struct tracefile_addresses *addresses = resolving->addresses;
	Dwarf_Addr base, start, end;
	ptrdiff_t offset = 0;
	bool is_any = false;

	while ((offset = dwarf_ranges(unit, offset, &base, &start, &end)) > 0) {
		for (size_t i = find_address(addresses, start);
		     i < addresses->count && addresses->items[i] < end; i++) {
			Dwarf_Line *row = dwarf_getsrc_die(unit, addresses->items[i]);
			int line = 0;

			is_any = true;
			resolving->is_known[i] = 1;
			if (row && dwarf_lineno(row, &line) == 0)
				add_line(resolving, dwarf_linesrc(row, NULL, NULL), line);
		}
	}
	return is_any;
}

static void visit_unit(struct resolving *resolving, Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	size_t file_count;

	const char *directory = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
	resolving->directory = directory ? directory : "";
	/* What the compiler did not write, as an assembler, has neither functions nor files. */
	if (add_lines(resolving, unit) &&
	    dwarf_getsrcfiles(unit, &resolving->files, &file_count) == 0)
		visit(resolving, unit, 0);
}

static int check_build(const struct image *image, struct cov_error *err)
{
	char build_id[COV_BUILD_ID_TEXT_BYTES];

	if (!*image->build_id)
		return 0;
	int result = build_id_read(image->path, build_id, err);
	if (result || strcmp(build_id, image->build_id) == 0)
		return result;
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s: it is of another build, with the build id %s, than the kernel, %s; "
			"--same-source takes it for one of the same sources",
			image->path, build_id, image->build_id);
}

/* Say which addresses are in no unit. */
static int check_known(const struct resolving *resolving, const struct image *image,
		       struct cov_error *err)
{
	size_t count = resolving->addresses->count, known = 0;

	for (size_t i = 0; i < count; i++) {
		known += resolving->is_known[i];
		if (!resolving->is_known[i])
			tracefile_remark(&resolving->tracefile->remarks, TRACEFILE_ADDRESS_OUTSIDE,
					 resolving->name, 0);
	}
	if (known || !count)
		return 0;
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s: none of its addresses is in the code of %s: is the base of the kernel "
			"that ran randomised (boot it with nokaslr), or is it another one?",
			resolving->name, image->path);
}

static int visit_units(struct resolving *resolving, Dwarf *dwarf, const char *path,
		       struct cov_error *err)
{
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;
	int result;

	while ((result = dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL)) == 0)
		visit_unit(resolving, &die);
	if (result < 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: its debug information is damaged: %s",
				path, dwarf_errmsg(-1));
	return 0;
}

int image_add_lines(const struct image *image, const struct tracefile_addresses *addresses,
		    const char *name, struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(resolving_deinit)
	struct resolving resolving = { addresses, tracefile, name, NULL, "", NULL };
	COV_AUTO(close) int fd = -1;
	int result = cov_file_open(image->path, &fd, err);

	if (result == 0)
		result = check_build(image, err);
	if (result == 0)
		result = dw_late_open(err);
	if (result)
		return result;
	COV_AUTO(dwarf_end) Dwarf *dwarf = dwarf_begin(fd, DWARF_C_READ);
	if (!dwarf)
		return cov_fail(
		    err, COV_ERR_FORMAT,
		    "%s: its debug information (CONFIG_DEBUG_INFO of a kernel) cannot be "
		    "read: %s",
		    image->path, dwarf_errmsg(-1));
	resolving.is_known = cov_xcalloc(addresses->count + 1, 1);
	result = visit_units(&resolving, dwarf, image->path, err);
	if (result == 0)
		result = check_known(&resolving, image, err);
	tracefile->has_no_counts = true;
	return result;
}
