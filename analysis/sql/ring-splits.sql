-- Splits: each time that there was more than one ring.
--
-- number
-- split_s    the first sample with more than one
-- merged_s   the first sample after it with one ring again; NULL: not until the end
-- most       the most rings in that time
--
-- :run       without: the first
WITH
  chosen AS (SELECT id FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  measured AS (
    SELECT at, num / den AS rings
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN chosen AND den > 0 AND name = 'ring.count'),
  changed AS (
    SELECT at, rings, rings > 1 AND coalesce(lag(rings) OVER (ORDER BY at), 1) <= 1 AS splits
    FROM measured),
  numbered AS (SELECT at, rings, sum(splits) OVER (ORDER BY at) AS number FROM changed)
SELECT
  number,
  min(at) FILTER (WHERE rings > 1) / 1e9 AS split_s,
  min(at) FILTER (WHERE rings <= 1) / 1e9 AS merged_s,
  max(rings) AS most
FROM numbered WHERE number > 0
GROUP BY number ORDER BY number;
