/* Published results beside ours: what there is to run, from scenarios/validate/table.ini. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
  SIM_ROW_EXPECTATION, /* what an expectation of the scenario has found */
  SIM_ROW_QUERY,       /* a column of a query of the run's trace (analysis/sql) */
  SIM_ROW_RISE,        /* how much a row grows to another one, for a factor of the size */
  SIM_ROW_SWARM,       /* seeds of a swarm that fail */
} SimRowKind;

typedef struct SimRow SimRow;

/* A number of the table. */
struct SimRow {
  char *name; /* in its experiment */
  char *what; /* in words */
  char *published;
  char *unit;
  char *scenario; /* "v4-hops.drt"; NULL: a swarm */
  SimRowKind kind;
  char *metric;         /* EXPECTATION */
  unsigned number;      /* EXPECTATION: the first with that metric is 1 */
  char *query, *column; /* QUERY */
  char *first, *second; /* RISE: names of rows */
  double factor;        /* RISE: how many units of growth there are between them */
  bool has_least, has_most;
  double least, most;      /* QUERY, RISE: the bound; in the unit */
  char **set, **quick_set; /* params, "NAME=VALUE"; the second, besides, in the quick form */
  bool not_quick;          /* only in the full form */
  uint64_t swarm[2], quick_swarm[2]; /* SWARM: the first and the last seed */
};

typedef struct {
  char *name; /* "V4" */
  char *title, *source;
  bool direct;     /* the same protocol: a bound is theirs. Else another one: the bound is ours */
  char *scenario;  /* of rows that do not name another one; or NULL */
  char *warm_up;   /* what is not counted, in words */
  GPtrArray *rows; /* SimRow */
} SimExperiment;

typedef struct {
  GPtrArray *experiments; /* SimExperiment, in the order of the table */
} SimValidation;

/* (transfer full) What the table has that cannot be is a mistake of ours. */
SimValidation *sim_validation_new(void);
void sim_validation_free(SimValidation *validation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimValidation, sim_validation_free)
/* The experiment with that name, in capitals or not; or NULL. */
const SimExperiment *sim_validation_find(const SimValidation *validation, const char *name);
/* The names of all, ended by NULL. (transfer container) */
const char **sim_validation_names(const SimValidation *validation);
const SimRow *sim_experiment_row(const SimExperiment *experiment, const char *name);
/* The params of a row, by name: those of the quick form in the place of those of the full one. (transfer
 * full) */
char **sim_row_sets(const SimRow *row, bool quick);
/* What a scenario of the table says. (transfer full) */
char *sim_validation_text(const char *scenario);
