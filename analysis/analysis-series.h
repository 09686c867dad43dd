/* Figures over virtual time: panels above each other on one time axis, with the disturbances. */
#pragma once
#include "analysis-flags.h"

#define ANALYSIS_SERIES_PANELS 3
#define ANALYSIS_SERIES_GAP 18.0 /* between two panels */

typedef struct {
  AnalysisFlags *flags;
  AnalysisPanel panels[ANALYSIS_SERIES_PANELS];
  double below; /* the y below the last panel and its axis */
} AnalysisSeries;

/* Begins a page with @n panels of these heights, called p1, p2, ... in the script, and @extra pixels
 * below them. The time axis goes from 0 to the end of the run. @flags: (transfer none). */
void analysis_series_begin(AnalysisDrawing *drawing, const char *title, AnalysisFlags *flags,
                           const double *heights, unsigned n, double extra,
                           AnalysisSeries *ret_series);
/* The last value of a column that is one, as a part of @most; 0 if there is none. */
double analysis_series_last(const AnalysisTable *table, const char *column, double most);
