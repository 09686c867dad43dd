# Mean and 95th percentile of hops; the reference is one level of the cache, a tenth of the ring, a hop.
eval panel('p1')
set logscale x 2
set xrange [size_from:size_to]
eval size_tics
set xlabel 'nodes N, logarithmic' font axis_font offset 0, 0.3
set yrange [0:hops_to]
set ytics 0, hops_step
eval y_name('hops')
plot log10(x) with lines linestyle 20, \
     data using 1:4:5:6 with yerrorbars linestyle 1 dashtype 1, \
     data using 1:4 with linespoints linestyle 1, \
     data using 1:7 with linespoints linestyle 2
