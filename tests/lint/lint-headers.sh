#!/bin/sh
# Every header compiles alone, with the flags of the build and no warning.
. "$(dirname "$0")/lint.sh"

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
awk -f $lint_folder/compile-commands.awk "$lint_build/compile_commands.json" >"$work/commands"

# The command for a header: that of a source in its folder, else of one in its first folder (a
# folder of headers only); without what names the source and the output.
command_for() {
  awk -F '\t' -v folder="${1%/*}/" -v top="${1%%/*}/" '
    function clean(text) {
      gsub(/ -MD -MQ [^ ]+ -MF [^ ]+/, "", text)
      sub(/ -o [^ ].* -c .*$/, "", text)
      return text
    }
    { at = index($1, folder); rest = at ? substr($1, at + length(folder)) : "/" }
    rest !~ /\// { best = $2 "\t" clean($3); exit }
    other == "" && index($1, top) { other = $2 "\t" clean($3) }
    END { print best != "" ? best : other }' "$work/commands"
}

problems=$(for h in $(lint_files h); do
  entry=$(command_for "$h")
  directory=${entry%%	*}
  command=${entry#*	}
  if [ -z "$command" ]; then
    printf '%s:1: nothing near this header is built, so nobody knows its flags\n' "$h"
    continue
  fi
  # The quotes in the command are those of a shell.
  printf '#include "%s"\n' "$lint_root/$h" | (cd "$directory" &&
    eval "$command -Werror -Wno-unused-macros -Wno-unused-function -fdiagnostics-color=never -fsyntax-only -x c -") \
    >"$work/out" 2>&1 || {
    printf '%s:1: this header does not compile alone:\n' "$h"
    head -n 8 "$work/out"
  }
done)
lint_result 'every header compiles alone' "$problems"
lint_done
