-- The indexes that a run leaves out, since keeping them would slow it down: for walks from cause to
-- cause, and for questions about one node or one search. `drtsim index` makes them, and so does the
-- first `drtsim why`.
CREATE INDEX IF NOT EXISTS message_by_cause ON message(cause);
CREATE INDEX IF NOT EXISTS message_by_search ON message(search) WHERE search IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_by_src ON message(src, at);
CREATE INDEX IF NOT EXISTS message_by_dst ON message(dst, at);
CREATE INDEX IF NOT EXISTS note_by_cause ON note(cause);
CREATE INDEX IF NOT EXISTS note_by_node ON note(node, at);
CREATE INDEX IF NOT EXISTS event_by_node ON event(node, at);
CREATE INDEX IF NOT EXISTS event_by_cause ON event(cause);
CREATE INDEX IF NOT EXISTS call_by_node ON call(node, at);
CREATE INDEX IF NOT EXISTS cache_by_node ON cache(node, at);
