#!/bin/sh
# Instructions per message, counted by valgrind's callgrind: the same from run to run, where
# nanoseconds are not.
#
#   tests/bench/instructions.sh [NAME...]     all jobs of bench-wire, or these
#
# Builds with the flags of ./run into build/bench. Each job is run 1000 and 2000 times; the
# difference has neither start nor end of the program in it.
set -eu

cd "$(dirname "$0")/../.."
build=build/bench
program=$build/tests/bench/bench-wire
command -v valgrind >/dev/null || {
  echo "instructions.sh: needs valgrind (apt-get install valgrind)" >&2
  exit 1
}
[ -f $build/build.ninja ] ||
  meson setup -Dbuildtype=release -Db_ndebug=false -Db_lto=true -Dtests=enabled $build >/dev/null
ninja -C $build tests/bench/bench-wire >/dev/null

instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null $program --only "$1" --count "$2" 2>&1 |
    awk '/Collected/ { print $NF }'
}

[ $# -gt 0 ] || set -- $($program --list)
for job; do
  few=$(instructions "$job" 1000)
  many=$(instructions "$job" 2000)
  printf '%-24s %6d\n' "$job" $(((many - few) / 1000))
done
