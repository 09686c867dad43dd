#!/bin/sh
# Pages in Markdown name what is there: the folder or file behind each link, and each file that a row of a
# table names in `backquotes`. Each room has a page.
. "$(dirname "$0")/lint.sh"

pages=$(find . \( -name .git -o -path ./build -o -path ./tests/fuzz/corpus \) -prune -o -name '*.md' -print |
  sed 's|^\./||' | sort)
case $lint_build in
"$lint_root"/*) pages=$(printf '%s\n' "$pages" | grep -v "^${lint_build#"$lint_root"/}/") ;;
esac

# "page:line: target" of all links, and of all files in rows.
# shellcheck disable=SC2086
named=$(awk '
  FNR == 1 { fenced = 0 }
  /^```/ { fenced = !fenced }
  fenced { next }
  {
    rest = $0
    while (match(rest, /\]\([^)#]+/)) {
      target = substr(rest, RSTART + 2, RLENGTH - 2)
      if (target !~ /^https?:/)
        print FILENAME ":" FNR ": link " target
      rest = substr(rest, RSTART + RLENGTH)
    }
  }
  # Capitals and stars stand for more than one file.
  /^\|/ {
    rest = $0
    while (match(rest, /`[^`]+`/)) {
      target = substr(rest, RSTART + 1, RLENGTH - 2)
      if (target ~ /^[a-z0-9.\/_-]+\.(c|h|sql|sh|awk|gp|css|xml|txt|csv|ini|drt|md|in|js)$/)
        print FILENAME ":" FNR ": file " target
      rest = substr(rest, RSTART + RLENGTH)
    }
  }' $pages)

problems=$(printf '%s\n' "$named" | while read -r place kind target; do
  page=${place%%:*}
  folder=$(dirname "$page")
  [ -e "$folder/$target" ] && continue
  # Names are unique in the tree, so a row need not say where.
  if [ "$kind" = file ] && [ -n "$(find . -name .git -prune -o -path "*/$target" -print | head -n 1)" ]; then
    continue
  fi
  printf '%s there is no %s\n' "$place" "$target"
done)
lint_result 'pages name what is there' "$problems"

# What was measured is written down once; the first page quotes it.
problems=$(awk '
  FNR == NR { row[$0] = 1; next }
  /^\| \| published \|/ { inside = 1 }
  !/^\|/ { inside = 0 }
  inside && !($0 in row) { printf "%s:%d: no such row in scenarios/validate/README.md\n", FILENAME, FNR }
  inside { count++ }
  END { if (count < 20) print "README.md:1: only " count + 0 " rows of scenarios/validate/README.md" }' \
  scenarios/validate/README.md README.md)
lint_result 'the first page quotes what was measured' "$problems"

problems=$(find drt-core sim analysis scenarios tests -name corpus -prune -o \
  \( -name '*.[ch]' -o -name '*.drt' -o -name '*.sql' \) -print | sed 's|/[^/]*$||' | sort -u |
  while read -r folder; do
    [ -e "$folder/README.md" ] || printf '%s: no README.md\n' "$folder"
  done)
lint_result 'each room has a page' "$problems"
lint_done
