"""queries.py - the questions about sets, in SQL that DuckDB and Spark both understand."""

# One bit for each platform of a kernel, in the order in which their trials began.
# Workload '' is all workloads united. A mask has a bit for each platform that has a line in its footprint.
REGION = """
WITH kept AS (SELECT kernel, rule, workload, line_id, bit_value FROM footprint JOIN platform USING (kernel, platform) WHERE is_kept),
single AS (SELECT kernel, rule, workload, line_id, sum(bit_value) AS mask FROM kept GROUP BY kernel, rule, workload, line_id),
united AS (SELECT kernel, rule, '' AS workload, line_id, sum(bit_value) AS mask
    FROM (SELECT DISTINCT kernel, rule, line_id, bit_value FROM kept) AS each_once GROUP BY kernel, rule, line_id),
mask AS (SELECT * FROM single UNION ALL SELECT * FROM united),
by_file AS (SELECT kernel, rule, workload, file, mask, count(*) AS lines FROM mask JOIN line USING (kernel, line_id)
    GROUP BY kernel, rule, workload, file, mask)
SELECT kernel, rule, directory, workload, CAST(mask AS BIGINT) AS mask, CAST(sum(lines) AS BIGINT) AS lines
FROM by_file JOIN directory USING (kernel, file)
GROUP BY kernel, rule, directory, workload, mask ORDER BY kernel, rule, directory, workload, mask
"""

# The paper's Table 2, of every directory and workload.
SUMMARY = """
WITH found AS (SELECT kernel, directory, count(*) AS found FROM line JOIN directory USING (kernel, file) GROUP BY kernel, directory)
SELECT r.kernel, r.rule, r.directory, r.workload, p.platform,
    CAST(sum(CASE WHEN (r.mask & p.bit_value) <> 0 THEN r.lines ELSE 0 END) AS BIGINT) AS lines, CAST(max(f.found) AS BIGINT) AS found
FROM region r JOIN platform p ON p.kernel = r.kernel JOIN found f ON f.kernel = r.kernel AND f.directory = r.directory
GROUP BY r.kernel, r.rule, r.directory, r.workload, p.platform ORDER BY 1, 2, 3, 4, 5
"""
