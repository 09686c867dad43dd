# Median and band; a sweep of params has a line for each combination of them.
eval panel('p1')
eval time_axis
eval time_labels
set yrange [0:104]
set ytics 0, 20, 100
eval y_name('right, %')
set style fill transparent solid 0.25 noborder
if (variants == 1) {
  plot data_1 using ($2/time_unit):($7*100):($9*100) with filledcurves fillcolor rgb '#d55e00', \
       data_1 using ($2/time_unit):($4*100):($6*100) with filledcurves fillcolor rgb '#004b7c', \
       data_1 using ($2/time_unit):($5*100) with lines linestyle 1, \
       data_1 using ($2/time_unit):($8*100) with lines linestyle 2
} else {
  array files[4]
  files[1] = data_1
  files[2] = data_2
  if (variants > 2) { files[3] = data_3 }
  if (variants > 3) { files[4] = data_4 }
  array styles[4] = [1, 2, 4, 5]
  array colors[4] = [0x004b7c, 0xd55e00, 0x009e73, 0xb0568a]
  plot for [i=1:variants] files[i] using ($2/time_unit):($4*100):($6*100) \
         with filledcurves fillcolor rgb colors[i], \
       for [i=1:variants] files[i] using ($2/time_unit):($5*100) with lines linestyle styles[i]
}
