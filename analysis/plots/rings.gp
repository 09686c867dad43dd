# The number of rings; on a logarithmic axis where there were many.
eval panel('p1')
eval time_axis
eval time_labels
if (logarithmic) {
  set logscale y
  set yrange [0.7:rings_to]
  set ytics (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000, 1000000)
} else {
  set yrange [0:rings_to]
  set ytics 0, ceil(rings_to/6)
}
eval y_name('rings')
plot data using ($1/time_unit):2 with steps linestyle 1
