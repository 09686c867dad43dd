-- Success of searches against a param, over a sweep: one row for each run.
--
-- value      of the param, as it was written
-- x          as a number: times in seconds, shares as parts of one
-- success    share of searches for keys that were registered all through them that found theirs
--
-- :x         the param; without: the first by name that is not the same in all runs
WITH RECURSIVE
  varied AS (SELECT name FROM param GROUP BY name HAVING count(DISTINCT value) > 1),
  counted AS (
    SELECT run, sum(eligible) AS eligible, sum(eligible AND results > 0) AS found
    FROM search GROUP BY run HAVING sum(eligible) > 0),
  asked AS (
    SELECT name, value, run FROM param WHERE name = coalesce(:x, (SELECT min(name) FROM varied))),
  unit(unit, kind, factor) AS (VALUES
    ('us', 'time', 1e-6), ('ms', 'time', 1e-3), ('s', 'time', 1), ('min', 'time', 60),
    ('h', 'time', 3600), ('d', 'time', 86400), ('%', 'share', 0.01)),
  -- 1min30s, part by part: a number, then (in after) its unit and the rest.
  part(value, rest, after, x, kind) AS (
    SELECT DISTINCT value, replace(value, '_', ''), ltrim(replace(value, '_', ''), '0123456789.'), 0.0, NULL
    FROM asked
    UNION ALL
    SELECT value, substr(after, length(unit) + 1), ltrim(substr(after, length(unit) + 1), '0123456789.'),
      x + factor * substr(rest, 1, length(rest) - length(after)), unit.kind
    FROM part JOIN unit ON substr(after, 1, length(unit)) = unit AND
      ltrim(substr(after, length(unit) + 1, 1), '0123456789') = ''
    WHERE after <> rest)
SELECT
  name, asked.value, coalesce(x, CAST(replace(asked.value, '_', '') AS REAL)) AS x,
  coalesce(kind, 'number') AS unit,
  asked.run, run.seed, eligible, found, 1.0 * found / eligible AS success
FROM asked JOIN run ON run.id = asked.run JOIN counted ON counted.run = asked.run
  LEFT JOIN part ON part.value = asked.value AND rest = '' AND kind IS NOT NULL
ORDER BY x, asked.value, asked.run;
