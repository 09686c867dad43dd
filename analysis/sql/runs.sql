-- All runs of a trace: one, or those of a sweep.
--
-- variant: the params that are not the same in all of them, as 'name=value', sorted by name; empty in
-- a sweep of seeds alone.
WITH
  varied AS (SELECT name FROM param GROUP BY name HAVING count(DISTINCT value) > 1),
  named AS (
    SELECT run, group_concat(name || '=' || value, ' ') AS variant
    FROM (SELECT run, name, value FROM param WHERE name IN varied ORDER BY run, name)
    GROUP BY run)
SELECT
  id AS run, seed, coalesce(variant, '') AS variant, nodes,
  coalesce(verdict, 'unfinished') AS verdict, complete, reached / 1e9 AS reached_s, wall_s, problem
FROM run LEFT JOIN named ON named.run = id
ORDER BY id;
