#!/bin/sh
# What a trace costs: wall time of a run with each class against one without a trace, in turn, so that
# a noisy machine hits all of them; then rows and bytes of each table.
#
#   tests/bench/trace.sh [ROUNDS]     5 of them
#
# 2000 nodes for ten virtual minutes, 50 searches a second. Needs the sqlite3 shell.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-5}
command -v sqlite3 >/dev/null || {
  echo "trace.sh: needs sqlite3 (apt-get install sqlite3)" >&2
  exit 1
}
./run --version >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/cloud.drt" <<END
group anchor 10
group peer   1990
network { latency lognormal 40ms 15ms }
at 0s               start anchor
at 1s               start peer over 60s
from 2min to 10min  search 50/s
at 5min             crash 5% of peer
at 10min            end
END

# The wall seconds that the program says it took: its own start and the writer's end included.
wall() {
  start=$(date +%s%N)
  ./build/run/sim/drtsim run "$work/cloud.drt" --quiet "$@" >/dev/null
  end=$(date +%s%N)
  echo $(((end - start) / 1000000))
}

: >"$work/times"
round=0
while [ "$round" -lt "$rounds" ]; do
  echo "without $(wall)" >>"$work/times"
  for classes in none summary protocol all; do
    echo "$classes $(wall -o "$work/$classes.db" --trace "$classes")" >>"$work/times"
  done
  round=$((round + 1))
done

echo "class      ms at best   against none"
awk '!($1 in least) || $2 < least[$1] { least[$1] = $2 }
  END {
    n = split("without none summary protocol all", order, " ")
    for (i = 1; i <= n; i++)
      printf "%-10s %10d %14.2f\n", order[i], least[order[i]], least[order[i]] / least["none"]
  }' "$work/times"

echo
echo "table (--trace all)       rows   bytes a row"
sqlite3 "$work/all.db" "
  CREATE TEMP TABLE size AS SELECT name, sum(pgsize) AS bytes, sum(ncell) FILTER (WHERE
    pagetype = 'leaf') AS rows FROM dbstat GROUP BY name;
  SELECT printf('%-18s %12d %13.1f', name, rows, 1.0 * bytes / rows) FROM size
  WHERE name IN (SELECT name FROM sqlite_schema WHERE type = 'table') AND rows > 100 ORDER BY bytes DESC"
