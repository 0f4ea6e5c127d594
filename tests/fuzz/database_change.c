/* database_change.c - changes to a database that covdb would not make, as an input lists them. */
#include "tests/fuzz/database_change.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/text.h"
#include "tests/fuzz/fuzz.h"

enum { CHANGE_BYTES = 6, CHANGES_MAX = 64, GROWTH_BYTES = 1 << 20 };

/* What a column is set to; @ is the column. */
static const char *const values[] = {
	"0",
	"1",
	"-1",
	"2",
	"61",
	"62",
	"63",
	"64",
	"255",
	"65536",
	"2147483647",
	"2147483648",
	"4294967295",
	"4294967296",
	"67108864",
	"9007199254740993",
	"9223372036854775807",
	"(-9223372036854775807 - 1)",
	"NULL",
	"0.5",
	"9e999",
	"-1e300",
	"''",
	"'x'",
	"'../../../etc/passwd'",
	"CAST(x'61ff8062' AS TEXT)",
	"char(27, 91, 50, 74, 13, 7)",
	"CAST(x'610062' AS TEXT)",
	"'{\"kernel\": {\"a\": [1, null]}}'",
	"replace(hex(zeroblob(5000)), '0', 'a')",
	"x''",
	"x'00'",
	"zeroblob(1000)",
	"zeroblob(length(@))",
	"CAST(substr(@, 1, length(@) / 2) AS BLOB)",
	"CAST(substr(@, 1, length(@) - 1) || x'ff' AS BLOB)",
	"CAST(@ || @ AS BLOB)",
	"x'28b52ffd' || substr(@, 5)",
	/* A frame of zstd that says it has 2^30 - 8 bytes, and 4 GiB. */
	"x'28b52ffda0f8ffff3f010000'",
	"x'28b52ffde0ffffffff00000000010000'",
	"@ + 1",
	"substr(@, 2)",
	"@ || '!'",
	"@ || ' 9223372036854775808'",
	"@ - 1",
	"@ * 1000",
	"-@",
	"CAST(@ AS TEXT)",
	"CAST(@ AS BLOB)",
	"(SELECT max(line_id) + 1 FROM line)",
	"(SELECT max(function_id) + 1 FROM function)",
};

/* What is done to the schema. */
static const char *const schema_changes[] = {
	"ALTER TABLE line RENAME TO other; CREATE VIEW line AS SELECT * FROM other",
	"ALTER TABLE directory RENAME TO other; CREATE VIEW directory AS SELECT directory_id, "
	"kernel_id, path, line_first, line_count + 1000000 AS line_count, found FROM other",
	"ALTER TABLE trial_line_tile RENAME TO other; CREATE VIEW trial_line_tile AS SELECT trial_id, "
	"tile + 1000000 AS tile, pattern, counts, states FROM other",
	"ALTER TABLE line_pattern RENAME TO other; CREATE VIEW line_pattern AS SELECT kernel_id, "
	"tile, pattern, classes - 1 AS classes, marks FROM other",
	"UPDATE line_pattern SET marks = marks || marks || marks || marks || marks || marks || marks",
	"UPDATE line_pattern SET marks = replace(marks, '!', '~')",
	"UPDATE line_pattern SET marks = replace(marks, '!', char(5))",
	"UPDATE line_pattern SET classes = classes + 1",
	"UPDATE trial_line_tile SET states = replace(ifnull(states, counts), '2', '9')",
	"UPDATE footprint_line_tile SET tile = tile + 100000000",
	"DELETE FROM line_pattern",
	"DELETE FROM function_pattern",
	"DELETE FROM footprint_p_value",
	"DELETE FROM place",
	"DROP VIEW footprint_directory; CREATE TABLE footprint_directory (x)",
	"DROP VIEW function_calls; CREATE VIEW function_calls AS SELECT 1 AS calls",
	"CREATE TRIGGER extra AFTER INSERT ON analysis BEGIN DELETE FROM kernel; END",
	"CREATE TRIGGER extra AFTER DELETE ON analysis BEGIN DELETE FROM line; END",
	"CREATE TABLE extra (x)",
	"CREATE VIEW extra AS SELECT * FROM extra",
	"CREATE INDEX extra ON line (line)",
	"DROP INDEX function_name",
	"DROP TABLE metric",
	"DROP TABLE trial_line_tile",
	"ANALYZE",
	"UPDATE sqlite_schema SET sql = replace(sql, 'line_id', 'line_ie')",
	"UPDATE sqlite_schema SET sql = NULL WHERE name = 'line'",
	"UPDATE sqlite_schema SET sql = NULL WHERE name = 'footprint_pair'",
	"UPDATE sqlite_schema SET type = 'view' WHERE name = 'line'",
	"UPDATE sqlite_schema SET name = 'sqlite_other', tbl_name = 'sqlite_other' WHERE name = 'line'",
	"UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'file') "
	"WHERE name = 'line'",
	"UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = "
	"'footprint_line_tile') WHERE name = 'trial_line_tile'",
	"UPDATE sqlite_schema SET rootpage = rootpage + 1 WHERE type = 'index'",
	"UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'directory'",
	"DELETE FROM sqlite_schema WHERE type = 'index'",
	"DELETE FROM kernel",
	"DELETE FROM file",
	"DELETE FROM object",
	"DELETE FROM platform",
	"DELETE FROM workload",
	"INSERT INTO platform (platform_id, name, bit) SELECT value + 1000, 'p' || value, value + 100 "
	"FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 100) "
	"SELECT value FROM n)",
	"PRAGMA user_version = 5",
	"PRAGMA user_version = 6",
	"PRAGMA user_version = 4",
	"PRAGMA user_version = 8",
	"PRAGMA application_id = 1",
};

/* What cannot be done is not done. */
static bool run(sqlite3 *database, const char *sql)
{
	return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

void database_write(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	fuzz_require(file && fwrite(data, 1, size, file) == size && fclose(file) == 0, path);
}

void database_read(struct database_study *ret)
{
	sqlite3 *database;
	sqlite3_int64 size;

	fuzz_require(
	    sqlite3_open("db.sqlite", &database) == SQLITE_OK &&
		sqlite3_exec(
		    database,
		    "PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM;"
		    "INSERT INTO metric SELECT trial_id, 1, 'm', '{}', 2.5, 's' FROM trial;"
		    "UPDATE function SET name = '__x64_sys_read' WHERE function_id = 0;"
		    "INSERT INTO syscalls VALUES (1, 1, 'a', 'w', 1, NULL, 1, 3, '{}');"
		    "INSERT INTO syscalls_program VALUES (1, 0, x'0600000000000080');"
		    "INSERT INTO syscalls_thread VALUES (1, 0, 'sentry', 'exe', 'exe', 3, 2, NULL),"
		    " (1, 1, 'stub', 'exe', 'exe', 2, 2, 'traced');"
		    "INSERT INTO syscalls_filter VALUES (1, 0, 0, 0);"
		    "INSERT INTO syscalls_call VALUES (1, 'sentry', 0, 7), (1, 'stub', 3, 1200);"
		    "INSERT INTO profile (kernel_id, platform, workload, number, duration_ns, event,"
		    "  frequency_hz, samples, lost, is_emulated)"
		    " VALUES (1, 'a', 'w', 1, 1, 'cpu-clock', 997, 470, 0, 0);"
		    "INSERT INTO profile_stack VALUES (1, 'work;ksys_write_[k];main_[k]', 470);"
		    "UPDATE trial SET manifest = '{\"kernel\": {\"a\": 1}}', started_at = 'x'",
		    NULL, NULL, NULL) == SQLITE_OK,
	    "the study can be completed");
	ret->bytes = sqlite3_serialize(database, "main", &size, 0);
	fuzz_require(ret->bytes, "the study can be read");
	ret->size = (size_t)size;
	sqlite3_close(database);
}

/* The text that a statement gives for ?1; NULL: none; free() it. */
static char *query_text(sqlite3 *database, const char *sql, int64_t place)
{
	sqlite3_stmt *statement = NULL;
	char *ret = NULL;

	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(statement, 1, place);
		if (sqlite3_step(statement) == SQLITE_ROW)
			ret = cov_xstrdup((const char *)sqlite3_column_text(statement, 0));
	}
	sqlite3_finalize(statement);
	return ret;
}

/* The expression of a value with a column in place of each @; free() it. */
static char *expression_of(const char *value, const char *column)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	for (; *value; value++)
		cov_text_print(&text, *value == '@' ? "%s" : "%.1s",
			       *value == '@' ? column : value);
	return cov_xstrdup(text.data);
}

/* @data: column, which of all; value; row; whether all rows */
static void change_value(sqlite3 *database, const uint8_t *data)
{
	static const char columns[] =
	    "SELECT m.name || '.' || i.name FROM sqlite_schema m JOIN "
	    "pragma_table_info(m.name) i WHERE m.type = 'table' AND m.name "
	    "NOT LIKE 'sqlite%' ORDER BY 1 LIMIT 1 OFFSET ?1 % 136";
	COV_AUTO(free) char *table = query_text(database, columns, data[1]);
	if (!table)
		return;
	char *column = strchr(table, '.');
	*column++ = '\0';
	COV_AUTO(free)
	char *value = expression_of(values[data[2] % (sizeof(values) / sizeof(*values))], column);
	COV_AUTO(free)
	char *update =
	    data[4] % 4 == 0
		? cov_format("UPDATE OR IGNORE %s SET %s = %s", table, column, value)
		: cov_format("UPDATE OR IGNORE %s SET %s = %s WHERE %s IS (SELECT %s FROM %s "
			     "LIMIT 1 OFFSET %d %% (SELECT max(count(*), 1) FROM %s))",
			     table, column, value, column, column, table, data[3], table);
	run(database, update);
}

static void change_bytes(unsigned char *bytes, size_t size, const uint8_t *data)
{
	size_t place = (size_t)(data[1] << 16 | data[2] << 8 | data[3]) % size;
	size_t count = data[5] % 8 ? 1 : 1 + data[5];

	for (size_t i = place; i < size && i < place + count; i++)
		bytes[i] = (unsigned char)(data[5] % 2 ? data[4] : bytes[i] ^ 1 << data[4] % 8);
}

/* Types and constraints are of no help against who writes the file otherwise. */
static const char relax[] =
    "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON;"
    "CREATE TEMP TABLE kept AS SELECT name AS id, sql AS text FROM sqlite_schema;"
    "UPDATE sqlite_schema SET sql = replace(replace(replace(sql, ' NOT NULL', ''), 'STRICT, ', ''),"
    " ' STRICT', '') WHERE type = 'table'; PRAGMA writable_schema = RESET;"
    "PRAGMA writable_schema = ON";
static const char tighten[] =
    "UPDATE sqlite_schema SET sql = (SELECT text FROM temp.kept WHERE id = name)"
    " WHERE type = 'table' AND name IN (SELECT id FROM temp.kept)";

void database_change(const struct database_study *study, const uint8_t *data, size_t size)
{
	sqlite3 *database;
	sqlite3_int64 changed_size = 0;
	size_t count = size / CHANGE_BYTES < CHANGES_MAX ? size / CHANGE_BYTES : CHANGES_MAX;
	unsigned char *copy = sqlite3_malloc64(study->size + GROWTH_BYTES);

	memcpy(copy, study->bytes, study->size);
	fuzz_require(sqlite3_open(":memory:", &database) == SQLITE_OK &&
			 sqlite3_deserialize(database, "main", copy, (sqlite3_int64)study->size,
					     (sqlite3_int64)study->size + GROWTH_BYTES,
					     SQLITE_DESERIALIZE_FREEONCLOSE |
						 SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK,
		     "the study can be opened");
	fuzz_require(run(database, relax), "the schema can be relaxed");
	for (size_t i = 0; i < count; i++) {
		if (data[i * CHANGE_BYTES] % 4 < 2)
			change_value(database, data + i * CHANGE_BYTES);
	}
	fuzz_require(run(database, tighten), "and tightened again");
	for (size_t i = 0; i < count; i++) {
		if (data[i * CHANGE_BYTES] % 16 == 2)
			run(database,
			    schema_changes[data[i * CHANGE_BYTES + 1] %
					   (sizeof(schema_changes) / sizeof(*schema_changes))]);
	}
	unsigned char *changed = sqlite3_serialize(database, "main", &changed_size, 0);
	fuzz_require(changed, "the changed study can be read");
	for (size_t i = 0; i < count; i++) {
		if (data[i * CHANGE_BYTES] % 4 == 3)
			change_bytes(changed, (size_t)changed_size, data + i * CHANGE_BYTES);
	}
	unlink("db.sqlite-wal");
	unlink("db.sqlite-shm");
	unlink("db.sqlite-journal");
	database_write("db.sqlite", changed, (size_t)changed_size);
	sqlite3_free(changed);
	sqlite3_close(database);
}
