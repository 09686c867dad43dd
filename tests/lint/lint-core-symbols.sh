#!/bin/sh
# The core takes nothing from outside but what core-symbols.txt lists: no clock, no socket, no
# allocator can slip in. Third argument: "plain" when the "must" lines apply to this build.
. "$(dirname "$0")/lint.sh"

library=$lint_build/drt-core/libdrt-core.a
if [ ! -e "$library" ]; then
  lint_result 'the core library is built' "drt-core/meson.build:1: there is no $library"
  lint_done
fi
list=$lint_folder/core-symbols.txt

# A member of the archive may use what another one defines. What sanitizers, coverage, fuzzers and
# hardening add is not the core's doing.
needed=$(nm -P "$library" | awk '
  NF < 2 { next }
  $2 == "U" || $2 == "w" || $2 == "v" { wanted[$1]; next }
  $2 ~ /^[A-Z]$/ { defined[$1] }
  END { for (s in wanted) if (!(s in defined)) print s }' |
  grep -Ev '^(__(asan|ubsan|sanitizer|sancov|lsan|tsan|msan|gcov|llvm|start___|stop___)|__stack_chk_|_GLOBAL_OFFSET_TABLE_$)' | sort)

problems=$(printf '%s\n' "$needed" | awk -v file="$list" '
  FILENAME != "-" { if (/^[^#]/) listed[$1]; next }
  NF && !($1 in listed) {
    printf "%s:1: libdrt-core.a uses %s, which is not in this list\n", file, $1
  }' "$list" -)
lint_result 'the core uses only the symbols of core-symbols.txt' "$problems"

problems=$(awk -v file="$list" '
  /^[^#]/ && ($2 != "must" && $2 != "may" || NF < 3) {
    printf "%s:%d: a line is SYMBOL must|may WHY\n", file, FNR
  }' "$list")
lint_result 'core-symbols.txt is well formed' "$problems"

if [ "${3:-}" = plain ]; then
  problems=$(printf '%s\n' "$needed" | awk -v file="$list" '
    FILENAME == "-" { used[$1]; next }
    /^[^#]/ && $2 == "must" && !($1 in used) {
      printf "%s:%d: libdrt-core.a does not use %s any more\n", file, FNR, $1
    }' - "$list")
  lint_result 'what core-symbols.txt says must be used is used' "$problems"
fi
lint_done
