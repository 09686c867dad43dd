-- Searches over time: of those that ended in each of some equal spans, which share succeeded and which
-- share of the answers was right.
--
-- at_s      the middle of the span; span_s: how long it is
-- eligible  searches for keys that were registered all through them; success: those that found theirs
-- answered  answers, which are results, and not-founds where it was clear what is right;
--           correct: the right ones
--
-- :run      without: the first
-- :bins     how many spans; without: 120, but none shorter than the time between samples
WITH
  chosen AS (
    SELECT id, sample,
      coalesce(reached, (SELECT max(at) FROM sample WHERE run = run.id), goal) AS reached
    FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  span AS (SELECT max(sample, reached / coalesce(:bins, 120), 1) AS span FROM chosen),
  flow AS (
    SELECT max(0, at - 1) / (SELECT span FROM span) AS bin, name, num, den
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN (SELECT id FROM chosen) AND den > 0 AND name IN ('search.success', 'search.correct'))
SELECT
  (bin + 0.5) * (SELECT span FROM span) / 1e9 AS at_s,
  coalesce(sum(den) FILTER (WHERE name = 'search.success'), 0) AS eligible,
  1.0 * sum(num) FILTER (WHERE name = 'search.success') /
    sum(den) FILTER (WHERE name = 'search.success') AS success,
  coalesce(sum(den) FILTER (WHERE name = 'search.correct'), 0) AS answered,
  1.0 * sum(num) FILTER (WHERE name = 'search.correct') /
    sum(den) FILTER (WHERE name = 'search.correct') AS correct,
  (SELECT span FROM span) / 1e9 AS span_s
FROM flow GROUP BY bin ORDER BY bin;
