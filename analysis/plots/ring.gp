# Keys on a circle, 0 at the top and ascending clockwise. A right link runs along the circle; a wrong
# one bends inwards, and its key has a square around it.
eval panel('p1')
unset border
unset tics
unset grid
set size ratio 1
set xrange [-1.12:1.12]
set yrange [-1.12:1.12]
px(place) = sin(2*pi*place)
py(place) = cos(2*pi*place)
set label '0' at 0, 1.08 center font plain(11) textcolor rgb '#555555'
set label '1/4' at 1.06, 0 left font plain(11) textcolor rgb '#555555'
set label '1/2' at 0, -1.08 center font plain(11) textcolor rgb '#555555'
set label '3/4' at -1.06, 0 right font plain(11) textcolor rgb '#555555'
plot data_right using (px($1)):(py($1)):(px($2) - px($1)):(py($2) - py($1)) \
       with vectors nohead linestyle 7, \
     data_wrong using 1:2 with lines linestyle 8, \
     data using (px($3)):(py($3)) with points pointtype 7 pointsize point linecolor rgb '#004b7c', \
     data using ($13 == 1 ? NaN : px($3)):(py($3)) with points pointtype 4 pointsize point + 0.6 \
       linewidth 1.2 linecolor rgb '#d55e00'
