#!/bin/sh
# Installs into an empty folder and tries the program there: install.sh SOURCE BUILD PREFIX BINDIR DATADIR
# MANDIR coverage|plain. Prints TAP.
set -u
source=$1 build=$2 prefix=$3 kind=$7
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# A folder of meson's options may be one below the prefix, or any.
at() {
  case $1 in
  /*) printf '%s\n' "$place/dest$1" ;;
  *) printf '%s\n' "$place/dest$prefix/$1" ;;
  esac
}
bin=$(at "$4") data=$(at "$5") man=$(at "$6")

count=0
bad=0
log=$place/log
# ok NAME COMMAND...: a test; what the command says is shown if it fails.
ok() {
  name=$1
  shift
  count=$((count + 1))
  if "$@" >"$log" 2>&1; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    sed 's/^/# /' "$log"
    sed "s/^/$name: /" "$log" >&2
    bad=1
  fi
}

# With nothing of the caller's surroundings, but for what makes a sanitizer tell.
drtsim() {
  (cd "$place/work" && env -i PATH=/usr/bin:/bin HOME="$place/home" TMPDIR="$place" LC_ALL=C \
    ASAN_OPTIONS="${ASAN_OPTIONS:-}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-}" "$bin/drtsim" "$@")
}

has() {
  for file; do
    [ -s "$file" ] || {
      echo "$file is missing or empty"
      return 1
    }
  done
}

# Debug information apart, no path of the source or the build is in the program.
knows_no_folder() {
  for folder; do
    if grep -qaF "$folder" "$bin/drtsim"; then
      grep -aoF "$folder" "$bin/drtsim" | sort | uniq -c
      return 1
    fi
  done
}

shows() { # TEXT COMMAND...
  text=$1
  shift
  "$@" >"$place/shown" || return
  grep -qF "$text" "$place/shown" || {
    echo "'$text' is not in:"
    cat "$place/shown"
    return 1
  }
}

draws() { # FILE TEXT COMMAND...
  file=$1 text=$2
  shift 2
  "$@" && has "$file" && shows "$text" cat "$file"
}

fails_with() { # STATUS COMMAND...
  wanted=$1 status=0
  shift
  "$@" || status=$?
  [ "$status" = "$wanted" ]
}

mkdir "$place/work" "$place/home"
ok 'it installs' meson install -C "$build" --no-rebuild --quiet --strip --destdir "$place/dest"

work=$place/work
tour=$data/drtsim/scenarios/tour
ok 'everything is in its place' has "$bin/drtsim" "$man/man1/drtsim.1" "$man/man5/drtsim-scenario.5" \
  "$data/bash-completion/completions/drtsim" "$data/zsh/site-functions/_drtsim" \
  "$tour/first-cloud.drt" "$tour/fingerprints.txt" "$data/drtsim/scenarios/README.md" \
  "$data/drtsim/scenarios/churn/sessions.csv" "$data/doc/drtsim/README.md" \
  "$data/doc/drtsim/CHANGELOG.md" "$data/doc/drtsim/PROTOCOL.md" "$data/doc/drtsim/schema.sql"
[ "$kind" = coverage ] || # which writes beside the objects
  ok 'the program knows neither source nor build folder' knows_no_folder "$source" "$build"
ok 'it says its version' shows 'drtsim 0.' drtsim --version
ok 'check reads all scenarios' shows 'partition-heals.drt: good' drtsim check "$tour"/*.drt
ok 'a scenario leaves trace, picture and report' \
  draws "$work/out/first-cloud.svg" '<svg' drtsim "$tour/first-cloud.drt" --quiet
ok 'the report is whole' shows '</html>' cat "$work/out/first-cloud.html"
ok 'run writes a trace' drtsim run "$tour/publish-and-search.drt" --trace protocol -o run.db --quiet
ok 'and one of another seed' drtsim run "$tour/publish-and-search.drt" --seed 9 -o other.db --quiet
ok 'plot draws' draws "$work/pictures/run-hops.svg" '<svg' drtsim plot run.db convergence hops -o pictures/
ok 'plot draws the ring as png' draws "$work/ring.png" PNG drtsim plot run.db ring --at 90s -o ring.png
ok 'report writes a page' draws "$work/page.html" '</html>' drtsim report run.db -o page.html
ok 'export writes CSV' shows ',peer7,exact,' drtsim export run.db v_search
search=$(sed -n '2s/,.*//p' "$place/shown")
ok 'why tells of a search' shows "search:$search" drtsim why run.db "search:$search"
ok 'index has nothing left to add' shows '0 indexes' drtsim index run.db
ok 'diff finds a difference' fails_with 1 drtsim diff run.db other.db
ok 'sweep runs and draws' drtsim sweep "$tour/first-cloud.drt" --seeds 1..2 -o sweep.db --quiet
ok 'plot draws a sweep' draws "$work/sweep.svg" '<svg' drtsim plot sweep.db convergence-sweep -o sweep.svg
ok 'test knows the fingerprints' shows 'first-cloud.drt' drtsim test "$tour/first-cloud.drt"
ok 'verify runs twice' shows 'the same twice' drtsim verify "$tour/first-cloud.drt"
ok 'swarm draws and runs' shows '2 held' drtsim swarm --seeds 1..2
ok 'protocol lists' shows 'maintenance' drtsim protocol
ok 'bench measures' shows 'events' drtsim bench cloud --nodes 20 --minutes 3
ok 'cache names its folder' shows "$place/home" drtsim cache
! command -v man >/dev/null ||
  ok 'man finds the page' shows 'drtsim.1' man -M "$man" -w drtsim
ok 'bash takes the completion' bash -c '. "$1"; complete -p drtsim' bash \
  "$data/bash-completion/completions/drtsim"
echo "1..$count"
exit "$bad"
