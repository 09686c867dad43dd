-- How many searches there were, and what came of them.
--
-- finished   ended by themselves or by their time-out; running: when the run ended
-- eligible   for keys that were registered all through them; found: of these
-- answered   gave an answer that is right or wrong; correct: of these
-- failed     eligible and found nothing; wrong: answered, and not right
--
-- :run       without: the first
SELECT
  count(*) AS searches,
  count(*) FILTER (WHERE kind.name IN ('no-more', 'timeout')) AS finished,
  count(*) FILTER (WHERE ended IS NULL) AS running,
  count(*) FILTER (WHERE eligible) AS eligible,
  count(*) FILTER (WHERE eligible AND results > 0) AS found,
  count(*) FILTER (WHERE answered) AS answered,
  count(*) FILTER (WHERE answered AND correct) AS correct,
  count(*) FILTER (WHERE eligible AND results = 0) AS failed,
  count(*) FILTER (WHERE answered AND NOT correct) AS wrong,
  avg(hops) FILTER (WHERE kind.name IN ('no-more', 'timeout')) AS hops
FROM search LEFT JOIN kind ON kind.id = outcome
WHERE run = coalesce(:run, (SELECT min(id) FROM run));
