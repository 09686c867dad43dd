-- One run: what it was and how it went.
--
-- :run      its number; without: the first that was begun (a sweep keeps those that could not be)
--
-- verdict is NULL while the run is under way, and for ever if it was killed. reached_s is then the
-- time of its last sample.
WITH
  chosen AS (
    SELECT * FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run WHERE goal > 0),
                                          (SELECT min(id) FROM run)))
SELECT
  id, scenario, title, seed, replay, classes, version, host, started, nodes,
  coalesce(nodes_peak, nodes) AS nodes_peak,
  sample / 1e9 AS sample_s,
  goal / 1e9 AS goal_s,
  coalesce(reached, (SELECT max(at) FROM sample WHERE run = chosen.id), 0) / 1e9 AS reached_s,
  wall_s, events, messages, bytes, peak_rss_bytes, trace_rows, trajectory, results,
  coalesce(verdict, 'unfinished') AS verdict, exit_code, problem, complete,
  (SELECT count(*) FROM search WHERE run = chosen.id) AS searches,
  (SELECT group_concat(name || ' = ' || value, ', ')
   FROM (SELECT name, value FROM param WHERE run = chosen.id ORDER BY name)) AS params,
  (SELECT group_concat(name || '=' || value, ' ')
   FROM (SELECT name, value FROM param WHERE run = chosen.id AND overridden ORDER BY name)) AS overridden,
  text
FROM chosen;
