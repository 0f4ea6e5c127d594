/* output_test.c - events and metrics are found among whatever else a workload prints. */
#include "collector/run/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/memory.h"

static void events_are_lines_of_their_own(void **state)
{
	(void)state;
	int status = -1;

	assert_int_equal(output_event("{\"event\": \"ready\"}", NULL), OUTPUT_READY);
	assert_int_equal(output_event("{\"event\": \"done\"}\r", NULL), OUTPUT_DONE);
	assert_int_equal(output_event("{\"event\":\"drop_caches\"}", NULL), OUTPUT_DROP_CACHES);
	assert_int_equal(output_event("{\"event\": \"exit\", \"status\": 7}\r", &status),
			 OUTPUT_EXIT);
	assert_int_equal(status, 7);
}

static void anything_else_is_no_event(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"",
		"ready",
		"{",
		"{}",
		"[\"ready\"]",
		"x {\"event\": \"ready\"}",
		"{\"event\": 1}",
		"{\"event\": \"started\"}",
		"{\"event\": \"exit\"}",
		"{\"event\": \"exit\", \"status\": \"7\"}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(output_event(lines[i], NULL), OUTPUT_NONE);
}

static void metrics_keep_their_order_unit_and_labels(void **state)
{
	(void)state;
	static const char output[] =
	    "starting\n"
	    "{\"metric\": \"rtt\", \"value\": 146, \"unit\": \"us\"}\r\n"
	    "{\"metric\": \"bad\", \"value\": \"146\", \"unit\": \"us\"}\n"
	    "{\"metric\": \"bad\", \"value\": 1}\n"
	    "{\"metric\": \"bandwidth\", \"value\": 1.5, \"unit\": \"Gbit/s\", "
	    "\"labels\": {\"instance\": 2, \"a\": true}}";
	struct cov_arena arena = { 0 };
	size_t count = 0;
	const struct cov_metric *metrics = output_metrics(output, strlen(output), &arena, &count);

	assert_int_equal(count, 2);
	assert_string_equal(metrics[0].name, "rtt");
	assert_string_equal(metrics[0].unit, "us");
	assert_string_equal(metrics[0].labels, "{}");
	assert_true(metrics[0].value > 145.5 && metrics[0].value < 146.5);
	assert_string_equal(metrics[1].name, "bandwidth");
	assert_string_equal(metrics[1].labels, "{\"a\":true,\"instance\":2}");
	cov_arena_deinit(&arena);
}

static void no_output_has_no_metrics(void **state)
{
	(void)state;
	struct cov_arena arena = { 0 };
	size_t count = 1;

	assert_non_null(output_metrics("", 0, &arena, &count));
	assert_int_equal(count, 0);
	cov_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_lines_of_their_own),
		cmocka_unit_test(anything_else_is_no_event),
		cmocka_unit_test(metrics_keep_their_order_unit_and_labels),
		cmocka_unit_test(no_output_has_no_metrics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
