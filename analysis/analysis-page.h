/* What is on every page: the title, the caption, the time axis, and the disturbances above it. */
#pragma once
#include "analysis-drawing.h"

/* Room at the edges of a page, in pixels. */
#define ANALYSIS_PAGE_WIDTH 900.0
#define ANALYSIS_PAGE_SIDE 16.0
#define ANALYSIS_PAGE_LEFT 84.0   /* for the numbers and the name of a y axis */
#define ANALYSIS_PAGE_RIGHT 136.0 /* for the names of lines */
#define ANALYSIS_AXIS 46.0        /* below a panel, for the numbers and the name of its x axis */

/* Begins a page: sets its size so that @content pixels are between title and caption, and writes
 * both. @title is ours. Returns the y where the content begins. */
double analysis_page_begin(AnalysisDrawing *drawing, const char *title, double content);
/* A page that says that there is nothing to draw. */
void analysis_page_nothing(AnalysisDrawing *drawing, const char *title);

/* A time axis from @from to @to seconds: the variables time_unit (seconds), time_name, time_from,
 * time_to and time_step, the last three in that unit. */
void analysis_page_time(AnalysisDrawing *drawing, double from, double to);
/* A value axis from 0 to at least @most, with some five steps: PREFIX_to, PREFIX_step. Returns its
 * end. */
double analysis_page_values(AnalysisDrawing *drawing, const char *prefix, double most);
/* A step that gives about @steps of them from 0 to @most: 1, 2 or 5 times a power of ten. */
double analysis_page_step(double most, unsigned steps);

/* The name of a line, beside its right end. */
typedef struct {
  const char *text;
  double y;  /* where the line ends, as a part of the panel's height from below */
  int style; /* its line style */
} AnalysisLineLabel;

/* Writes the names of lines to the right of @panel, as near to their ends as they can be without
 * touching each other, each with a short piece of its line. */
void analysis_page_line_labels(AnalysisDrawing *drawing, const AnalysisPanel *panel,
                               const AnalysisLineLabel *labels, unsigned n);
/* A filled area, and its name. */
typedef struct {
  const char *text;
  const char *color;
} AnalysisSwatch;

/* Writes what the areas of a stack mean to the right of @panel, the first one lowest, as they lie. */
void analysis_page_swatches(AnalysisDrawing *drawing, const AnalysisPanel *panel,
                            const AnalysisSwatch *swatches, unsigned n);
/* Quantiles of a distribution that is drawn in @panel with shares from 0 to 1 upwards: lines from each
 * point to both axes, and names to the right. @x: in the units of the drawing's x axis. */
typedef struct {
  char *text; /* (transfer none) */
  double x, share;
} AnalysisQuantile;

void analysis_page_quantiles(AnalysisDrawing *drawing, const AnalysisPanel *panel,
                             const AnalysisQuantile *quantiles, unsigned n);
/* A logarithmic axis of times from below @least to above @most, in seconds: the variables
 * PREFIX_from and PREFIX_to, and a string PREFIX_tics for `eval`. */
void analysis_page_log_time(AnalysisDrawing *drawing, const char *prefix, const char *axis,
                            double least, double most);
/* Pushes the middles of @n things of height @height apart, staying between @top and @bottom as long
 * as there is room. Their order is kept; @y must be in ascending order. */
void analysis_page_spread(double *y, unsigned n, double height, double top, double bottom);
