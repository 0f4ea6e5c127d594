/* record_fuzz.c - a CVE record and the pairs beside it, behind the first NUL. */
#include <string.h>

#include "collector/base/error.h"
#include "tests/fuzz/fuzz.h"
#include "venn/exposure/record.h"
#include "venn/store/store_cve.h"

static void check_ranges(const struct version_ranges *ranges)
{
	int64_t behind = -1;

	for (size_t i = 0; i < ranges->count; i++) {
		fuzz_require(ranges->items[i].first > behind, "ranges are sorted and apart");
		fuzz_require(ranges->items[i].behind > ranges->items[i].first, "none is empty");
		behind = ranges->items[i].behind;
	}
	fuzz_require(behind <= version_end, "all are versions");
}

static void check_texts(const struct store_cve *cve)
{
	for (size_t i = 1; i < cve->files.count; i++)
		fuzz_require(strcmp(cve->files.items[i - 1], cve->files.items[i]) < 0,
			     "files are sorted, each once");
	for (const char *word = cve->words; *word;) {
		size_t length = strcspn(word, " ");
		const char *next = word + length + (word[length] == ' ');

		fuzz_require(length > 1, "a word has two letters at least");
		fuzz_require(!word[length] || *next, "there is a word behind each space");
		word = next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(store_cve_deinit) struct store_cve cve = { 0 };
	size_t record_bytes = strnlen((const char *)data, size);
	bool has_versions;
	struct cov_error err;

	if (size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	int result = record_parse(data, record_bytes, "x", &has_versions, &cve, &err);
	fuzz_require(result >= 0 || !cve.name, "what is refused adds nothing");
	if (result < 0)
		return 0;
	fuzz_require(cve.name && cve.title && cve.vector && cve.words, "a record has its texts");
	if (result == 0)
		return 0;
	check_texts(&cve);
	check_ranges(&cve.affected);
	if (record_bytes < size) {
		COV_AUTO(free)
		char *text =
		    cov_xstrndup((const char *)data + record_bytes + 1, size - record_bytes - 1);

		result = record_parse_pairs(text, "x", has_versions, &cve, &err);
	}
	check_ranges(&cve.affected);
	for (size_t i = 0; result == 0 && i < cve.fix_count; i++) {
		fuzz_require(i == 0 || cve.fixes[i - 1].version <= cve.fixes[i].version,
			     "fixes are sorted");
		fuzz_require(strlen(cve.fixes[i].commit) == 40, "a fix is a commit");
	}
	return 0;
}
