/*
 * firecracker_test.c - what the driver tells Firecracker, against Firecracker's own descriptions of
 * its API, and against a server that is none: no real one is needed, nor is one tried.
 */
#include "collector/platform/firecracker_api.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <yaml.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/run/process.h"

static const long long limit_ns = 20000000000;

static struct firecracker_machine machine(struct firecracker_version version)
{
	return (struct firecracker_machine){
		.kernel = "/srv/vmlinux",
		.boot_text = "console=ttyS0 root=/dev/vda",
		.root_image = "/srv/root.ext4",
		.job_image = "/srv/job",
		.tap = "covdb-tap",
		.address = "02:c0:7d:b0:00:01",
		.memory_mib = 8192,
		.cpu_count = 1,
		.version = version,
	};
}

static yaml_document_t api;

static yaml_node_t *member(yaml_node_t *map, const char *name)
{
	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
	     pair < map->data.mapping.pairs.top; pair++) {
		yaml_node_t *key = yaml_document_get_node(&api, pair->key);

		if (strcmp((const char *)key->data.scalar.value, name) == 0)
			return yaml_document_get_node(&api, pair->value);
	}
	return NULL;
}

static const char *text_of(yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

static void open_api(const char *name)
{
	COV_AUTO(free)
	char *path = cov_format("%s/tests/data/firecracker/%s", COVDB_SOURCE_DIR, name);
	FILE *stream = fopen(path, "r");
	yaml_parser_t parser;

	assert_non_null(stream);
	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_file(&parser, stream);
	assert_true(yaml_parser_load(&parser, &api));
	yaml_parser_delete(&parser);
	fclose(stream);
}

/* "/drives/root" is an instance of "/drives/{drive_id}". */
static yaml_node_t *find_path(const char *path)
{
	yaml_node_t *paths = member(yaml_document_get_root_node(&api), "paths");

	for (yaml_node_pair_t *pair = paths->data.mapping.pairs.start;
	     pair < paths->data.mapping.pairs.top; pair++) {
		const char *template = text_of(yaml_document_get_node(&api, pair->key));
		size_t fixed = strcspn(template, "{");
		bool has_variable = template[fixed] == '{';

		if (strncmp(template, path, fixed) == 0 &&
		    (has_variable ? path[fixed] && !strchr(path + fixed, '/') : !path[fixed]))
			return yaml_document_get_node(&api, pair->value);
	}
	return NULL;
}

/* The definition that the body of a PUT refers to. */
static yaml_node_t *body_definition(const char *path)
{
	yaml_node_t *parameters = member(member(find_path(path), "put"), "parameters");

	if (!parameters)
		fail_msg("the API has no PUT %s", path);
	for (yaml_node_item_t *item = parameters->data.sequence.items.start;
	     item < parameters->data.sequence.items.top; item++) {
		yaml_node_t *parameter = yaml_document_get_node(&api, *item);
		const char *reference = text_of(member(member(parameter, "schema"), "$ref"));
		const char *slash = strrchr(reference, '/');

		if (slash)
			return member(member(yaml_document_get_root_node(&api), "definitions"),
				      slash + 1);
	}
	fail_msg("PUT %s has no body", path);
	return NULL;
}

static void check_value(const char *path, const char *key, json_t *value, yaml_node_t *property)
{
	const char *type = text_of(member(property, "type"));
	bool is_right = strcmp(type, "string") == 0    ? json_is_string(value)
			: strcmp(type, "integer") == 0 ? json_is_integer(value)
			: strcmp(type, "boolean") == 0 ? json_is_boolean(value)
						       : false;

	if (!is_right)
		fail_msg("PUT %s: %s is no %s", path, key, type);
}

/* Every key is described and of its type; every required one is there. */
static void check_body(const char *path, json_t *body)
{
	yaml_node_t *definition = body_definition(path), *required;
	json_t *value;
	const char *key;

	json_object_foreach(body, key, value)
	{
		yaml_node_t *property = member(member(definition, "properties"), key);

		if (!property)
			fail_msg("PUT %s: the API knows no %s", path, key);
		check_value(path, key, value, property);
	}
	required = member(definition, "required");
	for (yaml_node_item_t *item = required ? required->data.sequence.items.start : NULL;
	     required && item < required->data.sequence.items.top; item++) {
		const char *name = text_of(yaml_document_get_node(&api, *item));

		if (!json_object_get(body, name))
			fail_msg("PUT %s: %s is missing", path, name);
	}
}

static const struct firecracker_version papers = { 0, 19 }, todays = { 1, 16 };

static void check_calls(const char *name, struct firecracker_version version)
{
	const struct firecracker_machine asked = machine(version);
	COV_AUTO(firecracker_api_calls_deinit) struct firecracker_api_calls calls = { 0 };

	open_api(name);
	firecracker_api_calls(&asked, &calls);
	assert_int_equal(calls.count, 6);
	for (size_t i = 0; i < calls.count; i++) {
		json_t *body = json_loads(calls.calls[i].body, 0, NULL);

		assert_non_null(body);
		check_body(calls.calls[i].path, body);
		json_decref(body);
	}
	assert_string_equal(calls.calls[5].path, "/actions");
	yaml_document_delete(&api);
}

static void the_calls_are_those_of_the_papers_api(void **state)
{
	(void)state;
	check_calls("api-v0.19.1.yaml", papers);
}

static void the_calls_are_those_of_todays_api(void **state)
{
	(void)state;
	check_calls("api-2026-08.yaml", todays);
}

/* The keys of the file are the paths of the calls. */
static void the_configuration_file_has_the_same_bodies(void **state)
{
	(void)state;
	for (int is_old = 0; is_old < 2; is_old++) {
		const struct firecracker_machine asked = machine(is_old ? papers : todays);
		COV_AUTO(free) char *text = firecracker_api_config(&asked);
		json_t *root = json_loads(text, 0, NULL);
		json_t *drives = json_object_get(root, "drives");

		open_api(is_old ? "api-v0.19.1.yaml" : "api-2026-08.yaml");
		check_body("/boot-source", json_object_get(root, "boot-source"));
		check_body("/machine-config", json_object_get(root, "machine-config"));
		assert_int_equal(json_array_size(drives), 2);
		check_body("/drives/root", json_array_get(drives, 0));
		check_body("/drives/job", json_array_get(drives, 1));
		check_body("/network-interfaces/eth0",
			   json_array_get(json_object_get(root, "network-interfaces"), 0));
		yaml_document_delete(&api);
		json_decref(root);
	}
}

static void a_machine_without_network_has_no_interface(void **state)
{
	(void)state;
	struct firecracker_machine asked = machine(todays);
	COV_AUTO(firecracker_api_calls_deinit) struct firecracker_api_calls calls = { 0 };

	asked.tap = NULL;
	firecracker_api_calls(&asked, &calls);
	assert_int_equal(calls.count, 5);
	for (size_t i = 0; i < calls.count; i++)
		assert_null(strstr(calls.calls[i].path, "network"));
}

static void check_version(const char *text, int major, int minor)
{
	struct firecracker_version version = firecracker_api_version(text);

	assert_int_equal(version.major, major);
	assert_int_equal(version.minor, minor);
}

static void a_version_is_read_in_both_spellings(void **state)
{
	(void)state;
	check_version("firecracker 0.19.1", 0, 19);
	check_version("Firecracker v0.25.2", 0, 25);
	check_version("Firecracker v1.16.1", 1, 16);
}

static void an_unknown_version_is_the_one_that_does_not_say_it(void **state)
{
	(void)state;
	check_version(NULL, 0, 21);
	check_version("", 0, 21);
	check_version("Firecracker", 0, 21);
	check_version("Firecracker vNext", 0, 21);
}

static void versions_are_ordered_by_number_and_not_by_text(void **state)
{
	(void)state;
	const struct firecracker_version nine = { 0, 9 };

	assert_true(firecracker_api_is_below(nine, 0, 21));
	assert_true(firecracker_api_is_below(papers, 0, 21));
	assert_true(firecracker_api_is_below(papers, 1, 0));
	assert_false(firecracker_api_is_below(papers, 0, 19));
	assert_false(firecracker_api_is_below(todays, 0, 21));
}

static char socket_path[] = "/tmp/firecracker_test-XXXXXX";

/* One answer for each connection; what was asked goes to @log. */
static pid_t serve(const char *const *answers, size_t count, int log)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);
	unlink(socket_path);
	assert_int_equal(bind(server, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(server, 4), 0);
	pid_t pid = fork();
	if (pid != 0) {
		close(server);
		return pid;
	}
	for (size_t i = 0; i < count; i++) {
		char request[4096];
		int connection = accept(server, NULL, NULL);
		ssize_t got_bytes = read(connection, request, sizeof(request));

		if (got_bytes < 0 || write(log, request, (size_t)got_bytes) != got_bytes ||
		    write(connection, answers[i], strlen(answers[i])) < 0)
			_exit(1);
		close(connection);
	}
	_exit(0);
}

static char path[] = "/drives/root", body[] = "{\"drive_id\":\"root\"}";
static const struct firecracker_call call = { path, body };

/* What comes of the call when a server gives this @answer; the request goes to @request. */
static int put(const char *answer, char *request, size_t size, struct cov_error *err)
{
	int ends[2], status;

	assert_int_equal(pipe(ends), 0);
	const struct process process = { .pid = serve(&answer, 1, ends[1]) };
	int result = firecracker_api_put(socket_path, &process, &call, limit_ns, err);
	ssize_t got_bytes = read(ends[0], request, size - 1);

	assert_true(got_bytes > 0);
	request[got_bytes] = '\0';
	close(ends[0]);
	close(ends[1]);
	waitpid(process.pid, &status, 0);
	assert_int_equal(status, 0);
	return result;
}

static void a_call_is_an_http_put(void **state)
{
	(void)state;
	struct cov_error err = { 0 };
	char request[4096];

	assert_int_equal(
	    put("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", request, sizeof(request), &err), 0);
	assert_non_null(strstr(request, "PUT /drives/root HTTP/1.1\r\n"));
	assert_non_null(strstr(request, "Content-Length: 19\r\n"));
	assert_non_null(strstr(request, "\r\n\r\n{\"drive_id\":\"root\"}"));
}

static void check_failure(const char *answer, const char *expected)
{
	struct cov_error err = { 0 };
	char request[4096];

	assert_int_equal(put(answer, request, sizeof(request), &err), COV_ERR_SYSTEM);
	assert_string_equal(err.message, expected);
}

static void a_refusal_has_its_reason_in_whatever_form_it_comes(void **state)
{
	(void)state;
	static const char head[] = "HTTP/1.1 400 Bad Request\r\n";
	static const char refused[] =
	    "Firecracker refuses PUT /drives/root: status 400: no such drive";
	const char *forms[] = {
		"Content-Length: 34\r\n\r\n{\"fault_message\": \"no such drive\"}",
		("Transfer-Encoding: chunked\r\n\r\n"
		 "8\r\n{\"fault_\r\n1A\r\nmessage\": \"no such drive\"}\r\n0\r\n\r\n"),
		"\r\nno such drive", /* until the connection ends */
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		COV_AUTO(free) char *answer = cov_format("%s%s", head, forms[i]);

		check_failure(answer, refused);
	}
	check_failure("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
		      "Firecracker refuses PUT /drives/root: status 500: no reason given");
}

static void what_is_no_answer_is_no_success(void **state)
{
	(void)state;
	check_failure("nonsense", "Firecracker's answer to PUT /drives/root is not HTTP: invalid "
				  "constant string");
	check_failure("HTTP/1.1 204", "Firecracker's answer to PUT /drives/root is not HTTP: "
				      "stream ended at an unexpected time");
	check_failure("", "Firecracker hangs up on PUT /drives/root");
}

static void nobody_is_waited_for_who_has_ended(void **state)
{
	(void)state;
	const struct process ended = { .pid = 0 }, alive = { .pid = getpid() };
	struct cov_error err = { 0 };

	unlink(socket_path);
	assert_int_equal(firecracker_api_put(socket_path, &alive, &call, 1, &err), COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "no Firecracker listens"));
	assert_int_equal(firecracker_api_put(socket_path, &ended, &call, LLONG_MAX / 2, &err),
			 COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "Firecracker ended before it listened"));
}

static int make_socket_path(void **state)
{
	int fd = mkstemp(socket_path);

	(void)state;
	return fd < 0 || close(fd);
}

static int remove_socket(void **state)
{
	(void)state;
	unlink(socket_path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_calls_are_those_of_the_papers_api),
		cmocka_unit_test(the_calls_are_those_of_todays_api),
		cmocka_unit_test(the_configuration_file_has_the_same_bodies),
		cmocka_unit_test(a_machine_without_network_has_no_interface),
		cmocka_unit_test(a_version_is_read_in_both_spellings),
		cmocka_unit_test(an_unknown_version_is_the_one_that_does_not_say_it),
		cmocka_unit_test(versions_are_ordered_by_number_and_not_by_text),
		cmocka_unit_test(a_call_is_an_http_put),
		cmocka_unit_test(a_refusal_has_its_reason_in_whatever_form_it_comes),
		cmocka_unit_test(what_is_no_answer_is_no_success),
		cmocka_unit_test(nobody_is_waited_for_who_has_ended),
	};

	printf("No real Firecracker is started here: the driver's file and calls are checked\n"
	       "against the API descriptions of v0.19.1 and August 2026, and a fake server.\n");
	return cmocka_run_group_tests(tests, make_socket_path, remove_socket);
}
