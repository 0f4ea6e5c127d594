/* store_syscalls.c - trials of system calls: filters of threads, and calls by role. */
#include "venn/store/store_syscalls.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

enum { PLACES_MAX = 65536 };

static void deinit_trial(struct store_syscalls *trial)
{
	free(trial->platform);
	free(trial->workload);
	free(trial->started_at);
	free(trial->manifest);
	syscalls_file_deinit(&trial->file);
}

void store_syscalls_list_deinit(struct store_syscalls_trials *trials)
{
	for (size_t i = 0; i < trials->count; i++)
		deinit_trial(&trials->items[i]);
	free(trials->items);
	memset(trials, 0, sizeof(*trials));
}

/* What is read of one trial, row by row. */
struct reading {
	struct store *store;
	struct syscalls_file *file;
	int64_t id;
	struct cov_error *err;
};

/* @take: gets each row of @sql, which has the trial as its parameter */
static int each_row(const struct reading *reading, const char *sql,
		    int (*take)(const struct reading *reading, struct statement_row *row))
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(reading->store, sql, &statement, reading->err);
	struct statement_row row = { reading->store, statement, reading->err, 0 };

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, reading->id);
	while ((result = statement_step(reading->store, statement, reading->err)) > 0) {
		result = take(reading, &row);
		if (result)
			return result;
	}
	return result;
}

static int fail_damaged(const struct reading *reading, const char *what)
{
	return cov_fail(reading->err, COV_ERR_STORE, "%s: it is damaged: %s of syscalls %lld",
			reading->store->path, what, (long long)reading->id);
}

static int take_program(const struct reading *reading, struct statement_row *row)
{
	COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
	size_t size;
	COV_AUTO(free) void *bytes = statement_column_copy(row->statement, 1, &size);
	int64_t place = statement_row_number(row, 0, 0, PLACES_MAX);
	struct cov_error err;

	if (row->result)
		return row->result;
	if (bpf_program_read(bytes, size, "program", &program, &err) ||
	    syscalls_file_add_program(reading->file, &program) != place)
		return fail_damaged(reading, "a program");
	return 0;
}

static int take_thread(const struct reading *reading, struct statement_row *row)
{
	COV_AUTO(free) char *role = statement_column_text(row->statement, 1);
	COV_AUTO(free) char *process = statement_column_text(row->statement, 2);
	COV_AUTO(free) char *name = statement_column_text(row->statement, 3);
	COV_AUTO(free) char *unread = statement_column_text(row->statement, 6);
	COV_AUTO(free) char *filters = statement_column_text(row->statement, 7);
	struct syscalls_thread thread = {
		.role = role,
		.process = process,
		.name = name,
		.unread = unread && *unread ? unread : NULL,
		.count = statement_row_number(row, 4, 1, syscalls_calls_max),
		.seccomp = statement_row_number(row, 5, 0, SYSCALLS_SECCOMP_FILTER),
	};

	if (row->result)
		return row->result;
	for (const char *place = filters; place && *place;) {
		uint64_t program;

		if (!cov_number_read(place, PLACES_MAX, &place, &program) ||
		    program >= reading->file->program_count || thread.filter_count == BPF_STACK_MAX)
			return fail_damaged(reading, "a filter");
		thread.filters[thread.filter_count++] = (uint32_t)program;
		place += *place == ',';
	}
	syscalls_file_add_thread(reading->file, &thread);
	return 0;
}

static int take_call(const struct reading *reading, struct statement_row *row)
{
	COV_AUTO(free) char *role = statement_column_text(row->statement, 0);
	int64_t number = statement_row_number(row, 1, 0, INT32_MAX);
	int64_t calls = statement_row_number(row, 2, 1, syscalls_calls_max);

	if (row->result)
		return row->result;
	syscalls_file_add_calls(reading->file, role, (uint32_t)number, calls);
	return 0;
}

static int read_file(struct store *store, struct store_syscalls *trial, struct cov_error *err)
{
	const struct reading reading = { store, &trial->file, trial->id, err };
	int result = each_row(&reading,
			      "SELECT program, instructions FROM syscalls_program"
			      " WHERE syscalls_id = ? ORDER BY program",
			      take_program);

	if (result == 0)
		result = each_row(&reading,
				  "SELECT place, role, process, name, count, seccomp, unread,"
				  " (SELECT group_concat(program, ',') FROM (SELECT program FROM"
				  "   syscalls_filter f WHERE f.syscalls_id = t.syscalls_id"
				  "   AND f.place = t.place ORDER BY position))"
				  " FROM syscalls_thread t WHERE syscalls_id = ? ORDER BY place",
				  take_thread);
	return result ? result
		      : each_row(&reading,
				 "SELECT role, number, calls FROM syscalls_call"
				 " WHERE syscalls_id = ? ORDER BY role, number",
				 take_call);
}

int store_syscalls_list(struct store *store, int64_t kernel_id, struct store_syscalls_trials *ret,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_syscalls_list_deinit) struct store_syscalls_trials list = { 0 };
	int result = statement_prepare(
	    store,
	    "SELECT syscalls_id, s.platform, s.workload, s.number, started_at, duration_ns, lost,"
	    "  manifest FROM syscalls s LEFT JOIN platform p ON p.name = s.platform"
	    " WHERE kernel_id = ? ORDER BY p.platform_id IS NULL, p.platform_id, syscalls_id",
	    &statement, err);
	struct statement_row row = { store, statement, err, 0 };

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		struct store_syscalls *trial = &list.items[list.count++];
		*trial = (struct store_syscalls){
			.id = sqlite3_column_int64(statement, 0),
			.platform = statement_column_text(statement, 1),
			.workload = statement_column_text(statement, 2),
			.number = sqlite3_column_int64(statement, 3),
			.started_at = statement_column_text(statement, 4),
			.duration_ns = statement_row_number(&row, 5, 0, store_duration_ns_max),
			.manifest = statement_column_text(statement, 7),
			.file.lost = statement_row_number(&row, 6, 0, syscalls_calls_max),
		};
		result = row.result ? row.result : read_file(store, trial, err);
		if (result)
			return result;
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

static int add_programs(struct store *store, int64_t id, const struct syscalls_file *file,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, "INSERT INTO syscalls_program VALUES (?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < file->program_count; i++) {
		const struct bpf_program *program = &file->programs[i];

		sqlite3_bind_int64(statement, 1, id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		statement_bind_blob(statement, 3, program->instructions,
				    program->count * sizeof(*program->instructions));
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int add_filters(struct store *store, sqlite3_stmt *statement, int64_t id, size_t place,
		       const struct syscalls_thread *thread, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < thread->filter_count; i++) {
		sqlite3_bind_int64(statement, 1, id);
		sqlite3_bind_int64(statement, 2, (int64_t)place);
		sqlite3_bind_int64(statement, 3, (int64_t)i);
		sqlite3_bind_int64(statement, 4, thread->filters[i]);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int add_threads(struct store *store, int64_t id, const struct syscalls_file *file,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *filters = NULL;
	int result = statement_prepare(
	    store, "INSERT INTO syscalls_thread VALUES (?, ?, ?, ?, ?, ?, ?, ?)", &statement, err);

	if (result == 0)
		result = statement_prepare(store, "INSERT INTO syscalls_filter VALUES (?, ?, ?, ?)",
					   &filters, err);
	for (size_t i = 0; result == 0 && i < file->thread_count; i++) {
		const struct syscalls_thread *thread = &file->threads[i];

		sqlite3_bind_int64(statement, 1, id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		statement_bind_text(statement, 3, thread->role);
		statement_bind_text(statement, 4, thread->process);
		statement_bind_text(statement, 5, thread->name);
		sqlite3_bind_int64(statement, 6, thread->count);
		sqlite3_bind_int64(statement, 7, thread->seccomp);
		statement_bind_text(statement, 8, thread->unread);
		result = statement_insert(store, statement, err);
		if (result == 0)
			result = add_filters(store, filters, id, i, thread, err);
	}
	return result;
}

static int add_calls(struct store *store, int64_t id, const struct syscalls_file *file,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, "INSERT INTO syscalls_call VALUES (?, ?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < file->call_count; i++) {
		sqlite3_bind_int64(statement, 1, id);
		statement_bind_text(statement, 2, file->calls[i].role);
		sqlite3_bind_int64(statement, 3, file->calls[i].number);
		sqlite3_bind_int64(statement, 4, file->calls[i].calls);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_syscalls_add(struct store *store, int64_t kernel_id, const struct store_syscalls *trial,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store,
	    "INSERT INTO syscalls (kernel_id, platform, workload, number, started_at, duration_ns,"
	    "  lost, manifest)"
	    " SELECT ?1, ?2, ?3, ifnull(max(number), 0) + 1, ?4, ?5, ?6, ?7 FROM syscalls"
	    " WHERE kernel_id = ?1 AND platform = ?2 AND workload = ?3",
	    &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, trial->platform);
	statement_bind_text(statement, 3, trial->workload);
	statement_bind_text(statement, 4, trial->started_at);
	sqlite3_bind_int64(statement, 5, trial->duration_ns);
	sqlite3_bind_int64(statement, 6, trial->file.lost);
	statement_bind_text(statement, 7, trial->manifest);
	result = statement_insert(store, statement, err);
	int64_t id = sqlite3_last_insert_rowid(store->database);
	if (result == 0)
		result = add_programs(store, id, &trial->file, err);
	if (result == 0)
		result = add_threads(store, id, &trial->file, err);
	return result ? result : add_calls(store, id, &trial->file, err);
}
