#!/bin/sh
# No source is left out of the build: every .c on disk is in compile_commands.json.
. "$(dirname "$0")/lint.sh"

built=$(awk -f $lint_folder/compile-commands.awk "$lint_build/compile_commands.json" | cut -f 1)
problems=$(lint_files c | while read -r c; do
  printf '%s\n' "$built" | awk -v c="$c" '
    { tail = substr($0, length($0) - length(c)) }
    $0 == c || tail == "/" c { found = 1; exit }
    END { exit !found }' || printf '%s:1: no meson.build builds this file\n' "$c"
done)
lint_result 'every source is built' "$problems"
lint_done
