-- Latency of searches in four numbers, by nearest rank: the same searches as in latency.sql.
--
-- n          searches
-- p50_s, p95_s, p99_s, max_s
--
-- :run       without: the first
WITH
  ended AS (
    SELECT ended - started AS took
    FROM search JOIN kind ON kind.id = outcome
    WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND kind.name IN ('no-more', 'timeout')),
  ranked AS (
    SELECT took, row_number() OVER (ORDER BY took) AS rank, count(*) OVER () AS n FROM ended)
SELECT
  coalesce(max(n), 0) AS n,
  min(took) FILTER (WHERE 100 * rank >= 50 * n) / 1e9 AS p50_s,
  min(took) FILTER (WHERE 100 * rank >= 95 * n) / 1e9 AS p95_s,
  min(took) FILTER (WHERE 100 * rank >= 99 * n) / 1e9 AS p99_s,
  max(took) / 1e9 AS max_s
FROM ranked;
