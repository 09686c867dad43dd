/* What can go wrong between a trace and a picture. */
#pragma once
#include <glib.h>

#define ANALYSIS_ERROR (analysis_error_quark())

typedef enum {
  ANALYSIS_ERROR_OPEN,    /* no such file, not a database, not a trace, another schema */
  ANALYSIS_ERROR_QUERY,   /* SQLite could not answer: a damaged file, or a mistake of ours */
  ANALYSIS_ERROR_ASKED,   /* what was asked for is not in this trace: a run, a search */
  ANALYSIS_ERROR_GNUPLOT, /* gnuplot is not installed, or did not draw */
  ANALYSIS_ERROR_WRITE,   /* a picture, page or table could not be written */
} AnalysisError;

GQuark analysis_error_quark(void);
