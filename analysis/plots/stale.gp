# The share of stale entries above, the age of the oldest below.
set multiplot
eval panel('p1')
eval time_axis
set yrange [0:share_to]
set ytics 0, share_step
eval y_name('of cached entries, %')
plot data using ($1/time_unit):($2*100) with lines linestyle 1

eval next_panel('p2')
eval time_labels
set yrange [0:age_to]
set ytics 0, age_step
eval y_name('oldest, '.age_name)
plot data using ($1/time_unit):($3/age_unit) with lines linestyle 2
unset multiplot
