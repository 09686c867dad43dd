#!/bin/sh
# drtsim beside ns-3 and SimGrid on the same work, in turn; the best of three rounds of each.
#
#   tests/bench/peers/run.sh [N [SECONDS]]     1000 nodes, 20 virtual seconds
#
# Needs Debian's g++ libns3-dev libgsl-dev libsimgrid-dev.
set -eu

cd "$(dirname "$0")/../../.."
nodes=${1:-1000}
seconds=${2:-20}
build=build/peers
programs=$build/tests/bench/peers
[ -f $build/build.ninja ] ||
  meson setup -Dbuildtype=release -Db_ndebug=false -Db_lto=true -Dpeers=true $build >/dev/null
ninja -C $build tests/bench/peer-drtsim tests/bench/peers/peer-ns3 tests/bench/peers/peer-simgrid >/dev/null

for round in 1 2 3; do
  $build/tests/bench/peer-drtsim "$nodes" "$seconds"
  for kind in stack bytes bare; do
    $programs/peer-ns3 $kind "$nodes" "$seconds"
  done
  $programs/peer-simgrid "$nodes" "$seconds"
done | awk '
  { if ($2 > best[$1]) best[$1] = $2; bytes[$1] = $4; if (!($1 in seen)) { seen[$1]; order[++n] = $1 } }
  END {
    printf "%-12s %14s %16s %14s\n", "", "datagrams/s", "drtsim is", "bytes a node"
    for (i = 1; i <= n; i++)
      printf "%-12s %14d %13.1f x  %14d\n", order[i], best[order[i]], best["drtsim"] / best[order[i]],
        bytes[order[i]]
  }'
