/*
 * store_phase.h - the phases of workloads: what a question about one means, and their groups.
 *
 * A phase of the workload cpu is a workload of kind phase: "cpu.steady". The group "steady" has
 * those of all workloads, "paper.steady" those of the members of the group paper.
 */
#ifndef VENN_STORE_STORE_PHASE_H
#define VENN_STORE_STORE_PHASE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

struct store_phases {
	int64_t *ids; /* [count], of workloads; owned */
	size_t count;
	size_t capacity;
};

void store_phase_deinit(struct store_phases *phases);
COV_DEFINE_AUTO_STRUCT(struct store_phases, store_phase_deinit)

/**
 * store_phase_find() - one phase of a workload, of a group's members, or of all workloads.
 * @name:  "cpu", "paper"; a name of such a phase stands for itself; NULL: all that have the phase
 * @phase: of cov_manifest_phase_names
 * @ret:   the group that has just these phases, if there is one, else the phases; free with
 *         store_phase_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH with the phases there are, also if only a member of the group lacks
 *         it; COV_ERR_STORE.
 */
int store_phase_find(struct store *store, const char *name, const char *phase,
		     struct store_phases *ret, struct cov_error *err);

/**
 * store_phase_unite() - make the groups of phases that are missing, within a transaction.
 *
 * A name that means something else already is left alone. Footprints made before do not have the
 * new groups: their analyses are no longer current.
 */
int store_phase_unite(struct store *store, struct cov_error *err);

#endif
