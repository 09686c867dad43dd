-- A run for the queries of `drtsim validate`: two nodes that join, then are searched; half a minute. Tables are those
-- of sim/trace/schema.sql; times are nanoseconds.

INSERT INTO kind(id, class, name) VALUES
  (20, 'life', 'start'), (30, 'search', 'exact'), (31, 'outcome', 'no-more'), (94, 'cache', 'added'),
  (95, 'cache', 'evicted');
INSERT INTO run(id, scenario, text, seed, replay, classes, version, host, started, nodes, sample, goal, reached,
  complete) VALUES
  (1, 'validate.drt', 'language 1', '1', 'drtsim run validate.drt', 'all', '0.1.0 (test)', 'a machine',
   '2026-01-01T00:00:00Z', 2, 1000000000, 30000000000, 30000000000, 1);
INSERT INTO node VALUES (1, 1, 0, 'n0', 'n', 30000000000, 20), (2, 1, 1, 'n1', 'n', 30000000000, 10);
INSERT INTO life VALUES (101, 1, 0, 1, 20, 100), (102, 1, 0, 2, 20, 100);
INSERT INTO mark VALUES
  (103, 1, 1000000000, 'joined'), (104, 1, 2000000000, 'measure'), (105, 1, 30000000000, 'measured');

-- n0 has the key 0, and its cache: five leaves within 5/4096 above, then two nodes at level 1 (at 1/32 and 5/128 of
-- the ring) and two at level 0 (at 1/4 and 3/8), and one that went.
INSERT INTO key(id, run, hex)
  SELECT column1, 1, column2 || printf('%061d', 0) FROM (VALUES
    (1, '000'), (2, '001'), (3, '002'), (4, '003'), (5, '004'), (6, '005'), (7, '080'), (8, '0a0'),
    (9, '400'), (10, '600'), (11, '200'));
INSERT INTO registration VALUES (110, 1, 1, 1, 0, 0, NULL, 100);
INSERT INTO entry SELECT id - 1, id, 2, 1024 FROM key WHERE id > 1;
INSERT INTO cache SELECT 119 + id, 0, 1, id, 94, NULL FROM entry;
INSERT INTO cache VALUES (140, 1, 1, 10, 95, NULL);

INSERT INTO metric VALUES
  (10, 'cache.stale', 'share', 0), (12, 'search.success', 'share', 1),
  (14, 'messages.per-node.LOOKUP', 'rate', 1), (15, 'messages.per-node.INQUIRE', 'rate', 1),
  (16, 'messages.per-node.FLOOD', 'rate', 1);
-- All is stale before the first mark, a tenth and three tenths at it and behind it.
INSERT INTO sample(run, at, metric, num, den) VALUES
  (1, 500000000, 10, 10, 10), (1, 1000000000, 10, 1, 10), (1, 2000000000, 10, 3, 10);
-- 15 of 20 in the first ten seconds behind the first mark, then 995 of 1000, then all.
INSERT INTO sample(run, at, metric, num, den) VALUES
  (1, 2000000000, 12, 10, 10), (1, 8000000000, 12, 5, 10), (1, 15000000000, 12, 995, 1000),
  (1, 25000000000, 12, 10, 10);
-- 6 LOOKUPs, 4 INQUIREs, 8 FLOODs until the first mark; 12 LOOKUPs behind the second.
INSERT INTO sample(run, at, metric, num, den) VALUES
  (1, 1000000000, 14, 6000000000, 2000000000), (1, 2000000000, 14, 5000000000, 2000000000),
  (1, 15000000000, 14, 12000000000, 2000000000), (1, 1000000000, 15, 4000000000, 2000000000),
  (1, 1000000000, 16, 8000000000, 2000000000);

-- Hops 1, 2, 2 and 8 of those that found something, one of them before the second mark.
INSERT INTO search(id, run, node, mode, target, started, ended, outcome, results, found, server,
  eligible, answered, correct, hops, asked, silent, cause) VALUES
  (200, 1, 1, 30, 2, 1500000000, 1800000000, 31, 1, 2, 2, 1, 1, 1, 1, 1, 0, NULL),
  (201, 1, 1, 30, 2, 4000000000, 4500000000, 31, 1, 2, 2, 1, 1, 1, 2, 2, 0, NULL),
  (202, 1, 1, 30, 2, 6000000000, 9000000000, 31, 1, 2, 2, 1, 1, 1, 2, 3, 1, NULL),
  (203, 1, 1, 30, 2, 6500000000, 6900000000, 31, 1, 2, 2, 1, 1, 1, 8, 8, 0, NULL),
  (204, 1, 1, 30, 2, 7500000000, 7900000000, 31, 0, NULL, NULL, 1, 1, 0, 3, 3, 0, NULL);
-- 300 and 500 ms for answers that took 100 ms each; one had to be asked for twice, one has no row.
INSERT INTO hop(id, search, n, node, flags, took, nearness, cause) VALUES
  (410, 200, 1, 2, 1, 100000000, 3, NULL), (411, 201, 1, 1, 1, 50000000, 3, NULL),
  (412, 201, 2, 2, 1, 100000000, 4, NULL), (413, 202, 1, 2, 1, 1100000000, 4, NULL);
