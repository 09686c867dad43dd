# How many nodes sent how much at most; below, if single messages were recorded, over time.
if (has_time) set multiplot
eval panel('p1')
set xrange [0:rate_to]
set xtics 0, rate_step
set xlabel 'messages that a node sent, a second of its life' font axis_font offset 0, 0.3
set yrange [0:100]
set ytics 0, 20, 100
eval y_name('nodes, %')
plot data using 2:($1*100) with steps linestyle 1
if (has_time) {
  eval next_panel('p2')
  eval time_axis
  eval time_labels
  set yrange [0:time_rate_to]
  set ytics 0, time_rate_step
  eval y_name('messages / s')
  plot data_time using ($1/time_unit):5 with lines linestyle 3, \
       data_time using ($1/time_unit):4 with lines linestyle 2, \
       data_time using ($1/time_unit):3 with lines linestyle 1
  unset multiplot
}
