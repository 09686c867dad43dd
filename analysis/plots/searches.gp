# Shares above, how many searches they are of below.
set multiplot
eval panel('p1')
eval time_axis
set yrange [share_from:100 + (100 - share_from)*0.04]
set ytics share_from, share_step, 100
eval y_name('share, %')
plot data using ($1/time_unit):($3*100) with linespoints linestyle 1, \
     data using ($1/time_unit):($5*100) with linespoints linestyle 2

eval next_panel('p2')
eval time_labels
set yrange [0:count_to]
set ytics 0, count_to, count_to
eval y_name('searches')
plot data using ($1/time_unit):2 with histeps linestyle 3
unset multiplot
