-- What a row led to directly: the messages and events, the first twenty.
--
-- :id       of the row
SELECT id, what FROM (
  SELECT id, 'message' AS what FROM message WHERE cause = :id
  UNION ALL SELECT id, 'event' FROM event WHERE cause = :id
  UNION ALL SELECT id, 'note' FROM note WHERE cause = :id)
ORDER BY id LIMIT 20;
