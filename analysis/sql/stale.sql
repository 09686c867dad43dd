-- Stale entries: what caches hold of keys that are not, or no longer, served there.
--
-- stale     share of cached entries whose key is not registered at that endpoint
-- age_s     of the oldest cached entry for a key that is gone
--
-- :run      without: the first
--
-- Samples between two equal ones are left out.
WITH
  chosen AS (SELECT id FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  measured AS (
    SELECT
      at,
      max(CASE name WHEN 'cache.stale' THEN 1.0 * num / den END) AS stale,
      max(CASE name WHEN 'stale.age.max' THEN num / 1e9 / den END) AS age_s
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN chosen AND den > 0 AND name IN ('cache.stale', 'stale.age.max')
    GROUP BY at),
  beside AS (
    SELECT *,
      lag(stale) OVER w IS stale AND lag(age_s) OVER w IS age_s AND lag(at) OVER w IS NOT NULL AND
        lead(stale) OVER w IS stale AND lead(age_s) OVER w IS age_s AND lead(at) OVER w IS NOT NULL
        AS level
    FROM measured WINDOW w AS (ORDER BY at))
SELECT at / 1e9 AS at_s, stale, age_s
FROM beside WHERE NOT level ORDER BY at;
