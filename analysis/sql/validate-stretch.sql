-- The delay stretch of searches that found something: the time that they took, as a multiple of the time in which the
-- node that has the key answered. Of searches from the first mark on.
--
-- stretch    the mean time of the searches, in mean times of that answer
-- n
--
-- Of a run whose trace has the class hops. An answer that had to be asked for twice is left out.
WITH
  this AS (SELECT coalesce(:run, (SELECT min(id) FROM run)) AS run),
  direct AS (
    SELECT search.id, ended - started AS all_of_it, hop.took
    FROM search JOIN this USING (run) JOIN hop ON hop.search = search.id AND hop.node = search.server
    WHERE results > 0 AND started >= (SELECT min(at) FROM mark JOIN this USING (run)) AND
      hop.took > 0 AND hop.took < 1000000000)
SELECT 1.0 * sum(all_of_it) / sum(took) AS stretch, count(*) AS n FROM direct;
