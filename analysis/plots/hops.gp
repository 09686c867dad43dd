# How many searches had how many hops; those that found nothing on top.
eval panel('p1')
set xrange [-0.6:hops_to]
set xtics 0, hops_step
set xlabel 'hops: nodes asked' font axis_font offset 0, 0.3
set yrange [0:count_to]
set ytics 0, count_step
eval y_name('searches')
set boxwidth 0.7
set style fill solid border linecolor rgb 'black'
plot data using 1:($2 + $3) with boxes fillcolor rgb '#333333', \
     data using 1:2 with boxes fillcolor rgb '#9ecae1'
