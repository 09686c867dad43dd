#!/bin/sh
# Includes point downwards: each include of drt-core, sim and analysis is allowed by rooms.txt.
. "$(dirname "$0")/lint.sh"

# A colon or a space in a file name of ours would be a mistake of its own, so plain word splitting
# is enough here: the source folder itself is not part of these names.
list=$(mktemp -d)/headers.list
lint_files h drt-core sim analysis >"$list"
# shellcheck disable=SC2046
problems=$(awk -f $lint_folder/lint-includes.awk $lint_folder/rooms.txt "$list" \
  $(lint_files '[ch]' drt-core sim analysis) 2>&1)
rm -r "$(dirname "$list")"
lint_result 'includes point downwards (tests/lint/rooms.txt)' "$problems"

# A .c includes its own header first, which proves that the header needs nothing before it.
problems=$(for c in $(lint_files c); do
  h=${c%.c}.h
  [ -e "$h" ] || continue
  awk -v file="$c" -v want="${h##*/}" '
    /^[ \t]*#[ \t]*include/ {
      if ($0 !~ ("\"" want "\""))
        printf "%s:%d: the first include must be \"%s\", its own header\n", file, FNR, want
      exit
    }' "$c"
done)
lint_result 'a source includes its own header first' "$problems"
lint_done
