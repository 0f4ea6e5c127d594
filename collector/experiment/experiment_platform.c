/* experiment_platform.c - the platforms of an experiment file: which driver takes which keys. */
#include "collector/experiment/experiment_platform.h"

#include <string.h>

#include "collector/base/text.h"

enum driver {
	HOST = 1,
	OCI = 2,
	COMMAND = 4,
	QEMU = 8,
	FIRECRACKER = 16,
	MACHINES = QEMU | FIRECRACKER,
};

enum { MEMORY_MIB_MAX = 1 << 24, CPUS_MAX = 1024, MEMORY_MIB_DEFAULT = 8192, ID_MAX = 65535 };

const char *const experiment_network_names[] = { "none", "host", "bridge", "tap", NULL };

static const struct {
	const char *name;
	enum driver driver;
	const char *runtime; /* when left out */
	unsigned networks;   /* a bit for each enum experiment_network */
} drivers[] = {
	{ "host", HOST, NULL, 1 << NETWORK_HOST },
	{ "oci", OCI, NULL, 1 << NETWORK_NONE | 1 << NETWORK_HOST | 1 << NETWORK_BRIDGE },
	{ "command", COMMAND, NULL, 15 },
	{ "qemu-microvm", QEMU, "qemu-system-x86_64", 1 << NETWORK_NONE | 1 << NETWORK_TAP },
	{ "firecracker", FIRECRACKER, "firecracker", 1 << NETWORK_NONE | 1 << NETWORK_TAP },
};

enum { DRIVER_COUNT = sizeof(drivers) / sizeof(drivers[0]) };

/* Which drivers take a key, and which cannot do without it. */
static const struct {
	const char *key;
	unsigned takers;
	unsigned needers;
} keys[] = {
	{ "runtime", OCI | MACHINES, OCI },
	{ "arguments", OCI | MACHINES, 0 },
	{ "rootfs", OCI | COMMAND, OCI },
	{ "overlay", OCI | COMMAND, 0 },
	{ "network", OCI | COMMAND | MACHINES, 0 },
	{ "memory", OCI | COMMAND | MACHINES, 0 },
	{ "cpus", OCI | COMMAND | MACHINES, 0 },
	{ "kernel", COMMAND | MACHINES, MACHINES },
	{ "image", COMMAND | MACHINES, MACHINES },
	{ "boot_arguments", MACHINES, 0 },
	{ "template", COMMAND, COMMAND },
	{ "version", COMMAND, 0 },
	{ "tear_down", COMMAND, 0 },
	{ "seccomp", OCI, 0 },
	{ "api_socket", FIRECRACKER, 0 },
	{ "jailer", FIRECRACKER, 0 },
	{ "uid", FIRECRACKER, 0 },
	{ "gid", FIRECRACKER, 0 },
	{ "optional", OCI | COMMAND | MACHINES, 0 },
};

static int read_network(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			void *member)
{
	const char *text = NULL;
	int result = yaml_reader_text(reader, key, node, &text);

	if (result != 0)
		return result;
	for (int i = 0; experiment_network_names[i]; i++) {
		if (strcmp(experiment_network_names[i], text) == 0) {
			*(enum experiment_network *)member = (enum experiment_network)i;
			return 0;
		}
	}
	return yaml_reader_fail(reader, yaml_reader_line(node),
				"'%s' is not none, host, bridge or tap: '%s'", key, text);
}

static int read_memory(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	return yaml_reader_number(reader, key, node, 1, MEMORY_MIB_MAX, member);
}

static int read_cpus(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *member)
{
	return yaml_reader_number(reader, key, node, 1, CPUS_MAX, member);
}

static int read_id(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		   void *member)
{
	return yaml_reader_number(reader, key, node, 0, ID_MAX, member);
}

#define MEMBER(name) offsetof(struct experiment_platform, name)

static const struct yaml_field fields[] = {
	{ "name", yaml_reader_name, MEMBER(name), true },
	{ "driver", yaml_reader_name, MEMBER(driver), true },
	{ "runtime", yaml_reader_text, MEMBER(runtime), false },
	{ "arguments", yaml_reader_words, MEMBER(arguments), false },
	{ "rootfs", yaml_reader_absolute, MEMBER(rootfs), false },
	{ "overlay", yaml_reader_flag, MEMBER(has_overlay), false },
	{ "network", read_network, MEMBER(network), false },
	{ "memory", read_memory, MEMBER(memory_mib), false },
	{ "cpus", read_cpus, MEMBER(cpu_count), false },
	{ "kernel", yaml_reader_absolute, MEMBER(kernel), false },
	{ "image", yaml_reader_absolute, MEMBER(image), false },
	{ "boot_arguments", yaml_reader_text, MEMBER(boot_arguments), false },
	{ "template", yaml_reader_command, MEMBER(template), false },
	{ "version", yaml_reader_command, MEMBER(version), false },
	{ "tear_down", yaml_reader_command, MEMBER(tear_down), false },
	{ "seccomp", yaml_reader_absolute, MEMBER(seccomp), false },
	{ "api_socket", yaml_reader_flag, MEMBER(has_api_socket), false },
	{ "jailer", yaml_reader_text, MEMBER(jailer), false },
	{ "uid", read_id, MEMBER(uid), false },
	{ "gid", read_id, MEMBER(gid), false },
	{ "optional", yaml_reader_flag, MEMBER(is_optional), false },
	{ 0 },
};

static int fail_driver(struct yaml_reader *reader, const struct experiment_platform *platform)
{
	COV_AUTO(cov_text_deinit) struct cov_text known = { 0 };

	for (int i = 0; i < DRIVER_COUNT; i++)
		cov_text_print(&known, "%s%s", i ? ", " : "", drivers[i].name);
	return yaml_reader_fail(reader, platform->line,
				"platform %s: there is no driver '%s', only %s", platform->name,
				platform->driver, known.data);
}

static int check_keys(struct yaml_reader *reader, struct yaml_node_s *node, unsigned driver,
		      const struct experiment_platform *platform)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		bool is_given = yaml_reader_map_find(reader, node, keys[i].key);

		if (is_given && !(keys[i].takers & driver))
			return yaml_reader_fail(reader, platform->line,
						"platform %s: '%s' is not for the driver %s",
						platform->name, keys[i].key, platform->driver);
		if (!is_given && (keys[i].needers & driver))
			return yaml_reader_fail(reader, platform->line,
						"platform %s needs the key '%s'", platform->name,
						keys[i].key);
	}
	if (platform->has_overlay && !platform->rootfs)
		return yaml_reader_fail(reader, platform->line,
					"platform %s: 'overlay' needs a 'rootfs'", platform->name);
	return 0;
}

int experiment_platform_read(struct yaml_reader *reader, struct yaml_node_s *node,
			     struct experiment_platform *ret)
{
	int index = 0;

	ret->line = yaml_reader_line(node);
	int result = yaml_reader_fields(reader, "a platform", node, fields, ret);
	if (result != 0)
		return result;
	while (index < DRIVER_COUNT && strcmp(drivers[index].name, ret->driver) != 0)
		index++;
	if (index == DRIVER_COUNT)
		return fail_driver(reader, ret);
	result = check_keys(reader, node, drivers[index].driver, ret);
	if (result != 0)
		return result;

	if (drivers[index].driver == HOST)
		ret->network = NETWORK_HOST;
	if (!(drivers[index].networks >> ret->network & 1))
		return yaml_reader_fail(reader, ret->line,
					"platform %s: the driver %s has no network '%s'", ret->name,
					ret->driver, experiment_network_names[ret->network]);
	if (!ret->runtime)
		ret->runtime = drivers[index].runtime;
	if (drivers[index].driver & MACHINES && !ret->memory_mib)
		ret->memory_mib = MEMORY_MIB_DEFAULT;
	if (drivers[index].driver & MACHINES && !ret->cpu_count)
		ret->cpu_count = 1;
	return 0;
}
