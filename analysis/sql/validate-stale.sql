-- Cached entries that are not true, as a share of all, over the samples from the first mark on; and the share that is.
--
-- stale valid
SELECT 1.0 * sum(num) / sum(den) AS stale, 1 - 1.0 * sum(num) / sum(den) AS valid
FROM sample JOIN metric ON metric.id = metric
WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND metric.name = 'cache.stale' AND
  at >= (SELECT min(at) FROM mark WHERE mark.run = sample.run);
