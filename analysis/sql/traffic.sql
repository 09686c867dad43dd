-- Traffic: datagrams, and bytes in them, that a running node sends a second, by type.
--
-- at_s       the middle of a span of time
-- SOLICIT .. LOOKUP               datagrams a node and second in that span
-- SOLICIT_bytes .. LOOKUP_bytes   bytes a node and second, without headers of UDP and IPv6
--
-- :run       without: the first
-- :bins      how many spans; without: 120, but none shorter than the time between samples
WITH
  chosen AS (
    SELECT id, sample,
      coalesce(reached, (SELECT max(at) FROM sample WHERE run = run.id), goal) AS reached
    FROM run WHERE id = coalesce(:run, (SELECT min(id) FROM run))),
  span AS (SELECT max(sample, reached / coalesce(:bins, 120), 1) AS span FROM chosen),
  flow AS (
    SELECT max(0, at - 1) / (SELECT span FROM span) AS bin, name, sum(1.0 * num) / sum(den) AS rate
    FROM sample JOIN metric ON metric.id = metric
    WHERE run IN (SELECT id FROM chosen) AND den > 0 AND
      (name LIKE 'messages.per-node.%' OR name LIKE 'bytes.per-node.%')
    GROUP BY bin, name)
SELECT
  (bin + 0.5) * (SELECT span FROM span) / 1e9 AS at_s,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.SOLICIT'), 0) AS SOLICIT,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.ADVERTISE'), 0) AS ADVERTISE,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.REQUEST'), 0) AS REQUEST,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.FLOOD'), 0) AS FLOOD,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.INQUIRE'), 0) AS INQUIRE,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.AUTHORITY'), 0) AS AUTHORITY,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.ACK'), 0) AS ACK,
  coalesce(max(rate) FILTER (WHERE name = 'messages.per-node.LOOKUP'), 0) AS LOOKUP,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.SOLICIT'), 0) AS SOLICIT_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.ADVERTISE'), 0) AS ADVERTISE_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.REQUEST'), 0) AS REQUEST_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.FLOOD'), 0) AS FLOOD_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.INQUIRE'), 0) AS INQUIRE_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.AUTHORITY'), 0) AS AUTHORITY_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.ACK'), 0) AS ACK_bytes,
  coalesce(max(rate) FILTER (WHERE name = 'bytes.per-node.LOOKUP'), 0) AS LOOKUP_bytes
FROM flow GROUP BY bin ORDER BY bin;
