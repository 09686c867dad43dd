-- The trace of one run, attached as `part`, becomes run number :run of a sweep. :shift is added to all
-- ids, so that they stay different from those of other runs.
INSERT OR IGNORE INTO kind SELECT * FROM part.kind;
INSERT OR IGNORE INTO metric SELECT * FROM part.metric;
INSERT INTO run SELECT :run, scenario, title, text, seed, replay, classes, version, host, started,
  nodes, sample, goal, reached, wall_s, events, messages, bytes, nodes_peak, peak_rss_bytes,
  trace_rows, trajectory, results, verdict, exit_code, problem, complete FROM part.run;
INSERT INTO param SELECT :run, name, value, overridden FROM part.param;
INSERT INTO node SELECT id + :shift, :run, number, name, grp, alive, sent FROM part.node;
INSERT INTO key SELECT id + :shift, :run, hex FROM part.key;
INSERT INTO fault SELECT id + :shift, :run, at, kind, file, line, text, disturbs FROM part.fault;
INSERT INTO life SELECT id + :shift, :run, at, node + :shift, kind, cause + :shift FROM part.life;
INSERT INTO mark SELECT id + :shift, :run, at, text FROM part.mark;
INSERT INTO registration SELECT id + :shift, :run, node + :shift, key + :shift, registered, published,
  ended, cause + :shift FROM part.registration;
INSERT INTO search SELECT id + :shift, :run, node + :shift, mode, target + :shift, least + :shift,
  most + :shift, started, ended, outcome, results, found + :shift, server + :shift, eligible, answered,
  correct, hops, asked, silent, cause + :shift FROM part.search;
INSERT INTO sample SELECT :run, at, metric, num, den FROM part.sample;
INSERT INTO expectation SELECT id + :shift, :run, file, line, text, verdict, value, at
  FROM part.expectation;
