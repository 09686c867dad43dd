/* From a drawing to a picture, by gnuplot. */
#pragma once
#include "analysis-drawing.h"

typedef enum { ANALYSIS_SVG, ANALYSIS_PNG, ANALYSIS_PDF, ANALYSIS_FORMATS } AnalysisFormat;

/* "svg", "png", "pdf"; the last is also the ending of a file. */
const char *analysis_format_name(AnalysisFormat format);

/* (transfer full) The script as a file: with the head for @format and the page of @template. */
char *analysis_gnuplot_script(AnalysisDrawing *drawing, const char *template,
                              AnalysisFormat format);
/* (transfer full) The picture. ANALYSIS_ERROR_GNUPLOT: it is not installed, or could not do it. */
GBytes *analysis_gnuplot_draw(AnalysisDrawing *drawing, const char *script, AnalysisFormat format,
                              GError **error);
/* False, and the error, without gnuplot. */
bool analysis_gnuplot_find(GError **error);
