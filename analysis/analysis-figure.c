#include "analysis-figure.h"

#include <string.h>

static const AnalysisFigure figures[] = {
  { "convergence", "how right the leaf sets are, and how long each disturbance took to heal",
    "Convergence of leaf sets", "convergence", analysis_fig_convergence },
};

const AnalysisFigure *
analysis_figure_at(unsigned i)
{
  return i < G_N_ELEMENTS(figures) ? &figures[i] : NULL;
}

const AnalysisFigure *
analysis_figure_find(const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    if (strcmp(figures[i].name, name) == 0)
      return &figures[i];
  return NULL;
}

const char **
analysis_figure_names(void)
{
  const char **names = g_new0(const char *, G_N_ELEMENTS(figures) + 1);
  for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
    names[i] = figures[i].name;
  return names;
}
