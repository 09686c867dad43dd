-- The shape of the caches at the end, by the ring alone: what level an entry is at is not asked.
--
-- Level v is the arc of a 10^v-th of the ring around the node's own key, less the next level. The five nearest
-- entries on each side are left out: they are the leaf set.
--
-- most       entries that one node has at one level, at most
-- ratio      of the mean distance at a level to that at the one before; levels with less than one entry a node
--            do not count
-- level0..   entries of a node at that level, on average
--
-- Of a run whose trace has the class cache, and one key a node.
WITH RECURSIVE
  digit(n, weight) AS (VALUES (1, 1 << 56) UNION ALL SELECT n + 1, weight >> 4 FROM digit WHERE n < 15),
  place AS (
    SELECT id, sum((instr('0123456789abcdef', substr(hex, n, 1)) - 1) * weight) AS at
    FROM key JOIN digit GROUP BY id),
  own AS (SELECT node, min(key) AS key FROM registration WHERE ended IS NULL GROUP BY node),
  held AS (
    SELECT node, entry FROM cache JOIN kind ON kind.id = cache.kind
    GROUP BY node, entry HAVING sum(CASE kind.name WHEN 'added' THEN 1 ELSE -1 END) > 0),
  way AS ( -- upwards, as a part of the ring
    SELECT held.node, ((there.at - here.at) & ((1 << 60) - 1)) / 1152921504606846976.0 AS up
    FROM held JOIN own ON own.node = held.node JOIN entry ON entry.id = held.entry
      JOIN place AS here ON here.id = own.key JOIN place AS there ON there.id = entry.key),
  ranked AS (
    SELECT node, min(up, 1 - up) AS far,
      row_number() OVER (PARTITION BY node, up < 0.5 ORDER BY min(up, 1 - up)) AS rank
    FROM way),
  levelled AS (
    SELECT node, far,
      (far < 0.05) + (far < 0.005) + (far < 0.0005) + (far < 0.00005) + (far < 0.000005) AS level
    FROM ranked WHERE rank > 5),
  counted AS (SELECT node, level, count(*) AS n FROM levelled GROUP BY node, level),
  nodes AS (SELECT count(*) AS n FROM own),
  mean AS (
    SELECT level, avg(far) AS far, 1.0 * count(*) / nodes.n AS entries
    FROM levelled JOIN nodes GROUP BY level)
SELECT
  (SELECT max(n) FROM counted) AS most,
  (SELECT avg(this.far / before.far) FROM mean AS this JOIN mean AS before ON before.level = this.level - 1
   WHERE this.entries >= 1) AS ratio,
  (SELECT entries FROM mean WHERE level = 0) AS level0,
  (SELECT entries FROM mean WHERE level = 1) AS level1,
  (SELECT entries FROM mean WHERE level = 2) AS level2,
  (SELECT entries FROM mean WHERE level = 3) AS level3,
  (SELECT entries FROM mean WHERE level = 4) AS level4;
