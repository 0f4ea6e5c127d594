/* fix_all.c - the fixes of all records that concern a kernel, by a git. */
#include "venn/exposure/fix_all.h"

#include <string.h>

#include "venn/exposure/fix_git.h"
#include "venn/store/store_cve_git.h"
#include "venn/store/store_kernel.h"

/* The fix in the kernel's branch if the git has it, else the last of mainline that it has. */
static const char *choose_commit(struct fix_git *git, const struct store_cve_fixed *record,
				 int64_t version)
{
	const char *ret = NULL;

	for (size_t i = 0; i < record->fix_count; i++) {
		const struct store_cve_fix *fix = &record->fixes[i];
		int64_t branch = version_branch(fix->version);

		if (branch != version_branch(version) && branch != fix->version)
			continue;
		if (!fix_git_has(git, fix->commit))
			continue;
		ret = fix->commit;
		if (branch == version_branch(version))
			break;
	}
	return ret;
}

int fix_all(struct store *store, const struct store_kernel *kernel, struct fix_git *git,
	    struct fix_all_counts *ret, struct cov_error *err)
{
	COV_AUTO(store_cve_git_deinit) struct store_cve_fixes records = { 0 };
	int64_t version = 0;
	int result = store_cve_git_begin(store, kernel->id, &records, err);

	memset(ret, 0, sizeof(*ret));
	version_parse(kernel->release, &version);
	for (size_t i = 0; result == 0 && i < records.count; i++) {
		const struct store_cve_fixed *record = &records.items[i];
		const char *commit = choose_commit(git, record, version);
		COV_AUTO(fix_git_lines_deinit) struct fix_lines lines = { 0 };

		ret->records += record->fix_count > 0;
		if (!commit)
			continue;
		result = fix_git_lines(git, commit, record->files.items, record->files.count,
				       &lines, err);
		if (result)
			break;
		ret->found++;
		ret->in_source += lines.is_in_source;
		struct store_cve_git found = { record->id, commit, lines.is_in_source, lines.items,
					       lines.count };
		result = store_cve_git_put(store, kernel->id, &found, err);
	}
	return result;
}
