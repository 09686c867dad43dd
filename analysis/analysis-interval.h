/* What can be said of a mean, and of something that never happened. */
#pragma once

typedef struct {
  unsigned n;
  double mean;
  double low,
    high; /* 95 %: the mean of all runs that there could be lies in between; both are @mean if
                       @n is 1 */
} AnalysisInterval;

/* Of @n values, at least one: Student's t with n - 1 degrees of freedom. */
AnalysisInterval analysis_interval(const double *values, unsigned n);
/* What has not happened in @n tries happens, with 95 % confidence, in no larger share than this one. */
double analysis_interval_never(double n);
