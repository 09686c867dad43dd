-- The ring at one time: each key that was published then, its right neighbours, and those that its
-- node had, as far as its application was told (class events).
--
-- key          64 hexadecimal digits; node: that registered it
-- place        where on the ring: 0 to 1
-- next, previous       the nearest keys above and below, around the end of the ring; NULL: no other
-- next_place, previous_place
-- has_next, has_previous     the nearest members of its leaf set on each side; NULL: it has none
-- has_next_place, has_previous_place
-- gone         1: has_next is a key that nobody has published at that time
-- right        1: both neighbours are right
--
-- The leaf set is what was added and not deleted between the registration and that time.
--
-- :run         without: the first
-- :at          seconds; without: the end of the run
WITH
  chosen AS (
    SELECT id, coalesce(:at * 1e9, reached, (SELECT max(at) FROM sample WHERE run = run.id), goal) AS at
    FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  published AS MATERIALIZED (
    SELECT registration.node AS node, registration.key AS key, hex, max(registered) AS registered
    FROM registration JOIN key ON key.id = registration.key, chosen
    WHERE registration.run = chosen.id AND published <= at AND (ended IS NULL OR ended > at)
    GROUP BY registration.node, registration.key),
  place AS MATERIALIZED (
    SELECT id, hex,
      ((((((instr('123456789abcdef', substr(hex, 8, 1)) / 16.0
        + instr('123456789abcdef', substr(hex, 7, 1))) / 16.0
        + instr('123456789abcdef', substr(hex, 6, 1))) / 16.0
        + instr('123456789abcdef', substr(hex, 5, 1))) / 16.0
        + instr('123456789abcdef', substr(hex, 4, 1))) / 16.0
        + instr('123456789abcdef', substr(hex, 3, 1))) / 16.0
        + instr('123456789abcdef', substr(hex, 2, 1))) / 256.0
        + instr('123456789abcdef', substr(hex, 1, 1)) / 16.0 AS place
    FROM key WHERE run IN (SELECT id FROM chosen)),
  told AS (
    SELECT event.node, event.key, remote, kind.name AS kind,
      row_number() OVER (PARTITION BY event.node, event.key, remote ORDER BY event.id DESC) AS newest
    FROM event JOIN kind ON kind.id = event.kind
      JOIN published ON published.node = event.node AND published.key = event.key, chosen
    WHERE kind.name IN ('leafset-added', 'leafset-deleted') AND event.at <= chosen.at AND
      event.at >= registered),
  member AS MATERIALIZED (
    SELECT told.node, told.key, place.hex AS remote, place.id AS id
    FROM told JOIN place ON place.id = told.remote
    WHERE newest = 1 AND kind = 'leafset-added'),
  distinct_key AS (SELECT DISTINCT hex FROM published),
  ideal AS (
    SELECT hex,
      coalesce(lead(hex) OVER w, first_value(hex) OVER w) AS next,
      coalesce(lag(hex) OVER w, (SELECT max(hex) FROM distinct_key)) AS previous
    FROM distinct_key WINDOW w AS (ORDER BY hex)),
  believed AS (
    SELECT published.node, published.key,
      coalesce(min(remote) FILTER (WHERE remote > hex), min(remote)) AS has_next,
      coalesce(max(remote) FILTER (WHERE remote < hex), max(remote)) AS has_previous
    FROM published LEFT JOIN member ON member.node = published.node AND member.key = published.key
    GROUP BY published.node, published.key)
SELECT
  node.name AS node, published.hex AS key, own.place,
  nullif(ideal.next, published.hex) AS next, above.place AS next_place,
  nullif(ideal.previous, published.hex) AS previous, below.place AS previous_place,
  has_next, has_above.place AS has_next_place,
  has_previous, has_below.place AS has_previous_place,
  has_next IS NOT NULL AND has_next NOT IN (SELECT hex FROM distinct_key) AS gone,
  has_next IS nullif(ideal.next, published.hex) AND
    has_previous IS nullif(ideal.previous, published.hex) AS right
FROM published JOIN node ON node.id = published.node JOIN place AS own ON own.id = published.key
  JOIN ideal ON ideal.hex = published.hex JOIN believed USING (node, key)
  LEFT JOIN place AS above ON above.hex = ideal.next
  LEFT JOIN place AS below ON below.hex = ideal.previous
  LEFT JOIN place AS has_above ON has_above.hex = has_next
  LEFT JOIN place AS has_below ON has_below.hex = has_previous
ORDER BY published.hex, node.id;
