-- Every metric of a run as one number.
--
-- :run      its number; without: the first
--
-- A state (leafset.exact, ring.count): as it was at the last sample. Shares, means and rates of what
-- went on: over the whole run. Percentiles of searches: over all that ended in the run and came to an
-- end of their own. Percentiles of joins: the median of what the samples say. Times are in seconds.
WITH
  chosen AS (SELECT coalesce(:run, (SELECT min(id) FROM run)) AS run),
  over AS (
    SELECT (ended - started) / 1e9 AS took, hops,
           row_number() OVER (ORDER BY ended - started) AS by_time,
           row_number() OVER (ORDER BY hops) AS by_hops, count(*) OVER () AS n
    FROM search JOIN chosen USING (run) JOIN kind ON kind.id = search.outcome
    WHERE kind.name IN ('no-more', 'timeout')),
  percentile(metric, share, of_hops) AS (
    VALUES ('search.latency.p50', 50, 0), ('search.latency.p95', 95, 0),
           ('search.latency.p99', 99, 0), ('search.latency.max', 100, 0),
           ('search.hops.p95', 95, 1), ('search.hops.max', 100, 1)),
  of_searches AS (
    SELECT metric, CASE WHEN of_hops THEN hops ELSE took END AS value
    FROM percentile JOIN over
      ON CASE WHEN of_hops THEN by_hops ELSE by_time END = max(1, (n * share + 99) / 100)),
  samples AS (
    SELECT metric.id, name, kind, flow, at, num, den,
           row_number() OVER (PARTITION BY metric.id ORDER BY at DESC) AS last,
           row_number() OVER (PARTITION BY metric.id ORDER BY 1.0 * num / den) AS rank,
           count(*) OVER (PARTITION BY metric.id) AS n
    FROM sample JOIN chosen USING (run) JOIN metric ON metric.id = sample.metric),
  of_samples AS (
    SELECT name, kind,
           CASE WHEN NOT flow THEN max(CASE WHEN last = 1 THEN 1.0 * num / den END)
                WHEN kind = 'time' THEN max(CASE WHEN rank = (n + 1) / 2 THEN 1.0 * num / den END)
                ELSE 1.0 * sum(num) / sum(den) END AS value
    FROM samples GROUP BY samples.id)
SELECT metric.name AS metric, metric.kind AS kind,
       coalesce(of_searches.value,
                CASE WHEN metric.name LIKE 'search.latency.%' OR metric.name LIKE 'search.hops.p%'
                       OR metric.name = 'search.hops.max' THEN NULL
                     WHEN of_samples.kind = 'time' THEN of_samples.value / 1e9
                     ELSE of_samples.value END) AS value
FROM metric LEFT JOIN of_searches ON of_searches.metric = metric.name
  LEFT JOIN of_samples ON of_samples.name = metric.name
ORDER BY metric.id;
