-- Hops against the number of nodes, over a sweep: one row for each size.
--
-- nodes      the most that ran at the same time
-- runs       of that size; searches: all of theirs that finished
-- mean       of the means of the runs; least, most: of these means
-- p95, max   95th percentile (nearest rank) and maximum over the searches of all of them
WITH
  ended AS (
    SELECT run, coalesce(nodes_peak, nodes) AS size, hops
    FROM search JOIN run ON run.id = search.run JOIN kind ON kind.id = outcome
    WHERE kind.name IN ('no-more', 'timeout')),
  each AS (SELECT size, run, avg(hops) AS mean, count(*) AS searches FROM ended GROUP BY size, run),
  ranked AS (
    SELECT size, hops, row_number() OVER (PARTITION BY size ORDER BY hops) AS rank,
      count(*) OVER (PARTITION BY size) AS n
    FROM ended),
  spread AS (
    SELECT size, min(hops) FILTER (WHERE 100 * rank >= 95 * n) AS p95, max(hops) AS max
    FROM ranked GROUP BY size)
SELECT
  size AS nodes, count(*) AS runs, sum(searches) AS searches, avg(mean) AS mean, min(mean) AS least,
  max(mean) AS most, max(p95) AS p95, max(max) AS max
FROM each JOIN spread USING (size)
GROUP BY size ORDER BY size;
