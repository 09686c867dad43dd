# Shared by the lint scripts: . lint.sh, then `lint_problem TEXT` for each finding, and `lint_done`.
# A problem reads "file:line: what is wrong (the rule)". Output is TAP.
set -u
LC_ALL=C
export LC_ALL
lint_root=$1
lint_build=$2
cd "$lint_root" || exit 1
lint_folder=tests/lint
lint_count=0
lint_bad=0

# lint_files SUFFIX [FOLDER...]: our files with that suffix, sorted, relative to the source folder.
lint_files() {
  lint_suffix=$1
  shift
  [ $# -gt 0 ] || set -- drt-core sim analysis tests
  for lint_f in "$@"; do
    [ -d "$lint_f" ] && find "$lint_f" -type f -name "*.$lint_suffix"
  done | sort
}

# lint_result NAME PROBLEMS: one TAP line; PROBLEMS is text, empty when all is well.
lint_result() {
  lint_count=$((lint_count + 1))
  if [ -z "$2" ]; then
    printf 'ok %d - %s\n' "$lint_count" "$1"
    return
  fi
  lint_bad=1
  printf 'not ok %d - %s\n' "$lint_count" "$1"
  printf '%s\n' "$2" | sed 's/^/# /'
  printf '%s\n' "$2" >&2
}

lint_done() {
  printf '1..%d\n' "$lint_count"
  exit "$lint_bad"
}
