/* seccomp_profile.c - OCI's and Firecracker's profiles are read into the same rules. */
#include "collector/filter/seccomp_profile.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/text.h"

/* As conditions of Docker and Podman call this architecture, and as archMap does. */
static const char arch_name[] = "amd64", arch_token[] = "SCMP_ARCH_X86_64";

static const struct {
	const char *oci;
	const char *firecracker; /* NULL: it has none */
	uint32_t value;
	bool has_data;
} actions[] = {
	{ "SCMP_ACT_ALLOW", "allow", SECCOMP_RET_ALLOW, false },
	{ "SCMP_ACT_ERRNO", "errno", SECCOMP_RET_ERRNO, true },
	{ "SCMP_ACT_KILL", "kill_thread", SECCOMP_RET_KILL_THREAD, false },
	{ "SCMP_ACT_KILL_THREAD", NULL, SECCOMP_RET_KILL_THREAD, false },
	{ "SCMP_ACT_KILL_PROCESS", "kill_process", SECCOMP_RET_KILL_PROCESS, false },
	{ "SCMP_ACT_TRAP", "trap", SECCOMP_RET_TRAP, false },
	{ "SCMP_ACT_TRACE", "trace", SECCOMP_RET_TRACE, true },
	{ "SCMP_ACT_LOG", "log", SECCOMP_RET_LOG, false },
	{ "SCMP_ACT_NOTIFY", NULL, SECCOMP_RET_USER_NOTIF, false },
};

enum { ACTION_COUNT = sizeof(actions) / sizeof(actions[0]) };

static const struct {
	const char *oci;
	const char *firecracker;
} operations[] = {
	[SECCOMP_NE] = { "SCMP_CMP_NE", "ne" },
	[SECCOMP_LT] = { "SCMP_CMP_LT", "lt" },
	[SECCOMP_LE] = { "SCMP_CMP_LE", "le" },
	[SECCOMP_EQ] = { "SCMP_CMP_EQ", "eq" },
	[SECCOMP_GE] = { "SCMP_CMP_GE", "ge" },
	[SECCOMP_GT] = { "SCMP_CMP_GT", "gt" },
	[SECCOMP_MASKED_EQ] = { "SCMP_CMP_MASKED_EQ", "masked_eq" },
};

enum { OPERATION_COUNT = sizeof(operations) / sizeof(operations[0]) };

const char *const seccomp_profile_docker[] = {
	"CAP_AUDIT_WRITE", "CAP_CHOWN",   "CAP_DAC_OVERRIDE",     "CAP_FOWNER",     "CAP_FSETID",
	"CAP_KILL",        "CAP_MKNOD",   "CAP_NET_BIND_SERVICE", "CAP_NET_RAW",    "CAP_SETFCAP",
	"CAP_SETGID",      "CAP_SETPCAP", "CAP_SETUID",           "CAP_SYS_CHROOT", NULL,
};
void seccomp_profile_deinit(struct seccomp_profile *profile)
{
	for (size_t i = 0; i < profile->filter_count; i++)
		free(profile->filters[i].rules);
	free(profile->filters);
	json_decref(profile->architectures);
	cov_arena_deinit(&profile->arena);
	memset(profile, 0, sizeof(*profile));
}

/* A file on its way; @place says where in it. */
struct reader {
	const char *path;
	const struct seccomp_subject *subject;
	struct seccomp_profile *profile;
	struct cov_text place; /* "syscalls[3]" */
	struct cov_error *err;
};

static void reader_deinit(struct reader *reader)
{
	cov_text_deinit(&reader->place);
}

COV_DEFINE_AUTO_STRUCT(struct reader, reader_deinit)

static int fail(const struct reader *reader, const char *key, const char *wanted)
{
	const char *place = reader->place.length ? reader->place.data : "";

	return cov_fail(reader->err, COV_ERR_FORMAT, "%s: %s%s%s is not %s", reader->path, place,
			*place && *key ? "." : "", key, wanted);
}

static void set_place(struct reader *reader, const char *list, size_t index)
{
	reader->place.length = 0;
	cov_text_print(&reader->place, "%s[%zu]", list, index);
}

static const char *keep(struct reader *reader, const char *text)
{
	return cov_arena_text(&reader->profile->arena, text, strlen(text));
}

/* @ret: as it is if there is no such key */
static int read_number(const struct reader *reader, const json_t *object, const char *key,
		       uint64_t *ret)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return 0;
	/* jansson's integers are signed: what is beyond them is a real, and no number of bits. */
	if (!json_is_integer(value))
		return fail(reader, key, "a whole number below 2^63");
	*ret = (uint64_t)json_integer_value(value);
	return 0;
}

static struct seccomp_filter *add_filter(struct reader *reader, const char *role)
{
	struct seccomp_profile *profile = reader->profile;

	profile->filters = cov_xreallocarray(profile->filters, profile->filter_count + 1,
					     sizeof(*profile->filters));
	struct seccomp_filter *filter = &profile->filters[profile->filter_count++];
	*filter = (struct seccomp_filter){ .role = keep(reader, role) };
	return filter;
}

static void add_rule(struct seccomp_filter *filter, const struct seccomp_rule *rule)
{
	filter->rules = cov_grow(filter->rules, filter->rule_count, &filter->rule_capacity,
				 sizeof(*filter->rules));
	filter->rules[filter->rule_count++] = *rule;
}

static int read_oci_action(const struct reader *reader, const json_t *object, const char *key,
			   const char *errno_key, uint32_t *ret)
{
	const char *name = json_string_value(json_object_get(object, key));
	uint64_t data = EPERM;
	size_t i = 0;
	int result = read_number(reader, object, errno_key, &data);

	while (name && i < ACTION_COUNT && strcmp(actions[i].oci, name) != 0)
		i++;
	if (result == 0 && (!name || i == ACTION_COUNT))
		return fail(reader, key, "an action, as SCMP_ACT_ALLOW");
	if (result == 0 && data > SECCOMP_RET_DATA)
		return fail(reader, errno_key, "a number of 16 bits");
	if (result == 0)
		*ret = actions[i].value | (actions[i].has_data ? (uint32_t)data : 0);
	return result;
}

static int read_oci_condition(const struct reader *reader, const json_t *object,
			      struct seccomp_condition *ret)
{
	const char *name = json_string_value(json_object_get(object, "op"));
	uint64_t argument = SECCOMP_ARGUMENTS;
	size_t i = 0;
	int result = read_number(reader, object, "index", &argument);

	if (result == 0)
		result = read_number(reader, object, "value", &ret->value);
	if (result == 0)
		result = read_number(reader, object, "valueTwo", &ret->under_mask);
	if (result)
		return result;
	if (argument >= SECCOMP_ARGUMENTS)
		return fail(reader, "args", "a list of conditions on arguments 0 to 5");
	while (name && i < OPERATION_COUNT && strcmp(operations[i].oci, name) != 0)
		i++;
	if (!name || i == OPERATION_COUNT)
		return fail(reader, "args", "a list of conditions with 'op', as SCMP_CMP_EQ");
	ret->argument = (unsigned)argument;
	ret->operation = (enum seccomp_operation)i;
	return 0;
}

/* @read: a condition of one of the forms */
static int read_conditions(const struct reader *reader, const json_t *list,
			   int (*read)(const struct reader *reader, const json_t *object,
				       struct seccomp_condition *ret),
			   struct seccomp_rule *rule)
{
	unsigned seen = 0;

	if (!list || json_is_null(list))
		return 0;
	if (!json_is_array(list) || json_array_size(list) > SECCOMP_ARGUMENTS)
		return fail(reader, "args", "a list of at most 6 conditions");
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct seccomp_condition *condition = &rule->conditions[rule->condition_count++];
		int result = read(reader, json_array_get(list, i), condition);

		if (result)
			return result;
		rule->is_any_enough |= seen >> condition->argument & 1;
		seen |= 1U << condition->argument;
	}
	return 0;
}

static bool is_in_list(const json_t *list, const char *name)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *item = json_string_value(json_array_get(list, i));

		if (item && strcmp(item, name) == 0)
			return true;
	}
	return false;
}

static bool has_capability(const struct seccomp_subject *subject, const json_t *name)
{
	const char *text = json_string_value(name);

	for (size_t i = 0; text && subject->capabilities[i]; i++) {
		if (strcmp(subject->capabilities[i], text) == 0)
			return true;
	}
	return false;
}

/* Whether the release is at least "4.8". */
static bool is_kernel(const struct seccomp_subject *subject, const char *least)
{
	unsigned release[2] = { 0 }, wanted[2] = { 0 };

	if (sscanf(subject->release, "%u.%u", &release[0], &release[1]) != 2 ||
	    sscanf(least, "%u.%u", &wanted[0], &wanted[1]) != 2)
		return false;
	return release[0] > wanted[0] || (release[0] == wanted[0] && release[1] >= wanted[1]);
}

static bool is_excluded(const struct seccomp_subject *subject, const json_t *excludes)
{
	const json_t *capabilities = json_object_get(excludes, "caps");
	const char *least = json_string_value(json_object_get(excludes, "minKernel"));

	if (is_in_list(json_object_get(excludes, "arches"), arch_name))
		return true;
	for (size_t i = 0; i < json_array_size(capabilities); i++) {
		if (has_capability(subject, json_array_get(capabilities, i)))
			return true;
	}
	return least && is_kernel(subject, least);
}

static bool is_included(const struct seccomp_subject *subject, const json_t *includes)
{
	const json_t *arches = json_object_get(includes, "arches");
	const json_t *capabilities = json_object_get(includes, "caps");
	const char *least = json_string_value(json_object_get(includes, "minKernel"));

	if (json_array_size(arches) && !is_in_list(arches, arch_name))
		return false;
	for (size_t i = 0; i < json_array_size(capabilities); i++) {
		if (!has_capability(subject, json_array_get(capabilities, i)))
			return false;
	}
	return !least || is_kernel(subject, least);
}

/* @names: a list, or one of the older form */
static int add_names(struct reader *reader, const json_t *names, struct seccomp_rule *rule,
		     struct seccomp_filter *filter)
{
	size_t count = json_is_array(names) ? json_array_size(names) : 1;

	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_is_array(names) ? json_array_get(names, i) : names;

		if (!json_is_string(item))
			return fail(reader, "names", "a list of names of system calls");
		rule->name = keep(reader, json_string_value(item));
		add_rule(filter, rule);
	}
	return 0;
}

static int read_oci_rule(struct reader *reader, const json_t *object, struct seccomp_filter *filter)
{
	struct seccomp_rule rule = { 0 };
	const json_t *names = json_object_get(object, "names");

	if (is_excluded(reader->subject, json_object_get(object, "excludes")) ||
	    !is_included(reader->subject, json_object_get(object, "includes")))
		return 0;
	int result = read_oci_action(reader, object, "action", "errnoRet", &rule.action);
	if (result == 0)
		result = read_conditions(reader, json_object_get(object, "args"),
					 read_oci_condition, &rule);
	if (result)
		return result;
	return add_names(reader, names ? names : json_object_get(object, "name"), &rule, filter);
}

/* Those of archMap that are for this one, which an OCI runtime gets as a list. */
static json_t *architectures(const json_t *root)
{
	const json_t *map = json_object_get(root, "archMap");
	json_t *said = json_object_get(root, "architectures");
	json_t *list = NULL;

	if (json_is_array(said))
		return json_incref(said);
	for (size_t i = 0; i < json_array_size(map); i++) {
		const json_t *entry = json_array_get(map, i);
		const char *name = json_string_value(json_object_get(entry, "architecture"));
		const json_t *others = json_object_get(entry, "subArchitectures");

		if (!name || strcmp(name, arch_token) != 0)
			continue;
		list = list ? list : cov_json_array();
		cov_json_append(list, cov_json_name(name));
		for (size_t j = 0; j < json_array_size(others); j++)
			cov_json_append(list, json_incref(json_array_get(others, j)));
	}
	return list;
}

static int read_oci(struct reader *reader, const json_t *root)
{
	const json_t *list = json_object_get(root, "syscalls");
	struct seccomp_filter *filter = add_filter(reader, "container");
	int result = read_oci_action(reader, root, "defaultAction", "defaultErrnoRet",
				     &filter->default_action);

	if (result == 0 && list && !json_is_array(list) && !json_is_null(list))
		return fail(reader, "syscalls", "a list of rules");
	for (size_t i = 0; result == 0 && i < json_array_size(list); i++) {
		set_place(reader, "syscalls", i);
		result = read_oci_rule(reader, json_array_get(list, i), filter);
	}
	reader->profile->architectures = architectures(root);
	return result;
}

/* "trap", or {"errno": 1}. */
static int read_action(const struct reader *reader, const json_t *object, const char *key,
		       uint32_t *ret)
{
	const json_t *value = json_object_get(object, key);
	const char *name = json_string_value(value);
	uint64_t data = 0;

	for (size_t i = 0; i < ACTION_COUNT; i++) {
		const char *known = actions[i].firecracker;

		if (!known)
			continue;
		if (actions[i].has_data ? !json_object_get(value, known)
					: !name || strcmp(name, known) != 0)
			continue;
		int result = read_number(reader, value, known, &data);
		if (result == 0 && data > SECCOMP_RET_DATA)
			return fail(reader, key, "an action with a number of 16 bits");
		*ret = actions[i].value | (uint32_t)data;
		return result;
	}
	return fail(reader, key, "an action, as \"allow\" or {\"errno\": 1}");
}

static int read_condition(const struct reader *reader, const json_t *object,
			  struct seccomp_condition *ret)
{
	const json_t *operation = json_object_get(object, "op");
	const char *name = json_string_value(operation);
	const char *type = json_string_value(json_object_get(object, "type"));
	uint64_t argument = SECCOMP_ARGUMENTS, mask = 0;
	size_t i = 0;
	int result = read_number(reader, object, "index", &argument);

	if (result == 0)
		result = read_number(reader, object, "val", &ret->value);
	if (result == 0 && json_is_object(operation)) {
		name = operations[SECCOMP_MASKED_EQ].firecracker;
		result = read_number(reader, operation, name, &mask);
	}
	if (result)
		return result;
	if (argument >= SECCOMP_ARGUMENTS)
		return fail(reader, "args", "a list of conditions on arguments 0 to 5");
	while (name && i < OPERATION_COUNT && strcmp(operations[i].firecracker, name) != 0)
		i++;
	if (!name || i == OPERATION_COUNT)
		return fail(reader, "args", "a list of conditions with 'op', as \"eq\"");
	ret->argument = (unsigned)argument;
	ret->operation = (enum seccomp_operation)i;
	/* As its compiler: of 32 bits the upper half may be anything. */
	if (ret->operation == SECCOMP_EQ && type && strcmp(type, "dword") == 0) {
		ret->operation = SECCOMP_MASKED_EQ;
		mask = UINT32_MAX;
	}
	if (ret->operation == SECCOMP_MASKED_EQ) {
		ret->under_mask = ret->value;
		ret->value = mask;
	}
	return 0;
}

static int read_thread(struct reader *reader, const char *role, const json_t *object)
{
	const json_t *list = json_object_get(object, "filter");
	struct seccomp_filter *filter = add_filter(reader, role);
	uint32_t action = 0;

	reader->place.length = 0;
	cov_text_print(&reader->place, "%s", role);
	int result = read_action(reader, object, "default_action", &filter->default_action);
	if (result == 0)
		result = read_action(reader, object, "filter_action", &action);
	if (result == 0 && !json_is_array(list))
		return fail(reader, "filter", "a list of rules");
	for (size_t i = 0; result == 0 && i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(item, "syscall"));
		struct seccomp_rule rule = { .action = action };

		reader->place.length = 0;
		cov_text_print(&reader->place, "%s.filter[%zu]", role, i);
		if (!name)
			return fail(reader, "syscall", "a name");
		rule.name = keep(reader, name);
		result =
		    read_conditions(reader, json_object_get(item, "args"), read_condition, &rule);
		if (result == 0)
			add_rule(filter, &rule);
	}
	return result;
}

static int read_root(struct reader *reader, json_t *root)
{
	const json_t *within = json_object_get(json_object_get(root, "linux"), "seccomp");
	const char *role;
	json_t *thread;

	if (json_is_object(within) || json_object_get(root, "defaultAction"))
		return read_oci(reader, json_is_object(within) ? within : root);
	json_object_foreach(root, role, thread)
	{
		int result;

		if (!json_object_get(thread, "default_action"))
			break;
		result = read_thread(reader, role, thread);
		if (result)
			return result;
	}
	if (reader->profile->filter_count &&
	    reader->profile->filter_count == json_object_size(root))
		return 0;
	return cov_fail(reader->err, COV_ERR_FORMAT,
			"%s: neither a seccomp profile of OCI ('defaultAction') nor Firecracker's "
			"('default_action' of each kind of thread)",
			reader->path);
}

int seccomp_profile_read(const char *path, const struct seccomp_subject *subject,
			 struct seccomp_profile *ret, struct cov_error *err)
{
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	COV_AUTO(reader_deinit)
	struct reader reader = {
		.path = path, .subject = subject, .profile = &profile, .err = err
	};
	COV_AUTO(json_decref) json_t *root = NULL;
	int result = cov_json_read(path, &root, err);

	if (result)
		return result;
	result = read_root(&reader, root);
	if (result)
		return result;
	*ret = profile;
	memset(&profile, 0, sizeof(profile));
	return 0;
}

/* Return: that of enum actions with this value. */
static size_t action_place(uint32_t value)
{
	size_t i = 0;

	while (i < ACTION_COUNT && actions[i].value != (value & SECCOMP_RET_ACTION_FULL))
		i++;
	return i;
}

static json_t *rule_json(const struct seccomp_rule *rule)
{
	size_t action = action_place(rule->action);
	json_t *conditions = cov_json_array();
	json_t *object = cov_json_pack("{s:[o], s:s}", "names", cov_json_name(rule->name), "action",
				       actions[action].oci);

	if (actions[action].has_data)
		cov_json_set(object, "errnoRet", cov_json_integer(rule->action & SECCOMP_RET_DATA));
	for (size_t i = 0; i < rule->condition_count; i++) {
		const struct seccomp_condition *condition = &rule->conditions[i];

		cov_json_append(conditions, cov_json_pack("{s:i, s:I, s:I, s:s}", "index",
							  (int)condition->argument, "value",
							  (json_int_t)condition->value, "valueTwo",
							  (json_int_t)condition->under_mask, "op",
							  operations[condition->operation].oci));
	}
	cov_json_set(object, "args", conditions);
	return object;
}

json_t *seccomp_profile_json(const struct seccomp_profile *profile)
{
	const struct seccomp_filter *filter = &profile->filters[0];
	size_t action = action_place(filter->default_action);
	json_t *rules = cov_json_array();
	json_t *object = cov_json_pack("{s:s}", "defaultAction", actions[action].oci);

	if (actions[action].has_data)
		cov_json_set(object, "defaultErrnoRet",
			     cov_json_integer(filter->default_action & SECCOMP_RET_DATA));
	if (profile->architectures)
		cov_json_set(object, "architectures", json_incref(profile->architectures));
	for (size_t i = 0; i < filter->rule_count; i++)
		cov_json_append(rules, rule_json(&filter->rules[i]));
	cov_json_set(object, "syscalls", rules);
	return object;
}
