/* firecracker_api.c - what Firecracker is told: as a configuration file, or as calls of its API. */
#include "collector/platform/firecracker_api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <http_parser_late.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/text.h"
#include "collector/run/process.h"

enum { BODY_BYTES_MAX = 1 << 16, CHUNK_BYTES = 4096, STATUS_OK_MIN = 200, STATUS_OK_MAX = 299 };

static const long long connect_pause_ns = 5000000;

/* The only one that does not know --version. */
static const struct firecracker_version unknown_version = { 0, 21 };

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
			     machine->version.major < 1 ? "ht_enabled" : "smt", 0);
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

struct firecracker_version firecracker_api_version(const char *text)
{
	struct firecracker_version version = unknown_version;
	const char *number = text ? strchr(text, ' ') : NULL;

	if (number)
		number += strspn(number, " v");
	if (!number || sscanf(number, "%4d.%4d", &version.major, &version.minor) != 2)
		return unknown_version;
	return version;
}

bool firecracker_api_is_below(struct firecracker_version version, int major, int minor)
{
	return version.major < major || (version.major == major && version.minor < minor);
}

/* The socket appears some time after the program was started. */
static int connect_to(const char *socket_path, const struct process *process, long long deadline_ns,
		      struct cov_error *err)
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
		if (process_has_ended(process))
			return cov_fail(err, COV_ERR_SYSTEM,
					"Firecracker ended before it listened at %s", socket_path);
		errno = reason;
		if (process_is_interrupted() || cov_monotonic_ns() >= deadline_ns)
			return cov_fail_errno(err, "no Firecracker listens at %s", socket_path);
		process_sleep(connect_pause_ns);
	}
}

/* An answer while it comes in. */
struct answer {
	http_parser parser;
	struct cov_text body; /* the first BODY_BYTES_MAX of it */
	bool is_complete;
};

static void answer_deinit(struct answer *answer)
{
	cov_text_deinit(&answer->body);
}

COV_DEFINE_AUTO_STRUCT(struct answer, answer_deinit)

static int take_body(http_parser *parser, const char *bytes, size_t length)
{
	struct answer *answer = parser->data;
	size_t room = BODY_BYTES_MAX - answer->body.length;

	cov_text_add(&answer->body, bytes, length < room ? length : room);
	return 0;
}

static int take_end(http_parser *parser)
{
	struct answer *answer = parser->data;

	answer->is_complete = true;
	return 0;
}

static int send_call(int fd, const struct firecracker_call *call, struct cov_error *err)
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

	for (size_t sent = 0; sent < length;) {
		ssize_t sent_bytes = send(fd, request + sent, length - sent, MSG_NOSIGNAL);

		if (sent_bytes < 0)
			return cov_fail_errno(err, "Firecracker does not take PUT %s", call->path);
		sent += (size_t)sent_bytes;
	}
	return 0;
}

/* Firecracker keeps the connection open: where the answer ends is in the answer. */
static int read_answer(int fd, const struct firecracker_call *call, struct answer *answer,
		       struct cov_error *err)
{
	static const http_parser_settings settings = {
		.on_body = take_body,
		.on_message_complete = take_end,
	};
	char bytes[CHUNK_BYTES];

	http_parser_init(&answer->parser, HTTP_RESPONSE);
	answer->parser.data = answer;
	while (!answer->is_complete) {
		ssize_t got_bytes = recv(fd, bytes, sizeof(bytes), 0);

		if (got_bytes < 0)
			return cov_fail_errno(err, "Firecracker does not answer PUT %s",
					      call->path);
		http_parser_execute(&answer->parser, &settings, bytes, (size_t)got_bytes);
		if (answer->is_complete)
			break;
		if (HTTP_PARSER_ERRNO(&answer->parser) != HPE_OK)
			return cov_fail(
			    err, COV_ERR_SYSTEM, "Firecracker's answer to PUT %s is not HTTP: %s",
			    call->path, http_errno_description(HTTP_PARSER_ERRNO(&answer->parser)));
		if (got_bytes == 0)
			return cov_fail(err, COV_ERR_SYSTEM, "Firecracker hangs up on PUT %s",
					call->path);
	}
	return 0;
}

/* Its reason is in JSON; what is not in that form is shown as it is. */
static int fail_refused(const struct firecracker_call *call, const struct answer *answer,
			struct cov_error *err)
{
	const char *body = answer->body.length ? answer->body.data : "no reason given";
	json_t *root =
	    json_loadb(answer->body.data ? answer->body.data : "", answer->body.length, 0, NULL);
	const char *reason = json_string_value(json_object_get(root, "fault_message"));
	int result = cov_fail(err, COV_ERR_SYSTEM, "Firecracker refuses PUT %s: status %d: %s",
			      call->path, answer->parser.status_code, reason ? reason : body);

	json_decref(root);
	return result;
}

int firecracker_api_put(const char *socket_path, const struct process *process,
			const struct firecracker_call *call, long long limit_ns,
			struct cov_error *err)
{
	COV_AUTO(answer_deinit) struct answer answer = { .is_complete = false };
	struct timeval limit = { .tv_sec = limit_ns / COV_NS_PER_S };
	COV_AUTO(close)
	int fd = connect_to(socket_path, process, cov_monotonic_ns() + limit_ns, err);

	if (fd < 0)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	int result = http_parser_late_open(err);
	if (result == 0)
		result = send_call(fd, call, err);
	if (result == 0)
		result = read_answer(fd, call, &answer, err);
	if (result != 0)
		return result;
	int status = (int)answer.parser.status_code;
	return status >= STATUS_OK_MIN && status <= STATUS_OK_MAX
		   ? 0
		   : fail_refused(call, &answer, err);
}
