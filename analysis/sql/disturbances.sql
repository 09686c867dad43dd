-- Disturbances, and how long the leaf sets took to be right again after each.
--
-- What disturbs: statements that may make right leaf sets wrong (fault.disturbs). One that lasts
-- (`start ... over 60s`, `churn`) lasts until the last node that it acted on; one that is repeated at
-- least every thirtieth of the run (`every 10s`) lasts until its last time. Statements that follow each
-- other closely, within two samples or a hundredth of the run, are one disturbance.
--
-- number     from 1, in their order
-- began_s, ended_s
-- until_s    when the next one begins, or the run ends: convergence is looked for up to there
-- what       the statements; kinds: in a word each; line: where the first one stands in the scenario
-- count      how often statements were carried out; nodes: that they acted on
-- lowest     the least share of right leaf-set positions from its beginning until until_s
-- to50_s, to95_s, to100_s
--            from ended_s until the first sample at which that share of leaf-set positions was right
--            again: 0 if it did not fall below in that time, NULL if it was not reached again until
--            until_s. They are exact to the time between two samples.
--
-- :run       without: the first
WITH
  chosen AS (
    SELECT id, sample, coalesce(reached, (SELECT max(at) FROM sample WHERE run = run.id), goal) AS reached
    FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  acted AS (
    SELECT
      fault.id, fault.at AS began, max(fault.at, coalesce(max(life.at), 0)) AS ended, text, file, line,
      kind.name AS kind, count(life.id) AS nodes
    FROM fault JOIN kind ON kind.id = fault.kind LEFT JOIN life ON life.cause = fault.id
    WHERE fault.run IN (SELECT id FROM chosen) AND disturbs
    GROUP BY fault.id),
  again AS (
    SELECT *, lead(began) OVER (PARTITION BY file, line, text ORDER BY began, id) AS next FROM acted),
  statement AS (
    SELECT id, began, text, line, kind, nodes,
      CASE WHEN next - began <= (SELECT max(2 * sample, reached / 30) FROM chosen)
        THEN max(ended, next) ELSE ended END AS ended
    FROM again),
  after AS (
    SELECT *,
      max(ended) OVER (ORDER BY began, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last
    FROM statement),
  numbered AS (
    SELECT *,
      sum(last IS NULL OR began - last > (SELECT max(2 * sample, reached / 100) FROM chosen))
        OVER (ORDER BY began, id) AS number
    FROM after),
  wording AS (
    SELECT number, group_concat(short, ', ') AS what, group_concat(kind, ', ') AS kinds
    FROM (
      SELECT number, kind, min(id) AS first,
        CASE WHEN text LIKE 'at %' THEN substr(text, instr(substr(text, 4), ' ') + 4) ELSE text END AS short
      FROM numbered GROUP BY number, text ORDER BY number, first)
    GROUP BY number),
  burst AS (
    SELECT
      number, min(began) AS began, max(ended) AS ended, min(line) AS line, count(*) AS count,
      sum(nodes) AS nodes
    FROM numbered GROUP BY number),
  bounded AS (
    SELECT *, coalesce(lead(began) OVER (ORDER BY number), (SELECT reached FROM chosen)) AS until
    FROM burst),
  exact AS MATERIALIZED (
    SELECT at, num, den FROM sample JOIN metric ON metric.id = metric
    WHERE run IN (SELECT id FROM chosen) AND name = 'leafset.exact' AND den > 0),
  bound(share) AS (VALUES (50), (95), (100)),
  fell AS (
    SELECT number, ended, until, share,
      (SELECT min(at) FROM exact WHERE at > ended AND at <= until AND 100 * num < share * den) AS fell,
      EXISTS (SELECT 1 FROM exact WHERE at > ended AND at <= until) AS measured
    FROM bounded, bound),
  healed AS (
    SELECT number, share,
      CASE
        WHEN NOT measured THEN NULL
        WHEN fell IS NULL THEN 0
        ELSE (SELECT min(at) - ended FROM exact WHERE at > fell AND at <= until AND 100 * num >= share * den)
      END / 1e9 AS healed_s
    FROM fell)
SELECT
  number, began / 1e9 AS began_s, ended / 1e9 AS ended_s, until / 1e9 AS until_s, what, kinds, line,
  count, nodes,
  (SELECT min(1.0 * num / den) FROM exact WHERE at > began AND at <= until) AS lowest,
  (SELECT healed_s FROM healed WHERE healed.number = bounded.number AND share = 50) AS to50_s,
  (SELECT healed_s FROM healed WHERE healed.number = bounded.number AND share = 95) AS to95_s,
  (SELECT healed_s FROM healed WHERE healed.number = bounded.number AND share = 100) AS to100_s
FROM bounded JOIN wording USING (number)
ORDER BY number;
