/* network.c - the networks of a trial: bridge, veth pairs, TAP, and the traffic's peer. */
#include "collector/platform/network.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/program.h"
#include "collector/base/text.h"
#include "collector/platform/ledger.h"
#include "collector/run/process.h"

const char network_tap_name[] = "covdb-tap";
const char network_bridge_name[] = "covdb-bridge";
const char network_peer_space[] = "covdb-peer";
const char network_box_path[] = "/run/netns/covdb-box";

static const long long ip_limit_ns = 60000000000;

enum { MADE_MAX = 3 };

/* What `ip -batch` gets; the namespace's own part by `ip -n SPACE -batch`. */
struct part {
	const char *space; /* NULL: this machine's */
	const char *commands;
	const char *forwarding; /* interface that packets are routed from, or NULL */
	struct {
		enum ledger_kind kind;
		const char *name; /* NULL: none */
	} made[MADE_MAX];
};

static const struct part peer_parts[] = {
	{ NULL,
	  "netns add covdb-peer\n"
	  "link add covdb-wire type veth peer name eth0 netns covdb-peer\n"
	  "addr add 198.18.1.1/24 dev covdb-wire\n"
	  "link set covdb-wire up\n",
	  "covdb-wire",
	  { { LEDGER_NAMESPACE, "covdb-peer" }, { LEDGER_LINK, "covdb-wire" } } },
	{ "covdb-peer",
	  "link set lo up\n"
	  "addr add 198.18.1.2/24 dev eth0\n"
	  "link set eth0 up\n"
	  "route add default via 198.18.1.1\n",
	  NULL,
	  { { 0 } } },
};

static const struct part bridge_parts[] = {
	{ NULL,
	  "netns add covdb-box\n"
	  "link add covdb-bridge type bridge\n"
	  "addr add 198.18.2.1/24 dev covdb-bridge\n"
	  "link set covdb-bridge up\n"
	  "link add covdb-veth type veth peer name eth0 netns covdb-box\n"
	  "link set covdb-veth master covdb-bridge\n"
	  "link set covdb-veth up\n",
	  "covdb-bridge",
	  { { LEDGER_NAMESPACE, "covdb-box" },
	    { LEDGER_LINK, "covdb-bridge" },
	    { LEDGER_LINK, "covdb-veth" } } },
	{ "covdb-box",
	  "link set lo up\n"
	  "addr add 198.18.2.2/24 dev eth0\n"
	  "link set eth0 up\n"
	  "route add default via 198.18.2.1\n",
	  NULL,
	  { { 0 } } },
};

static const struct part tap_parts[] = {
	{ NULL,
	  "tuntap add dev covdb-tap mode tap\n"
	  "addr add 198.18.3.1/24 dev covdb-tap\n"
	  "link set covdb-tap up\n",
	  "covdb-tap",
	  { { LEDGER_LINK, "covdb-tap" } } },
};

static bool is_there(enum ledger_kind kind, const char *name)
{
	COV_AUTO(free)
	char *path =
	    cov_format("%s/%s", kind == LEDGER_LINK ? "/sys/class/net" : "/run/netns", name);

	return access(path, F_OK) == 0;
}

static const char *object_of(enum ledger_kind kind)
{
	return kind == LEDGER_LINK ? "link" : "netns";
}

static int note_part(const struct part *part, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < MADE_MAX && part->made[i].name; i++) {
		enum ledger_kind kind = part->made[i].kind;
		const char *name = part->made[i].name;

		if (is_there(kind, name))
			return cov_fail(err, COV_ERR_SYSTEM,
					"cannot make the network: there is a %s already: ip %s "
					"delete %s",
					name, object_of(kind), name);
		result = ledger_note(kind, name, err);
	}
	return result;
}

/* In memory: a name in a folder of all would be another's to guess. */
static int write_commands(const char *commands, struct cov_error *err)
{
	int fd = memfd_create("covdb-ip", 0);

	if (fd >= 0 && cov_write_all(fd, commands, strlen(commands)) == 0)
		return fd;
	int result = cov_fail_errno(err, "cannot write the commands for ip");
	if (fd >= 0)
		close(fd);
	return result;
}

/* @what: is done to the network */
static int run_ip(char *const *command, const char *what, struct cov_error *err)
{
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	int code = process_run(command, ip_limit_ns, &result, err);

	if (code != 0 || result.exit_status == 0)
		return code;
	return cov_fail(err, COV_ERR_SYSTEM, "cannot %s the network: ip: %.*s", what,
			result.output.length ? (int)strcspn(result.output.data, "\n") : 0,
			result.output.length ? result.output.data : "");
}

static int forward(const char *interface, struct cov_error *err)
{
	COV_AUTO(free)
	char *path = cov_format("/proc/sys/net/ipv4/conf/%s/forwarding", interface);
	COV_AUTO(close) int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || cov_write_all(fd, "1", 1) != 0)
		return cov_fail_errno(err, "cannot write %s", path);
	return 0;
}

static int make_part(const struct part *part, struct cov_error *err)
{
	char program[] = "ip", space_option[] = "-n", batch_option[] = "-batch";
	COV_AUTO(free) char *space = part->space ? cov_xstrdup(part->space) : NULL;
	int result = note_part(part, err);

	if (result != 0)
		return result;
	COV_AUTO(close) int fd = write_commands(part->commands, err);
	if (fd < 0)
		return fd;
	COV_AUTO(free) char *path = cov_format("/proc/self/fd/%d", fd);
	char *command[] = { program, batch_option, path, NULL, NULL, NULL };
	if (space) {
		command[1] = space_option;
		command[2] = space;
		command[3] = batch_option;
		command[4] = path;
	}
	result = run_ip(command, "make", err);
	if (result == 0 && part->forwarding)
		result = forward(part->forwarding, err);
	return result;
}

int network_check(struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find("ip", NULL);
	char name[] = "ip", option[] = "-Version";
	char *const command[] = { name, option, NULL };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	if (!program) {
		COV_AUTO(free) char *missing = cov_program_missing(name);

		return cov_fail(err, COV_ERR_MACHINE, "%s: apt-get install iproute2", missing);
	}
	/* busybox has an `ip` as well. */
	if (process_run(command, ip_limit_ns, &result, err) != 0 || !result.output.length ||
	    !strstr(result.output.data, "iproute2"))
		return cov_fail(err, COV_ERR_MACHINE,
				"%s is not iproute2's: apt-get install iproute2", program);
	return 0;
}

int network_make(enum experiment_network network, bool has_peer, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; has_peer && result == 0 && i < 2; i++)
		result = make_part(&peer_parts[i], err);
	for (size_t i = 0; network == NETWORK_BRIDGE && result == 0 && i < 2; i++)
		result = make_part(&bridge_parts[i], err);
	if (network == NETWORK_TAP && result == 0)
		result = make_part(&tap_parts[0], err);
	return result;
}

int network_remove(const struct ledger_entry *noted, struct cov_error *err)
{
	const char *const command[] = { "ip", object_of(noted->kind), "delete", noted->name, NULL };

	if (!is_there(noted->kind, noted->name))
		return 0;
	return run_ip((char *const *)command, "remove", err);
}
