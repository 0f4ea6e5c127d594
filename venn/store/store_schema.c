/* store_schema.c - the tables of a new database; docs/schema.md describes each column. */
#include "venn/store/store_schema.h"

#include "venn/store/store_compiled.h"
#include "venn/store/store_cve_schema.h"
#include "venn/store/store_option.h"
#include "venn/store/store_source.h"
#include "venn/store/store_syscalls.h"

/* clang-format off */

/* Which ids of a tile are there, and which of them share their numbers. */
#define PATTERN \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE," \
	" tile INTEGER NOT NULL," \
	" pattern INTEGER NOT NULL," \
	" classes INTEGER NOT NULL," \
	" marks TEXT NOT NULL," \
	" PRIMARY KEY (kernel_id, tile, pattern)"

/*
 * What views know of tiles (tile.h): p is a row of tiles, m its pattern. A mark is the character of
 * a line l, of a place i or of a function f; it is empty behind the last, and a space for what is
 * not there. Views have it in a query of their own within, so that it stands in their text twice:
 * SQLite reads the text of all of them when it opens a database.
 */
#define LINE_MARK "substr(m.marks, l.line_id % 64 + 1, 1)"
#define PLACE_MARK "substr(m.marks, i.place + 1, 1)"
#define FUNCTION_MARK "substr(m.marks, f.function_id % 64 + 1, 1)"
#define WITH(mark) "m.classes, " mark " AS mark"
#define WHERE_THERE(mark) " WHERE " mark " > ' '"

/* A number of the class that a mark stands for. */
#define TILE_NUMBER(column, usual) \
	"ifnull(CAST(substr(" column ", (unicode(mark) - 33) * (length(" column ") / classes) + 1," \
	" length(" column ") / classes) AS INTEGER), " usual ")"

#define IS_PATTERN " AND m.tile = p.tile AND m.pattern = p.pattern"

/*
 * SQLite can go from a tile to its lines, and from a line to its tile. How likely the conditions
 * are makes it begin with tiles, unless a line is given.
 */
#define FEW_TILES " AND likelihood(p.tile >= 0, 0.01)"
#define LINES_OF_TILE \
	" AND likelihood(l.line_id >= p.tile * 64, 0.001)" \
	" AND likelihood(l.line_id < p.tile * 64 + 64, 0.001) AND p.tile = l.line_id / 64"

/* Those of a file s. */
#define TILES_OF_FILE \
	" AND p.tile >= s.line_first / 64 AND p.tile <= (s.line_first + s.line_count - 1) / 64"
#define LINES_OF_FILE \
	" AND likelihood(l.line_id >= max(p.tile * 64, s.line_first), 0.001)" \
	" AND likelihood(l.line_id < min(p.tile * 64 + 64, s.line_first + s.line_count), 0.001)"

/* A number n of a footprint as it is printed: store_observer_divide(). */
#define DIVIDED \
	"iif(n > 0, max(1, n / scale + (n % scale + scale / 2) / scale)," \
	"  n / scale + (n % scale - scale / 2) / scale)"

/* user_version below is STORE_SCHEMA_VERSION. */
const char store_schema[] =
    "CREATE TABLE kernel ("
    " kernel_id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " release TEXT NOT NULL,"
    " build_id TEXT NOT NULL,"
    " profile_update TEXT NOT NULL,"
    " build_root TEXT NOT NULL,"
    " source_root TEXT NOT NULL,"
    " object_count INTEGER NOT NULL,"
    " line_count INTEGER NOT NULL,"
    " counter_count INTEGER NOT NULL,"
    " lines BLOB NOT NULL"
    ") STRICT;"
    "CREATE UNIQUE INDEX kernel_build_id ON kernel (build_id) WHERE build_id <> '';"

    "CREATE TABLE object ("
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " object_id INTEGER NOT NULL,"
    " path TEXT NOT NULL,"
    " stamp INTEGER NOT NULL,"
    " is_linked INTEGER NOT NULL DEFAULT 0,"
    " functions BLOB NOT NULL,"
    " lines BLOB NOT NULL,"
    " plan BLOB NOT NULL,"
    " PRIMARY KEY (kernel_id, object_id)"
    ") STRICT;"

    "CREATE TABLE file ("
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " file_id INTEGER NOT NULL,"
    " path TEXT NOT NULL,"
    " line_first INTEGER NOT NULL,"
    " line_count INTEGER NOT NULL,"
    " PRIMARY KEY (kernel_id, file_id),"
    " UNIQUE (kernel_id, path)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE line ("
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " line_id INTEGER NOT NULL,"
    " file_id INTEGER NOT NULL,"
    " line INTEGER NOT NULL,"
    " PRIMARY KEY (kernel_id, line_id)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE function ("
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " function_id INTEGER NOT NULL,"
    " object_id INTEGER NOT NULL,"
    " file_id INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " start_line INTEGER NOT NULL,"
    " end_line INTEGER NOT NULL,"
    " PRIMARY KEY (kernel_id, function_id)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX function_name ON function (name, kernel_id);"

    "CREATE TABLE directory ("
    " directory_id INTEGER PRIMARY KEY,"
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " path TEXT NOT NULL,"
    " line_first INTEGER NOT NULL,"
    " line_count INTEGER NOT NULL,"
    " found INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (kernel_id, path)"
    ") STRICT;"

    "CREATE TABLE platform ("
    " platform_id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " driver TEXT,"
    " bit INTEGER NOT NULL UNIQUE CHECK (bit BETWEEN 0 AND 61)"
    ") STRICT;"

    "CREATE TABLE workload ("
    " workload_id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL"
    "  CHECK (kind IN ('workload', 'phase', 'idle', 'observer', 'group'))"
    ") STRICT;"

    "CREATE TABLE workload_member ("
    " group_id INTEGER NOT NULL REFERENCES workload ON DELETE CASCADE,"
    " workload_id INTEGER NOT NULL REFERENCES workload ON DELETE CASCADE,"
    " PRIMARY KEY (group_id, workload_id)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE trial ("
    " trial_id INTEGER PRIMARY KEY,"
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " platform_id INTEGER NOT NULL REFERENCES platform,"
    " workload_id INTEGER NOT NULL REFERENCES workload,"
    " number INTEGER NOT NULL,"
    " status TEXT NOT NULL CHECK (status IN ('ok', 'failed')),"
    " failure TEXT,"
    " duration_ns INTEGER NOT NULL,"
    " started_at TEXT,"
    " snapshot TEXT NOT NULL,"
    " manifest TEXT,"
    " is_emulated INTEGER,"
    " capture TEXT,"
    " captures_within INTEGER,"
    " objects_decoded INTEGER,"
    " objects_bad INTEGER,"
    " lines_found INTEGER,"
    " lines_hit INTEGER,"
    " lines_partly INTEGER,"
    " lines_negative INTEGER,"
    " functions_contradicting INTEGER,"
    " counters BLOB,"
    " object_states BLOB,"
    " UNIQUE (kernel_id, platform_id, workload_id, number)"
    ") STRICT;"

    "CREATE TABLE metric ("
    " trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,"
    " place INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " labels TEXT NOT NULL,"
    " value REAL NOT NULL,"
    " unit TEXT NOT NULL,"
    " PRIMARY KEY (trial_id, place)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE trial_object ("
    " trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,"
    " path TEXT NOT NULL,"
    " state TEXT NOT NULL,"
    " message TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX trial_object_trial ON trial_object (trial_id);"

    "CREATE TABLE line_pattern (" PATTERN ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE function_pattern (" PATTERN ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE trial_line_tile ("
    " trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,"
    " tile INTEGER NOT NULL,"
    " pattern INTEGER NOT NULL,"
    " counts TEXT,"
    " states TEXT,"
    " PRIMARY KEY (trial_id, tile)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE trial_function_tile ("
    " trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,"
    " tile INTEGER NOT NULL,"
    " pattern INTEGER NOT NULL,"
    " calls TEXT,"
    " contradictions TEXT,"
    " PRIMARY KEY (trial_id, tile)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX trial_function_contradiction ON trial_function_tile (trial_id, tile)"
    " WHERE contradictions IS NOT NULL;"

    STORE_SCHEMA_TRACEFILE

    "CREATE TABLE analysis ("
    " analysis_id INTEGER PRIMARY KEY,"
    " kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"
    " rule TEXT NOT NULL,"
    " baseline TEXT NOT NULL,"
    " is_current INTEGER NOT NULL DEFAULT 1,"
    " false_discovery_rate REAL,"
    " scale INTEGER NOT NULL DEFAULT 1,"
    " covdb_version TEXT NOT NULL,"
    " UNIQUE (kernel_id, rule, baseline)"
    ") STRICT;"

    "CREATE TABLE footprint ("
    " footprint_id INTEGER PRIMARY KEY,"
    " analysis_id INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,"
    " platform_id INTEGER NOT NULL REFERENCES platform,"
    " workload_id INTEGER REFERENCES workload," /* NULL: all united */
    " trials INTEGER NOT NULL,"
    " duration_ns INTEGER NOT NULL,"
    " found INTEGER NOT NULL,"
    " hit INTEGER NOT NULL,"
    " removed INTEGER NOT NULL,"
    " kept INTEGER NOT NULL,"
    " objects_left_out INTEGER NOT NULL,"
    " trials_observed INTEGER NOT NULL,"
    " functions_below INTEGER NOT NULL,"
    " baseline_share REAL,"
    " found_lines BLOB,"
    " resamples INTEGER NOT NULL,"
    " UNIQUE (analysis_id, platform_id, workload_id)"
    ") STRICT;"

    "CREATE TABLE footprint_without ("
    " footprint_id INTEGER NOT NULL REFERENCES footprint ON DELETE CASCADE,"
    " resample INTEGER NOT NULL,"
    " line_count INTEGER NOT NULL,"
    " lines BLOB NOT NULL,"
    " PRIMARY KEY (footprint_id, resample)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE footprint_line_tile ("
    " footprint_id INTEGER NOT NULL REFERENCES footprint ON DELETE CASCADE,"
    " tile INTEGER NOT NULL,"
    " pattern INTEGER NOT NULL,"
    " counts TEXT,"
    " kept TEXT,"
    " baselines TEXT,"
    " p_values TEXT,"
    " PRIMARY KEY (footprint_id, tile)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE footprint_p_value ("
    " footprint_id INTEGER NOT NULL REFERENCES footprint ON DELETE CASCADE,"
    " number INTEGER NOT NULL,"
    " p_value REAL NOT NULL,"
    " PRIMARY KEY (footprint_id, number)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE footprint_function_tile ("
    " footprint_id INTEGER NOT NULL REFERENCES footprint ON DELETE CASCADE,"
    " tile INTEGER NOT NULL,"
    " pattern INTEGER NOT NULL,"
    " calls TEXT,"
    " baselines TEXT,"
    " PRIMARY KEY (footprint_id, tile)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE footprint_object ("
    " footprint_id INTEGER NOT NULL REFERENCES footprint ON DELETE CASCADE,"
    " object_id INTEGER NOT NULL,"
    " counters BLOB NOT NULL,"
    " PRIMARY KEY (footprint_id, object_id)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE agreement ("
    " footprint_id INTEGER NOT NULL REFERENCES footprint ON DELETE CASCADE,"
    " directory_id INTEGER NOT NULL REFERENCES directory ON DELETE CASCADE,"
    " lines_any INTEGER NOT NULL,"
    " lines_most INTEGER NOT NULL,"
    " lines_all INTEGER NOT NULL,"
    " jaccard REAL,"
    " chao2 REAL,"
    " PRIMARY KEY (footprint_id, directory_id)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE region ("
    " analysis_id INTEGER NOT NULL REFERENCES analysis ON DELETE CASCADE,"
    " directory_id INTEGER NOT NULL REFERENCES directory ON DELETE CASCADE,"
    " workload_id INTEGER NOT NULL," /* 0: all united */
    " mask INTEGER NOT NULL,"
    " lines INTEGER NOT NULL,"
    " low INTEGER,"
    " high INTEGER,"
    " without TEXT,"
    " PRIMARY KEY (analysis_id, directory_id, workload_id, mask)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE place (place INTEGER PRIMARY KEY) STRICT;"
    "WITH RECURSIVE n (place) AS (VALUES (0) UNION ALL SELECT place + 1 FROM n WHERE place < 63)"
    " INSERT INTO place SELECT place FROM n;"

    /* Rows of lines and functions, out of their tiles. */
    "CREATE VIEW trial_line AS"
    " SELECT trial_id, line_id, " TILE_NUMBER("counts", "1") " AS count,"
    "  " TILE_NUMBER("states", "3") " AS state"
    " FROM (SELECT p.*, l.line_id, " WITH(LINE_MARK)
    " FROM trial t CROSS JOIN trial_line_tile p ON p.trial_id = t.trial_id" FEW_TILES
    "  JOIN line_pattern m ON m.kernel_id = t.kernel_id" IS_PATTERN
    "  JOIN line l ON l.kernel_id = t.kernel_id" LINES_OF_TILE WHERE_THERE(LINE_MARK) ");"

    "CREATE VIEW trial_function AS"
    " SELECT trial_id, tile * 64 + place AS function_id, " TILE_NUMBER("calls", "1") " AS calls,"
    "  " TILE_NUMBER("contradictions", "0") " AS contradiction"
    " FROM (SELECT p.*, i.place, " WITH(PLACE_MARK)
    " FROM trial t CROSS JOIN trial_function_tile p ON p.trial_id = t.trial_id"
    "  CROSS JOIN function_pattern m ON m.kernel_id = t.kernel_id" IS_PATTERN
    "  CROSS JOIN place i" WHERE_THERE(PLACE_MARK) ");"

    /* Of lines that stay, and of those that were removed: is_kept is 1 or 0. */
    "CREATE VIEW footprint_line_any AS"
    " SELECT footprint_id, line_id, " DIVIDED " AS count,"
    "  iif(b > 0, n * baseline_share / b, NULL) AS ratio,"
    "  (SELECT v.p_value FROM footprint_p_value v"
    "   WHERE v.footprint_id = x.footprint_id AND v.number = x.v) AS p_value, is_kept, kept"
    " FROM (SELECT footprint_id, line_id, scale, baseline_share, kept,"
    "  " TILE_NUMBER("counts", "1") " AS n, " TILE_NUMBER("baselines", "0") " AS b,"
    "  " TILE_NUMBER("p_values", "0") " AS v, " TILE_NUMBER("kept", "1") " AS is_kept"
    " FROM (SELECT p.*, l.line_id, a.scale, f.baseline_share, " WITH(LINE_MARK)
    " FROM footprint f JOIN analysis a USING (analysis_id)"
    "  CROSS JOIN footprint_line_tile p ON p.footprint_id = f.footprint_id" FEW_TILES
    "  JOIN line_pattern m ON m.kernel_id = a.kernel_id" IS_PATTERN
    "  JOIN line l ON l.kernel_id = a.kernel_id" LINES_OF_TILE WHERE_THERE(LINE_MARK) ")) x;"

    "CREATE VIEW footprint_line AS"
    " SELECT footprint_id, line_id, count, ratio, p_value FROM footprint_line_any"
    " WHERE is_kept = 1;"

    "CREATE VIEW footprint_removed AS"
    " SELECT footprint_id, line_id, count, ratio, p_value FROM footprint_line_any"
    " WHERE kept IS NOT NULL AND is_kept = 0;" /* the former is quick */

    "CREATE VIEW footprint_function AS"
    " SELECT footprint_id, function_id, " DIVIDED " AS calls,"
    "  1.0 * b / scale AS baseline_calls"
    " FROM (SELECT footprint_id, tile * 64 + place AS function_id, scale,"
    "  " TILE_NUMBER("calls", "1") " AS n, " TILE_NUMBER("baselines", "0") " AS b"
    " FROM (SELECT p.*, a.scale, i.place, " WITH(PLACE_MARK)
    " FROM footprint f JOIN analysis a USING (analysis_id)"
    "  CROSS JOIN footprint_function_tile p ON p.footprint_id = f.footprint_id"
    "  CROSS JOIN function_pattern m ON m.kernel_id = a.kernel_id" IS_PATTERN
    "  CROSS JOIN place i" WHERE_THERE(PLACE_MARK) "));"

    /*
     * A trial's counts with names, for queries by hand. A file's tiles are found by its range, so
     * that queries for one file are fast.
     */
    "CREATE VIEW trial_line_any AS"
    " SELECT kernel_id, trial_id, platform_id, workload_id, status, duration_ns, platform,"
    "  workload, kind, trial, file, line, " TILE_NUMBER("counts", "1") " AS count,"
    "  " TILE_NUMBER("states", "3") " AS state FROM"
    " (SELECT t.*, t.number AS trial, pl.name AS platform, w.name AS workload, w.kind,"
    "   s.path AS file, l.line, p.counts, p.states, " WITH(LINE_MARK)
    "  FROM trial t JOIN platform pl USING (platform_id) JOIN workload w USING (workload_id)"
    "   JOIN file s ON s.kernel_id = t.kernel_id"
    "   CROSS JOIN trial_line_tile p ON p.trial_id = t.trial_id" TILES_OF_FILE
    "   JOIN line_pattern m ON m.kernel_id = t.kernel_id" IS_PATTERN
    "   JOIN line l ON l.kernel_id = t.kernel_id" LINES_OF_FILE WHERE_THERE(LINE_MARK) ");"

    "CREATE VIEW trial_line_named AS"
    " SELECT trial_id, platform, workload, kind, trial, file, line, count,"
    "  count * 1e9 / duration_ns AS rate_per_s FROM trial_line_any;"

    /* A footprint's lines with names, for queries by hand. */
    "CREATE VIEW footprint_line_named AS"
    " SELECT analysis_id, rule, baseline, platform, workload, kind, file, line FROM"
    " (SELECT a.analysis_id, a.rule, a.baseline, pl.name AS platform, w.name AS workload,"
    "  w.kind, s.path AS file, l.line, p.kept, " WITH(LINE_MARK)
    " FROM analysis a JOIN footprint f USING (analysis_id)"
    "  JOIN platform pl USING (platform_id) JOIN workload w USING (workload_id)"
    "  JOIN file s ON s.kernel_id = a.kernel_id"
    "  CROSS JOIN footprint_line_tile p ON p.footprint_id = f.footprint_id" TILES_OF_FILE
    "  JOIN line_pattern m ON m.kernel_id = a.kernel_id" IS_PATTERN
    "  JOIN line l ON l.kernel_id = a.kernel_id" LINES_OF_FILE WHERE_THERE(LINE_MARK) ")"
    " WHERE " TILE_NUMBER("kept", "1") " = 1;"

    /* Footprints, and per platform the union of those of workloads, as workload 0. */
    "CREATE VIEW footprint_or_union AS"
    " SELECT analysis_id, platform_id, ifnull(workload_id, 0) AS workload_id FROM footprint;"

    /* Lines of each footprint in each directory; workload NULL: all workloads united. */
    "CREATE VIEW footprint_directory AS"
    " SELECT analysis_id, a.rule, a.baseline, p.name AS platform, w.name AS workload, w.kind,"
    "  d.path AS directory, ifnull((SELECT sum(r.lines) FROM region r"
    "   WHERE r.analysis_id = a.analysis_id AND r.directory_id = d.directory_id"
    "   AND r.workload_id = f.workload_id AND r.mask >> p.bit & 1), 0) AS lines, d.found"
    " FROM analysis a JOIN footprint_or_union f USING (analysis_id)"
    "  JOIN directory d USING (kernel_id) JOIN platform p USING (platform_id)"
    "  LEFT JOIN workload w USING (workload_id);"

    /* Lines that two footprints have in common, and in either, in each directory. */
    "CREATE VIEW footprint_pair AS"
    " SELECT a.analysis_id, a.rule, a.baseline, p.name AS platform, q.name AS other,"
    "  w.name AS workload, w.kind, d.path AS directory,"
    "  ifnull((SELECT sum(r.lines) FROM region r WHERE r.analysis_id = a.analysis_id"
    "   AND r.directory_id = d.directory_id AND r.workload_id = f.workload_id"
    "   AND (r.mask >> p.bit & 1) AND (r.mask >> q.bit & 1)), 0) AS common,"
    "  ifnull((SELECT sum(r.lines) FROM region r WHERE r.analysis_id = a.analysis_id"
    "   AND r.directory_id = d.directory_id AND r.workload_id = f.workload_id"
    "   AND ((r.mask >> p.bit & 1) OR (r.mask >> q.bit & 1))), 0) AS either"
    " FROM analysis a JOIN footprint_or_union f ON f.analysis_id = a.analysis_id"
    "  JOIN footprint_or_union g ON g.analysis_id = f.analysis_id"
    "   AND g.workload_id = f.workload_id AND g.platform_id <> f.platform_id"
    "  JOIN directory d ON d.kernel_id = a.kernel_id"
    "  JOIN platform p ON p.platform_id = f.platform_id"
    "  JOIN platform q ON q.platform_id = g.platform_id"
    "  LEFT JOIN workload w ON w.workload_id = f.workload_id;"

    /*
     * Calls of each function in all ok trials of a platform and workload. Names are among what is
     * grouped by, so that a query for one is answered by way of the indices. Upper and lower halves
     * are added up on their own: a sum beyond 64 bits would end the query.
     */
    "CREATE VIEW function_calls AS"
    " SELECT kernel_id, platform, workload, kind, function, file, start_line,"
    "  iif(sum(calls >> 32) + (sum(calls & 4294967295) >> 32)"
    "   BETWEEN -2147483648 AND 2147483647,"
    "   (sum(calls >> 32) << 32) + sum(calls & 4294967295),"
    "   sum(calls >> 32) * 4294967296.0 + sum(calls & 4294967295)) AS calls,"
    "  (SELECT sum(duration_ns) FROM trial o WHERE o.kernel_id = x.kernel_id"
    "   AND o.platform_id = x.platform_id AND o.workload_id = x.workload_id"
    "   AND o.status = 'ok' AND o.counters IS NOT NULL) / 1e9 AS seconds"
    " FROM (SELECT kernel_id, platform_id, workload_id, platform, workload, kind, function, file,"
    "   start_line, " TILE_NUMBER("calls", "1") " AS calls"
    " FROM (SELECT t.kernel_id, t.platform_id, t.workload_id, pl.name AS platform,"
    "   w.name AS workload, w.kind, f.name AS function, s.path AS file, f.start_line, p.calls,"
    "   " WITH(FUNCTION_MARK)
    "  FROM function f JOIN trial t USING (kernel_id)"
    "   JOIN trial_function_tile p ON p.trial_id = t.trial_id AND p.tile = f.function_id / 64"
    "   JOIN function_pattern m ON m.kernel_id = t.kernel_id" IS_PATTERN
    "   JOIN file s ON s.kernel_id = f.kernel_id AND s.file_id = f.file_id"
    "   JOIN platform pl USING (platform_id) JOIN workload w USING (workload_id)"
    WHERE_THERE(FUNCTION_MARK) " AND t.status = 'ok')) x"
    " GROUP BY kernel_id, platform_id, workload_id, platform, workload, function, file,"
    "  start_line;"

    /* In how many of the ok trials of a platform and workload each line was executed. */
    "CREATE VIEW trial_line_agreement AS"
    " SELECT kernel_id, platform, workload, kind, file, line, count(*) AS trials,"
    "  (SELECT count(*) FROM trial o WHERE o.kernel_id = x.kernel_id"
    "   AND o.platform_id = x.platform_id AND o.workload_id = x.workload_id"
    "   AND o.status = 'ok' AND o.counters IS NOT NULL) AS of_trials"
    " FROM trial_line_any x WHERE status = 'ok' AND state > 1"
    " GROUP BY kernel_id, platform_id, workload_id, platform, workload, file, line;"

    /* What the workloads printed; figures of an emulated processor say nothing of the platform. */
    "CREATE VIEW metric_named AS"
    " SELECT t.kernel_id, p.name AS platform, w.name AS workload, w.kind, t.number AS trial, m.name AS metric,"
    "  m.labels, m.value, m.unit, t.is_emulated"
    " FROM metric m JOIN trial t USING (trial_id) JOIN platform p USING (platform_id)"
    "  JOIN workload w USING (workload_id) WHERE t.status = 'ok';"

    STORE_SCHEMA_PROFILE
    STORE_COMPILED_SCHEMA
    STORE_CVE_SCHEMA
    STORE_SYSCALLS_SCHEMA
    STORE_OPTION_SCHEMA
    STORE_SOURCE_SCHEMA

    "PRAGMA application_id = 0x436f7644;" /* "CovD" */
    "PRAGMA user_version = 11;";
