-- Four runs, two of each size. Run 4 was killed.

INSERT INTO kind(id, class, name) VALUES
  (10, 'fault', 'start'), (20, 'life', 'start'), (30, 'search', 'exact'), (31, 'outcome', 'no-more');
INSERT INTO run(id, scenario, title, text, seed, replay, classes, version, host, started, nodes, sample,
  goal, reached, wall_s, events, messages, bytes, nodes_peak, verdict, exit_code, problem, complete) VALUES
  (1, 'sweep.drt', 'A sweep', 'language 1', '1', 'drtsim run sweep.drt', 'summary', '0.1.0 (test)', 'a machine',
   '2026-01-01T00:00:00Z', 2, 1000000000, 3000000000, 3000000000, 0.1, 1, 1, 1, 2, 'held', 0, NULL, 1),
  (2, 'sweep.drt', 'A sweep', 'language 1', '2', 'drtsim run sweep.drt', 'summary', '0.1.0 (test)', 'a machine',
   '2026-01-01T00:00:00Z', 2, 1000000000, 3000000000, 3000000000, 0.1, 1, 1, 1, 2, 'failed', 1, NULL, 1),
  (3, 'sweep.drt', 'A sweep', 'language 1', '1', 'drtsim run sweep.drt', 'summary', '0.1.0 (test)', 'a machine',
   '2026-01-01T00:00:00Z', 8, 1000000000, 3000000000, 3000000000, 0.1, 1, 1, 1, 8, 'held', 0, NULL, 1),
  (4, 'sweep.drt', 'A sweep', 'language 1', '2', 'drtsim run sweep.drt', 'summary', '0.1.0 (test)', 'a machine',
   '2026-01-01T00:00:00Z', 8, 1000000000, 3000000000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0);
INSERT INTO param VALUES
  (1, 'N', '2', 1), (1, 'life', '5min', 0), (1, 'loss', '1%', 0), (2, 'N', '2', 1), (2, 'life', '5min', 0),
  (2, 'loss', '1%', 0), (3, 'N', '8', 1), (3, 'life', '1h', 0), (3, 'loss', '1%', 0), (4, 'N', '8', 1),
  (4, 'life', '1h', 0), (4, 'loss', '1%', 0);
INSERT INTO node VALUES (1, 1, 0, 'n0', 'n', 3000000000, 3), (2, 2, 0, 'n0', 'n', 3000000000, 3),
  (3, 3, 0, 'n0', 'n', 3000000000, 3), (4, 4, 0, 'n0', 'n', NULL, NULL);
INSERT INTO key(id, run, hex) SELECT column1, column1, printf('%064d', 0) FROM (VALUES (1), (2), (3), (4));
INSERT INTO fault VALUES (90, 1, 0, 10, 'sweep.drt', 2, 'at 0s start n', 1),
  (91, 2, 0, 10, 'sweep.drt', 2, 'at 0s start n', 1), (93, 3, 0, 10, 'sweep.drt', 2, 'at 0s start n', 1);
INSERT INTO metric VALUES (1, 'leafset.exact', 'share', 0), (2, 'nodes.alive', 'count', 0);
INSERT INTO sample(run, at, metric, num, den)
  SELECT column1, column2 * 1000000000, 1, column3, 10 FROM (VALUES
    (1, 1, 2), (1, 2, 8), (1, 3, 10), (2, 1, 4), (2, 2, 6), (2, 3, 10),
    (3, 1, 1), (3, 2, 5), (3, 3, 9), (4, 1, 3));
-- Run 1: 1, 1, 3 hops; run 2: 2; run 3: 4, 4 and 2, of which one found nothing.
INSERT INTO search(id, run, node, mode, target, started, ended, outcome, results, eligible, answered,
  correct, hops, asked, silent)
  SELECT column1, column2, column2, 30, column2, 1000000000, 1100000000, 31, column4, 1, 1, column4, column3,
    column3, 0
  FROM (VALUES (101, 1, 1, 1), (102, 1, 1, 1), (103, 1, 3, 1), (104, 2, 2, 1), (105, 3, 4, 1), (106, 3, 4, 0),
    (107, 3, 2, 1), (108, 3, 2, 1));
