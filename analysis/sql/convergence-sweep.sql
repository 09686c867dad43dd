-- Convergence over the seeds of a sweep: at each time the median of leafset.exact and
-- leafset.nearest over all runs of the same params, and a band around it.
--
-- variant      the params that are not the same in all runs: one line each
-- runs         how many were measured at that time
-- exact_low, exact, exact_high       10th percentile, median, 90th percentile (nearest rank)
-- nearest_low, nearest, nearest_high
-- alive        median of running nodes
--
-- Variants are in the order in which their first runs are. Runs that did not come to their end count as far as they came.
WITH
  varied AS (SELECT name FROM param GROUP BY name HAVING count(DISTINCT value) > 1),
  named AS (
    SELECT run, group_concat(name || '=' || value, ' ') AS variant
    FROM (SELECT run, name, value FROM param WHERE name IN varied ORDER BY run, name)
    GROUP BY run),
  value AS (
    SELECT coalesce(variant, '') AS variant, min(run) OVER (PARTITION BY variant) AS first, at, metric.name AS name, 1.0 * num / den AS value
    FROM sample JOIN metric ON metric.id = metric LEFT JOIN named USING (run)
    WHERE den > 0 AND metric.name IN ('leafset.exact', 'leafset.nearest', 'nodes.alive')),
  ranked AS (
    SELECT *,
      row_number() OVER (PARTITION BY variant, at, name ORDER BY value) AS rank,
      count(*) OVER (PARTITION BY variant, at, name) AS runs
    FROM value)
SELECT
  variant, at / 1e9 AS at_s, max(runs) AS runs,
  max(CASE WHEN name = 'leafset.exact' AND rank = max(1, (runs * 10 + 99) / 100) THEN value END) AS exact_low,
  max(CASE WHEN name = 'leafset.exact' AND rank = (runs * 50 + 99) / 100 THEN value END) AS exact,
  max(CASE WHEN name = 'leafset.exact' AND rank = (runs * 90 + 99) / 100 THEN value END) AS exact_high,
  max(CASE WHEN name = 'leafset.nearest' AND rank = max(1, (runs * 10 + 99) / 100) THEN value END) AS nearest_low,
  max(CASE WHEN name = 'leafset.nearest' AND rank = (runs * 50 + 99) / 100 THEN value END) AS nearest,
  max(CASE WHEN name = 'leafset.nearest' AND rank = (runs * 90 + 99) / 100 THEN value END) AS nearest_high,
  max(CASE WHEN name = 'nodes.alive' AND rank = (runs * 50 + 99) / 100 THEN value END) AS alive
FROM ranked
GROUP BY variant, at
ORDER BY first, at;
