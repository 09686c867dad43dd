-- One search, and who had what it looked for while it ran.
--
-- :id       of the search
--
-- publishers: nodes that had the target's key in the ring at any time of the search; all_through: how
-- many of them from before its beginning until after its end. last_had: who gave it up last before.
-- parted: since when the network was in parts while it ran.
WITH
  it AS (SELECT * FROM search WHERE id = :id),
  had AS (
    SELECT node.name, registration.node, published, registration.ended
    FROM it JOIN registration ON registration.key = it.target AND registration.run = it.run
      JOIN node ON node.id = registration.node)
SELECT
  node.name AS node, target.hex AS target, mode.name AS mode, started / 1e9 AS started_s,
  (it.ended - started) / 1e9 AS took_s, outcome.name AS outcome, results, found.hex AS found,
  server.name AS server, eligible, answered, correct, hops, asked, silent, it.cause,
  (SELECT group_concat(name, ', ') FROM had
   WHERE published <= coalesce(it.ended, 9e18) AND coalesce(had.ended, 9e18) > started) AS publishers,
  (SELECT count(*) FROM had
   WHERE published <= started AND coalesce(had.ended, 9e18) > coalesce(it.ended, 9e18)) AS all_through,
  (SELECT printf('%s had it until %.3f s', name, had.ended / 1e9) FROM had
   WHERE had.ended <= started ORDER BY had.ended DESC LIMIT 1) AS last_had,
  (SELECT count(*) FROM message JOIN had ON had.node = message.dst WHERE message.search = it.id) +
  (SELECT count(*) FROM hop JOIN had USING (node) WHERE hop.search = it.id) AS asked_publisher,
  (SELECT printf('%.3f s (line %d)', parted.at / 1e9, parted.line)
   FROM fault AS parted JOIN kind ON kind.id = parted.kind
   WHERE kind.name = 'partition' AND parted.run = it.run AND parted.at <= coalesce(it.ended, 9e18) AND
     NOT EXISTS (SELECT 1 FROM fault JOIN kind ON kind.id = fault.kind
                 WHERE kind.name = 'heal' AND fault.run = it.run AND fault.at BETWEEN parted.at AND started)
   ORDER BY parted.at DESC LIMIT 1) AS parted
FROM it JOIN node ON node.id = it.node JOIN key AS target ON target.id = it.target
  JOIN kind AS mode ON mode.id = it.mode LEFT JOIN kind AS outcome ON outcome.id = it.outcome
  LEFT JOIN key AS found ON found.id = it.found LEFT JOIN node AS server ON server.id = it.server;
