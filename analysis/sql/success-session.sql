-- Success of searches against a param, over a sweep: one row for each run.
--
-- value      of the param, as it was written
-- x          as a number: times in seconds, shares as parts of one
-- success    share of searches for keys that were registered all through them that found theirs
--
-- :x         the param; without: the first by name that is not the same in all runs
WITH
  varied AS (SELECT name FROM param GROUP BY name HAVING count(DISTINCT value) > 1),
  counted AS (
    SELECT run, sum(eligible) AS eligible, sum(eligible AND results > 0) AS found
    FROM search GROUP BY run HAVING sum(eligible) > 0)
SELECT
  name, value,
  CASE
    WHEN value LIKE '%us' THEN CAST(value AS REAL) / 1e6
    WHEN value LIKE '%ms' THEN CAST(value AS REAL) / 1e3
    WHEN value LIKE '%min' THEN CAST(value AS REAL) * 60
    WHEN value LIKE '%s' THEN CAST(value AS REAL)
    WHEN value LIKE '%h' THEN CAST(value AS REAL) * 3600
    WHEN value LIKE '%d' THEN CAST(value AS REAL) * 86400
    WHEN value LIKE '%\%' ESCAPE '\' THEN CAST(value AS REAL) / 100
    ELSE CAST(replace(value, '_', '') AS REAL)
  END AS x,
  CASE
    WHEN value GLOB '*[0-9]us' OR value GLOB '*[0-9]ms' OR value GLOB '*[0-9]s' OR
      value GLOB '*[0-9]min' OR value GLOB '*[0-9]h' OR value GLOB '*[0-9]d' THEN 'time'
    WHEN value LIKE '%\%' ESCAPE '\' THEN 'share' ELSE 'number'
  END AS unit,
  param.run, run.seed, eligible, found, 1.0 * found / eligible AS success
FROM param JOIN run ON run.id = param.run JOIN counted ON counted.run = param.run
WHERE name = coalesce(:x, (SELECT min(name) FROM varied))
ORDER BY x, value, param.run;
