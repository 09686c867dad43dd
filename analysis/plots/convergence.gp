# Two panels over one time axis: leaf sets above, running nodes below.
set multiplot
set xrange [time_from:time_to]
set xtics time_step

set lmargin at screen leaves_left
set rmargin at screen leaves_right
set tmargin at screen leaves_top
set bmargin at screen leaves_bottom
set yrange [0:104]
set ytics 0, 20, 100
set format x ''
set ylabel 'right, %' font axis_font offset 0.5, 0
plot data using ($1/time_unit):($2*100) with lines linestyle 1, \
     data using ($1/time_unit):($3*100) with lines linestyle 2

unset label
unset arrow
unset object
set tmargin at screen nodes_top
set bmargin at screen nodes_bottom
set yrange [0:nodes_to]
set ytics 0, nodes_to/2, nodes_to
set format x '%g'
set ylabel 'nodes' font axis_font offset 0.5, 0
set xlabel 'virtual time, '.time_name font axis_font offset 0, 0.3
plot data using ($1/time_unit):4 with steps linestyle 3
unset multiplot
