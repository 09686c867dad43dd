/* The runs of a sweep: every seed with every combination of values. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t seed;
  char **sets; /* "NAME=VALUE" by name, ended by NULL */
  char *point; /* the same with spaces between, as v_point of the trace has it */
} SimPlanned;

typedef struct {
  uint64_t seeds[2]; /* the first and the last */
  GPtrArray *names;  /* of params, by name */
  GPtrArray *values; /* for each name a strv */
} SimPlan;

SimPlan *sim_plan_new(void);
void sim_plan_free(SimPlan *plan);
/* "NAME=V1,V2". False, and said so, if it is not, or the name was there before, or a value is. */
bool sim_plan_set(SimPlan *plan, const char *text);
/* How many runs; the number @i of them: all seeds of one combination after the other. */
uint64_t sim_plan_count(const SimPlan *plan);
void sim_plan_at(const SimPlan *plan, uint64_t i, SimPlanned *ret);
void sim_planned_clear(SimPlanned *planned);
