-- The nodes that one search contacted, in their order. (Class hops)
--
-- outcome    what came of it; took_s: until the answer, or NULL
-- nearness   leading bits that the node's key shares with the target
--
-- :search    its id
SELECT n, coalesce(node.name, 'nobody') AS node,
  (SELECT group_concat(name, ', ') FROM kind WHERE class = 'hop' AND hop.flags & (kind.id - 256)) AS outcome,
  took / 1e9 AS took_s, nearness
FROM hop LEFT JOIN node ON node.id = hop.node
WHERE search = :search ORDER BY n;
