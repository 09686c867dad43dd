-- The marks of a run.
--
-- :run   without: the first
SELECT at / 1e9 AS at_s, text
FROM mark WHERE run = coalesce(:run, (SELECT min(id) FROM run))
ORDER BY at, id;
