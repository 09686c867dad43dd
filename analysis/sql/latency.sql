-- Latency of searches: for each time, the share of searches that had ended by then.
--
-- Of all finished searches: those that ended by themselves or by their time-out, with a result or
-- without.
--
-- took_s    time from the call to the end
-- share     of searches that took that long at most
--
-- :run      without: the first
-- :bins     how many rows at most, about; without: 500
WITH
  ended AS (
    SELECT ended - started AS took
    FROM search JOIN kind ON kind.id = outcome
    WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND kind.name IN ('no-more', 'timeout')),
  ranked AS (
    SELECT took, row_number() OVER (ORDER BY took) AS rank, count(*) OVER () AS n FROM ended),
  thinned AS (
    SELECT took, max(rank) AS rank, n FROM ranked
    WHERE rank = 1 OR rank = n OR rank * coalesce(:bins, 500) / n > (rank - 1) * coalesce(:bins, 500) / n
    GROUP BY took)
SELECT took / 1e9 AS took_s, 1.0 * rank / n AS share
FROM thinned ORDER BY took;
