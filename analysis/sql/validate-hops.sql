-- How many hops it took to find something, as shares of all searches that did.
--
-- one .. six more    hops
-- mean
SELECT
  avg(hops = 1) AS one, avg(hops = 2) AS two, avg(hops = 3) AS three, avg(hops = 4) AS four,
  avg(hops = 5) AS five, avg(hops = 6) AS six, avg(hops > 6) AS more, avg(hops) AS mean
FROM search WHERE run = coalesce(:run, (SELECT min(id) FROM run)) AND results > 0;
