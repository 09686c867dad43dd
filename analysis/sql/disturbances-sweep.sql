-- Disturbances over the runs of a sweep, and how long the leaf sets took to be right again: the median of
-- the runs of the same params. What a disturbance is, and when it has healed, is as in disturbances.sql.
--
-- variant    the params that are not the same in all runs
-- number, what, began_s
-- runs       that had it
-- lowest     median of the least share of right leaf-set positions
-- to50_s, to95_s, to100_s            medians (nearest rank); NULL: not reached in half of the runs
-- to100_least_s, to100_most_s        of the runs that reached it
-- healed     how many did
WITH
  varied AS (SELECT name FROM param GROUP BY name HAVING count(DISTINCT value) > 1),
  named AS (
    SELECT run, group_concat(name || '=' || value, ' ') AS variant
    FROM (SELECT run, name, value FROM param WHERE name IN varied ORDER BY run, name)
    GROUP BY run),
  exact AS MATERIALIZED (
    SELECT run, at, num, den FROM sample
    WHERE metric = (SELECT id FROM metric WHERE name = 'leafset.exact') AND den > 0),
  chosen AS MATERIALIZED (
    SELECT run.id AS run, sample, coalesce(variant, '') AS variant,
      coalesce(reached, (SELECT max(at) FROM exact WHERE run = run.id), goal) AS reached
    FROM run LEFT JOIN named ON named.run = run.id),
  acted AS (
    SELECT
      fault.run, fault.id, fault.at AS began, max(fault.at, coalesce(max(life.at), 0)) AS ended, text, file
    FROM fault LEFT JOIN life ON life.cause = fault.id AND life.run = fault.run
    WHERE disturbs GROUP BY fault.run, fault.id),
  again AS (
    SELECT *, lead(began) OVER (PARTITION BY run, file, text ORDER BY began, id) AS next FROM acted),
  statement AS (
    SELECT run, id, began, text, max(2 * sample, reached / 100) AS gap,
      CASE WHEN next - began <= max(2 * sample, reached / 30) THEN max(ended, next) ELSE ended END AS ended
    FROM again JOIN chosen USING (run)),
  after AS (
    SELECT *,
      max(ended) OVER (PARTITION BY run ORDER BY began, id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last
    FROM statement),
  numbered AS (
    SELECT *, sum(last IS NULL OR began - last > gap) OVER (PARTITION BY run ORDER BY began, id) AS number
    FROM after),
  wording AS (
    SELECT run, number, group_concat(short, ', ') AS what
    FROM (
      SELECT run, number, min(id) AS first,
        CASE WHEN text LIKE 'at %' THEN substr(text, instr(substr(text, 4), ' ') + 4) ELSE text END AS short
      FROM numbered GROUP BY run, number, text ORDER BY run, number, first)
    GROUP BY run, number),
  burst AS (
    SELECT run, number, min(began) AS began, max(ended) AS ended FROM numbered GROUP BY run, number),
  bounded AS MATERIALIZED (
    SELECT burst.*, coalesce(lead(began) OVER (PARTITION BY run ORDER BY number), reached) AS until, variant
    FROM burst JOIN chosen USING (run)),
  fell AS MATERIALIZED (
    SELECT
      run, number, variant, began, ended, until, min(1.0 * num / den) AS lowest,
      min(at) FILTER (WHERE at > ended) AS measured,
      min(at) FILTER (WHERE at > ended AND 2 * num < den) AS fell50,
      min(at) FILTER (WHERE at > ended AND 20 * num < 19 * den) AS fell95,
      min(at) FILTER (WHERE at > ended AND num < den) AS fell100
    FROM bounded JOIN exact USING (run) WHERE at > began AND at <= until
    GROUP BY run, number),
  rose AS (
    SELECT
      run, number, variant, began, lowest,
      CASE WHEN measured IS NULL THEN NULL WHEN fell50 IS NULL THEN 0
        ELSE min(at) FILTER (WHERE at > fell50 AND 2 * num >= den) - ended END AS to50,
      CASE WHEN measured IS NULL THEN NULL WHEN fell95 IS NULL THEN 0
        ELSE min(at) FILTER (WHERE at > fell95 AND 20 * num >= 19 * den) - ended END AS to95,
      CASE WHEN measured IS NULL THEN NULL WHEN fell100 IS NULL THEN 0
        ELSE min(at) FILTER (WHERE at > fell100 AND num = den) - ended END AS to100
    FROM fell JOIN exact USING (run) WHERE at > ended AND at <= until
    GROUP BY run, number),
  ranked AS (
    SELECT rose.*, what,
      row_number() OVER (PARTITION BY variant, number, what ORDER BY lowest) AS by_lowest,
      row_number() OVER (PARTITION BY variant, number, what ORDER BY to50 NULLS LAST) AS by50,
      row_number() OVER (PARTITION BY variant, number, what ORDER BY to95 NULLS LAST) AS by95,
      row_number() OVER (PARTITION BY variant, number, what ORDER BY to100 NULLS LAST) AS by100,
      (count(*) OVER (PARTITION BY variant, number, what) + 1) / 2 AS middle
    FROM rose JOIN wording USING (run, number))
SELECT
  variant, number, what, min(began) / 1e9 AS began_s, count(*) AS runs,
  max(lowest) FILTER (WHERE by_lowest = middle) AS lowest,
  max(to50) FILTER (WHERE by50 = middle) / 1e9 AS to50_s,
  max(to95) FILTER (WHERE by95 = middle) / 1e9 AS to95_s,
  max(to100) FILTER (WHERE by100 = middle) / 1e9 AS to100_s,
  min(to100) / 1e9 AS to100_least_s, max(to100) / 1e9 AS to100_most_s, count(to100) AS healed
FROM ranked
GROUP BY variant, number, what
ORDER BY min(run), number, count(*) DESC, what;
