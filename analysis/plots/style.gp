# What all figures have in common. `scale` is the size of a pixel of the layout.
#
# Colours are those of Okabe and Ito, which people with any colour vision can tell apart; each line
# also has a dash type of its own.
set encoding utf8
set datafile separator tab
set datafile missing '?'
plain(size) = sprintf('Helvetica,%g', size*scale)
tic_font = plain(12)
axis_font = plain(12.5)
set key off
set style textbox opaque noborder fillcolor rgb 'white' margins 0.6, 0.4
set border 3 linewidth 1 linecolor rgb 'black'
set tics nomirror out scale 0.6 font tic_font noenhanced
set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#dddddd'
set style line 1 linewidth 2.0 dashtype 1 linecolor rgb '#004b7c' pointtype 7 pointsize 0.5
set style line 2 linewidth 2.0 dashtype (7, 3) linecolor rgb '#d55e00' pointtype 9 pointsize 0.5
set style line 3 linewidth 1.6 dashtype 1 linecolor rgb '#333333' pointtype 5 pointsize 0.5
set style line 4 linewidth 1.8 dashtype (2, 2) linecolor rgb '#009e73' pointtype 13 pointsize 0.6
set style line 5 linewidth 1.8 dashtype (9, 3, 2, 3) linecolor rgb '#b0568a' pointtype 11 pointsize 0.6
set style line 6 linewidth 1.8 dashtype (12, 4) linecolor rgb '#3d94c9' pointtype 15 pointsize 0.6
set style line 7 linewidth 1.4 dashtype 1 linecolor rgb '#9a9a9a'      # a right link
set style line 8 linewidth 1.8 dashtype (6, 3) linecolor rgb '#d55e00' # a wrong one
set style line 9 linewidth 1 dashtype 1 linecolor rgb '#bbbbbb'        # the life of a node
set style line 20 linewidth 1 dashtype (3, 2) linecolor rgb '#666666' # a disturbance, a quantile
set style line 21 linewidth 1 dashtype (1, 2) linecolor rgb '#666666' # a mark

# A panel by its name: `eval panel('p1')`. What was written on the page is written with the first.
panel(name) = 'set lmargin at screen '.name.'_left; set rmargin at screen '.name.'_right;' \
  .'set tmargin at screen '.name.'_top; set bmargin at screen '.name.'_bottom'
next_panel(name) = 'unset label; unset arrow; unset object;'.panel(name)

# The name of a y axis stands at the edge of the page, however wide the numbers are.
y_name(text) = 'set label "'.text.'" at screen 0.02, graph 0.5 center rotate by 90 noenhanced front font "' \
  .axis_font.'"'

# The time axis: only the lowest panel names it.
time_axis = 'set xrange [time_from:time_to]; set xtics time_step; set format x ""'
time_labels = 'set format x "%g"; set xlabel "virtual time, ".time_name font axis_font offset 0, 0.3'
