# Two panels over one time axis: leaf sets above, running nodes below.
set multiplot
eval panel('p1')
eval time_axis
set yrange [0:104]
set ytics 0, 20, 100
eval y_name('right, %')
plot data using ($1/time_unit):($2*100) with lines linestyle 1, \
     data using ($1/time_unit):($3*100) with lines linestyle 2

eval next_panel('p2')
eval time_labels
set yrange [0:nodes_to]
set ytics 0, nodes_to, nodes_to
eval y_name('nodes')
plot data using ($1/time_unit):4 with steps linestyle 3
unset multiplot
