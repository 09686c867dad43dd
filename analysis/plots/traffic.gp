# Areas on each other, in the order of the names on the right; the highest is drawn first. The columns
# of the data are in the order of the message types.
lookup(first) = column(first + 7)
authority(first) = lookup(first) + column(first + 5)
ack(first) = authority(first) + column(first + 6)
inquire(first) = ack(first) + column(first + 4)
flood(first) = inquire(first) + column(first + 3)
solicit(first) = flood(first) + column(first + 0)
advertise(first) = solicit(first) + column(first + 1)
request(first) = advertise(first) + column(first + 2)

set multiplot
eval panel('p1')
eval time_axis
set yrange [0:messages_to]
set ytics 0, messages_step
eval y_name('messages / s')
unset grid
plot data using ($1/time_unit):(request(2)) with filledcurves y1=0 fillcolor rgb '#000000', \
     data using ($1/time_unit):(request(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(advertise(2)) with filledcurves y1=0 fillcolor rgb '#b0568a', \
     data using ($1/time_unit):(advertise(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(solicit(2)) with filledcurves y1=0 fillcolor rgb '#009e73', \
     data using ($1/time_unit):(solicit(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(flood(2)) with filledcurves y1=0 fillcolor rgb '#f0e442', \
     data using ($1/time_unit):(flood(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(inquire(2)) with filledcurves y1=0 fillcolor rgb '#e69f00', \
     data using ($1/time_unit):(inquire(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(ack(2)) with filledcurves y1=0 fillcolor rgb '#d9d9d9', \
     data using ($1/time_unit):(ack(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(authority(2)) with filledcurves y1=0 fillcolor rgb '#56b4e9', \
     data using ($1/time_unit):(authority(2)) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(lookup(2)) with filledcurves y1=0 fillcolor rgb '#08306b', \
     data using ($1/time_unit):(lookup(2)) with lines linewidth 0.6 linecolor rgb 'black'

eval next_panel('p2')
eval time_labels
set yrange [0:bytes_to]
set ytics 0, bytes_step
eval y_name(byte_name.' / s')
plot data using ($1/time_unit):(request(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#000000', \
     data using ($1/time_unit):(request(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(advertise(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#b0568a', \
     data using ($1/time_unit):(advertise(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(solicit(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#009e73', \
     data using ($1/time_unit):(solicit(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(flood(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#f0e442', \
     data using ($1/time_unit):(flood(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(inquire(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#e69f00', \
     data using ($1/time_unit):(inquire(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(ack(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#d9d9d9', \
     data using ($1/time_unit):(ack(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(authority(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#56b4e9', \
     data using ($1/time_unit):(authority(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black', \
     data using ($1/time_unit):(lookup(10)/byte_unit) with filledcurves y1=0 fillcolor rgb '#08306b', \
     data using ($1/time_unit):(lookup(10)/byte_unit) with lines linewidth 0.6 linecolor rgb 'black'
unset multiplot
