# Each area is drawn from the bottom up to the top of its part of the stack, the highest first.
eval panel('p1')
eval time_axis
eval time_labels
set yrange [0:nodes_to]
set ytics 0, nodes_step
eval y_name('nodes')
unset grid
set style fill solid noborder
active(x) = column(2)
alone(x) = active(x) + column(3)
no_network(x) = alone(x) + column(4)
faulted(x) = no_network(x) + column(5)
starting(x) = faulted(x) + column(6)
down(x) = starting(x) + column(7)
plot data using ($1/time_unit):(down(0)) with fillsteps fillcolor rgb '#f2f2f2', \
     data using ($1/time_unit):(starting(0)) with fillsteps fillcolor rgb '#f0e442', \
     data using ($1/time_unit):(faulted(0)) with fillsteps fillcolor rgb '#b0568a', \
     data using ($1/time_unit):(no_network(0)) with fillsteps fillcolor rgb '#333333', \
     data using ($1/time_unit):(alone(0)) with fillsteps fillcolor rgb '#d55e00', \
     data using ($1/time_unit):(active(0)) with fillsteps fillcolor rgb '#9ecae1', \
     data using ($1/time_unit):(starting(0)) with steps linewidth 0.7 linecolor rgb 'black', \
     data using ($1/time_unit):(active(0)) with steps linewidth 0.7 linecolor rgb 'black'
