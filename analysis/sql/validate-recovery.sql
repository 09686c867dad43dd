-- How long searches suffer from the first mark on: the time until success is, and stays, above a share in every
-- ten seconds. Searches count when they end. NULL: it was not so when the run ended.
--
-- mostly_s   99 %
-- fully_s    99.9 %
-- worst      of ten seconds
WITH
  this AS (SELECT coalesce(:run, (SELECT min(id) FROM run)) AS run),
  began AS (SELECT min(at) AS at FROM mark JOIN this USING (run)),
  span AS (
    SELECT (sample.at - began.at - 1) / 10000000000 AS n, 1.0 * sum(num) / sum(den) AS success
    FROM sample JOIN this USING (run) JOIN metric ON metric.id = metric, began
    WHERE metric.name = 'search.success' AND sample.at > began.at GROUP BY 1),
  last AS (SELECT max(n) AS n FROM span)
SELECT
  (SELECT CASE WHEN coalesce(max(span.n), -1) < last.n THEN 10.0 * (coalesce(max(span.n), -1) + 1) END
   FROM span WHERE success < 0.99) AS mostly_s,
  (SELECT CASE WHEN coalesce(max(span.n), -1) < last.n THEN 10.0 * (coalesce(max(span.n), -1) + 1) END
   FROM span WHERE success < 0.999) AS fully_s,
  (SELECT min(success) FROM span) AS worst
FROM last;
