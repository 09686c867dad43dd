-- One search: who looked for what, and what came of it.
--
-- :search    its id; without: the longest that failed, or the longest
SELECT
  search.id, search.run, node.name AS node, mode.name AS mode, target.hex AS target,
  started / 1e9 AS started_s, (ended - started) / 1e9 AS took_s,
  coalesce(outcome.name, 'running') AS outcome, results, server.name AS server, eligible, answered,
  correct, hops, asked, silent
FROM search JOIN node ON node.id = search.node JOIN kind AS mode ON mode.id = search.mode
  JOIN key AS target ON target.id = search.target
  LEFT JOIN kind AS outcome ON outcome.id = search.outcome
  LEFT JOIN node AS server ON server.id = search.server
WHERE search.id = coalesce(:search, (
  SELECT id FROM search
  ORDER BY eligible AND results = 0 DESC, ended IS NOT NULL DESC, ended - started DESC, id LIMIT 1));
