/* claims.c - a file of claims about platforms, each a query and what it should give. */
#include "venn/questions/claims.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"

/* What kind of agreement it is; the last one has nothing to agree with. */
static const char *const class_names[] = { "exact", "ordinal",       "set-shape",
					   "ratio", "informational", NULL };

/* As the reader fills it; the lists keep their counts beside them. */
struct form {
	const char *name;
	struct yaml_named_lists platforms;
	struct yaml_named_lists workloads;
	struct {
		struct claim *items;
		size_t count;
	} claims;
};

static int read_class(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		      void *member)
{
	const char **name = member;
	int result = yaml_reader_text(reader, key, node, name);

	if (result)
		return result;
	for (size_t i = 0; class_names[i]; i++) {
		if (strcmp(class_names[i], *name) == 0)
			return 0;
	}
	return yaml_reader_fail(reader, yaml_reader_line(node),
				"'%s' is exact, ordinal, set-shape, ratio or informational, not %s",
				key, *name);
}

#define MEMBER(name) offsetof(struct claim, name)

static const struct yaml_field claim_fields[] = {
	{ "name", yaml_reader_name, MEMBER(name), true },
	{ "place", yaml_reader_text, MEMBER(place), true },
	{ "claim", yaml_reader_text, MEMBER(text), true },
	{ "class", read_class, MEMBER(class_name), true },
	{ "query", yaml_reader_text, MEMBER(query), true },
	{ "expected", yaml_reader_text, MEMBER(expected), false },
	{ "note", yaml_reader_text, MEMBER(note), false },
	{ 0 },
};

static int read_claim(struct yaml_reader *reader, struct yaml_node_s *node, void *item)
{
	struct claim *claim = item;
	int result = yaml_reader_fields(reader, "a claim", node, claim_fields, claim);

	if (result)
		return result;
	claim->line = yaml_reader_line(node);
	bool is_informational = strcmp(claim->class_name, "informational") == 0;
	if (is_informational == !claim->expected)
		return 0;
	return yaml_reader_fail(reader, claim->line,
				is_informational
				    ? "claim %s is informational, but expects something"
				    : "claim %s does not say what is expected",
				claim->name);
}

static int read_claims(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       void *member)
{
	struct form *form = member;

	form->claims.items = yaml_reader_list(reader, key, node, sizeof(*form->claims.items),
					      read_claim, &form->claims.count);
	return form->claims.items ? 0 : COV_ERR_FORMAT;
}

static const struct yaml_field fields[] = {
	{ "name", yaml_reader_name, offsetof(struct form, name), true },
	{ "platforms", yaml_reader_named_lists, offsetof(struct form, platforms), true },
	{ "workloads", yaml_reader_named_lists, offsetof(struct form, workloads), true },
	{ "claims", read_claims, 0, true },
	{ 0 },
};

int claims_read(const char *path, struct claims *ret, struct cov_error *err)
{
	COV_AUTO(claims_deinit) struct claims claims = { .path = path };
	COV_AUTO(yaml_reader_close) struct yaml_reader reader = { 0 };
	COV_AUTO(free) char *text = NULL;
	struct form form = { 0 };
	size_t size;
	int result = cov_file_read_text(path, &text, &size, err);

	if (result == 0)
		result = yaml_reader_open(text, size, path, &claims.arena, &reader, err);
	if (result == 0)
		result = yaml_reader_fields(&reader, "a file of claims", yaml_reader_root(&reader),
					    fields, &form);
	if (result)
		return result;
	claims.name = form.name;
	claims.platforms = form.platforms.items;
	claims.platform_count = form.platforms.count;
	claims.workloads = form.workloads.items;
	claims.workload_count = form.workloads.count;
	claims.items = form.claims.items;
	claims.count = form.claims.count;
	*ret = claims;
	memset(&claims, 0, sizeof(claims));
	return 0;
}

void claims_deinit(struct claims *claims)
{
	cov_arena_deinit(&claims->arena);
	memset(claims, 0, sizeof(*claims));
}
