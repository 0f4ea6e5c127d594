/* syscall_use.c - which system calls platforms may make, and which they made, by role. */
#include "venn/questions/syscall_use.h"

#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

const char syscall_use_glob[] = "__[xd]*_sys_*";

const char *const syscall_use_class_names[] = {
	[BPF_ALLOWED] = "allowed",
	[BPF_BY_ARGUMENT] = "by argument",
	[BPF_DENIED] = "denied",
};

/* A call without arguments has its counters in the latter: the former is another name of it. */
static const char outer[] = "__x64_sys_", inner[] = "__do_sys_";
/* Where calls that are not compiled have a function that returns an error. */
static const char stub_file[] = "kernel/sys_ni.c";

void syscall_use_deinit(struct syscall_use *use)
{
	for (size_t i = 0; i < use->role_count; i++)
		free(use->roles[i]);
	free(use->roles);
	syscall_table_deinit(&use->table);
	cov_arena_deinit(&use->arena);
	memset(use, 0, sizeof(*use));
}

static void count_there(struct syscall_use *use)
{
	use->there_count = use->compiled_count = 0;
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		use->there_count += use->is_there[i];
		use->compiled_count += use->is_compiled[i];
	}
}

int syscall_use_begin(struct syscall_use *ret, struct cov_error *err)
{
	memset(ret, 0, sizeof(*ret));
	int result = syscall_table_read(&ret->table, err);
	if (result)
		return result;
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++)
		ret->is_there[i] = ret->table.names[i];
	count_there(ret);
	return 0;
}

/* Return: what a function's name has behind @prefix, or NULL. */
static const char *behind(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

/* A function that is named as one of a call, whatever else there is of it. */
struct candidate {
	const char *name; /* behind what all have in front */
	int64_t place;
	int rank; /* of several the one that is compiled, of these the outer one */
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order == 0)
		order = right->rank - left->rank;
	return order ? order : (left->place > right->place) - (left->place < right->place);
}

/* By name, the best first. @ret: [functions->count]. Return: how many. */
static size_t list_candidates(const struct store_functions *functions, struct candidate *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < functions->count; i++) {
		const struct store_function *function = &functions->items[i];
		const char *outer_name = behind(function->name, outer);
		const char *name = outer_name ? outer_name : behind(function->name, inner);

		if (name)
			ret[count++] =
			    (struct candidate){ name, (int64_t)i,
						2 * (strcmp(function->file, stub_file) != 0) +
						    (outer_name != NULL) };
	}
	if (count)
		qsort(ret, count, sizeof(*ret), compare_candidates);
	return count;
}

/* The place of a call's function, or -1. */
static int64_t find_entry(const struct candidate *candidates, size_t count, const char *name)
{
	const char *entry = syscall_table_entry(name);
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(candidates[middle].name, entry) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && strcmp(candidates[low].name, entry) == 0 ? candidates[low].place : -1;
}

void syscall_use_kernel(struct syscall_use *use, const struct store_functions *functions)
{
	COV_AUTO(free)
	struct candidate *candidates = cov_xcalloc(functions->count, sizeof(*candidates));
	size_t count = list_candidates(functions, candidates), behind_last = 0;

	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		int64_t entry =
		    use->table.names[i] ? find_entry(candidates, count, use->table.names[i]) : -1;

		use->entries[i] = entry;
		use->is_compiled[i] =
		    entry >= 0 && strcmp(functions->items[entry].file, stub_file) != 0;
		behind_last = entry >= 0 ? i + 1 : behind_last;
	}
	for (size_t i = behind_last; i < SYSCALL_NUMBERS_MAX; i++)
		use->is_there[i] = false;
	count_there(use);
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

const struct syscall_use_role *syscall_use_find(const struct syscall_use *use, const char *platform,
						const char *role)
{
	for (size_t i = 0; i < use->role_count; i++) {
		if (strcmp(use->roles[i]->platform, platform) == 0 &&
		    is_same(use->roles[i]->role, role))
			return use->roles[i];
	}
	return NULL;
}

static const char *keep(struct syscall_use *use, const char *text)
{
	return text ? cov_arena_text(&use->arena, text, strlen(text)) : NULL;
}

/* A new one comes behind the others of its platform. */
static struct syscall_use_role *find_or_add(struct syscall_use *use, const char *platform,
					    const char *role)
{
	struct syscall_use_role *found =
	    (struct syscall_use_role *)syscall_use_find(use, platform, role);
	size_t place = use->role_count;

	if (found)
		return found;
	for (size_t i = 0; i < use->role_count; i++) {
		if (strcmp(use->roles[i]->platform, platform) == 0)
			place = i + 1;
	}
	use->roles =
	    cov_grow(use->roles, use->role_count, &use->role_capacity, sizeof(*use->roles));
	memmove(use->roles + place + 1, use->roles + place,
		(use->role_count++ - place) * sizeof(*use->roles));
	found = use->roles[place] = cov_xcalloc(1, sizeof(*found));
	found->platform = keep(use, platform);
	found->role = keep(use, role);
	return found;
}

static void add_answers(struct bpf_answers *all, const struct bpf_answers *more)
{
	all->is_more |= more->is_more;
	for (size_t i = 0; i < more->count; i++) {
		size_t place = 0;

		while (place < all->count && all->values[place] != more->values[i])
			place++;
		if (place == BPF_ANSWERS_MAX)
			all->is_more = true;
		else if (place == all->count)
			all->values[all->count++] = more->values[i];
	}
}

/* Those of one stack serve a role that has no others. */
static const struct bpf_answers *unite_answers(struct syscall_use *use,
					       const struct bpf_answers *known,
					       const struct bpf_answers *more)
{
	if (!known)
		return more;
	struct bpf_answers *all = cov_arena_alloc(&use->arena, SYSCALL_NUMBERS_MAX, sizeof(*all));
	memcpy(all, known, SYSCALL_NUMBERS_MAX * sizeof(*all));
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++)
		add_answers(&all[i], &more[i]);
	return all;
}

static bool is_same_stack(const struct bpf_stack *a, const struct bpf_stack *b)
{
	bool is_same = a->count == b->count;

	for (size_t i = 0; is_same && i < a->count; i++) {
		const struct bpf_program *first = a->programs[i], *second = b->programs[i];

		is_same = first->count == second->count &&
			  memcmp(first->instructions, second->instructions,
				 first->count * sizeof(*first->instructions)) == 0;
	}
	return is_same;
}

static const struct bpf_answers *evaluate(struct syscall_use *use, const struct bpf_stack *stack)
{
	struct bpf_answers *answers =
	    cov_arena_alloc(&use->arena, SYSCALL_NUMBERS_MAX, sizeof(*answers));

	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		if (use->table.names[i])
			bpf_stack_evaluate(stack, AUDIT_ARCH_X86_64, (uint32_t)i, &answers[i]);
	}
	return answers;
}

/* What filters answer that the role has for the first time, which are kept; NULL: it has had them.
 * Roles, and trials, mostly have the same. */
static const struct bpf_answers *note_stack(struct syscall_use *use,
					    const struct syscall_use_role *role,
					    const struct bpf_stack *stack)
{
	const struct bpf_answers *answers = NULL;

	for (const struct syscall_use_stack *one = use->stacks; one; one = one->next) {
		if (!is_same_stack(&one->stack, stack))
			continue;
		if (one->role == role)
			return NULL;
		answers = one->answers;
	}
	struct syscall_use_stack *known = cov_arena_alloc(&use->arena, 1, sizeof(*known));
	known->role = role;
	known->stack.count = stack->count;
	known->next = use->stacks;
	use->stacks = known;
	for (size_t i = 0; i < stack->count; i++) {
		const struct bpf_program *from = stack->programs[i];
		struct bpf_program *program = cov_arena_alloc(&use->arena, 1, sizeof(*program));

		program->count = from->count;
		program->instructions =
		    cov_arena_alloc(&use->arena, from->count, sizeof(*program->instructions));
		memcpy(program->instructions, from->instructions,
		       from->count * sizeof(*from->instructions));
		known->stack.programs[i] = program;
	}
	known->answers = answers ? answers : evaluate(use, stack);
	return known->answers;
}

/* Filters of one or more threads of the role, which mostly has the same in all trials. */
static void add_stack(struct syscall_use *use, struct syscall_use_role *role,
		      const struct bpf_stack *stack)
{
	const struct bpf_answers *answers = note_stack(use, role, stack);

	if (!answers)
		return;
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		if (!use->table.names[i])
			continue;
		unsigned char class = (unsigned char)bpf_answers_class(&answers[i]);
		if (!role->has_filters || class < role->classes[i])
			role->classes[i] = class;
	}
	role->answers = unite_answers(use, role->answers, answers);
	role->has_filters = true;
	if (stack->count > role->filter_count)
		role->filter_count = stack->count;
}

static bool is_stack_known(const struct syscalls_file *file, size_t place)
{
	const struct syscalls_thread *thread = &file->threads[place];

	for (size_t i = 0; i < place; i++) {
		const struct syscalls_thread *other = &file->threads[i];

		if (strcmp(other->role, thread->role) == 0 && !other->unread &&
		    other->filter_count == thread->filter_count &&
		    memcmp(other->filters, thread->filters,
			   thread->filter_count * sizeof(*thread->filters)) == 0)
			return true;
	}
	return false;
}

static int64_t threads_of(const struct syscalls_file *file, const char *role)
{
	int64_t count = 0;

	for (size_t i = 0; i < file->thread_count; i++)
		count += strcmp(file->threads[i].role, role) == 0 ? file->threads[i].count : 0;
	return count;
}

void syscall_use_add_trial(struct syscall_use *use, const char *platform,
			   const struct syscalls_file *file)
{
	for (size_t i = 0; i < file->thread_count; i++) {
		const struct syscalls_thread *thread = &file->threads[i];
		struct syscall_use_role *role = find_or_add(use, platform, thread->role);
		const struct bpf_stack stack = syscalls_file_stack(file, thread);
		int64_t count = threads_of(file, thread->role);

		role->has_threads = role->has_calls = true;
		if (count > role->thread_count)
			role->thread_count = count;
		if (thread->unread && !role->unread)
			role->unread = keep(use, thread->unread);
		if (!thread->unread && !is_stack_known(file, i))
			add_stack(use, role, &stack);
	}
	for (size_t i = 0; i < file->call_count; i++) {
		const struct syscalls_call *call = &file->calls[i];
		struct syscall_use_role *role = find_or_add(use, platform, call->role);

		role->has_calls = true;
		if (call->number >= SYSCALL_NUMBERS_MAX)
			continue;
		role->calls[call->number] += call->calls;
		role->is_called[call->number] = true;
	}
}

void syscall_use_add_filter(struct syscall_use *use, const char *platform, const char *role,
			    const struct bpf_program *program)
{
	const struct bpf_stack stack = { { program }, 1 };

	add_stack(use, find_or_add(use, platform, role), &stack);
}

void syscall_use_add_platform(struct syscall_use *use, const struct store_query *query,
			      const struct store_functions *functions, size_t place)
{
	struct syscall_use_role *role = find_or_add(use, query->platforms[place].name, NULL);

	role->has_calls = true;
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		const struct store_function *entry =
		    use->is_compiled[i] ? &functions->items[use->entries[i]] : NULL;

		if (!entry || !store_function_is_beyond(query, entry, place))
			continue;
		role->is_called[i] = true;
		role->calls[i] = entry->calls[place];
	}
}

struct syscall_use_counts syscall_use_count(const struct syscall_use *use,
					    const struct syscall_use_role *role)
{
	struct syscall_use_counts counts = { { 0 }, 0 };

	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		if (!use->is_there[i])
			continue;
		counts.classes[role->classes[i]] += role->has_filters;
		counts.called += role->is_called[i];
	}
	return counts;
}

size_t syscall_use_allowed(const struct syscall_use *use, const char *platform,
			   const char *const *roles, size_t role_count)
{
	bool is_allowed[SYSCALL_NUMBERS_MAX] = { false };
	size_t count = 0;

	for (size_t i = 0; i < role_count; i++) {
		const struct syscall_use_role *role = syscall_use_find(use, platform, roles[i]);

		if (!role || !role->filter_count)
			return 0;
		for (size_t j = 0; j < SYSCALL_NUMBERS_MAX; j++)
			is_allowed[j] |= role->classes[j] != BPF_DENIED;
	}
	for (size_t j = 0; j < SYSCALL_NUMBERS_MAX; j++)
		count += use->is_there[j] && is_allowed[j];
	return count;
}

bool syscall_use_is_called(const struct syscall_use *use, const char *platform, size_t number)
{
	for (size_t i = 0; i < use->role_count; i++) {
		if (strcmp(use->roles[i]->platform, platform) == 0 &&
		    use->roles[i]->is_called[number])
			return true;
	}
	return false;
}
