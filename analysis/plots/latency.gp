# The share of searches that took no longer, on a logarithmic time axis.
eval panel('p1')
set logscale x
set xrange [took_from:took_to]
eval took_tics
set xlabel 'time from the call to the end of the search' font axis_font offset 0, 0.3
set yrange [0:100]
set ytics 0, 20, 100
eval y_name('searches, %')
plot data using 1:($2*100) with steps linestyle 1
