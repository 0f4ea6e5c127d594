"""queries.py - the questions about sets, in SQL that DuckDB and Spark both understand."""

# One bit for each platform of a kernel, in the order in which their trials began.
# Workload '' is all workloads united. A mask has a bit for each platform that has a line in its footprint.
# low and high: what a resample decides otherwise moves lines from one region to another, in that resample alone; NULL where
# a footprint has no resamples. Lines become files before files become directories: joined at once, an engine may begin with all
# lines and all directories of a kernel.
REGION = """
WITH kept AS (SELECT kernel, rule, workload, line_id, platform, bit_value FROM footprint JOIN platform USING (kernel, platform) WHERE is_kept),
single AS (SELECT kernel, rule, workload, line_id, sum(bit_value) AS mask FROM kept GROUP BY kernel, rule, workload, line_id),
keepers AS (SELECT kernel, rule, line_id, platform, bit_value, count(*) AS workloads FROM kept
    GROUP BY kernel, rule, line_id, platform, bit_value),
united AS (SELECT kernel, rule, '' AS workload, line_id, sum(bit_value) AS mask FROM keepers GROUP BY kernel, rule, line_id),
mask AS (SELECT * FROM single UNION ALL SELECT * FROM united),
by_file AS (SELECT kernel, rule, workload, file, mask, count(*) AS lines FROM mask JOIN line USING (kernel, line_id)
    GROUP BY kernel, rule, workload, file, mask),
whole AS (SELECT kernel, rule, directory, workload, mask, sum(lines) AS lines FROM by_file JOIN directory USING (kernel, file)
    GROUP BY kernel, rule, directory, workload, mask),
changed AS (SELECT kernel, rule, workload, line_id, platform, bit_value, resample, CASE WHEN is_kept THEN 1 ELSE -1 END AS change
    FROM without JOIN platform USING (kernel, platform)),
changed_united AS (SELECT kernel, rule, line_id, platform, bit_value, resample, sum(change) AS change FROM changed
    GROUP BY kernel, rule, line_id, platform, bit_value, resample),
difference AS (SELECT kernel, rule, workload, line_id, resample, sum(change * bit_value) AS bits FROM changed
    GROUP BY kernel, rule, workload, line_id, resample
    UNION ALL SELECT c.kernel, c.rule, '', c.line_id, c.resample,
        sum(CASE WHEN k.workloads IS NULL THEN c.bit_value WHEN k.workloads + c.change = 0 THEN -c.bit_value ELSE 0 END) AS bits
    FROM changed_united c LEFT JOIN keepers k ON k.kernel = c.kernel AND k.rule = c.rule AND k.line_id = c.line_id AND k.platform = c.platform
    GROUP BY c.kernel, c.rule, c.line_id, c.resample),
moved AS (SELECT kernel, rule, workload, line_id, resample, coalesce(mask, 0) AS before, coalesce(mask, 0) + bits AS after
    FROM difference LEFT JOIN mask USING (kernel, rule, workload, line_id) WHERE bits <> 0),
flow AS (SELECT kernel, rule, workload, line_id, resample, before AS mask, -1 AS lines FROM moved WHERE before <> 0
    UNION ALL SELECT kernel, rule, workload, line_id, resample, after, 1 FROM moved WHERE after <> 0),
flow_by_file AS (SELECT kernel, rule, workload, file, mask, resample, sum(lines) AS lines FROM flow JOIN line USING (kernel, line_id)
    GROUP BY kernel, rule, workload, file, mask, resample),
net AS (SELECT kernel, rule, directory, workload, mask, resample, sum(lines) AS lines FROM flow_by_file JOIN directory USING (kernel, file)
    GROUP BY kernel, rule, directory, workload, mask, resample),
bound AS (SELECT kernel, rule, directory, workload, mask, least(min(lines), 0) AS less, greatest(max(lines), 0) AS more FROM net
    GROUP BY kernel, rule, directory, workload, mask),
able AS (SELECT kernel, rule, workload, min(resamples) > 0 AS can_tell FROM evaluated GROUP BY kernel, rule, workload
    UNION ALL SELECT kernel, rule, '', min(resamples) > 0 FROM evaluated GROUP BY kernel, rule)
SELECT kernel, rule, directory, workload, CAST(mask AS BIGINT) AS mask, CAST(coalesce(lines, 0) AS BIGINT) AS lines,
    CAST(CASE WHEN can_tell THEN coalesce(lines, 0) + coalesce(less, 0) END AS BIGINT) AS low,
    CAST(CASE WHEN can_tell THEN coalesce(lines, 0) + coalesce(more, 0) END AS BIGINT) AS high
FROM whole FULL JOIN bound USING (kernel, rule, directory, workload, mask) JOIN able USING (kernel, rule, workload)
WHERE lines > 0 OR more > 0 ORDER BY kernel, rule, directory, workload, mask
"""

# The paper's Table 2, of every directory and workload.
SUMMARY = """
WITH found AS (SELECT kernel, directory, count(*) AS found FROM line JOIN directory USING (kernel, file) GROUP BY kernel, directory)
SELECT r.kernel, r.rule, r.directory, r.workload, p.platform,
    CAST(sum(CASE WHEN (r.mask & p.bit_value) <> 0 THEN r.lines ELSE 0 END) AS BIGINT) AS lines, CAST(max(f.found) AS BIGINT) AS found
FROM region r JOIN platform p ON p.kernel = r.kernel JOIN found f ON f.kernel = r.kernel AND f.directory = r.directory
WHERE r.lines > 0
GROUP BY r.kernel, r.rule, r.directory, r.workload, p.platform ORDER BY 1, 2, 3, 4, 5
"""
