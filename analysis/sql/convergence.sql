-- Convergence: how right the leaf sets are at each time, and how many nodes are running.
--
-- exact     share of leaf-set positions, over all registered keys, that are as in the ideal ring
-- nearest   share of registered keys whose two nearest neighbours are both right
-- alive     nodes that are running: the wave of those that join
--
-- :run      without: the first
--
-- Samples between two equal ones are left out: a line through the others is the same.
WITH
  chosen AS (SELECT id FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  measured AS (
    SELECT
      at,
      max(CASE name WHEN 'leafset.exact' THEN 1.0 * num / den END) AS exact,
      max(CASE name WHEN 'leafset.nearest' THEN 1.0 * num / den END) AS nearest,
      max(CASE name WHEN 'nodes.alive' THEN num / den END) AS alive
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN chosen AND den > 0 AND name IN ('leafset.exact', 'leafset.nearest', 'nodes.alive')
    GROUP BY at),
  beside AS (
    SELECT *,
      lag(exact) OVER w IS exact AND lag(nearest) OVER w IS nearest AND lag(alive) OVER w IS alive AND
        lead(exact) OVER w IS exact AND lead(nearest) OVER w IS nearest AND
        lead(alive) OVER w IS alive AND lead(at) OVER w IS NOT NULL AND
        lag(at) OVER w IS NOT NULL AS level
    FROM measured WINDOW w AS (ORDER BY at))
SELECT at / 1e9 AS at_s, exact, nearest, alive
FROM beside WHERE NOT level ORDER BY at;
