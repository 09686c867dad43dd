-- Rings: into how many separate rings the keys have fallen apart, at each time.
--
-- rings     components of the graph of nearest neighbours; 1 is right
-- keys      that are registered and published
--
-- :run      without: the first
--
-- Samples between two equal ones are left out.
WITH
  chosen AS (SELECT id FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  measured AS (
    SELECT
      at,
      max(CASE name WHEN 'ring.count' THEN num / den END) AS rings,
      max(CASE name WHEN 'keys.registered' THEN num / den END) AS keys
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN chosen AND den > 0 AND name IN ('ring.count', 'keys.registered')
    GROUP BY at),
  beside AS (
    SELECT *,
      lag(rings) OVER w IS rings AND lag(keys) OVER w IS keys AND lag(at) OVER w IS NOT NULL AND
        lead(rings) OVER w IS rings AND lead(keys) OVER w IS keys AND lead(at) OVER w IS NOT NULL
        AS level
    FROM measured WINDOW w AS (ORDER BY at))
SELECT at / 1e9 AS at_s, rings, keys
FROM beside WHERE NOT level ORDER BY at;
