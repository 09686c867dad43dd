-- Hops: how many nodes searches had to ask.
--
-- Of all finished searches, as in latency.sql. A hop is a distinct node that was sent a LOOKUP or the
-- INQUIRE that proves a result.
--
-- hops
-- found      searches with that many hops and a result; empty: without one
--
-- :run       without: the first
SELECT
  hops,
  count(*) FILTER (WHERE results > 0) AS found,
  count(*) FILTER (WHERE results = 0) AS empty
FROM search JOIN kind ON kind.id = outcome
WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND kind.name IN ('no-more', 'timeout')
GROUP BY hops ORDER BY hops;
