-- Nodes by what their instance says of itself, at each time.
--
-- active, alone, no_network, faulted    as in the events of drt.h
-- starting  running, and none of these yet
-- down      not started yet, stopped or crashed
--
-- :run      without: the first
--
-- Samples that are equal to the one before are left out: the numbers hold until the next row.
WITH
  chosen AS (SELECT id, nodes FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  measured AS (
    SELECT
      at,
      max(CASE name WHEN 'nodes.alive' THEN num / den END) AS alive,
      coalesce(max(CASE name WHEN 'nodes.active' THEN num / den END), 0) AS active,
      coalesce(max(CASE name WHEN 'nodes.alone' THEN num / den END), 0) AS alone,
      coalesce(max(CASE name WHEN 'nodes.no-network' THEN num / den END), 0) AS no_network,
      coalesce(max(CASE name WHEN 'nodes.faulted' THEN num / den END), 0) AS faulted
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN (SELECT id FROM chosen) AND den > 0 AND name LIKE 'nodes.%'
    GROUP BY at),
  beside AS (
    SELECT *,
      lag(alive) OVER w IS alive AND lag(active) OVER w IS active AND lag(alone) OVER w IS alone AND
        lag(no_network) OVER w IS no_network AND lag(faulted) OVER w IS faulted AND
        lead(at) OVER w IS NOT NULL AS level
    FROM measured WHERE alive IS NOT NULL WINDOW w AS (ORDER BY at))
SELECT
  at / 1e9 AS at_s, active, alone, no_network, faulted,
  max(0, alive - active - alone - no_network - faulted) AS starting,
  max(0, (SELECT nodes FROM chosen) - alive) AS down
FROM beside WHERE NOT level ORDER BY at;
