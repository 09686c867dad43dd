-- Whom a search contacted, and what came of it (class hops).
--
-- :id       of the search
SELECT n, node, outcome, took_s, nearness FROM v_hop WHERE search = :id ORDER BY n;
