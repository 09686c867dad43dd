-- Load over time: datagrams a second that nodes sent in each of some equal spans. From the class
-- messages.
--
-- at_s       the middle of the span
-- nodes      that sent anything in it; of these:
-- p50, p99, max     datagrams a second, by nearest rank
--
-- :run       without: the first
-- :bins      how many spans; without: 60, but none shorter than the time between samples
WITH
  chosen AS (
    SELECT id, sample,
      coalesce(reached, (SELECT max(at) FROM sample WHERE run = run.id), goal) AS reached
    FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  span AS (SELECT max(sample, reached / coalesce(:bins, 60), 1) AS span FROM chosen),
  sent AS (
    SELECT at / (SELECT span FROM span) AS bin, src, count(*) AS n
    FROM message
    WHERE src IN (SELECT id FROM node WHERE run IN (SELECT id FROM chosen)) AND
      at < (SELECT reached FROM chosen)
    GROUP BY bin, src),
  ranked AS (
    SELECT bin, n, row_number() OVER (PARTITION BY bin ORDER BY n) AS rank,
      count(*) OVER (PARTITION BY bin) AS nodes
    FROM sent)
SELECT
  (bin + 0.5) * (SELECT span FROM span) / 1e9 AS at_s, max(nodes) AS nodes,
  min(n) FILTER (WHERE 100 * rank >= 50 * nodes) * 1e9 / (SELECT span FROM span) AS p50,
  min(n) FILTER (WHERE 100 * rank >= 99 * nodes) * 1e9 / (SELECT span FROM span) AS p99,
  max(n) * 1e9 / (SELECT span FROM span) AS max
FROM ranked GROUP BY bin ORDER BY bin;
