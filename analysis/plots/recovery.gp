# A line for each disturbance, from its end on.
eval panel('p1')
set logscale x
set xrange [since_from:since_to]
eval since_tics
set xlabel 'time since the end of the disturbance' font axis_font offset 0, 0.3
set yrange [0:104]
set ytics 0, 20, 100
eval y_name('right, %')
array files[6]
files[1] = data_1
if (lines > 1) { files[2] = data_2 }
if (lines > 2) { files[3] = data_3 }
if (lines > 3) { files[4] = data_4 }
if (lines > 4) { files[5] = data_5 }
if (lines > 5) { files[6] = data_6 }
plot for [i=1:lines] files[i] using 1:($2*100) with lines linestyle i
