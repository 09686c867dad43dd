# The share of stale entries above, the age of the oldest below.
set multiplot
eval panel('p1')
eval time_axis
set yrange [0:share_to]
set ytics 0, share_step
set ylabel 'of cached entries, %' font axis_font offset 0.5, 0
plot data using ($1/time_unit):($2*100) with lines linestyle 1

eval next_panel('p2')
eval time_labels
set yrange [0:age_to]
set ytics 0, age_step
set ylabel 'oldest, '.age_name font axis_font offset 0.5, 0
plot data using ($1/time_unit):($3/age_unit) with lines linestyle 2
unset multiplot
