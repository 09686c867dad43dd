-- Made at the end of a run: what every figure asks for. Those of the large tables are made by
-- `drtsim index`.
CREATE INDEX sample_by_metric ON sample(metric, run, at);
CREATE INDEX search_by_start ON search(run, started);
CREATE INDEX registration_by_key ON registration(key, published);
CREATE INDEX fault_by_time ON fault(run, at);
CREATE INDEX life_by_time ON life(run, at);
