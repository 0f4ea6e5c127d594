/* tracefile_test.c - reading, ordering and writing tracefiles. */
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_info.h"
#include "collector/exchange/tracefile_json.h"
#include "collector/exchange/tracefile_read.h"
#include "collector/exchange/tracefile_write.h"

#include "tests/unit/fixture.h"

static int read_text(const char *text, struct cov_tracefile *tracefile, struct cov_error *err)
{
	int result = tracefile_info_read(text, strlen(text), "x.info", tracefile, err);

	tracefile_settle(tracefile);
	return result;
}

/* What is written of @tracefile; free() it. */
static char *write_text(const struct cov_tracefile *tracefile, enum cov_function_style style)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	tracefile_write_info(tracefile, "/root", style, out);
	fclose(out);
	return text;
}

static const char whole[] = "# a comment\n"
			    "TN:first\n"
			    "SF:b.c\n"
			    "VER:1\n"
			    "FN:3,old\n"
			    "FN:7,9,with_end\n"
			    "FNDA:5,with_end\n"
			    "FNDA:2,old\n"
			    "FNF:2\n"
			    "FNH:2\n"
			    "BRDA:3,0,0,-\n"
			    "BRDA:3,0,1,-\n"
			    "BRDA:7,e4,0,1\n"
			    "BRDA:7,5,a < b, c,0\n"
			    "BRF:1\n"
			    "BRH:0\n"
			    "DA:7,1\n"
			    "DA:3,2,checksum\n"
			    "LF:2\n"
			    "LH:2\n"
			    "end_of_record\n"
			    "\n"
			    "TN:second\n"
			    "SF:a.c\n"
			    "FNL:4,1,2\n"
			    "FNA:4,3,one\n"
			    "FNA:4,0,two\n"
			    "FNL:9,8\n"
			    "FNA:9,1,a,b\n"
			    "MCDC:1,2,t,1,0,x\n"
			    "MCF:2\n"
			    "MCH:1\n"
			    "DA:1,-4\n"
			    "end_of_record\n"
			    "SF:b.c\n"
			    "FN:3,old\n"
			    "FNDA:1,old\n"
			    "BRDA:3,7,0,5\n"
			    "BRDA:3,7,1,6\n"
			    "BRDA:3,8,0,1\n"
			    "BRDA:7,9,0,3\n"
			    "DA:3,40\n"
			    "end_of_record\n";

static void records_of_both_styles_are_read_in_order(void **state)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(whole, &tracefile, &err), 0);
	assert_int_equal(tracefile.file_count, 2);
	COV_AUTO(free) char *new = write_text(&tracefile, COV_FUNCTIONS_NEW);
	assert_string_equal(new, "TN:\nSF:/root/a.c\nFNL:0,1,2\nFNA:0,3,one\nFNA:0,0,two\n"
				 "FNL:1,8\nFNA:1,1,a,b\nFNF:3\nFNH:2\nDA:1,0\nLF:1\nLH:0\n"
				 "end_of_record\n"
				 "SF:/root/b.c\nFNL:0,3\nFNA:0,3,old\nFNL:1,7,9\n"
				 "FNA:1,5,with_end\nFNF:2\nFNH:2\nBRDA:3,0,0,5\nBRDA:3,0,1,6\n"
				 "BRDA:3,1,0,1\nBRDA:7,e0,0,1\nBRDA:7,1,0,3\nBRF:5\nBRH:5\n"
				 "DA:3,42\nDA:7,1\nLF:2\nLH:2\n"
				 "end_of_record\n");
	COV_AUTO(free) char *old = write_text(&tracefile, COV_FUNCTIONS_OLD);
	assert_non_null(strstr(old, "FN:3,old\nFN:7,with_end\nFNDA:3,old\nFNDA:5,with_end\n"));
	struct cov_tracefile_totals totals = tracefile_total(&tracefile);
	assert_int_equal(totals.lines_found, 3);
	assert_int_equal(totals.lines_hit, 2);
	assert_int_equal(totals.functions_found, 5);
	assert_int_equal(totals.functions_hit, 4);
}

static void a_file_cut_anywhere_is_refused_or_ends_with_a_record(void **state)
{
	size_t accepted = 0;

	(void)state;
	for (size_t size = 0; size < strlen(whole); size++) {
		COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
		COV_AUTO(free) char *copy = malloc(size ? size : 1);
		struct cov_error err;

		memcpy(copy, whole, size);
		int result = tracefile_info_read(copy, size, "x.info", &tracefile, &err);
		if (result == 0) {
			accepted++;
			continue;
		}
		assert_true(result == COV_ERR_FORMAT || result == COV_ERR_TRUNCATED);
		assert_int_equal(strncmp(err.message, "x.info:", strlen("x.info:")), 0);
	}
	/* Behind each end_of_record, with and without its newline; the empty line, the test name.
	 */
	assert_int_equal(accepted, 3 + 2 + 1 + (int)strlen("TN:second\n") - 2);
}

static void what_is_malformed_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{ "", "x.info: no SF record in it" },
		{ "TN:\n", "x.info: no SF record in it" },
		{ "DA:1,2\n", "x.info:1: a record before its SF: 'DA:1,2'" },
		{ "SF:\n", "x.info:1: a malformed record, it names no file: 'SF:'" },
		{ "SF:a/..\n", "x.info:1: a malformed record, it names no file: 'SF:a/..'" },
		{ "SF:a\nSF:b\n", "x.info:2: a record before end_of_record: 'SF:b'" },
		{ "SF:a\nDA:1,2\n", "x.info:2: the file ends before end_of_record" },
		{ "SF:a\nDA:1,2", "x.info:2: the file ends before end_of_record" },
		{ "SF:a\nDA:1\n", "x.info:2: a malformed record, the count is missing: 'DA:1'" },
		{ "SF:a\nDA:1,-\n",
		  "x.info:2: a malformed record, the count is missing: 'DA:1,-'" },
		{ "SF:a\nDA:1,1.5\n",
		  "x.info:2: a malformed record, the count is no whole number: 'DA:1,1.5'" },
		{ "SF:a\nDA:1,0x1p70\n",
		  "x.info:2: a malformed record, the count is no whole number: 'DA:1,0x1p70'" },
		{ "SF:a\nDA:1,1e\n",
		  "x.info:2: a malformed record, the count is no whole number: 'DA:1,1e'" },
		{ "SF:a\nDA:1,1e-400\n",
		  "x.info:2: a malformed record, the count is no whole number: 'DA:1,1e-400'" },
		{ "SF:a\nDA:1,nan\n",
		  "x.info:2: a malformed record, the count is no whole number: 'DA:1,nan'" },
		{ "SF:a\nDA:4294967296,1\n",
		  "x.info:2: a malformed record, the number of the line is too large: "
		  "'DA:4294967296,1'" },
		{ "SF:a\nDA: 1,1\n",
		  "x.info:2: a malformed record, it has no number of a line: 'DA: 1,1'" },
		{ "SF:a\nFN:1,\n",
		  "x.info:2: a malformed record, it has no name of a function: 'FN:1,'" },
		{ "SF:a\nFN:x,f\n",
		  "x.info:2: a malformed record, it has no number of a line: 'FN:x,f'" },
		{ "SF:a\nFNDA:1\n",
		  "x.info:2: a malformed record, it has no name of a function: 'FNDA:1'" },
		{ "SF:a\nFNL:0,1,2,3\n",
		  "x.info:2: a malformed record, something is behind the last line: "
		  "'FNL:0,1,2,3'" },
		{ "SF:a\nFNL:4294967296,1\n",
		  "x.info:2: a malformed record, the index is too large: 'FNL:4294967296,1'" },
		{ "SF:a\nFNA:x,1,f\n",
		  "x.info:2: a malformed record, it has no index: 'FNA:x,1,f'" },
		{ "SF:a\nBRDA:1,0,0\n",
		  "x.info:2: a malformed record, it does not say how often the branch was taken: "
		  "'BRDA:1,0,0'" },
		{ "SF:a\nBRDA:1,0,0,x\n",
		  "x.info:2: a malformed record, the count is no whole number: 'BRDA:1,0,0,x'" },
		{ "SF:a\nLF:x\n", "x.info:2: a malformed record, the total is no number: 'LF:x'" },
		{ "SF:a\nend_of_records\n",
		  "x.info:2: a malformed record, something is behind it: 'end_of_records'" },
		{ "SF:a\nWHAT:1\n", "x.info:2: an unknown record: 'WHAT:1'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
		struct cov_error err;

		assert_true(read_text(cases[i].text, &tracefile, &err) < 0);
		assert_string_equal(err.message, cases[i].message);
	}
}

static void a_nul_byte_is_refused(void **state)
{
	static const char text[] = "SF:a\0b\nend_of_record\n";
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(tracefile_info_read(text, sizeof(text) - 1, "x.info", &tracefile, &err),
			 COV_ERR_FORMAT);
	assert_string_equal(err.message, "x.info:1: a NUL byte");
}

static void functions_are_made_to_agree_with_their_lines(void **state)
{
	static const char text[] = "SF:a\n"
				   "FNL:0,1,3\nFNA:0,0,inlined\n"      /* a line ran */
				   "FNL:1,5,6\nFNA:1,4,called\n"       /* no line did */
				   "FNL:2,8,9\nFNA:2,0,x\nFNA:2,7,y\n" /* one of two ran */
				   "FNL:3,11\nFNA:3,0,open\n"          /* where does it end? */
				   "DA:1,0\nDA:2,5\nDA:3,6\nDA:5,0\nDA:8,1\nDA:11,1\n"
				   "end_of_record\n";
	static const int64_t expected[] = { 5, 0, 0, 7, 0 };
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(text, &tracefile, &err), 0);
	for (int i = 0; i < 2; i++) { /* once more changes nothing */
		tracefile_agree(&tracefile);
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(tracefile.files[0].functions[j].calls, expected[j]);
	}
}

static void branches_that_contradict_their_line_are_left_out(void **state)
{
	static const char text[] = "SF:a\n"
				   "BRDA:1,0,0,0\nBRDA:1,0,1,0\n" /* it ran, and never left */
				   "BRDA:2,0,0,3\nBRDA:2,0,1,0\n"
				   "BRDA:3,0,0,-\nBRDA:3,0,1,-\n" /* it never ran */
				   "BRDA:4,0,0,1\n"               /* but a way out was taken */
				   "DA:1,3\nDA:2,3\nDA:3,0\nDA:4,0\n"
				   "end_of_record\n";
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(text, &tracefile, &err), 0);
	tracefile_agree(&tracefile);
	COV_AUTO(free) char *left = write_text(&tracefile, COV_FUNCTIONS_NEW);
	assert_non_null(strstr(left, "FNH:0\nBRDA:2,0,0,3\nBRDA:2,0,1,0\nBRDA:3,0,0,-\n"
				     "BRDA:3,0,1,-\nBRF:4\nBRH:1\nDA:1,3\n"));
}

static void records_of_a_file_come_in_any_order(void **state)
{
	static const char text[] = "SF:a\n"
				   "FNDA:2,f\n"       /* before its FN */
				   "FNDA:7,nowhere\n" /* which has none */
				   "TN:inside\n"
				   "FNA:3,5,g\n"
				   "FNA:4,1,h\n" /* which has no FNL */
				   "FNL:3,8,9\n"
				   "FN:1,f\n"
				   "FN:0,zero\n"
				   "FN:5,twice\n"
				   "FN:6,twice\n"
				   "FNDA:3,twice\n"
				   "FNDA:4,twice\n"
				   "FNDA:8,twice\n"
				   "DA:1,2\n"
				   "end_of_record\n"
				   "SF:./a\n"
				   "FNDA:1,f\n"     /* on the line that it has above */
				   "FNDA:1,twice\n" /* on which? */
				   "end_of_record\n";
	static const struct tracefile_function expected[] = {
		{ 0, 0, 1, "h" }, { 0, 0, 7, "nowhere" }, { 0, 0, 1, "twice" }, { 0, 0, 0, "zero" },
		{ 1, 0, 3, "f" }, { 5, 0, 11, "twice" },  { 6, 0, 4, "twice" }, { 8, 9, 5, "g" },
	};
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(text, &tracefile, &err), 0);
	assert_int_equal(tracefile.file_count, 1);
	assert_int_equal(tracefile.files[0].function_count, 8);
	for (size_t i = 0; i < 8; i++) {
		const struct tracefile_function *function = &tracefile.files[0].functions[i];

		assert_string_equal(function->name, expected[i].name);
		assert_int_equal(function->start_line, expected[i].start_line);
		assert_int_equal(function->end_line, expected[i].end_line);
		assert_int_equal(function->calls, expected[i].calls);
	}
	/* Nobody else takes a function without a line. */
	COV_AUTO(free) char *old = write_text(&tracefile, COV_FUNCTIONS_OLD);
	assert_non_null(strstr(old, "SF:/root/a\nFN:1,f\nFN:5,twice\nFN:6,twice\nFN:8,g\n"
				    "FNDA:3,f\nFNDA:11,twice\nFNDA:4,twice\nFNDA:5,g\n"
				    "FNF:4\nFNH:4\n"));
}

static void what_is_taken_otherwise_is_remarked_with_its_place(void **state)
{
	static const char text[] = "\xef\xbb\xbfSF:a\r\n"
				   "DA:0,1\r\n"
				   "DA:1,18446744073709551615\r\n"
				   "DA:2,-1e400\n"
				   "DA:3,1e+15\n"
				   "BRDA:1,None,1,-\n"
				   "BRDA:0,1,1,-\n"
				   "BRDA:1,1,1,-5\n"
				   "FN:9,4,f\n"
				   "   \n"
				   "\xef\xbb\xbf"
				   "FNDA:3,f\n"
				   "DA:9,0,x\n"
				   "end_of_record";
	static const struct {
		size_t count;
		const char *place;
	} expected[TRACEFILE_REMARK_COUNT] = {
		[TRACEFILE_LINE_0] = { 2, "x.info:2" },
		[TRACEFILE_BRANCH_BLOCK] = { 1, "x.info:6" },
		[TRACEFILE_BRANCH_NEGATIVE] = { 1, "x.info:8" },
		[TRACEFILE_COUNT_LARGE] = { 2, "x.info:3" },
		[TRACEFILE_FUNCTION_END] = { 1, "x.info:9" },
	};
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(read_text(text, &tracefile, &err), 0);
	for (size_t i = 0; i < TRACEFILE_REMARK_COUNT; i++) {
		assert_int_equal(tracefile.remarks.kinds[i].count, expected[i].count);
		if (expected[i].count)
			assert_string_equal(tracefile.remarks.kinds[i].place, expected[i].place);
	}
	assert_true(tracefile.files[0].lines[0].count == INT64_MAX);
	assert_true(tracefile.files[0].lines[1].count == -INT64_MAX);
	assert_true(tracefile.files[0].lines[2].count == 1000000000000000);
	/* Where it ends is not known: that it was called stays. */
	tracefile_agree(&tracefile);
	assert_int_equal(tracefile.files[0].functions[0].calls, 3);
	assert_int_equal(tracefile.files[0].functions[0].end_line, 0);
}

static void an_end_of_line_in_a_name_ends_no_record(void **state)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct tracefile_file *file = tracefile_add_file(&tracefile, "a\nb", 3);

	(void)state;
	tracefile_add_function(&tracefile, file, (struct tracefile_function){ 1, 0, 1, "f\r" }, 2);
	tracefile_settle(&tracefile);
	COV_AUTO(free) char *new = write_text(&tracefile, COV_FUNCTIONS_NEW);
	assert_string_equal(new, "TN:\nSF:/root/a\\x0ab\nFNL:0,1\nFNA:0,1,f\\x0d\nFNF:1\nFNH:1\n"
				 "LF:0\nLH:0\nend_of_record\n");
}

static void gcovs_json_is_read_plain_and_refused_when_it_is_not_gcovs(void **state)
{
	static const char text[] =
	    "{\"current_working_directory\": \"/w/x\", \"files\": [{\"file\": \"../a.c\","
	    " \"functions\": [{\"name\": \"f\", \"start_line\": 1, \"end_line\": 4,"
	    " \"execution_count\": 2}], \"lines\": [{\"line_number\": 1, \"count\": 2},"
	    " {\"line_number\": 1, \"count\": 3}]}]}";
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"{\"files\": [{}]}",
		"{\"files\": [{\"file\": \"a\", \"functions\": [], \"lines\": [{\"count\": 1}]}]}",
		("{\"files\": [{\"file\": \"a\", \"functions\": [],"
		 " \"lines\": [{\"line_number\": -1, \"count\": 1}]}]}"),
		("{\"files\": [{\"file\": \"a\", \"functions\": [],"
		 " \"lines\": [{\"line_number\": 1, \"count\": 1.5}]}]}"),
		"{\"files\": [{\"file\": \"a\", \"functions\": [], \"lines\": {}}]}",
		"{\"files\": [{\"file\": \"a\", \"functions\": 1, \"lines\": []}]}",
		"{\"files\": [{\"file\": \".\", \"functions\": [], \"lines\": []}]}",
		"{\"files\": {}}",
		"{\"files\": []} x",
		"{\"files\": []} {",
		"{\"files\": [{\"file\": \"a\", \"functions\": [{}], \"lines\": []}]}",
		"x",
	};
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	(void)state;
	assert_int_equal(tracefile_json_read(text, strlen(text), "x", &tracefile, &err), 0);
	tracefile_settle(&tracefile);
	assert_int_equal(tracefile.file_count, 1);
	assert_string_equal(tracefile.files[0].path, "/w/a.c");
	assert_int_equal(tracefile.files[0].line_count, 1);
	assert_int_equal(tracefile.files[0].lines[0].count, 5);
	assert_int_equal(tracefile.files[0].functions[0].calls, 2);
	assert_int_equal(tracefile.files[0].functions[0].end_line, 4);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		COV_AUTO(tracefile_deinit) struct cov_tracefile other = { 0 };

		assert_int_equal(tracefile_json_read(bad[i], strlen(bad[i]), "x", &other, &err),
				 COV_ERR_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_both_styles_are_read_in_order),
		cmocka_unit_test(a_file_cut_anywhere_is_refused_or_ends_with_a_record),
		cmocka_unit_test(what_is_malformed_is_refused_with_its_line),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(functions_are_made_to_agree_with_their_lines),
		cmocka_unit_test(branches_that_contradict_their_line_are_left_out),
		cmocka_unit_test(records_of_a_file_come_in_any_order),
		cmocka_unit_test(what_is_taken_otherwise_is_remarked_with_its_place),
		cmocka_unit_test(an_end_of_line_in_a_name_ends_no_record),
		cmocka_unit_test(gcovs_json_is_read_plain_and_refused_when_it_is_not_gcovs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
