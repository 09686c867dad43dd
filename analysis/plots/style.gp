# What all figures have in common. `scale` is the size of a pixel of the layout.
#
# Colours are those of Okabe and Ito, which people with any colour vision can tell apart; each also
# has a dash type of its own, and darkness falls with the number, so that a grey print can be read.
set encoding utf8
set datafile separator tab
set datafile missing '?'
set key off
set border 3 linewidth 1 linecolor rgb 'black'
plain(size) = sprintf('Helvetica,%g', size*scale)
tic_font = plain(12)
axis_font = plain(12.5)
set tics nomirror out scale 0.6 font tic_font noenhanced
set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#dddddd'
set style line 1 linewidth 2.0 dashtype 1 linecolor rgb '#004b7c' pointtype 7 pointsize 0.7
set style line 2 linewidth 2.0 dashtype (7, 3) linecolor rgb '#d55e00' pointtype 5 pointsize 0.7
set style line 3 linewidth 1.6 dashtype 1 linecolor rgb '#333333' pointtype 9 pointsize 0.7
set style line 4 linewidth 1.8 dashtype (2, 2) linecolor rgb '#009e73' pointtype 13 pointsize 0.7
set style line 5 linewidth 1.8 dashtype (9, 3, 2, 3) linecolor rgb '#cc79a7' pointtype 11 pointsize 0.7
set style line 6 linewidth 1.8 dashtype (12, 4) linecolor rgb '#56b4e9' pointtype 15 pointsize 0.7
set style line 20 linewidth 1 dashtype (3, 2) linecolor rgb '#666666' # a disturbance
set style line 21 linewidth 1 dashtype (1, 2) linecolor rgb '#666666' # a mark
