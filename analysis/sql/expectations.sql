-- What was expected and what was found, the bad news first.
--
-- verdict    held, failed or undecided
-- at_s       of the first violation; or when the value was found
-- file, line NULL: an invariant, which is always checked
--
-- :run       without: the first
SELECT verdict, text, value, at / 1e9 AS at_s, file, line
FROM expectation
WHERE run = coalesce(:run, (SELECT min(id) FROM run))
ORDER BY CASE verdict WHEN 'failed' THEN 0 WHEN 'undecided' THEN 1 ELSE 2 END, file IS NULL, file, line, id;
