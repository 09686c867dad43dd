#!/bin/sh
# Instructions per handled message by type, counted by valgrind's callgrind in a cloud of 200 nodes
# that joins and settles: what the handler of the type costs, with everything that it calls, and what
# decoding costs on top.
#
#   tests/bench/instructions-node.sh
#
# Builds with the flags of ./run, but without link-time optimisation, which would dissolve the
# handlers.
set -eu

cd "$(dirname "$0")/../.."
build=build/bench-node
command -v valgrind >/dev/null || {
  echo "instructions-node.sh: needs valgrind (apt-get install valgrind)" >&2
  exit 1
}
[ -f $build/build.ninja ] ||
  meson setup -Dbuildtype=release -Db_ndebug=false -Dtests=enabled $build >/dev/null
ninja -C $build tests/bench/bench-node >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
valgrind --tool=callgrind --callgrind-out-file="$work/out" --compress-strings=no \
  $build/tests/bench/bench-node --nodes 200 >"$work/log" 2>&1

# A call line "calls=COUNT ..." is followed by "LINE COST"; cfn= before it names who is called.
awk '
  /^cfn=/ { callee = substr($0, 5) }
  /^calls=/ { split(substr($0, 7), part, " "); count[callee] += part[1]; cost_follows = 1; next }
  cost_follows { cost[callee] += $2; cost_follows = 0 }
  END {
    for (name in count)
      if (name ~ /^drt_recv_|^drt_decode$|^drt_node_maintain$/)
        printf "%-24s %9d calls %8.0f instructions each\n", name, count[name], cost[name] / count[name]
  }' "$work/out" | sort
