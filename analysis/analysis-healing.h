/* The table of disturbances below a picture: how deep the leaf sets fell, and how long it took them to
 * be right again. */
#pragma once
#include "analysis-page.h"

/* (transfer full) A time of disturbances.sql, as it is written: "38 s", "≤ 1 s" if it was within the
 * first sample, "at once" if the share was never lost, "not yet" if it was not reached again. */
char *analysis_healing_text(double seconds, double sample_s);
/* How high the table of these disturbances is; 0 without any. */
double analysis_healing_height(const AnalysisTable *disturbances);
/* Draws it with its upper edge at @top. @sweep: the rows are those of disturbances-sweep.sql. */
void analysis_healing_draw(AnalysisDrawing *drawing, const AnalysisTable *disturbances, bool sweep,
                           double top);
