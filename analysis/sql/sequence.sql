-- The messages of one search, in the order in which they were sent: its questions, what was sent again,
-- and what those who were asked sent back. (Class messages)
--
-- at_s       when it was sent, in seconds of the run; arrived_s: when it came there, or NULL
-- src, dst   nodes; dst is NULL for an address of nobody
-- lost       why it did not arrive, or NULL; again: 1: it repeats an earlier one
-- outcome    of a question: what its node turned out to be worth (class hops), or NULL
--
-- :search    its id; without: of those whose messages are there, the longest one that failed, or the
--            longest
WITH RECURSIVE
  traced AS (SELECT DISTINCT search AS id FROM message WHERE search IS NOT NULL),
  chosen AS MATERIALIZED (
    SELECT search.id, node, started, coalesce(ended, 9e18) AS ended
    FROM search
    WHERE id = coalesce(:search, (
      SELECT id FROM search WHERE id IN traced
      ORDER BY eligible AND results = 0 DESC, ended IS NULL DESC, ended - started DESC, id LIMIT 1))),
  near AS MATERIALIZED (
    SELECT message.* FROM message, chosen
    WHERE (src = node OR dst = node) AND at BETWEEN started AND chosen.ended + 10000000000),
  question AS (
    SELECT near.id, src, dst FROM near, chosen WHERE search = chosen.id
    UNION
    SELECT near.id, near.src, near.dst FROM near JOIN question ON near.cause = question.id
    WHERE near.src = question.src AND near.dst IS question.dst),
  part AS (
    SELECT id FROM question
    UNION
    SELECT near.id FROM near JOIN question ON near.cause = question.id
    WHERE near.src = question.dst AND near.dst = question.src)
SELECT
  message.id, chosen.id AS search, at / 1e9 AS at_s, (at + took) / 1e9 AS arrived_s,
  src.name AS src, dst.name AS dst, coalesce(type.name, 'other') AS type, bytes, lost.name AS lost,
  message.cause IN (SELECT id FROM question) AND message.src = chosen.node AND message.search IS NOT NULL
    AND copy = 0 AS again,
  (SELECT group_concat(name, ' ')
   FROM kind JOIN hop ON hop.cause = message.id
   WHERE class = 'hop' AND hop.flags & (kind.id - 256)) AS outcome
FROM part JOIN message USING (id) CROSS JOIN chosen
  JOIN node AS src ON src.id = message.src LEFT JOIN node AS dst ON dst.id = message.dst
  LEFT JOIN kind AS type ON type.id = message.type LEFT JOIN kind AS lost ON lost.id = message.lost
ORDER BY at, message.id;
