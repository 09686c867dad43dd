#!/bin/sh
# The decisions H1, H2... of drt-core/PROTOCOL.md: its last table has each once, in order, its text uses each,
# and what else cites one, cites one that is there.
. "$(dirname "$0")/lint.sh"

page=drt-core/PROTOCOL.md
# shellcheck disable=SC2046
problems=$(awk -v page=$page '
  function check(text, number) {
    while (match(text, /(^|[^A-Za-z0-9_])H[0-9]+($|[^A-Za-z0-9_])/)) {
      number = substr(text, RSTART, RLENGTH)
      gsub(/[^0-9]/, "", number)
      if (!(number in known))
        printf "%s:%d: there is no decision H%d\n", FILENAME, FNR, number
      cited[number] = 1
      text = substr(text, RSTART + RLENGTH - 1)
    }
  }
  FNR == 1 { pass += FILENAME == page }
  pass == 1 && /^\| H[0-9]+ \|/ {
    number = $2
    sub(/^H/, "", number)
    if (number != ++last)
      printf "%s:%d: H%d stands where H%d should\n", FILENAME, FNR, number, last
    known[number] = FNR
  }
  pass == 2 && FILENAME == page && /marked H1 to H[0-9]+/ {
    match($0, /to H[0-9]+/)
    if (substr($0, RSTART + 4, RLENGTH - 4) != last)
      printf "%s:%d: the last one is H%d\n", FILENAME, FNR, last
  }
  pass == 2 && !/^\| H[0-9]+ \|/ { check($0) }
  END {
    for (number = 1; number <= last; number++)
      if (!(number in cited))
        printf "%s:%d: H%d is not said anywhere in the rules or the code\n", page, known[number], number
  }' $page $page $(lint_files '[chm]*' drt-core sim) README.md scenarios/README.md)
lint_result 'decisions of PROTOCOL.md are there, and cited' "$problems"
lint_done
