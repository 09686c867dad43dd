-- A run of ten seconds, small enough to be recomputed by hand: four nodes, of which p2 never starts.
-- Tables are those of sim/trace/schema.sql; times are nanoseconds.

INSERT INTO kind(id, class, name) VALUES
  (10, 'fault', 'start'), (11, 'fault', 'crash'), (12, 'fault', 'workload'),
  (20, 'life', 'start'), (21, 'life', 'crash'),
  (30, 'search', 'exact'), (31, 'outcome', 'no-more'), (32, 'outcome', 'timeout'),
  (40, 'message', 'LOOKUP'), (41, 'message', 'AUTHORITY'), (50, 'loss', 'loss'),
  (60, 'event', 'leafset-added'), (61, 'event', 'leafset-deleted'), (70, 'call', 'DrtOpen'),
  (257, 'hop', 'accepted'), (258, 'hop', 'rejected'), (260, 'hop', 'unreachable');

INSERT INTO run(id, scenario, title, text, seed, replay, classes, version, host, started, nodes, sample,
  goal, reached, wall_s, events, messages, bytes, nodes_peak, peak_rss_bytes, trace_rows, trajectory,
  results, verdict, exit_code, complete) VALUES
  (1, 'small.drt', 'A "small" run, <made> by hand & head', 'language 1
title "small"
', '18446744073709551615', 'drtsim run small.drt --seed 18446744073709551615', 'protocol', '0.1.0 (test)',
   'a machine', '2026-01-01T00:00:00Z', 4, 1000000000, 10000000000, 10000000000, 0.5, 1000, 50, 6000, 3,
   1000000, 99, '0123456789abcdef', 'fedcba9876543210', 'failed', 1, 1);
INSERT INTO param VALUES (1, 'N', '3', 0), (1, 'life', '5min', 1);

-- alive and sent: 2, 1 and 4 datagrams a second.
INSERT INTO node VALUES
  (1, 1, 0, 'a0', 'a', 10000000000, 20), (2, 1, 1, 'p0', 'p', 10000000000, 10),
  (3, 1, 2, 'p1', 'p', 5000000000, 20), (4, 1, 3, 'p2', 'p', 0, 0);
INSERT INTO key(id, run, hex) VALUES
  (1, 1, '2' || printf('%063d', 0)), (2, 1, '6' || printf('%063d', 0)),
  (3, 1, 'a' || printf('%063d', 0)), (4, 1, 'e' || printf('%063d', 0));

-- Two disturbances: starts from 0 s to 1 s, and a crash at 5 s. Searches disturb nothing.
INSERT INTO fault VALUES
  (100, 1, 0, 10, 'small.drt', 3, 'at 0s start a0', 1),
  (101, 1, 0, 10, 'small.drt', 4, 'at 0s start p over 1s', 1),
  (105, 1, 3000000000, 12, 'small.drt', 5, 'from 3s to 10s search 1/s', 0),
  (106, 1, 5000000000, 11, 'small.drt', 6, 'at 5s crash p1', 1);
INSERT INTO life VALUES
  (102, 1, 0, 1, 20, 100), (103, 1, 0, 2, 20, 101), (104, 1, 1000000000, 3, 20, 101),
  (107, 1, 5000000000, 3, 21, 106);
INSERT INTO mark VALUES (108, 1, 4000000000, 'measure');

-- Keys 2, 6 and a are published from 2 s on; a is gone with p1 at 5 s.
INSERT INTO registration VALUES
  (110, 1, 1, 1, 0, 2000000000, NULL, 100), (111, 1, 2, 2, 0, 2000000000, NULL, 101),
  (112, 1, 3, 3, 1000000000, 2000000000, 5000000000, 101);

INSERT INTO metric VALUES
  (1, 'nodes.alive', 'count', 0), (2, 'nodes.active', 'count', 0), (3, 'nodes.alone', 'count', 0),
  (4, 'nodes.no-network', 'count', 0), (5, 'nodes.faulted', 'count', 0),
  (6, 'keys.registered', 'count', 0), (7, 'leafset.exact', 'share', 0),
  (8, 'leafset.nearest', 'share', 0), (9, 'ring.count', 'count', 0), (10, 'cache.stale', 'share', 0),
  (11, 'stale.age.max', 'time', 0), (12, 'search.success', 'share', 1), (13, 'search.correct', 'share', 1),
  (14, 'messages.per-node.LOOKUP', 'rate', 1), (15, 'messages.per-node.AUTHORITY', 'rate', 1),
  (16, 'bytes.per-node.LOOKUP', 'byte-rate', 1), (17, 'bytes.per-node.AUTHORITY', 'byte-rate', 1),
  (18, 'search.latency.p50', 'time', 1);

INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 7, column2, column3 FROM (VALUES
    (0, 0, 0), (1, 0, 10), (2, 4, 10), (3, 10, 10), (4, 10, 10), (5, 10, 10),
    (6, 4, 10), (7, 6, 10), (8, 19, 20), (9, 20, 20), (10, 20, 20));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 8, column2, 2 FROM (VALUES
    (1, 0), (2, 1), (3, 2), (4, 2), (5, 2), (6, 1), (7, 2), (8, 2), (9, 2), (10, 2));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 1, column2, 1 FROM (VALUES
    (0, 0), (1, 2), (2, 3), (3, 3), (4, 3), (5, 3), (6, 2), (7, 2), (8, 2), (9, 2), (10, 2));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 2, column2, 1 FROM (VALUES
    (0, 0), (1, 1), (2, 3), (3, 3), (4, 3), (5, 3), (6, 1), (7, 2), (8, 2), (9, 2), (10, 2));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 3, column2, 1 FROM (VALUES
    (0, 0), (1, 1), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 9, column2, 1 FROM (VALUES
    (1, 1), (2, 3), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (8, 1), (9, 1), (10, 1));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 10, column2, 40 FROM (VALUES (5, 0), (6, 10), (7, 4), (10, 2));
INSERT INTO sample(run, at, metric, num, den)
  SELECT 1, column1 * 1000000000, 11, column2 * 1000000000, 1 FROM (VALUES (5, 0), (6, 1), (7, 2), (10, 5));
-- Of the searches that ended in the second before: in all 4, of which 3 succeed.
INSERT INTO sample(run, at, metric, num, den) VALUES
  (1, 4000000000, 12, 1, 1), (1, 5000000000, 12, 1, 1), (1, 7000000000, 12, 1, 2),
  (1, 4000000000, 13, 1, 1), (1, 5000000000, 13, 1, 1), (1, 7000000000, 13, 1, 1),
  (1, 7000000000, 18, 300000000, 1);
-- 2 and 4 LOOKUPs of 100 bytes, 1 AUTHORITY of 300, over 2 node seconds each time.
INSERT INTO sample(run, at, metric, num, den) VALUES
  (1, 2000000000, 14, 2, 2), (1, 4000000000, 14, 4, 2), (1, 4000000000, 15, 1, 2),
  (1, 2000000000, 16, 200, 2), (1, 4000000000, 16, 400, 2), (1, 4000000000, 17, 300, 2);

-- Latencies 100, 200, 300 and 400 ms; hops 1, 2, 2 and 3. The third one fails, the fifth is running.
INSERT INTO search(id, run, node, mode, target, started, ended, outcome, results, found, server,
  eligible, answered, correct, hops, asked, silent, cause) VALUES
  (200, 1, 1, 30, 2, 3000000000, 3100000000, 31, 1, 2, 2, 1, 1, 1, 1, 1, 0, 105),
  (201, 1, 2, 30, 1, 4000000000, 4200000000, 31, 1, 1, 1, 1, 1, 1, 2, 2, 0, 105),
  (202, 1, 1, 30, 2, 6000000000, 6300000000, 32, 0, NULL, NULL, 1, 0, 0, 2, 3, 2, 105),
  (203, 1, 2, 30, 1, 6500000000, 6900000000, 31, 1, 1, 1, 1, 1, 1, 3, 3, 0, 105),
  (204, 1, 2, 30, 4, 9900000000, NULL, NULL, 0, NULL, NULL, 0, 0, 0, 1, 1, 0, 105);

INSERT INTO expectation VALUES
  (1, 1, 'small.drt', 8, 'by 9s leafset.exact == 100%', 'held', '100%', 9000000000),
  (2, 1, 'small.drt', 9, 'always ring.count == 1', 'failed', '3', 2000000000),
  (3, 1, 'small.drt', 10, 'at 9s search.success > 0%', 'undecided', 'nothing to measure', 9000000000);

-- What applications were told of their leaf sets: a0 and p0 of each other and of p1's key, which a0 is
-- told to be gone and p0 is not.
INSERT INTO event(id, at, node, kind, key, remote, code, cause) VALUES
  (300, 2000000000, 1, 60, 1, 2, 0, NULL), (301, 2000000000, 1, 60, 1, 3, 0, NULL),
  (302, 2000000000, 2, 60, 2, 1, 0, NULL), (303, 2000000000, 2, 60, 2, 3, 0, NULL),
  (304, 2000000000, 3, 60, 3, 1, 0, NULL), (305, 2000000000, 3, 60, 3, 2, 0, NULL),
  (306, 6000000000, 1, 61, 1, 3, 0, NULL);

-- Search 202: a LOOKUP that is lost, sent again, and its answer, which is lost.
INSERT INTO message(id, at, src, dst, type, bytes, took, lost, purpose, flags, key, revoke, search, copy,
  cause) VALUES
  (400, 6000000000, 1, 2, 40, 100, NULL, 50, NULL, 0, 2, 0, 202, 0, 202),
  (401, 6100000000, 1, 2, 40, 100, 50000000, NULL, NULL, 0, 2, 0, 202, 0, 400),
  (402, 6150000000, 2, 1, 41, 300, NULL, 50, NULL, 0, NULL, 0, 202, 0, 401),
  (403, 6200000000, 1, 3, 40, 118, NULL, NULL, NULL, 0, 2, 0, 202, 0, 400),
  (404, 8000000000, 2, 1, 40, 100, 50000000, NULL, NULL, 0, NULL, 0, NULL, 0, NULL);
INSERT INTO hop(id, search, n, node, flags, took, nearness, cause) VALUES
  (410, 202, 1, 2, 6, 200000000, 3, 400), (411, 202, 2, 3, 1, 100000000, 4, 403);
INSERT INTO datagram VALUES (400, x'00ff10');
