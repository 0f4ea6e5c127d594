/* lab.h - the lab, an instrumented kernel in QEMU: its parts, and which acceleration QEMU gets. */
#ifndef COLLECTOR_LAB_LAB_H
#define COLLECTOR_LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"
#include "collector/lab/qemu.h"
#include "collector/run/process.h"

struct cov_error;

/* What workloads/lab/build.sh made. */
struct lab_paths {
	char *kernel_dir;   /* holds kernel.json; owned */
	char *kernel_tree;  /* holds the notes; owned */
	char *kernel_image; /* bzImage; owned */
	char *rootfs;       /* ext4 image of the root file system; owned */
};

/** lab_paths_deinit() - free what @paths owns; a zeroed struct is fine. */
void lab_paths_deinit(struct lab_paths *paths);

COV_DEFINE_AUTO_STRUCT(struct lab_paths, lab_paths_deinit)

/**
 * lab_paths_parse() - read lines KEY=VALUE as build.sh prints them; unknown keys are ignored.
 * @out: filled on success; free with lab_paths_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a line is missing.
 */
int lab_paths_parse(const char *text, struct lab_paths *out, struct cov_error *err);

/**
 * lab_find() - run build.sh; its messages go to stderr.
 * @verb: "build" to make what is missing, "paths" only to look it up
 * @out:  filled when 0 is returned; free with lab_paths_deinit()
 *
 * Return: 0; build.sh's exit status, after it said why; COV_ERR_SYSTEM, COV_ERR_FORMAT.
 */
int lab_find(const char *verb, struct lab_paths *out, struct cov_error *err);

/**
 * lab_check_programs() - whether QEMU and e2fsprogs are installed.
 * @err: what to install
 *
 * Return: 0; COV_ERR_MACHINE.
 */
int lab_check_programs(struct cov_error *err);

/* What is known about KVM on this machine. */
struct lab_kvm {
	bool is_working;
	char *why; /* one sentence for people; owned */
};

/** lab_kvm_deinit() - free what @kvm owns; a zeroed struct is fine. */
void lab_kvm_deinit(struct lab_kvm *kvm);

COV_DEFINE_AUTO_STRUCT(struct lab_kvm, lab_kvm_deinit)

/**
 * lab_cache_find() - look up an earlier finding about KVM.
 * @file: one line per finding; may be missing
 * @key:  boot of the machine, a tab, what was tried; no line breaks
 * @out:  filled if it is there; free with lab_kvm_deinit()
 *
 * Return: whether it was there.
 */
bool lab_cache_find(const char *file, const char *key, struct lab_kvm *out);

/**
 * lab_cache_store() - keep a finding; those of other boots of the machine are dropped.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int lab_cache_store(const char *file, const char *key, const struct lab_kvm *kvm,
		    struct cov_error *err);

/**
 * lab_probe_kvm() - find out by booting whether a guest comes up under KVM.
 * @program:  QEMU
 * @limit_ns: how long it may take
 * @out:      filled on success; free with lab_kvm_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM, also when interrupted.
 */
int lab_probe_kvm(const char *program, const struct lab_paths *paths, long long limit_ns,
		  struct lab_kvm *out, struct cov_error *err);

enum lab_wish { LAB_AUTO, LAB_KVM, LAB_TCG };

/**
 * lab_choose_acceleration() - what @wish comes to here; says on stderr what was taken and why.
 *
 * LAB_AUTO probes KVM once per boot of the machine, version of QEMU and kernel image.
 *
 * Return: 0; COV_ERR_MACHINE if KVM was asked for and cannot be opened; COV_ERR_SYSTEM.
 */
int lab_choose_acceleration(enum lab_wish wish, const struct lab_paths *paths,
			    enum qemu_acceleration *ret, struct cov_error *err);

/* A lab that was found, and how it is to be started. A zeroed struct is empty. */
struct lab {
	struct lab_paths paths;
	enum lab_wish wish;
	enum qemu_acceleration acceleration; /* what the wish came to */
	unsigned memory_mib;
};

/** lab_deinit() - free what @lab owns. */
void lab_deinit(struct lab *lab);

COV_DEFINE_AUTO_STRUCT(struct lab, lab_deinit)

/**
 * lab_describe() - the lab's machine.
 * @append, @data_image: borrowed; as in struct qemu_description
 */
struct qemu_description lab_describe(const struct lab *lab, const char *append,
				     const char *data_image);

/** lab_append() - the kernel's command line for @mode ("collect", "shell", "probe"); free() it. */
char *lab_append(const char *mode, enum qemu_acceleration acceleration);

/** lab_tie() - how the lab starts programs: with the system's folders in PATH, in @folder or here.
 */
struct process_tie lab_tie(const char *folder);

/** lab_last_line() - the last line of @output that says anything; what follows it is cut off. */
const char *lab_last_line(struct cov_text *output);

extern const char lab_qemu_program[];

#endif
