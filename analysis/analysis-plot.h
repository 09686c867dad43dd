/* One figure of a trace, as a file. */
#pragma once
#include "analysis-figure.h"
#include "analysis-gnuplot.h"

typedef struct {
  const AnalysisFigure *figure;
  AnalysisParams params;
  AnalysisFormat format;
  const char *path; /* of the picture */
  bool keep;        /* leave script and data beside it, under its name */
} AnalysisPlot;

/* The figure that is meant by @figure: over a sweep, when no run is chosen, another one may be. */
const AnalysisFigure *analysis_plot_choose(AnalysisTrace *trace, const AnalysisFigure *figure,
                                           const AnalysisParams *params);
/* Draws. An existing picture is replaced when the new one is complete. *@ret_missing: (transfer full)
 * NULL, or what the trace lacks, when the picture can only say so. */
bool analysis_plot_draw(AnalysisTrace *trace, const AnalysisPlot *plot, char **ret_missing,
                        GError **error);
/* (transfer full) The picture as text of SVG, for a page. */
GBytes *analysis_plot_svg(AnalysisTrace *trace, const AnalysisFigure *figure,
                          const AnalysisParams *params, char **ret_missing, GError **error);
