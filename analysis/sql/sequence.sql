-- The messages of one search, in the order in which they were sent: questions, what was sent again, and
-- answers. (Class messages)
--
-- at_s       when it was sent, in seconds of the run
-- arrived_s  when it came there; NULL: it was lost, or under way when the run ended
-- src, dst   nodes; dst is NULL for an address of nobody
-- lost       why it did not arrive
-- again      1: it repeats an earlier one, which was not answered
-- outcome    of a question: what became of it (class hops)
--
-- :search    its id; without: of those whose messages are there, the longest one that failed, or the
--            longest
WITH
  traced AS MATERIALIZED (SELECT DISTINCT search AS id FROM message WHERE search IS NOT NULL),
  chosen AS MATERIALIZED (
    SELECT coalesce(:search, (
      SELECT id FROM search WHERE id IN traced
      ORDER BY eligible AND results = 0 DESC, ended IS NOT NULL DESC, ended - started DESC, id
      LIMIT 1)) AS id),
  part AS MATERIALIZED (SELECT * FROM message WHERE search = (SELECT id FROM chosen))
SELECT
  part.id, part.search, part.at / 1e9 AS at_s, (part.at + part.took) / 1e9 AS arrived_s,
  src.name AS src, dst.name AS dst, coalesce(type.name, 'other') AS type, part.bytes,
  lost.name AS lost,
  earlier.id IS NOT NULL AS again,
  (SELECT group_concat(name, ', ') FROM kind JOIN hop ON hop.search = part.search
   WHERE hop.cause = part.id AND class = 'hop' AND hop.flags & (kind.id - 256)) AS outcome
FROM part JOIN node AS src ON src.id = part.src LEFT JOIN node AS dst ON dst.id = part.dst
  LEFT JOIN kind AS type ON type.id = part.type LEFT JOIN kind AS lost ON lost.id = part.lost
  LEFT JOIN part AS earlier ON earlier.id = part.cause AND earlier.src = part.src AND
    earlier.dst IS part.dst AND earlier.type IS part.type
ORDER BY part.at, part.id;
