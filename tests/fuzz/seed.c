/* seed.c - from the notes and data of one object: a packed plan and a pair, as seeds. */
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/pack.h"
#include "tests/fuzz/fuzz.h"

static int write_plan(const char *path, const void *notes, size_t size, struct cov_error *err)
{
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text out = { 0 };

	int result = gcno_parse(notes, size, &gcno, err);
	if (result == 0)
		result = plan_compile(&gcno, &plan, err);
	if (result)
		return result;
	plan_pack(&plan, NULL, &packed);
	cov_text_add(&out, &(uint32_t){ (uint32_t)packed.head_bytes }, sizeof(uint32_t));
	cov_text_add(&out, packed.head, packed.head_bytes);
	cov_text_add(&out, packed.body, packed.body_bytes);
	return cov_file_replace(path, out.data, out.length, err);
}

static int write_seeds(char **argv, struct cov_error *err)
{
	COV_AUTO(free) char *notes = NULL;
	COV_AUTO(free) char *data = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text pair = { 0 };
	size_t notes_size, data_size;

	int result = cov_file_read(argv[1], &notes, &notes_size, err);
	if (result == 0)
		result = cov_file_read(argv[2], &data, &data_size, err);
	if (result == 0)
		result = write_plan(argv[3], notes, notes_size, err);
	if (result)
		return result;
	cov_text_add(&pair, &(uint32_t){ (uint32_t)notes_size }, sizeof(uint32_t));
	cov_text_add(&pair, notes, notes_size);
	cov_text_add(&pair, data, data_size);
	return cov_file_replace(argv[4], pair.data, pair.length, err);
}

int main(int argc, char **argv)
{
	struct cov_error err;

	if (argc != 5) {
		fprintf(stderr, "Usage: fuzz_seed NOTES DATA PLAN_OUT PAIR_OUT\n");
		return 2;
	}
	if (write_seeds(argv, &err) == 0)
		return 0;
	fprintf(stderr, "%s\n", err.message);
	return 1;
}
