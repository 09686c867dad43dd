/* Disturbances and marks on a time axis: lines through the panels, and flags above them. */
#pragma once
#include "analysis-page.h"

#define ANALYSIS_FLAGS_HEIGHT 40.0 /* above a panel */

typedef struct AnalysisFlags AnalysisFlags;

/* (transfer full) NULL and @error if the trace cannot be read. */
AnalysisFlags *analysis_flags_new(AnalysisDrawing *drawing, GError **error);
void analysis_flags_free(AnalysisFlags *flags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnalysisFlags, analysis_flags_free)

/* (transfer none) */
const AnalysisTable *analysis_flags_disturbances(const AnalysisFlags *flags);
/* (transfer full) A disturbance in a word or two, from a row of disturbances.sql: "2 crash", and
 * "3 heal …" for the first of several kinds. */
char *analysis_flags_name(const AnalysisTable *disturbances, unsigned row);
/* Draws them above @panel, and lines from its top down to @bottom. The time axis of the drawing goes
 * from 0 to @to seconds. */
void analysis_flags_draw(AnalysisFlags *flags, AnalysisDrawing *drawing, const AnalysisPanel *panel,
                         double bottom, double to);
