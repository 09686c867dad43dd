-- Load: how many datagrams a second each node sent while it was running, in ascending order.
--
-- share      of nodes that sent that many at most
-- rate       datagrams a second
--
-- Nodes that never ran are left out.
--
-- :run       without: the first
-- :bins      how many rows at most, about; without: 500
WITH
  ranked AS (
    SELECT sent / (alive / 1e9) AS rate, row_number() OVER (ORDER BY sent / (alive / 1e9), id) AS rank,
      count(*) OVER () AS n
    FROM node WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND alive > 0)
SELECT 1.0 * rank / n AS share, rate
FROM ranked
WHERE rank = 1 OR rank = n OR rank * coalesce(:bins, 500) / n > (rank - 1) * coalesce(:bins, 500) / n
ORDER BY rank;
