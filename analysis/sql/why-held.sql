-- What a trace holds that tells how searches went: 1 if there is any.
SELECT EXISTS (SELECT 1 FROM main.message) AS messages, EXISTS (SELECT 1 FROM hop) AS hops;
