/* network.c - the networks of a trial: bridge, veth pairs, TAP, and the traffic's peer. */
#include "collector/platform/network.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/program.h"
#include "collector/base/text.h"
#include "collector/run/process.h"

const char network_tap_name[] = "covdb-tap";
const char network_bridge_name[] = "covdb-bridge";
const char network_peer_space[] = "covdb-peer";
const char network_box_path[] = "/run/netns/covdb-box";

static const long long ip_limit_ns = 60000000000;

/* What `ip -batch` gets; the namespace's own part by `ip -n SPACE -batch`. */
struct part {
	const char *space; /* NULL: this machine's */
	const char *commands;
	const char *forwarding; /* interface that packets are routed from, or NULL */
};

static const struct part peer_parts[] = {
	{ NULL,
	  "netns add covdb-peer\n"
	  "link add covdb-wire type veth peer name eth0 netns covdb-peer\n"
	  "addr add 198.18.1.1/24 dev covdb-wire\n"
	  "link set covdb-wire up\n",
	  "covdb-wire" },
	{ "covdb-peer",
	  "link set lo up\n"
	  "addr add 198.18.1.2/24 dev eth0\n"
	  "link set eth0 up\n"
	  "route add default via 198.18.1.1\n",
	  NULL },
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
	  "covdb-bridge" },
	{ "covdb-box",
	  "link set lo up\n"
	  "addr add 198.18.2.2/24 dev eth0\n"
	  "link set eth0 up\n"
	  "route add default via 198.18.2.1\n",
	  NULL },
};

static const struct part tap_parts[] = {
	{ NULL,
	  "tuntap add dev covdb-tap mode tap\n"
	  "addr add 198.18.3.1/24 dev covdb-tap\n"
	  "link set covdb-tap up\n",
	  "covdb-tap" },
};

static int write_commands(const char *commands, char *path, struct cov_error *err)
{
	COV_AUTO(close) int fd = mkostemp(path, O_CLOEXEC);
	ssize_t length = (ssize_t)strlen(commands);

	if (fd < 0 || write(fd, commands, (size_t)length) != length)
		return cov_fail_errno(err, "cannot write %s", path);
	return 0;
}

static int run_ip(char *const *command, struct cov_error *err)
{
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	int code = process_run(command, ip_limit_ns, &result, err);

	if (code != 0 || result.exit_status == 0)
		return code;
	return cov_fail(err, COV_ERR_SYSTEM, "cannot make the network: ip: %.*s",
			result.output.length ? (int)strcspn(result.output.data, "\n") : 0,
			result.output.length ? result.output.data : "");
}

static int forward(const char *interface, struct cov_error *err)
{
	COV_AUTO(free)
	char *path = cov_format("/proc/sys/net/ipv4/conf/%s/forwarding", interface);
	COV_AUTO(close) int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1", 1) != 1)
		return cov_fail_errno(err, "cannot write %s", path);
	return 0;
}

static int make_part(const struct part *part, struct cov_error *err)
{
	char path[] = "/tmp/covdb-ip-XXXXXX";
	char program[] = "ip", space_option[] = "-n", batch_option[] = "-batch";
	char *command[] = { program, batch_option, path, NULL, NULL, NULL };
	COV_AUTO(free) char *space = part->space ? cov_xstrdup(part->space) : NULL;

	if (space) {
		command[1] = space_option;
		command[2] = space;
		command[3] = batch_option;
		command[4] = path;
	}
	int result = write_commands(part->commands, path, err);
	if (result == 0)
		result = run_ip(command, err);
	unlink(path);
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

static bool is_there(const char *what)
{
	return access(what, F_OK) == 0;
}

void network_remove(void)
{
	static const struct {
		const char *proof;
		const char *const command[5];
	} things[] = {
		{ "/sys/class/net/covdb-wire", { "ip", "link", "delete", "covdb-wire" } },
		{ "/sys/class/net/covdb-veth", { "ip", "link", "delete", "covdb-veth" } },
		{ "/sys/class/net/covdb-bridge", { "ip", "link", "delete", "covdb-bridge" } },
		{ "/sys/class/net/covdb-tap", { "ip", "link", "delete", "covdb-tap" } },
		{ "/run/netns/covdb-peer", { "ip", "netns", "delete", "covdb-peer" } },
		{ "/run/netns/covdb-box", { "ip", "netns", "delete", "covdb-box" } },
	};

	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		COV_AUTO(process_result_deinit) struct process_result result = { 0 };
		struct cov_error err;

		if (is_there(things[i].proof))
			process_run((char *const *)things[i].command, ip_limit_ns, &result, &err);
	}
}
