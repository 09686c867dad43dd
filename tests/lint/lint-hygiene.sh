#!/bin/sh
# Small things that make diffs noisy and files hard to read.
. "$(dirname "$0")/lint.sh"

lines_max=1000
later='TO''DO|FIX''ME'

# Text files of the whole tree; what tools make (build folders, .git) and fuzz inputs are not ours.
files=$(find . \( -name .git -o -path ./build -o -path ./tests/fuzz/corpus \) -prune -o -type f \
  \( -name '*.[ch]' -o -name '*.in' -o -name 'meson*' -o -name '*.md' -o -name '*.sh' \
  -o -name '*.awk' -o -name '*.txt' -o -name '*.sql' -o -name '*.drt' -o -path ./check -o -path ./run \
  -o -path './.ci/*' -o -name '.clang-*' \) -print | sed 's|^\./||' | sort)
case $lint_build in
"$lint_root"/*) files=$(printf '%s\n' "$files" | grep -v "^${lint_build#"$lint_root"/}/") ;;
esac

# shellcheck disable=SC2086
problems=$(awk -v later="$later" -v lines_max="$lines_max" '
  function problem(text) { printf "%s:%d: %s\n", FILENAME, FNR, text }
  /[ \t\r]$/ { problem("blanks at the end of the line") }
  /\t/ && FILENAME ~ /\.[ch]$/ { problem("a tab; C is indented with spaces") }
  $0 ~ later { problem("unfinished work is an issue, not a comment") }
  FNR == lines_max + 1 { problem("more than " lines_max " lines; split the file") }' $files)
lint_result 'no stray blanks, tabs, long files or unfinished work' "$problems"

problems=$(for f in $files; do
  [ -s "$f" ] && [ -n "$(tail -c 1 "$f")" ] && printf '%s:1: the last line has no end\n' "$f"
done)
lint_result 'files end with a newline' "$problems"
lint_done
