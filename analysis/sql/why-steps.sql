-- The messages of a search, question by question: each with its repetitions, its answer, or the end of
-- patience.
--
-- :id       of the search
--
-- step: 'ask', 'again', 'answer', 'silence'. question: the id of the ask that a row belongs to. outcome:
-- what the search made of the node (class hops), at the last question to it.
WITH
  said AS (SELECT * FROM message WHERE search = :id),
  asked AS (SELECT said.* FROM said JOIN kind ON kind.id = said.type
            WHERE kind.name IN ('LOOKUP', 'INQUIRE') AND NOT copy),
  first AS (SELECT * FROM asked WHERE cause NOT IN (SELECT id FROM asked)),
  again AS (SELECT asked.*, cause AS question FROM asked WHERE cause IN (SELECT id FROM first)),
  steps AS (
    SELECT id AS question, id, 'ask' AS step, at FROM first
    UNION ALL
    SELECT question, id, 'again', at FROM again
    UNION ALL
    SELECT coalesce(again.question, said.cause), said.id, 'answer', said.at
    FROM said LEFT JOIN again ON again.id = said.cause
    WHERE said.id NOT IN (SELECT id FROM asked) AND NOT said.copy
    UNION ALL
    SELECT first.id, note.id, 'silence', note.at FROM first JOIN note ON note.cause = first.id
    JOIN kind ON kind.id = note.kind WHERE kind.name = 'unanswered')
SELECT
  steps.question, steps.id, step, steps.at / 1e9 AS at_s, type.name AS type, src.name AS src,
  dst.name AS dst, message.took / 1e9 AS took_s, lost.name AS lost,
  (SELECT outcome FROM v_hop WHERE v_hop.search = :id AND v_hop.cause = steps.id) AS outcome
FROM steps JOIN first ON first.id = steps.question
  LEFT JOIN message ON message.id = steps.id LEFT JOIN kind AS type ON type.id = message.type
  LEFT JOIN node AS src ON src.id = message.src LEFT JOIN node AS dst ON dst.id = message.dst
  LEFT JOIN kind AS lost ON lost.id = message.lost
ORDER BY first.at, steps.question, steps.at, steps.id;
