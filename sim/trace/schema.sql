-- What a trace holds, table by table. Any SQLite shell opens it; start with the views (v_...).
--
-- Times are virtual nanoseconds since the beginning of the run, unless a name says otherwise; views
-- show seconds. A column that does not apply is NULL. What a number of kind, type, why or the like
-- means is in `kind`.
--
-- Everything that happens has an id from one counter, over all tables: ids grow with virtual time,
-- and one id names one row. (A duplicate that the network made has its id from when it arrived, its
-- `at` from its original. Runs, nodes, keys, entries, kinds and metrics do not happen: each of these
-- tables counts for itself.) `cause` is the id of the row that led to this one: a message that had
-- arrived, a call, a timer, something that the scenario did. `v_cause` finds a row by its id; going
-- from cause to cause ends where the scenario acted, or a timer came due.
--
-- Which tables are filled depends on the classes of the trace (`trace` of the scenario, or --trace):
--   always         run, param, node, expectation, kind, metric
--   summary        fault, life, mark, key, registration, search, sample   (part of all that follow)
--   api            call, wake
--   events         event, wake
--   messages       message, note, wake
--   hops           hop
--   cache          cache, entry, wake
--   all            all of these, and datagram

PRAGMA application_id = 0x64727473; -- "drts"
PRAGMA user_version = 1;            -- of this schema

-- What a number means, and in which columns.
CREATE TABLE kind(
  id    INTEGER PRIMARY KEY,
  class TEXT NOT NULL,    -- 'message', 'loss', 'event', 'life', ...: as the comments below name it
  name  TEXT NOT NULL,
  note  TEXT              -- in words
);

-- A run. A trace has one, a sweep as many as it was made of.
CREATE TABLE run(
  id          INTEGER PRIMARY KEY, -- from 1
  scenario    TEXT NOT NULL,       -- the file, as it was named
  title       TEXT,
  text        TEXT NOT NULL,       -- the scenario as it was run: includes, params and defaults resolved
  seed        TEXT NOT NULL,       -- decimal: unsigned 64 bits do not fit an INTEGER
  replay      TEXT NOT NULL,       -- the command that runs the same again
  classes     TEXT NOT NULL,       -- of the trace
  version     TEXT NOT NULL,       -- of the program, and its commit
  host        TEXT NOT NULL,       -- the machine that ran it
  started     TEXT NOT NULL,       -- wall clock, UTC
  nodes       INTEGER NOT NULL,    -- declared
  sample      INTEGER NOT NULL,    -- time between samples
  goal        INTEGER NOT NULL,    -- the virtual time that it is to reach
  -- Of a run that is under way, or was killed, these are NULL:
  reached     INTEGER,             -- the virtual time that it did reach
  wall_s      REAL,                -- seconds that it took
  events      INTEGER,             -- datagrams handled and timers fired
  messages    INTEGER,             -- datagrams sent
  bytes       INTEGER,             -- in them, without headers of UDP and IPv6
  nodes_peak  INTEGER,             -- the most nodes that ran at the same time
  peak_rss_bytes INTEGER,          -- memory of the whole process
  trace_rows  INTEGER,             -- written for it
  trajectory  TEXT,                -- fingerprint of all that happened, 16 hexadecimal digits
  results     TEXT,                -- fingerprint of metrics and verdicts
  verdict     TEXT,                -- 'held', 'failed', 'undecided', 'interrupted', 'mistake', 'trouble'
  exit_code   INTEGER,             -- of drtsim run
  problem     TEXT,                -- why it could not go on, if it could not
  complete    INTEGER NOT NULL DEFAULT 0 -- 1: it came to its end, and all rows are there
);

-- Of a sweep: what its runs have in common. Empty in the trace of one run. A sweep keeps the summary of
-- each run; what else a run did is seen by running it again, as its `replay` says. Its ids are those
-- of the run's own trace plus (run - 1) * 2^40.
CREATE TABLE sweep(
  id   INTEGER PRIMARY KEY CHECK(id = 1),
  text TEXT NOT NULL -- the scenario with the params that the file gives
);

-- The params of the scenario.
CREATE TABLE param(
  run        INTEGER NOT NULL REFERENCES run(id),
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,
  overridden INTEGER NOT NULL, -- 1: by --set
  PRIMARY KEY(run, name)
) WITHOUT ROWID;

-- The machines. Where other tables say node, src or dst, they mean this id.
CREATE TABLE node(
  id     INTEGER PRIMARY KEY,
  run    INTEGER NOT NULL REFERENCES run(id),
  number INTEGER NOT NULL, -- in its run, from 0
  name   TEXT NOT NULL,    -- 'peer3'
  grp    TEXT NOT NULL,    -- its group: 'peer'
  -- Known at the end of the run:
  alive  INTEGER,          -- for how long it was running, all in all
  sent   INTEGER           -- datagrams sent
);

-- Keys, each once: registered, searched or spoken of in a message.
CREATE TABLE key(
  id  INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run(id),
  hex TEXT NOT NULL -- 64 digits, the most significant first: text order is ring order
);

-- What the scenario did: one row each time that a statement was carried out.
CREATE TABLE fault(
  id   INTEGER PRIMARY KEY,
  run  INTEGER NOT NULL REFERENCES run(id),
  at   INTEGER NOT NULL,
  kind INTEGER NOT NULL REFERENCES kind(id), -- class 'fault': start, crash, partition, ...
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  text TEXT NOT NULL,                        -- the statement
  disturbs INTEGER NOT NULL                  -- 1: leaf sets that were right may now be wrong
);

-- What happened to nodes, by the scenario's hand.
CREATE TABLE life(
  id    INTEGER PRIMARY KEY,
  run   INTEGER NOT NULL REFERENCES run(id),
  at    INTEGER NOT NULL,
  node  INTEGER NOT NULL REFERENCES node(id),
  kind  INTEGER NOT NULL REFERENCES kind(id), -- class 'life': start, stop, crash, ...
  cause INTEGER                               -- a fault
);

-- A `mark`: for plots, and for expectations that are counted from it.
CREATE TABLE mark(
  id   INTEGER PRIMARY KEY,
  run  INTEGER NOT NULL REFERENCES run(id),
  at   INTEGER NOT NULL,
  text TEXT NOT NULL
);

-- A key that a node had registered, for as long as others could find it: the ideal ring at a time are
-- the rows with published <= time < ended. A key that was out of the ring for a while (its node lost
-- the network) has several rows.
CREATE TABLE registration(
  id         INTEGER PRIMARY KEY,
  run        INTEGER NOT NULL REFERENCES run(id),
  node       INTEGER NOT NULL REFERENCES node(id),
  key        INTEGER NOT NULL REFERENCES key(id),
  registered INTEGER NOT NULL, -- when DrtRegisterKey was called
  published  INTEGER NOT NULL, -- when the node was first ACTIVE with it
  ended      INTEGER,          -- unregistered, stopped, crashed, faulted, no network; NULL: not yet
  cause      INTEGER           -- of its publication
);

-- Searches of applications. The oracle's judgement is of the answers, not of the protocol's effort.
CREATE TABLE search(
  id       INTEGER PRIMARY KEY,
  run      INTEGER NOT NULL REFERENCES run(id),
  node     INTEGER NOT NULL REFERENCES node(id), -- that searched
  mode     INTEGER NOT NULL REFERENCES kind(id), -- class 'search': exact, nearest, range
  target   INTEGER NOT NULL REFERENCES key(id),
  least    INTEGER REFERENCES key(id),           -- of a range; both included
  most     INTEGER REFERENCES key(id),
  started  INTEGER NOT NULL,
  ended    INTEGER,                              -- NULL: it was running when the run ended
  outcome  INTEGER REFERENCES kind(id),          -- class 'outcome': no-more, timeout, faulted, died
  results  INTEGER NOT NULL,                     -- how many
  found    INTEGER REFERENCES key(id),           -- the first result,
  server   INTEGER REFERENCES node(id),          -- and the node that proved to serve it
  eligible INTEGER NOT NULL, -- 1: counts for search.success: what it looks for was there all through
  answered INTEGER NOT NULL, -- 1: it gave an answer that was right or wrong: counts for search.correct
  correct  INTEGER NOT NULL, -- 1: the answer was right
  hops     INTEGER NOT NULL, -- distinct nodes that were asked, with a LOOKUP or an INQUIRE
  asked    INTEGER NOT NULL, -- their addresses, as many as rows in hop: a node that came back has another
                             -- one. How many questions that took is in message
  silent   INTEGER NOT NULL, -- of these, left a question unanswered
  cause    INTEGER           -- the call or statement that began it
);

-- What can be measured.
CREATE TABLE metric(
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL,  -- as scenarios call it: 'leafset.exact', 'messages.per-node.LOOKUP'
  kind TEXT NOT NULL,  -- 'count', 'mean', 'share', 'time' (ns), 'rate' (a second), 'byte-rate'
  flow INTEGER NOT NULL -- 0: a state, as it was at the sample; 1: of what happened since the last one
);

-- Measurements, at every sample. The value is num / den, exactly. Flows are of the time since the
-- sample before, so shares, means and rates of several samples are sum(num) / sum(den). Without a row
-- there was nothing to measure.
CREATE TABLE sample(
  run    INTEGER NOT NULL REFERENCES run(id),
  at     INTEGER NOT NULL,
  metric INTEGER NOT NULL REFERENCES metric(id),
  num    INTEGER NOT NULL,
  den    INTEGER NOT NULL
);

-- What was expected, and what was found: expectations, `-> CODE` of calls, invariants.
CREATE TABLE expectation(
  id      INTEGER PRIMARY KEY,
  run     INTEGER NOT NULL REFERENCES run(id),
  file    TEXT,             -- NULL: an invariant
  line    INTEGER,
  text    TEXT NOT NULL,
  verdict TEXT NOT NULL,    -- 'held', 'failed', 'undecided'
  value   TEXT NOT NULL,    -- what was found, for people
  at      INTEGER NOT NULL  -- of the first violation; or when the value was found
);

-- Calls of drt.h that applications made. (Class api)
CREATE TABLE call(
  id    INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  node  INTEGER NOT NULL REFERENCES node(id),
  kind  INTEGER NOT NULL REFERENCES kind(id), -- class 'call': DrtOpen, DrtRegisterKey, ...
  key   INTEGER REFERENCES key(id),
  code  INTEGER NOT NULL,                     -- its HRESULT, unsigned; `kind` has names of class 'hresult'
  cause INTEGER
);

-- Events that applications read. (Class events)
CREATE TABLE event(
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  node   INTEGER NOT NULL REFERENCES node(id),
  kind   INTEGER NOT NULL REFERENCES kind(id), -- class 'event': status-active, leafset-added, ...
  key    INTEGER REFERENCES key(id),           -- the node's own
  remote INTEGER REFERENCES key(id),           -- the neighbour that came or went
  code   INTEGER NOT NULL,                     -- its HRESULT, unsigned
  cause  INTEGER
);

-- Timers that came due and led to something recorded.
CREATE TABLE wake(
  id   INTEGER PRIMARY KEY,
  at   INTEGER NOT NULL,
  node INTEGER NOT NULL REFERENCES node(id),
  kind INTEGER NOT NULL REFERENCES kind(id) -- class 'wake': timer, maintenance
);

-- Datagrams. (Class messages) Arrived: took is set. Lost: lost is. Neither: under way at the end, or
-- held, or waiting in the socket of a frozen process.
CREATE TABLE message(
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,                     -- when it was sent
  src     INTEGER NOT NULL REFERENCES node(id),
  dst     INTEGER REFERENCES node(id),          -- NULL: to an address of nobody
  type    INTEGER REFERENCES kind(id),          -- class 'message'; NULL: none of ours
  bytes   INTEGER NOT NULL,
  took    INTEGER,                              -- time on the way
  lost    INTEGER REFERENCES kind(id),          -- class 'loss': why
  purpose INTEGER REFERENCES kind(id),          -- class 'purpose': what a question was for
  flags   INTEGER NOT NULL,                     -- of the message's own header field, as on the wire
  key     INTEGER REFERENCES key(id),           -- what it is about: the target of a LOOKUP, the key
                                                -- to validate of an INQUIRE, the entry of a SOLICIT,
                                                -- FLOOD or AUTHORITY
  revoke  INTEGER NOT NULL,                     -- 1: a FLOOD that says that the key is gone
  search  INTEGER,                              -- of an application: that this asks for, or answers
  copy    INTEGER NOT NULL,                     -- 1: a duplicate that the network made of its cause
  cause   INTEGER                               -- of a retransmission: the message that it repeats
);

-- What the core made of a message, or of its silence. (Class messages)
CREATE TABLE note(
  id    INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  node  INTEGER NOT NULL REFERENCES node(id),
  kind  INTEGER NOT NULL REFERENCES kind(id), -- class 'note': rejected, ignored, fragment, unanswered
  why   INTEGER REFERENCES kind(id),          -- class 'reject', 'ignore' or 'fragment'
  cause INTEGER                               -- the message
);

-- The nodes that a search contacted, in their order. (Class hops)
CREATE TABLE hop(
  id       INTEGER PRIMARY KEY,
  search   INTEGER NOT NULL REFERENCES search(id),
  n        INTEGER NOT NULL,             -- from 1
  node     INTEGER REFERENCES node(id),  -- NULL: an address of nobody
  flags    INTEGER NOT NULL,             -- what came of it: sum of class 'hop' in kind, less 256
  took     INTEGER,                      -- until its last answer; NULL: it never answered
  nearness INTEGER NOT NULL,             -- leading bits that its key shares with the target
  cause    INTEGER                       -- the message that asked it, or (without class messages) the search
);

-- What a node's cache can hold: a key, where it is served. (Class cache)
CREATE TABLE entry(
  id   INTEGER PRIMARY KEY,
  key  INTEGER NOT NULL REFERENCES key(id),
  node INTEGER REFERENCES node(id), -- that its address is of
  port INTEGER NOT NULL
);

-- Entries that came into caches and left them. With a node that stops or crashes its cache is gone,
-- without a row for each entry. (Class cache)
CREATE TABLE cache(
  id    INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  node  INTEGER NOT NULL REFERENCES node(id),
  entry INTEGER NOT NULL REFERENCES entry(id),
  kind  INTEGER NOT NULL REFERENCES kind(id), -- class 'cache': added, evicted, silent, denied, ...
  cause INTEGER
);

-- The bytes of datagrams. (Class all)
CREATE TABLE datagram(
  message INTEGER PRIMARY KEY REFERENCES message(id),
  bytes   BLOB NOT NULL
);

-- ---- The same for people: names for numbers, seconds for nanoseconds. ----

CREATE VIEW v_run AS
  SELECT id, scenario, title, seed, verdict, complete, reached / 1e9 AS virtual_s, wall_s, nodes,
         events, messages, bytes, round(events / wall_s) AS events_per_s, peak_rss_bytes, trajectory,
         results, problem, replay
  FROM run;

CREATE VIEW v_sample AS
  SELECT sample.run, at / 1e9 AS at_s, name AS metric,
         CASE WHEN metric.kind = 'time' THEN num / 1e9 / den ELSE 1.0 * num / den END AS value,
         CASE metric.kind WHEN 'time' THEN 's' WHEN 'rate' THEN '1/s' WHEN 'byte-rate' THEN 'B/s'
           ELSE '' END AS unit,
         num, den
  FROM sample JOIN metric ON metric.id = sample.metric
  WHERE den > 0;

CREATE VIEW v_fault AS
  SELECT fault.id, run, at / 1e9 AS at_s, kind.name AS kind, text, file, line, disturbs
  FROM fault JOIN kind ON kind.id = fault.kind;

CREATE VIEW v_life AS
  SELECT life.id, life.run, at / 1e9 AS at_s, node.name AS node, kind.name AS kind, cause
  FROM life JOIN node ON node.id = life.node JOIN kind ON kind.id = life.kind;

CREATE VIEW v_registration AS
  SELECT registration.id, registration.run, node.name AS node, key.hex AS key,
         registered / 1e9 AS registered_s, published / 1e9 AS published_s, ended / 1e9 AS ended_s, cause
  FROM registration JOIN node ON node.id = registration.node JOIN key ON key.id = registration.key;

CREATE VIEW v_search AS
  SELECT search.id, search.run, node.name AS node, mode.name AS mode, target.hex AS target,
         started / 1e9 AS started_s, (ended - started) / 1e9 AS took_s, outcome.name AS outcome, results,
         found.hex AS found, server.name AS server, eligible, answered, correct, hops, asked, silent,
         cause
  FROM search JOIN node ON node.id = search.node JOIN kind AS mode ON mode.id = search.mode
    JOIN key AS target ON target.id = search.target LEFT JOIN kind AS outcome ON outcome.id = search.outcome
    LEFT JOIN key AS found ON found.id = search.found
    LEFT JOIN node AS server ON server.id = search.server;

CREATE VIEW v_hop AS
  SELECT hop.id, search, n, node.name AS node,
         (SELECT group_concat(name, ' ') FROM kind
          WHERE class = 'hop' AND hop.flags & (kind.id - 256)) AS outcome,
         took / 1e9 AS took_s, nearness, cause
  FROM hop LEFT JOIN node ON node.id = hop.node;

CREATE VIEW v_call AS
  SELECT call.id, at / 1e9 AS at_s, node.name AS node, kind.name AS call, key.hex AS key,
         coalesce(result.name, printf('0x%08x', code)) AS result, cause
  FROM call JOIN node ON node.id = call.node JOIN kind ON kind.id = call.kind
    LEFT JOIN key ON key.id = call.key
    LEFT JOIN kind AS result ON result.id = 4294967296 + code;

CREATE VIEW v_event AS
  SELECT event.id, at / 1e9 AS at_s, node.name AS node, kind.name AS event, own.hex AS key,
         remote.hex AS remote, coalesce(result.name, printf('0x%08x', code)) AS result, cause
  FROM event JOIN node ON node.id = event.node JOIN kind ON kind.id = event.kind
    LEFT JOIN key AS own ON own.id = event.key LEFT JOIN key AS remote ON remote.id = event.remote
    LEFT JOIN kind AS result ON result.id = 4294967296 + code;

CREATE VIEW v_wake AS
  SELECT wake.id, at / 1e9 AS at_s, node.name AS node, kind.name AS kind
  FROM wake JOIN node ON node.id = wake.node JOIN kind ON kind.id = wake.kind;

CREATE VIEW v_message AS
  SELECT message.id, at / 1e9 AS at_s, src.name AS src, dst.name AS dst, type.name AS type, bytes,
         (at + took) / 1e9 AS arrived_s, lost.name AS lost, purpose.name AS purpose, flags,
         key.hex AS key, revoke, search, copy, cause
  FROM message JOIN node AS src ON src.id = message.src LEFT JOIN node AS dst ON dst.id = message.dst
    LEFT JOIN kind AS type ON type.id = message.type LEFT JOIN kind AS lost ON lost.id = message.lost
    LEFT JOIN kind AS purpose ON purpose.id = message.purpose LEFT JOIN key ON key.id = message.key;

CREATE VIEW v_note AS
  SELECT note.id, at / 1e9 AS at_s, node.name AS node, kind.name AS kind, why.name AS why, cause
  FROM note JOIN node ON node.id = note.node JOIN kind ON kind.id = note.kind
    LEFT JOIN kind AS why ON why.id = note.why;

CREATE VIEW v_cache AS
  SELECT cache.id, at / 1e9 AS at_s, node.name AS node, kind.name AS kind, key.hex AS key,
         server.name AS server, cause
  FROM cache JOIN node ON node.id = cache.node JOIN kind ON kind.id = cache.kind
    JOIN entry ON entry.id = cache.entry JOIN key ON key.id = entry.key
    LEFT JOIN node AS server ON server.id = entry.node;

CREATE VIEW v_expectation AS
  SELECT id, run, verdict, text, value, at / 1e9 AS at_s, file, line
  FROM expectation;

-- Every metric of a run as one number, times in seconds. A state (leafset.exact, ring.count): as it was
-- at the last sample. Shares, means and rates of what went on: over the whole run. Percentiles of
-- searches: over all that came to an end of their own. Percentiles of joins: the median of what the
-- samples say.
CREATE VIEW v_metric AS
  WITH
    over AS (
      SELECT run, (ended - started) / 1e9 AS took, hops,
             row_number() OVER (PARTITION BY run ORDER BY ended - started) AS by_time,
             row_number() OVER (PARTITION BY run ORDER BY hops) AS by_hops,
             count(*) OVER (PARTITION BY run) AS n
      FROM search JOIN kind ON kind.id = search.outcome
      WHERE kind.name IN ('no-more', 'timeout')),
    percentile(metric, share, of_hops) AS (
      VALUES ('search.latency.p50', 50, 0), ('search.latency.p95', 95, 0),
             ('search.latency.p99', 99, 0), ('search.latency.max', 100, 0),
             ('search.hops.p95', 95, 1), ('search.hops.max', 100, 1)),
    of_searches AS (
      SELECT run, metric, CASE WHEN of_hops THEN hops ELSE took END AS value
      FROM percentile JOIN over
        ON CASE WHEN of_hops THEN by_hops ELSE by_time END = max(1, (n * share + 99) / 100)),
    samples AS (
      SELECT run, metric, num, den,
             row_number() OVER (PARTITION BY run, metric ORDER BY at DESC) AS last,
             row_number() OVER (PARTITION BY run, metric ORDER BY 1.0 * num / den) AS rank,
             count(*) OVER (PARTITION BY run, metric) AS n
      FROM sample),
    of_samples AS (
      SELECT run, metric.name AS metric,
             CASE WHEN NOT flow THEN max(CASE WHEN last = 1 THEN 1.0 * num / den END)
                  WHEN kind = 'time' THEN max(CASE WHEN rank = (n + 1) / 2 THEN 1.0 * num / den END)
                  ELSE 1.0 * sum(num) / sum(den) END / CASE kind WHEN 'time' THEN 1e9 ELSE 1 END
               AS value
      FROM samples JOIN metric ON metric.id = samples.metric
      WHERE metric.name NOT IN (SELECT metric FROM percentile)
      GROUP BY run, metric.id)
  SELECT run, metric, value FROM of_samples
  UNION ALL
  SELECT run, metric, value FROM of_searches;

-- The runs of a sweep by what --set gave them: "N=1000 loss=1%", "" without any.
CREATE VIEW v_point AS
  SELECT run.id AS run, seed, verdict, problem,
         coalesce((SELECT group_concat(name || '=' || value, ' ') FROM param
                   WHERE param.run = run.id AND overridden), '') AS point
  FROM run;

-- Over the seeds of each point: mean, standard deviation and the 95 % interval of the mean (Student's
-- t). Runs that did not come to their end do not count.
CREATE VIEW v_sweep AS
  WITH
    student(df, t) AS (
      VALUES (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (7, 2.365),
             (8, 2.306), (9, 2.262), (10, 2.228), (11, 2.201), (12, 2.179), (13, 2.160),
             (14, 2.145), (15, 2.131), (16, 2.120), (17, 2.110), (18, 2.101), (19, 2.093),
             (20, 2.086), (21, 2.080), (22, 2.074), (23, 2.069), (24, 2.064), (25, 2.060),
             (26, 2.056), (27, 2.052), (28, 2.048), (29, 2.045), (30, 2.042)),
    value AS (
      SELECT point, metric, value FROM v_metric JOIN v_point USING (run)
      JOIN run ON run.id = v_metric.run WHERE complete AND value IS NOT NULL),
    middle AS (
      SELECT point, metric, count(*) AS n, avg(value) AS mean, min(value) AS least,
             max(value) AS most
      FROM value GROUP BY point, metric),
    spread AS (
      SELECT point, metric,
             CASE WHEN n > 1 THEN sqrt(sum((value - mean) * (value - mean)) / (n - 1)) END AS deviation
      FROM value JOIN middle USING (point, metric) GROUP BY point, metric)
  SELECT point, metric, n, mean, deviation,
         mean - coalesce(t, 1.96 + 2.5 / n) * deviation / sqrt(n) AS low,
         mean + coalesce(t, 1.96 + 2.5 / n) * deviation / sqrt(n) AS high, least, most
  FROM middle JOIN spread USING (point, metric) LEFT JOIN student ON df = n - 1;

-- What an id is: for walks from cause to cause.
CREATE VIEW v_cause AS
  SELECT id, 'fault' AS what, at, NULL AS node, NULL AS cause FROM fault UNION ALL
  SELECT id, 'life', at, node, cause FROM life UNION ALL
  SELECT id, 'mark', at, NULL, NULL FROM mark UNION ALL
  SELECT id, 'registration', published, node, cause FROM registration UNION ALL
  SELECT id, 'search', started, node, cause FROM search UNION ALL
  SELECT id, 'call', at, node, cause FROM call UNION ALL
  SELECT id, 'event', at, node, cause FROM event UNION ALL
  SELECT id, 'wake', at, node, NULL FROM wake UNION ALL
  SELECT id, 'message', at, src, cause FROM message UNION ALL
  SELECT id, 'note', at, node, cause FROM note UNION ALL
  SELECT id, 'hop', NULL, node, cause FROM hop UNION ALL
  SELECT id, 'cache', at, node, cause FROM cache;
