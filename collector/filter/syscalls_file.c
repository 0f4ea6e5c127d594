/* syscalls_file.c - what a trial of system calls leaves, as JSON. */
#include "collector/filter/syscalls_file.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/base/text.h"

enum { VERSION = 1, HEXADECIMAL = 16, PROGRAMS_MAX = 65536 };

static const char format_name[] = "covdb-syscalls", arch_name[] = "x86_64";

void syscalls_file_deinit(struct syscalls_file *file)
{
	for (size_t i = 0; i < file->program_count; i++)
		bpf_program_deinit(&file->programs[i]);
	free(file->programs);
	free(file->threads);
	free(file->calls);
	cov_arena_deinit(&file->arena);
	memset(file, 0, sizeof(*file));
}

static const char *keep(struct syscalls_file *file, const char *text)
{
	return text ? cov_arena_text(&file->arena, text, strlen(text)) : NULL;
}

static size_t program_bytes(const struct bpf_program *program)
{
	return program->count * sizeof(*program->instructions);
}

uint32_t syscalls_file_add_program(struct syscalls_file *file, const struct bpf_program *program)
{
	size_t size = program_bytes(program);

	for (size_t i = 0; i < file->program_count; i++) {
		if (program_bytes(&file->programs[i]) == size &&
		    memcmp(file->programs[i].instructions, program->instructions, size) == 0)
			return (uint32_t)i;
	}
	file->programs = cov_grow(file->programs, file->program_count, &file->program_capacity,
				  sizeof(*file->programs));
	struct bpf_program *copy = &file->programs[file->program_count];
	copy->count = program->count;
	copy->instructions = cov_xmalloc(size);
	memcpy(copy->instructions, program->instructions, size);
	return (uint32_t)file->program_count++;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_like(const struct syscalls_thread *a, const struct syscalls_thread *b)
{
	return is_same(a->role, b->role) && is_same(a->process, b->process) &&
	       is_same(a->name, b->name) && is_same(a->unread, b->unread) &&
	       a->seccomp == b->seccomp && a->filter_count == b->filter_count &&
	       memcmp(a->filters, b->filters, a->filter_count * sizeof(*a->filters)) == 0;
}

void syscalls_file_add_thread(struct syscalls_file *file, const struct syscalls_thread *thread)
{
	for (size_t i = 0; i < file->thread_count; i++) {
		if (is_like(&file->threads[i], thread)) {
			file->threads[i].count += thread->count;
			return;
		}
	}
	file->threads = cov_grow(file->threads, file->thread_count, &file->thread_capacity,
				 sizeof(*file->threads));
	struct syscalls_thread *added = &file->threads[file->thread_count++];
	*added = *thread;
	added->role = keep(file, thread->role);
	added->process = keep(file, thread->process);
	added->name = keep(file, thread->name);
	added->unread = keep(file, thread->unread);
}

void syscalls_file_add_calls(struct syscalls_file *file, const char *role, uint32_t number,
			     int64_t calls)
{
	file->calls =
	    cov_grow(file->calls, file->call_count, &file->call_capacity, sizeof(*file->calls));
	file->calls[file->call_count++] = (struct syscalls_call){ keep(file, role), number, calls };
}

struct bpf_stack syscalls_file_stack(const struct syscalls_file *file,
				     const struct syscalls_thread *thread)
{
	struct bpf_stack stack = { .count = thread->filter_count };

	for (size_t i = 0; i < thread->filter_count; i++)
		stack.programs[i] = &file->programs[thread->filters[i]];
	return stack;
}

static json_t *text_json(const char *text)
{
	return text ? cov_json_text(text, strlen(text)) : json_null();
}

static json_t *thread_json(const struct syscalls_thread *thread)
{
	json_t *filters = cov_json_array();

	for (size_t i = 0; i < thread->filter_count; i++)
		cov_json_append(filters, cov_json_integer(thread->filters[i]));
	return cov_json_pack("{s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "role", text_json(thread->role),
			     "process", text_json(thread->process), "name", text_json(thread->name),
			     "count", (json_int_t)thread->count, "seccomp",
			     (json_int_t)thread->seccomp, "filters", filters, "unread",
			     text_json(thread->unread));
}

static json_t *program_json(const struct bpf_program *program)
{
	const unsigned char *bytes = (const unsigned char *)program->instructions;
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	for (size_t i = 0; i < program_bytes(program); i++)
		cov_text_print(&text, "%02x", bytes[i]);
	return cov_json_text(text.data, text.length);
}

/* Those of one role, from @first on, in a list. Return: how many. */
static size_t add_role(const struct syscalls_file *file, size_t first, json_t *roles)
{
	const char *role = file->calls[first].role;
	json_t *calls = cov_json_array();
	size_t count = 0;

	while (first + count < file->call_count &&
	       strcmp(file->calls[first + count].role, role) == 0) {
		const struct syscalls_call *call = &file->calls[first + count++];

		cov_json_append(calls, cov_json_pack("[I, I]", (json_int_t)call->number,
						     (json_int_t)call->calls));
	}
	cov_json_append(roles,
			cov_json_pack("{s:o, s:o}", "role", text_json(role), "calls", calls));
	return count;
}

int syscalls_file_write(const struct syscalls_file *file, const char *path, struct cov_error *err)
{
	json_t *threads = cov_json_array(), *programs = cov_json_array(), *roles = cov_json_array();

	for (size_t i = 0; i < file->thread_count; i++)
		cov_json_append(threads, thread_json(&file->threads[i]));
	for (size_t i = 0; i < file->program_count; i++)
		cov_json_append(programs, program_json(&file->programs[i]));
	for (size_t i = 0; i < file->call_count;)
		i += add_role(file, i, roles);
	COV_AUTO(json_decref)
	json_t *root =
	    cov_json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:I}", "format", format_name, "version",
			  VERSION, "arch", arch_name, "threads", threads, "programs", programs,
			  "calls", roles, "lost", (json_int_t)file->lost);
	COV_AUTO(free) char *json = cov_json_format(root, JSON_INDENT(1));
	COV_AUTO(free) char *text = cov_format("%s\n", json);
	return cov_file_replace(path, text, strlen(text), err);
}

/* A file on its way. */
struct reader {
	const char *path;
	struct syscalls_file *file;
	struct cov_error *err;
};

static int fail(const struct reader *reader, const char *list, size_t place, const char *wanted)
{
	return cov_fail(reader->err, COV_ERR_FORMAT, "%s: %s[%zu] is not %s", reader->path, list,
			place, wanted);
}

static int digit(char letter)
{
	return letter >= '0' && letter <= '9'   ? letter - '0'
	       : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
						: -1;
}

static int read_program(const struct reader *reader, const json_t *value, size_t place)
{
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	COV_AUTO(free) unsigned char *bytes = cov_xmalloc(length / 2 + 1);
	COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
	COV_AUTO(free) char *name = cov_format("%s: programs[%zu]", reader->path, place);

	for (size_t i = 0; i < length; i++) {
		int half = digit(text[i]);

		if (half < 0 || length % 2)
			return fail(reader, "programs", place, "bytes in hexadecimal");
		bytes[i / 2] = (unsigned char)(i % 2 ? bytes[i / 2] * HEXADECIMAL + half : half);
	}
	int result = bpf_program_read(bytes, length / 2, name, &program, reader->err);
	if (result == 0 && syscalls_file_add_program(reader->file, &program) != place)
		return fail(reader, "programs", place, "another than those before");
	return result;
}

static int read_thread(const struct reader *reader, const json_t *object, size_t place)
{
	struct syscalls_thread thread = {
		.role = json_string_value(json_object_get(object, "role")),
		.process = json_string_value(json_object_get(object, "process")),
		.name = json_string_value(json_object_get(object, "name")),
		.unread = json_string_value(json_object_get(object, "unread")),
		.count = json_integer_value(json_object_get(object, "count")),
		.seccomp = json_integer_value(json_object_get(object, "seccomp")),
	};
	const json_t *filters = json_object_get(object, "filters");

	if (!thread.role || !*thread.role || !thread.process || !thread.name || thread.count < 1 ||
	    thread.count > SYSCALLS_THREADS_MAX || thread.seccomp < 0 ||
	    thread.seccomp > SYSCALLS_SECCOMP_FILTER)
		return fail(reader, "threads", place,
			    "a thread with role, process, name and count");
	if (json_array_size(filters) > BPF_STACK_MAX)
		return fail(reader, "threads", place, "a thread with at most 64 filters");
	for (size_t i = 0; i < json_array_size(filters); i++) {
		const json_t *filter = json_array_get(filters, i);
		json_int_t number = json_integer_value(filter);

		if (!json_is_integer(filter) || number < 0 ||
		    number >= (json_int_t)reader->file->program_count)
			return fail(reader, "threads", place, "a thread whose filters are there");
		thread.filters[thread.filter_count++] = (uint32_t)number;
	}
	if ((thread.seccomp == SYSCALLS_SECCOMP_FILTER) !=
	    (thread.filter_count > 0 || thread.unread))
		return fail(reader, "threads", place, "a thread with as many filters as it says");
	syscalls_file_add_thread(reader->file, &thread);
	return 0;
}

static int read_role(const struct reader *reader, const json_t *object, size_t place)
{
	const char *role = json_string_value(json_object_get(object, "role"));
	const json_t *calls = json_object_get(object, "calls");
	json_int_t last = -1;

	if (!role || !*role || !json_is_array(calls))
		return fail(reader, "calls", place, "a role and its calls");
	for (size_t i = 0; i < reader->file->call_count; i++) {
		if (strcmp(reader->file->calls[i].role, role) == 0)
			return fail(reader, "calls", place, "of another role than those before");
	}
	for (size_t i = 0; i < json_array_size(calls); i++) {
		const json_t *pair = json_array_get(calls, i);
		json_int_t number = json_integer_value(json_array_get(pair, 0));
		json_int_t count = json_integer_value(json_array_get(pair, 1));

		if (json_array_size(pair) != 2 || number <= last || number > INT32_MAX ||
		    count < 1 || count > syscalls_calls_max)
			return fail(reader, "calls", place,
				    "a list of [number, calls], by number, each once");
		last = number;
		syscalls_file_add_calls(reader->file, role, (uint32_t)number, count);
	}
	return 0;
}

static int read_list(const struct reader *reader, const json_t *root, const char *key,
		     int (*read)(const struct reader *reader, const json_t *value, size_t place))
{
	const json_t *list = json_object_get(root, key);

	if (!json_is_array(list) || json_array_size(list) > PROGRAMS_MAX)
		return cov_fail(reader->err, COV_ERR_FORMAT, "%s: %s is not a list", reader->path,
				key);
	for (size_t i = 0; i < json_array_size(list); i++) {
		int result = read(reader, json_array_get(list, i), i);

		if (result)
			return result;
	}
	return 0;
}

static int read_root(const struct reader *reader, const json_t *root)
{
	const char *format = json_string_value(json_object_get(root, "format"));
	const char *arch = json_string_value(json_object_get(root, "arch"));
	json_int_t version = json_integer_value(json_object_get(root, "version"));

	if (!format || strcmp(format, format_name) != 0)
		return cov_fail(reader->err, COV_ERR_FORMAT,
				"%s: not the system calls of a trial: 'format' is not %s",
				reader->path, format_name);
	if (version != VERSION || !arch || strcmp(arch, arch_name) != 0)
		return cov_fail(reader->err, COV_ERR_FORMAT,
				"%s: of version %lld and %s; this covdb reads version %d and %s",
				reader->path, (long long)version, arch ? arch : "no architecture",
				VERSION, arch_name);
	reader->file->lost = json_integer_value(json_object_get(root, "lost"));
	if (reader->file->lost < 0 || reader->file->lost > syscalls_calls_max)
		return cov_fail(reader->err, COV_ERR_FORMAT, "%s: lost is not a number of calls",
				reader->path);
	int result = read_list(reader, root, "programs", read_program);
	if (result == 0)
		result = read_list(reader, root, "threads", read_thread);
	return result ? result : read_list(reader, root, "calls", read_role);
}

int syscalls_file_parse(const char *path, const char *text, size_t size, struct syscalls_file *ret,
			struct cov_error *err)
{
	COV_AUTO(syscalls_file_deinit) struct syscalls_file file = { 0 };
	const struct reader reader = { path, &file, err };
	COV_AUTO(json_decref) json_t *root = NULL;
	int result = cov_json_parse(path, text, size, &root, err);

	if (result)
		return result;
	result = read_root(&reader, root);
	if (result)
		return result;
	*ret = file;
	memset(&file, 0, sizeof(file));
	return 0;
}

int syscalls_file_read(const char *path, struct syscalls_file *ret, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = cov_file_read_text(path, &text, &size, err);

	return result ? result : syscalls_file_parse(path, text, size, ret, err);
}
