/* firecracker_api.c - what Firecracker is told: as a configuration file, or as calls of its API. */
#include "collector/platform/firecracker_api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/text.h"

enum { ANSWER_BYTES_MAX = 4096, STATUS_OK_MIN = 200, STATUS_OK_MAX = 299 };

static const struct timespec connect_pause = { .tv_nsec = 5 * 1000 * 1000 };

static json_t *boot_json(const struct firecracker_machine *machine)
{
	return cov_json_pack("{s:s, s:s}", "kernel_image_path", machine->kernel, "boot_args",
			     machine->boot_text);
}

static json_t *drive_json(const char *id, const char *path, bool is_root)
{
	return cov_json_pack("{s:s, s:s, s:b, s:b}", "drive_id", id, "path_on_host", path,
			     "is_root_device", (int)is_root, "is_read_only", (int)!is_root);
}

static json_t *config_json(const struct firecracker_machine *machine)
{
	return cov_json_pack("{s:I, s:I, s:b}", "vcpu_count", (json_int_t)machine->cpu_count,
			     "mem_size_mib", (json_int_t)machine->memory_mib,
			     machine->is_old ? "ht_enabled" : "smt", 0);
}

static json_t *network_json(const struct firecracker_machine *machine)
{
	return cov_json_pack("{s:s, s:s, s:s}", "iface_id", "eth0", "guest_mac", machine->address,
			     "host_dev_name", machine->tap);
}

static void add_call(struct firecracker_api_calls *calls, const char *path, json_t *body)
{
	calls->calls[calls->count++] = (struct firecracker_call){
		.path = cov_format("%s", path),
		.body = cov_json_format(body, JSON_COMPACT),
	};
	json_decref(body);
}

void firecracker_api_calls(const struct firecracker_machine *machine,
			   struct firecracker_api_calls *ret)
{
	*ret = (struct firecracker_api_calls){ 0 };
	add_call(ret, "/boot-source", boot_json(machine));
	add_call(ret, "/drives/root", drive_json("root", machine->root_image, true));
	add_call(ret, "/drives/job", drive_json("job", machine->job_image, false));
	add_call(ret, "/machine-config", config_json(machine));
	if (machine->tap)
		add_call(ret, "/network-interfaces/eth0", network_json(machine));
	add_call(ret, "/actions", cov_json_pack("{s:s}", "action_type", "InstanceStart"));
}

void firecracker_api_calls_deinit(struct firecracker_api_calls *calls)
{
	for (size_t i = 0; i < calls->count; i++) {
		free(calls->calls[i].path);
		free(calls->calls[i].body);
	}
	memset(calls, 0, sizeof(*calls));
}

char *firecracker_api_config(const struct firecracker_machine *machine)
{
	json_t *networks = cov_json_array();

	if (machine->tap)
		cov_json_append(networks, network_json(machine));
	json_t *root = cov_json_pack("{s:o, s:[o, o], s:o, s:o}", "boot-source", boot_json(machine),
				     "drives", drive_json("root", machine->root_image, true),
				     drive_json("job", machine->job_image, false), "machine-config",
				     config_json(machine), "network-interfaces", networks);
	char *text = cov_json_format(root, JSON_INDENT(2));

	json_decref(root);
	return text;
}

bool firecracker_api_is_old(const char *version)
{
	unsigned major;

	return version && sscanf(version, "Firecracker v%u.", &major) == 1 && major == 0;
}

/* The socket appears some time after the program was started. */
static int connect_to(const char *socket_path, long long deadline_ns, struct cov_error *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int length = snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);

	if (length >= (int)sizeof(address.sun_path))
		return cov_fail(err, COV_ERR_SYSTEM, "too long for a socket: %s", socket_path);
	for (;;) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		int reason = errno;
		if (fd >= 0)
			close(fd);
		errno = reason;
		if (cov_monotonic_ns() >= deadline_ns)
			return cov_fail_errno(err, "no Firecracker listens at %s", socket_path);
		nanosleep(&connect_pause, NULL);
	}
}

/* The status line and what there is of the rest; Firecracker keeps the connection open. */
static ssize_t exchange(int fd, const struct firecracker_call *call, char *answer)
{
	COV_AUTO(free)
	char *request = cov_format("PUT %s HTTP/1.1\r\n"
				   "Host: localhost\r\n"
				   "Accept: application/json\r\n"
				   "Content-Type: application/json\r\n"
				   "Content-Length: %zu\r\n"
				   "\r\n"
				   "%s",
				   call->path, strlen(call->body), call->body);
	size_t length = strlen(request);
	ssize_t got_bytes = 0, total_bytes = 0;

	if (send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length)
		return -1;
	while (total_bytes < ANSWER_BYTES_MAX - 1) {
		got_bytes =
		    recv(fd, answer + total_bytes, (size_t)(ANSWER_BYTES_MAX - 1 - total_bytes), 0);
		if (got_bytes <= 0)
			break;
		total_bytes += got_bytes;
		answer[total_bytes] = '\0';
		if (strstr(answer, "\r\n\r\n"))
			break;
	}
	return got_bytes < 0 ? -1 : total_bytes;
}

int firecracker_api_put(const char *socket_path, const struct firecracker_call *call,
			long long limit_ns, struct cov_error *err)
{
	char answer[ANSWER_BYTES_MAX] = "";
	struct timeval limit = { .tv_sec = limit_ns / COV_NS_PER_S };
	int status = 0;
	int fd = connect_to(socket_path, cov_monotonic_ns() + limit_ns, err);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	ssize_t got_bytes = exchange(fd, call, answer);
	int reason = errno;
	close(fd);
	errno = reason;
	if (got_bytes < 0)
		return cov_fail_errno(err, "Firecracker does not answer PUT %s", call->path);
	if (sscanf(answer, "HTTP/1.%*1u %d", &status) != 1)
		return cov_fail(err, COV_ERR_SYSTEM, "Firecracker's answer to PUT %s is not HTTP",
				call->path);
	if (status >= STATUS_OK_MIN && status <= STATUS_OK_MAX)
		return 0;
	const char *body = strstr(answer, "\r\n\r\n");
	return cov_fail(err, COV_ERR_SYSTEM, "Firecracker refuses PUT %s: status %d %.*s",
			call->path, status, body ? (int)strcspn(body + 4, "\r\n") : 0,
			body ? body + 4 : "");
}
