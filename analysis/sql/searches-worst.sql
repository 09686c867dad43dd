-- The searches most worth a look, in two lists: those that failed (that found nothing although their key
-- was there all through, or gave a wrong answer), in the order in which they began; and of those that
-- found something the slowest, the slowest first.
--
-- list       'failed' or 'slowest'
-- hops       distinct nodes that were asked; asked: their addresses; silent: of these, left a question
--            unanswered
--
-- :run       without: the first
-- :bins      how many of each; without: 10
WITH
  chosen AS (SELECT * FROM v_search WHERE run = coalesce(:run, (SELECT min(id) FROM run))),
  ranked AS (
    SELECT 'failed' AS list, row_number() OVER (ORDER BY started_s, id) AS n, id
    FROM chosen WHERE (eligible AND results = 0) OR (answered AND NOT correct)
    UNION ALL
    SELECT 'slowest', row_number() OVER (ORDER BY took_s DESC, id), id
    FROM chosen WHERE took_s IS NOT NULL AND results > 0)
SELECT
  list, id, node, mode, target, started_s, took_s, coalesce(outcome, 'running') AS outcome, server, results,
  eligible, answered, correct, hops, asked, silent
FROM ranked JOIN v_search USING (id)
WHERE n <= coalesce(:bins, 10) ORDER BY list, n;
