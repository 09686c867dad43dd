-- Load in five numbers, by nearest rank: the same nodes as in load.sql.
--
-- n          nodes
-- mean, p50, p99, max     datagrams a second
-- busiest    the name of the node that sent the most
--
-- :run       without: the first
WITH
  ranked AS (
    SELECT sent / (alive / 1e9) AS rate, name, row_number() OVER (ORDER BY sent / (alive / 1e9), id) AS rank,
      count(*) OVER () AS n
    FROM node WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND alive > 0)
SELECT
  count(*) AS n, avg(rate) AS mean,
  min(rate) FILTER (WHERE 100 * rank >= 50 * n) AS p50,
  min(rate) FILTER (WHERE 100 * rank >= 99 * n) AS p99,
  max(rate) AS max,
  max(name) FILTER (WHERE rank = n) AS busiest
FROM ranked;
