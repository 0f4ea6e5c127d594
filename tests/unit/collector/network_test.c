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
#include "collector/platform/ledger.h"
#include "collector/platform/state.h"
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

/* What the ledger has; what is in a namespace goes with it. */
static void remove_all(void)
{
	static const enum ledger_kind kinds[] = { LEDGER_LINK, LEDGER_NAMESPACE };
	COV_AUTO(ledger_deinit) struct ledger ledger = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(ledger_read(&ledger, &err), 0);
	assert_true(ledger.count > 0);
	for (size_t i = 0; i < 2 * ledger.count; i++) {
		const struct ledger_entry *entry = &ledger.entries[i % ledger.count];

		if (entry->kind == kinds[i / ledger.count])
			assert_int_equal(network_remove(entry, &err), 0);
	}
}

static int begin(void **state)
{
	struct cov_error err;

	(void)state;
	return ledger_begin(&err);
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
	remove_all();
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
	remove_all();
	assert_int_not_equal(access("/sys/class/net/covdb-tap", F_OK), 0);
}

static void what_is_there_already_is_an_error_and_can_be_removed(void **state)
{
	(void)state;
	struct cov_error err = { 0 };

	assert_int_equal(network_make(NETWORK_HOST, true, &err), 0);
	assert_int_equal(network_make(NETWORK_HOST, true, &err), COV_ERR_SYSTEM);
	assert_string_equal(err.message, "cannot make the network: there is a covdb-peer already: "
					 "ip netns delete covdb-peer");
	remove_all();
	assert_int_equal(network_make(NETWORK_HOST, true, &err), 0);
	remove_all();
}

/* As another program's of that name is. */
static void what_the_ledger_does_not_have_is_left_alone(void **state)
{
	(void)state;
	static const char *const make[] = { "ip",   "link",   "add", "covdb-wire",
					    "type", "bridge", NULL };
	static const char *const end[] = { "ip", "link", "delete", "covdb-wire", NULL };
	struct cov_error err = { 0 };

	assert_int_equal(run(make), 0);
	assert_int_equal(network_make(NETWORK_HOST, true, &err), COV_ERR_SYSTEM);
	assert_string_equal(err.message, "cannot make the network: there is a covdb-wire already: "
					 "ip link delete covdb-wire");
	remove_all();
	assert_int_equal(access("/sys/class/net/covdb-wire", F_OK), 0);
	assert_int_equal(run(end), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_container_reaches_the_other_end, begin),
		cmocka_unit_test_setup(a_machine_gets_a_tap, begin),
		cmocka_unit_test_setup(what_is_there_already_is_an_error_and_can_be_removed, begin),
		cmocka_unit_test_setup(what_the_ledger_does_not_have_is_left_alone, begin),
	};
	struct cov_error err = { 0 };

	if (network_check(&err) != 0) {
		printf("skipped: %s\n", err.message);
		return SKIPPED;
	}
	/* `ip netns` keeps its namespaces below /run, and sysfs shows those of its mounter. */
	if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("run", "/run", "tmpfs", 0, "mode=755") != 0 ||
	    mount("sysfs", "/sys", "sysfs", 0, NULL) != 0) {
		perror("skipped: no namespaces of its own");
		return SKIPPED;
	}
	if (state_open("/run", &err) != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
