/* The figures: their names, and how each is made. */
#pragma once
#include "analysis-drawing.h"

typedef struct {
  const char *name;
  const char *summary;  /* one line of `drtsim plot --list` */
  const char *title;    /* above the picture */
  const char *template; /* of analysis/plots, without the ending */
  /* Writes data and script. False and @error if the trace cannot be read. */
  bool (*prepare)(AnalysisDrawing *drawing, const char *title, GError **error);
} AnalysisFigure;

/* Row number @i in the order of --list, or NULL after the last. */
const AnalysisFigure *analysis_figure_at(unsigned i);
/* The figure called @name, or NULL. */
const AnalysisFigure *analysis_figure_find(const char *name);
/* (transfer container) The names of all, ended by NULL: free with g_free. */
const char **analysis_figure_names(void);

/* One per figure, in analysis-fig-*.c. */
typedef bool AnalysisPrepare(AnalysisDrawing *drawing, const char *title, GError **error);
AnalysisPrepare analysis_fig_convergence;
