/* check_config_test.c - a configuration is held against the rules of the fragments. */
#include "collector/capture/check_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

static const char fragment[] = "# Free text at the top.\n"
			       "\n"
			       "# why: the counters are files\n"
			       "CONFIG_DEBUG_FS=y\n"
			       "# advice: slow\n"
			       "# CONFIG_KASAN is not set\n"
			       "# why: cables\n"
			       "# since: 5.7\n"
			       "CONFIG_VETH=y\n"
			       "# why: swap\n"
			       "# until: 5.10\n"
			       "CONFIG_SWAP=y\n";

static const char config_6_1[] = "#\n"
				 "# Automatically generated file; DO NOT EDIT.\n"
				 "# Linux/x86 6.1.192 Kernel Configuration\n"
				 "#\n"
				 "CONFIG_CC_VERSION_TEXT=\"gcc (Debian 12.2.0-14) 12.2.0\"\n"
				 "CONFIG_DEBUG_FS=y\n"
				 "CONFIG_VETH=m\n"
				 "# CONFIG_KASAN is not set\n";

static void parse(const char *text, struct check_config *config)
{
	struct cov_error err = { 0 };
	char *copy = cov_xstrdup(text);

	assert_int_equal(check_config_parse(copy, ".config", config, &err), 0);
}

static void add_rules(struct check_config_rules *rules, bool is_module_enough)
{
	struct cov_error err = { 0 };

	assert_int_equal(check_config_add_rules(rules, fragment, "f", is_module_enough, &err), 0);
	assert_int_equal(rules->count, 4);
}

static void rules_have_their_reason_and_versions(void **state)
{
	(void)state;
	COV_AUTO(check_config_rules_deinit) struct check_config_rules rules = { 0 };

	add_rules(&rules, true);
	assert_string_equal(rules.rules[0].option, "CONFIG_DEBUG_FS");
	assert_string_equal(rules.rules[0].value, "y");
	assert_string_equal(rules.rules[0].reason, "the counters are files");
	assert_true(rules.rules[0].is_required);
	assert_int_equal(rules.rules[0].since, 0);
	assert_string_equal(rules.rules[1].option, "CONFIG_KASAN");
	assert_null(rules.rules[1].value);
	assert_false(rules.rules[1].is_required);
	assert_int_equal(rules.rules[2].since, check_config_version("5.7"));
	assert_int_equal(rules.rules[3].until, check_config_version("5.10"));
}

static void an_option_without_a_reason_is_an_error_with_its_line(void **state)
{
	(void)state;
	COV_AUTO(check_config_rules_deinit) struct check_config_rules rules = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(
	    check_config_add_rules(&rules, "# why: a\n\nCONFIG_A=y\n", "f", true, &err),
	    COV_ERR_FORMAT);
	assert_memory_equal(err.message, "f:3: ", strlen("f:3: "));
}

static void versions_are_ordered_by_number(void **state)
{
	(void)state;
	assert_true(check_config_version("5.10") > check_config_version("5.7"));
	assert_true(check_config_version("6.1") > check_config_version("5.19"));
	assert_int_equal(check_config_version("6.1.192-covdb"), check_config_version("6.1"));
	assert_int_equal(check_config_version("next"), 0);
}

static void a_module_serves_only_where_it_is_enough(void **state)
{
	(void)state;
	COV_AUTO(check_config_deinit) struct check_config config = { 0 };
	COV_AUTO(check_config_rules_deinit) struct check_config_rules lax = { 0 }, strict = { 0 };

	parse(config_6_1, &config);
	add_rules(&lax, true);
	add_rules(&strict, false);
	assert_true(check_config_is_fit(&config, &lax.rules[2]));
	assert_false(check_config_is_fit(&config, &strict.rules[2]));
}

static void options_of_other_versions_are_not_asked_for(void **state)
{
	(void)state;
	COV_AUTO(check_config_deinit) struct check_config config = { 0 };
	COV_AUTO(check_config_deinit) struct check_config old = { 0 };
	COV_AUTO(check_config_rules_deinit) struct check_config_rules rules = { 0 };

	parse(config_6_1, &config);
	parse("# Linux/x86 5.4.13 Kernel Configuration\nCONFIG_KASAN=y\n", &old);
	add_rules(&rules, true);
	assert_true(check_config_is_fit(&config, &rules.rules[0]));
	assert_true(check_config_is_fit(&config, &rules.rules[1]));
	assert_true(check_config_is_fit(&config, &rules.rules[3])); /* until 5.10 */
	assert_false(check_config_is_fit(&old, &rules.rules[0]));
	assert_false(check_config_is_fit(&old, &rules.rules[1])); /* must not be set */
	assert_true(check_config_is_fit(&old, &rules.rules[2]));  /* since 5.7 */
	assert_false(check_config_is_fit(&old, &rules.rules[3]));
}

static void values_are_found_as_written(void **state)
{
	(void)state;
	COV_AUTO(check_config_deinit) struct check_config config = { 0 };

	parse(config_6_1, &config);
	assert_int_equal(config.version, check_config_version("6.1"));
	assert_string_equal(check_config_value(&config, "CONFIG_CC_VERSION_TEXT"),
			    "\"gcc (Debian 12.2.0-14) 12.2.0\"");
	assert_null(check_config_value(&config, "CONFIG_KASAN"));
	assert_null(check_config_value(&config, "CONFIG_DEBUG"));
}

static void a_file_without_options_is_not_a_configuration(void **state)
{
	(void)state;
	COV_AUTO(free) char *text = cov_xstrdup("root:x:0:0:root:/root:/bin/bash\n");
	struct check_config config = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(check_config_parse(text, "passwd", &config, &err), COV_ERR_FORMAT);
}

/* printf 'CONFIG_A=y\n' | gzip -n | xxd -i */
static const unsigned char compressed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x73,
	0xf6, 0xf7, 0x73, 0xf3, 0x74, 0x8f, 0x77, 0xb4, 0xad, 0xe4, 0x02,
	0x00, 0x8e, 0xb1, 0x80, 0xda, 0x0b, 0x00, 0x00, 0x00,
};

static void a_compressed_file_is_unpacked_and_a_broken_one_refused(void **state)
{
	(void)state;
	char path[] = "/tmp/check_config_test-XXXXXX";
	int fd = mkstemp(path);
	struct cov_error err = { 0 };

	assert_true(fd >= 0);
	close(fd);
	for (size_t size = sizeof(compressed); size >= 2; size--) {
		COV_AUTO(free) char *text = NULL;
		size_t text_bytes = 0;

		assert_int_equal(cov_file_replace(path, compressed, size, &err), 0);
		int result = check_config_read_text(path, &text, &text_bytes, &err);
		if (size == sizeof(compressed)) {
			assert_int_equal(result, 0);
			assert_string_equal(text, "CONFIG_A=y\n");
		} else {
			assert_int_equal(result, COV_ERR_FORMAT);
		}
	}
	unlink(path);
}

static void our_own_fragments_are_in_the_form(void **state)
{
	(void)state;
	static const char *const names[] = { "kernel-config/gcov.config",
					     "kernel-config/platforms.config" };
	COV_AUTO(check_config_rules_deinit) struct check_config_rules rules = { 0 };

	setenv("COVDB_DATA", COVDB_SOURCE_DIR, 1);
	for (size_t i = 0; i < 2; i++) {
		COV_AUTO(free) char *path = NULL;
		COV_AUTO(free) char *text = NULL;
		size_t size;
		struct cov_error err = { 0 };

		assert_int_equal(cov_data_path(names[i], &path, &err), 0);
		assert_int_equal(cov_file_read(path, &text, &size, &err), 0);
		assert_int_equal(check_config_add_rules(&rules, text, names[i], i == 1, &err), 0);
	}
	assert_true(rules.count > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_have_their_reason_and_versions),
		cmocka_unit_test(an_option_without_a_reason_is_an_error_with_its_line),
		cmocka_unit_test(versions_are_ordered_by_number),
		cmocka_unit_test(a_module_serves_only_where_it_is_enough),
		cmocka_unit_test(options_of_other_versions_are_not_asked_for),
		cmocka_unit_test(values_are_found_as_written),
		cmocka_unit_test(a_file_without_options_is_not_a_configuration),
		cmocka_unit_test(a_compressed_file_is_unpacked_and_a_broken_one_refused),
		cmocka_unit_test(our_own_fragments_are_in_the_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
