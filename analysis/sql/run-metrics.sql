-- Every metric of a run as one number: how, v_metric in the schema says.
--
-- :run      its number; without: the first
SELECT metric.name AS metric, metric.kind AS kind, v_metric.value AS value
FROM metric LEFT JOIN v_metric
  ON v_metric.metric = metric.name AND v_metric.run = coalesce(:run, (SELECT min(id) FROM run))
ORDER BY metric.id;
