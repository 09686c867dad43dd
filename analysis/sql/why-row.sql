-- What the row with an id is, in words.
--
-- :id       of any row that has happened
--
-- at_s is NULL for hops: their search says when. cause is the id of what has led to it.
SELECT 'fault' AS what, fault.at / 1e9 AS at_s, NULL AS node, NULL AS cause,
       printf('the scenario (line %d): %s', line, text) AS words
FROM fault WHERE fault.id = :id
UNION ALL
SELECT 'mark', at / 1e9, NULL, NULL, printf('mark "%s"', text) FROM mark WHERE id = :id
UNION ALL
SELECT 'life', at / 1e9, node.name, cause, printf('%s: %s', node.name, kind.name)
FROM life JOIN node ON node.id = life.node JOIN kind ON kind.id = life.kind WHERE life.id = :id
UNION ALL
SELECT 'registration', published / 1e9, node.name, cause,
       printf('%s is in the ring with key %.16s...', node.name, key.hex)
FROM registration JOIN node ON node.id = registration.node JOIN key ON key.id = registration.key
WHERE registration.id = :id
UNION ALL
SELECT 'search', started / 1e9, node.name, cause,
       printf('%s searches %.16s... (%s)', node.name, key.hex, kind.name)
FROM search JOIN node ON node.id = search.node JOIN key ON key.id = search.target
  JOIN kind ON kind.id = search.mode WHERE search.id = :id
UNION ALL
SELECT 'call', at_s, node, cause,
       printf('%s calls %s%s: %s', node, call, CASE WHEN key IS NULL THEN '' ELSE printf('(%.16s...)', key) END, result)
FROM v_call WHERE id = :id
UNION ALL
SELECT 'event', at_s, node, cause,
       printf('%s reads the event %s%s%s', node, event,
              CASE WHEN remote IS NULL THEN '' ELSE printf(' of %.16s...', remote) END,
              CASE WHEN key IS NULL THEN '' ELSE printf(' for its key %.16s...', key) END)
FROM v_event WHERE id = :id
UNION ALL
SELECT 'wake', at_s, node, NULL,
       printf('%s: %s', node,
              CASE kind WHEN 'maintenance' THEN 'maintenance is due' ELSE 'a timer is due' END)
FROM v_wake WHERE id = :id
UNION ALL
SELECT 'message', at_s, src, cause,
       printf('%s -> %s: %s%s%s%s%s', src, coalesce(dst, 'nobody'),
              coalesce(type, 'no message of the protocol'),
              CASE WHEN key IS NULL THEN '' WHEN revoke THEN printf(' that revokes %.16s...', key)
                   ELSE printf(' about %.16s...', key) END,
              CASE WHEN copy THEN ', a duplicate' ELSE '' END,
              CASE purpose WHEN 'search' THEN ', to search for an application'
                WHEN 'conversation' THEN ', to hear of others' WHEN 'flood' THEN ', to tell a neighbour'
                WHEN 'intake' THEN ', to prove an entry' WHEN 'probe' THEN ', to probe an entry'
                WHEN 'revoke' THEN ', to check what is said to be gone'
                WHEN 'resolve' THEN ', to find its place or fill a gap'
                WHEN 'audit' THEN ', to check a leaf set' ELSE '' END,
              CASE WHEN lost IS NOT NULL THEN printf(', lost: %s', lost)
                   WHEN arrived_s IS NULL THEN ', still under way'
                   ELSE printf(', arrived after %.1f ms', 1e3 * (arrived_s - at_s)) END)
FROM v_message WHERE id = :id
UNION ALL
SELECT 'note', at_s, node, cause,
       printf('%s: %s%s', node, CASE kind WHEN 'unanswered' THEN 'no answer, and no patience left'
                                ELSE kind END, CASE WHEN why IS NULL THEN '' ELSE printf(' (%s)', why) END)
FROM v_note WHERE id = :id
UNION ALL
SELECT 'hop', NULL, node, cause,
       printf('hop %d of search:%d: %s, %s', n, search, coalesce(node, 'nobody'),
              coalesce(outcome, 'no outcome'))
FROM v_hop WHERE id = :id
UNION ALL
SELECT 'cache', at_s, node, cause,
       printf('%s: entry %.16s... at %s is %s', node, key, coalesce(server, 'nobody'), kind)
FROM v_cache WHERE id = :id;
