-- The searches that failed: that found nothing although their key was there all through, or that gave a
-- wrong answer. In the order in which they began.
--
-- hops       distinct nodes that were asked; asked: questions; silent: of these, never answered
--
-- :run       without: the first
-- :bins      how many; without: 10
SELECT
  search.id, node.name AS node, mode.name AS mode, target.hex AS target, started / 1e9 AS started_s,
  (ended - started) / 1e9 AS took_s, coalesce(outcome.name, 'running') AS outcome, server.name AS server,
  results, eligible, answered, correct, hops, asked, silent
FROM search JOIN node ON node.id = search.node JOIN kind AS mode ON mode.id = search.mode
  JOIN key AS target ON target.id = search.target
  LEFT JOIN kind AS outcome ON outcome.id = search.outcome
  LEFT JOIN node AS server ON server.id = search.server
WHERE search.run = coalesce(:run, (SELECT min(id) FROM run)) AND
  ((eligible AND results = 0) OR (answered AND NOT correct))
ORDER BY started, search.id LIMIT coalesce(:bins, 10);
