#!/bin/sh
# The numbered statements about drt.h: tests/core/statements.csv says of each where it is tested, and
# the comments of tests/core/*.c cite the numbers.
. "$(dirname "$0")/lint.sh"

table=tests/core/statements.csv
pattern='[AB][0-9][0-9][0-9][a-d]?'

# shellcheck disable=SC2046
cited=$(awk -v pattern="$pattern" '
  # The part of the line that is comment; /* and // inside of strings do not occur with numbers.
  {
    line = $0
    text = ""
    while (line != "") {
      if (inside) {
        end = index(line, "*/")
        text = text " " (end ? substr(line, 1, end - 1) : line)
        line = end ? substr(line, end + 2) : ""
        inside = !end
      } else {
        begin = index(line, "/*")
        line = begin ? substr(line, begin + 2) : ""
        inside = begin > 0
      }
    }
    while (match(text, "(^|[^A-Za-z0-9_])" pattern "($|[^A-Za-z0-9_])")) {
      found = substr(text, RSTART, RLENGTH)
      match(found, pattern)
      print substr(found, RSTART, RLENGTH) " " FILENAME ":" FNR
      sub("(^|[^A-Za-z0-9_])" pattern, " ", text)
    }
  }' $(lint_files c tests/core))

# The lines "number file:line" of what is cited come first, then the table.
compare() {
  printf '%s\n' "$cited" | awk -v table="$table" -v want="$1" '
    NF == 2 { if (!($1 in cited)) cited[$1] = $2 }
    END {
      getline line < table
      if (want == "form" && line != "number,where,statement")
        printf "%s:1: the columns are number,where,statement\n", table
      for (n = 2; (getline line < table) > 0; n++) {
        fields = split(line, field, ",")
        number = field[1]
        where = field[2]
        at = table ":" n ": "
        known[number] = 1
        if (want == "form" && fields != 3)
          print at "three columns, without commas inside"
        if (want == "form" && number in rows)
          print at number " is there twice"
        rows[number] = 1
        if (want == "form" && where !~ /^(tested|to come|(waits|cannot apply): .+)$/)
          print at number ": tested, to come, waits: REASON or cannot apply: REASON"
        if (want == "tested" && where == "tested" && !(number in cited))
          print at number " is said to be tested, and no test cites it"
        if (want == "tested" && where == "to come" && number in cited)
          print at number " is to come, but cited at " cited[number]
        if (want == "to come" && where == "to come")
          count++
      }
      if (want == "to come")
        print count + 0
      for (number in cited)
        if (want == "known" && !(number in known))
          printf "%s: there is no statement %s\n", cited[number], number
    }' | sort
}

lint_result 'the table of statements is well formed' "$(compare form)"
lint_result 'what is said to be tested is cited by a test' "$(compare tested)"
lint_result 'what tests cite is in the table' "$(compare known)"
printf '# to come: %s\n' "$(compare 'to come')"
lint_done
