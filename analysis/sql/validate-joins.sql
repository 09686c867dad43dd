-- What joining costs: messages until the first mark, for each node that was started.
--
-- inquire lookup flood
-- per_search   LOOKUPs behind the last mark but one, for each search that ended then
WITH
  this AS (SELECT coalesce(:run, (SELECT min(id) FROM run)) AS run),
  marked AS (
    SELECT at, row_number() OVER (ORDER BY at) AS n, count(*) OVER () AS of
    FROM mark JOIN this USING (run)),
  -- The numerator of a rate of messages is their number, times 1e9.
  sent AS (
    SELECT replace(name, 'messages.per-node.', '') AS type, at, num / 1e9 AS n
    FROM sample JOIN this USING (run) JOIN metric ON metric.id = metric
    WHERE name LIKE 'messages.per-node.%'),
  joined AS (
    SELECT type, sum(n) AS n FROM sent WHERE at <= (SELECT at FROM marked WHERE marked.n = 1) GROUP BY type),
  started AS (
    SELECT count(*) AS n FROM life JOIN this USING (run) JOIN kind ON kind.id = life.kind
    WHERE kind.name = 'start')
SELECT
  (SELECT n FROM joined WHERE type = 'INQUIRE') / n AS inquire,
  (SELECT n FROM joined WHERE type = 'LOOKUP') / n AS lookup,
  (SELECT n FROM joined WHERE type = 'FLOOD') / n AS flood,
  (SELECT sum(sent.n) FROM sent JOIN marked ON marked.n = marked.of - 1 AND sent.at > marked.at
   WHERE type = 'LOOKUP') /
  (SELECT count(*) FROM search JOIN this USING (run) JOIN marked ON marked.n = marked.of - 1
   WHERE ended > marked.at) AS per_search
FROM started;
