#!/usr/bin/env bash
# Runs what README.md shows: readme.sh SOURCE DRTSIM plain|slow. A block "```drt NAME" becomes the file
# NAME; in a block "```console" each line behind a '$' is a command, and the lines below it are among what
# it prints, in that order, with '...' for anything. `./run` is the program of this build. Prints TAP.
set -u
source=$1 program=$2 speed=$3
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/home"
cp -r "$source/scenarios" "$place/scenarios"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" >"$place/run"
chmod +x "$place/run"
cd "$place" || exit 1
export HOME=$place/home LC_ALL=C
count=0 bad=0

# What is printed must have these lines, one after another; blanks at the ends do not matter.
# missing PRINTED WANTED: prints the first wanted line that is not there.
missing() {
  local line wanted
  local -a lines
  mapfile -t lines <"$1"
  local at=0
  while IFS= read -r wanted; do
    wanted=${wanted//\\/\\\\} wanted=${wanted//\*/\\*} wanted=${wanted//\[/\\[} wanted=${wanted//\?/\\?}
    while :; do
      [ "$at" -lt "${#lines[@]}" ] || {
        printf '%s\n' "$wanted"
        return
      }
      line=${lines[at++]}
      # shellcheck disable=SC2053 # a pattern is what it is
      [[ $line != ${wanted//.../*} ]] || break
    done
  done <"$2"
}

# One command with what it is said to print.
try() {
  local number=$1 command=$2 lost
  count=$((count + 1))
  if [ "$speed" = slow ] && [[ $command == *partition-heals* ]]; then
    echo "ok $count - README.md:$number # SKIP takes too long where memory is watched"
    return
  fi
  bash -c "$command" >printed 2>&1 </dev/null
  lost=$(missing printed wanted)
  if [ -z "$lost" ]; then
    echo "ok $count - README.md:$number: $command"
    return
  fi
  bad=1
  {
    echo "README.md:$number: '$command' does not print"
    echo "  $lost"
    echo "but"
    sed 's/^/  /' printed
  } | tee /dev/stderr | sed 's/^/# /'
  echo "not ok $count - README.md:$number: $command"
}

# Blocks, line by line. A command is tried when the next one, or the end of the block, is there.
block='' command='' first=0 number=0
finish() {
  [ -z "$command" ] || try "$first" "$command"
  command=''
}
while IFS= read -r line <&3; do
  number=$((number + 1))
  case $block:$line in
  ':```console') block=console ;;
  ':```drt '*)
    block=${line#'```drt '}
    : >"$block"
    ;;
  ':```'*) block=other ;;
  :*) ;;
  *:'```')
    finish
    block=''
    ;;
  console:'$ '*)
    finish
    command=${line#'$ '} first=$number
    : >wanted
    ;;
  console:*) printf '%s\n' "$line" >>wanted ;;
  other:*) ;;
  *) printf '%s\n' "$line" >>"$block" ;;
  esac
done 3<"$source/README.md"

# Links of the page, and of those beside it, lead somewhere.
dangling=$(cd "$source" && for page in README.md CONTRIBUTING.md; do
  grep -oE '\]\([^)#]+' "$page" | sed 's/^](//' | grep -v '^https\?:' | sort -u | while read -r link; do
    [ -e "$link" ] || echo "$page: $link"
  done
done)
count=$((count + 1))
if [ -z "$dangling" ]; then
  echo "ok $count - links lead somewhere"
else
  printf '%s\n' "$dangling" | sed 's/^/# /'
  echo "not ok $count - links lead somewhere"
  bad=1
fi
[ "$count" -gt 10 ] || {
  echo "README.md shows only $count commands" >&2
  bad=1
}
echo "1..$count"
exit "$bad"
