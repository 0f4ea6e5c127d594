/*
 * network_test.c - the networks of a trial carry packets, and are gone afterwards. In network and
 * mount namespaces of its own, so that nothing of this machine is touched. Needs root.
 */
#include "collector/platform/network.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/run/process.h"

enum { SKIPPED = 77 };

static const long long limit_ns = 60000000000;

static int run(const char *const *command)
{
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(process_run((char *const *)command, limit_ns, &result, &err), 0);
	if (result.exit_status != 0)
		print_message("%s", result.output.data ? result.output.data : "");
	return result.exit_status;
}

static void a_container_reaches_the_other_end(void **state)
{
	(void)state;
	static const char *const ping[] = { "ip", "netns", "exec", "covdb-box",  "ping", "-c",
					    "1",  "-W",    "20",   "198.18.1.2", NULL };
	struct cov_error err = { 0 };

	if (network_make(NETWORK_BRIDGE, true, &err) != 0)
		fail_msg("%s", err.message);
	assert_int_equal(run(ping), 0);
	network_remove();
	assert_int_not_equal(access("/sys/class/net/covdb-bridge", F_OK), 0);
	assert_int_not_equal(access("/sys/class/net/covdb-wire", F_OK), 0);
	assert_int_not_equal(access("/run/netns/covdb-box", F_OK), 0);
	assert_int_not_equal(access("/run/netns/covdb-peer", F_OK), 0);
}

static void a_machine_gets_a_tap(void **state)
{
	(void)state;
	struct cov_error err = { 0 };

	if (access("/dev/net/tun", W_OK) != 0)
		skip();
	if (network_make(NETWORK_TAP, false, &err) != 0)
		fail_msg("%s", err.message);
	assert_int_equal(access("/sys/class/net/covdb-tap", F_OK), 0);
	assert_int_not_equal(access("/run/netns/covdb-peer", F_OK), 0);
	network_remove();
	assert_int_not_equal(access("/sys/class/net/covdb-tap", F_OK), 0);
}

static void what_is_there_already_is_an_error_and_can_be_removed(void **state)
{
	(void)state;
	struct cov_error err = { 0 };

	assert_int_equal(network_make(NETWORK_HOST, true, &err), 0);
	assert_int_equal(network_make(NETWORK_HOST, true, &err), COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "cannot make the network"));
	network_remove();
	assert_int_equal(network_make(NETWORK_HOST, true, &err), 0);
	network_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_container_reaches_the_other_end),
		cmocka_unit_test(a_machine_gets_a_tap),
		cmocka_unit_test(what_is_there_already_is_an_error_and_can_be_removed),
	};
	struct cov_error err = { 0 };

	if (network_check(&err) != 0) {
		printf("skipped: %s\n", err.message);
		return SKIPPED;
	}
	/* `ip netns` keeps its namespaces below /run, and sysfs shows those of its mounter. */
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("run", "/run", "tmpfs", 0, NULL) != 0 ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL) != 0) {
		perror("skipped: no namespaces of its own");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
