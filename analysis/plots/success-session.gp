# A point for each run, a line through all searches with the same value of the param.
eval panel('p1')
if (param_log) set logscale x
set xrange [param_from:param_to]
eval param_tics
set xlabel param_name noenhanced font axis_font offset 0, 0.3
set yrange [share_from:100 + (100 - share_from)*0.04]
set ytics share_from, share_step, 100
eval y_name('success, %')
plot data_line using 1:($2*100) with lines linestyle 1, \
     data using 3:($9*100) with points pointtype 6 pointsize 0.8 linewidth 1.2 linecolor rgb 'black'
