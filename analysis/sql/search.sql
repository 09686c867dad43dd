-- One search: who looked for what, and what came of it.
--
-- :search    its id; without: the longest that failed, or the longest
SELECT
  id, run, node, mode, target, started_s, took_s, coalesce(outcome, 'running') AS outcome, results, server,
  eligible, answered, correct, hops, asked, silent
FROM v_search
WHERE id = coalesce(:search, (
  SELECT id FROM search
  ORDER BY eligible AND results = 0 DESC, ended IS NOT NULL DESC, ended - started DESC, id LIMIT 1));
