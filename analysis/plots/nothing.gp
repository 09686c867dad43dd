# Nothing to draw: only the words that say so.
unset border
unset tics
set xrange [0:1]
set yrange [0:1]
plot NaN
