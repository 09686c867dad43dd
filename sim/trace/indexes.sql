-- Made at the end of a run, at the beginning of a sweep: what every figure asks for. Those of the large
-- tables are made by `drtsim index`.
CREATE INDEX IF NOT EXISTS sample_by_metric ON sample(metric, run, at);
CREATE INDEX IF NOT EXISTS search_by_start ON search(run, started);
CREATE INDEX IF NOT EXISTS registration_by_key ON registration(key, published);
CREATE INDEX IF NOT EXISTS fault_by_time ON fault(run, at);
CREATE INDEX IF NOT EXISTS life_by_time ON life(run, at);
CREATE INDEX IF NOT EXISTS hop_by_search ON hop(search, n);
