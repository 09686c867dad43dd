/* Timers and limits of the protocol as scenarios write them. */
#pragma once
#include "drt-settings.h"

/* What the value of a setting looks like in a scenario: "15s", "2". (transfer full) */
char *sim_protocol_value(const DrtSetting *setting, int64_t value);

/* One row of `drtsim protocol`. */
typedef struct {
  const char *name;   /* (transfer none), as is @source */
  const char *source; /* in the specification */
  char *value;        /* the default; this and the next (transfer full) */
  char *least, *most;
} SimProtocolRow;

/* Row @i, or one with @name NULL behind the last. */
SimProtocolRow sim_protocol_row(size_t i);
void sim_protocol_row_clear(SimProtocolRow *row);
