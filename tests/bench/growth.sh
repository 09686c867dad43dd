#!/usr/bin/env bash
# How the cost of a run grows with its size: processor seconds for a virtual second, for clouds of rising
# size, as a table and as a log-log plot beside a line of slope 1.
set -euo pipefail

usage() {
  cat <<END
Usage: tests/bench/growth.sh DRTSIM [-o PICTURE.svg] [SIZE]...

Runs 'DRTSIM bench cloud' for three virtual minutes with each SIZE of nodes (300 1000 3000 10000 30000),
and prints nodes, events, processor seconds for a virtual second, and nanoseconds an event. The slope is
that of a line through all points on a log-log scale.
END
}

drtsim='' picture='' sizes=()
while [ $# -gt 0 ]; do
  case $1 in
  --help | -h) usage && exit 0 ;;
  -o) picture=${2:?growth.sh: -o wants a file} && shift ;;
  -*) echo "growth.sh: unknown option '$1'" >&2 && exit 2 ;;
  *) if [ -z "$drtsim" ]; then drtsim=$1; else sizes+=("$1"); fi ;;
  esac
  shift
done
[ -n "$drtsim" ] || { usage >&2 && exit 2; }
[ ${#sizes[@]} -gt 0 ] || sizes=(300 1000 3000 10000 30000)

minutes=3
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
TIMEFORMAT=%U
printf '%10s %14s %22s %10s\n' nodes events 'cpu s / virtual s' 'ns / event'
for size in "${sizes[@]}"; do
  cpu=$({ time "$drtsim" bench cloud --nodes "$size" --minutes "$minutes" --json >"$rows.json" 2>/dev/null; } 2>&1)
  events=$(grep -o '"events": *[0-9]*' "$rows.json" | grep -o '[0-9]*$')
  rm -f "$rows.json"
  awk -v n="$size" -v e="$events" -v c="$cpu" -v m="$minutes" 'BEGIN {
    printf "%d %d %.6f %.0f\n", n, e, c / (60 * m), 1e9 * c / e }' >>"$rows"
  tail -1 "$rows" | awk '{ printf "%10d %14d %22.4f %10d\n", $1, $2, $3, $4 }'
done

# Least squares of log y over log x.
read -r slope factor < <(awk '{ x = log($1); y = log($3); n++; sx += x; sy += y; sxx += x * x; sxy += x * y }
  END { b = (n * sxy - sx * sy) / (n * sxx - sx * sx); printf "%.3f %.9f\n", b, exp((sy - b * sx) / n) }' "$rows")
echo "slope $slope"

[ -n "$picture" ] || exit 0
gnuplot <<END
set terminal svg size 720,480 font 'sans-serif,13' background '#ffffff'
set output '$picture'
set title "Processor time for a virtual second of 'bench cloud', by size"
set xlabel 'nodes'
set ylabel 'seconds of processor for a virtual second'
set logscale xy
set grid
set key top left
one = system("awk '{ y = \$3 / \$1; print y; exit }' '$rows'") + 0
plot '$rows' using 1:3 with linespoints pt 7 lw 2 lc rgb '#1f5fa8' title 'measured, slope $slope', \
  one * x with lines dt 2 lc rgb '#777777' title 'slope 1 through the first point'
END
echo "$picture"
