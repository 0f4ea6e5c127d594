/* seccomp_compile.c - the rules of a profile, given to libseccomp one by one. */
#include "collector/filter/seccomp_compile.h"

#include <errno.h>
#include <seccomp_late.h>
#include <string.h>
#include <sys/mman.h>

#include "collector/base/error.h"
#include "collector/base/file.h"

static void release_context(scmp_filter_ctx context)
{
	if (context)
		seccomp_release(context);
}

COV_DEFINE_AUTO(scmp_filter_ctx, release_context)

static struct scmp_arg_cmp comparison(const struct seccomp_condition *condition)
{
	static const enum scmp_compare operations[] = {
		[SECCOMP_NE] = SCMP_CMP_NE,
		[SECCOMP_LT] = SCMP_CMP_LT,
		[SECCOMP_LE] = SCMP_CMP_LE,
		[SECCOMP_EQ] = SCMP_CMP_EQ,
		[SECCOMP_GE] = SCMP_CMP_GE,
		[SECCOMP_GT] = SCMP_CMP_GT,
		[SECCOMP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
	};

	return (struct scmp_arg_cmp){
		.arg = condition->argument,
		.op = operations[condition->operation],
		.datum_a = condition->value,
		.datum_b = condition->under_mask,
	};
}

/* Several conditions on one argument are alternatives, which libseccomp takes one by one. */
static int add_rule(scmp_filter_ctx context, int number, const struct seccomp_rule *rule)
{
	struct scmp_arg_cmp all[SECCOMP_ARGUMENTS];
	unsigned count = (unsigned)rule->condition_count;
	int result = 0;

	for (unsigned i = 0; i < count; i++)
		all[i] = comparison(&rule->conditions[i]);
	if (!rule->is_any_enough)
		return seccomp_rule_add_array(context, rule->action, number, count, all);
	for (unsigned i = 0; result == 0 && i < count; i++)
		result = seccomp_rule_add_array(context, rule->action, number, 1, &all[i]);
	return result;
}

static int add_rules(scmp_filter_ctx context, const struct seccomp_filter *filter, const char *path,
		     size_t *unknown, struct cov_error *err)
{
	for (size_t i = 0; i < filter->rule_count; i++) {
		const struct seccomp_rule *rule = &filter->rules[i];
		int number = seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, rule->name);

		/* Below 0: it is there on other architectures. */
		*unknown += number == __NR_SCMP_ERROR;
		if (number < 0 || rule->action == filter->default_action)
			continue;
		int result = add_rule(context, number, rule);
		if (result)
			return cov_fail(err, COV_ERR_FORMAT,
					"%s: libseccomp does not take the rule of %s for %s: %s",
					path, filter->role, rule->name, strerror(-result));
	}
	return 0;
}

/* Ours alone: nothing of it reaches a disk. */
static int export_program(scmp_filter_ctx context, const char *path, struct bpf_program *ret,
			  struct cov_error *err)
{
	COV_AUTO(close) int fd = memfd_create("filter", MFD_CLOEXEC);
	COV_AUTO(free) char *bytes = cov_xmalloc(BPF_PROGRAM_MAX * sizeof(struct sock_filter) + 1);
	ssize_t size = -1;

	if (fd < 0)
		return cov_fail_errno(err, "cannot make memory for a filter");
	int result = seccomp_export_bpf(context, fd);
	if (result)
		return cov_fail(err, COV_ERR_FORMAT, "%s: libseccomp makes no filter of it: %s",
				path, strerror(-result));
	size = pread(fd, bytes, BPF_PROGRAM_MAX * sizeof(struct sock_filter) + 1, 0);
	if (size < 0)
		return cov_fail_errno(err, "cannot read a filter");
	return bpf_program_read(bytes, (size_t)size, path, ret, err);
}

int seccomp_compile(const struct seccomp_filter *filter, const char *path, struct bpf_program *ret,
		    size_t *unknown, struct cov_error *err)
{
	int result = seccomp_late_open(err);

	if (result)
		return result;
	COV_AUTO(release_context) scmp_filter_ctx context = seccomp_init(filter->default_action);
	*unknown = 0;
	if (!context)
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: libseccomp does not take its default action", path);
	/* It knows this architecture alone, whatever this program runs on. */
	if (seccomp_arch_native() != SCMP_ARCH_X86_64 &&
	    (seccomp_arch_add(context, SCMP_ARCH_X86_64) != 0 ||
	     seccomp_arch_remove(context, seccomp_arch_native()) != 0))
		return cov_fail(err, COV_ERR_SYSTEM, "libseccomp does not know x86-64");
	result = add_rules(context, filter, path, unknown, err);
	return result ? result : export_program(context, path, ret, err);
}
