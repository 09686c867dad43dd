#include "sim-trace-tables.h"

#define NAME(name) #name,
#define INTEGER(name) "i"
#define TEXT(name) "t"
#define BLOB(name) "b"
#define NAMES(name, type, table, base)                                                             \
  static const char *const names_##name[] = { SIM_TRACE_##name##_COLUMNS(NAME, NAME, NAME) };
SIM_TRACE_TABLE_LIST(NAMES)

static const SimTraceLayout layouts[SIM_TRACE_TABLES] = {
#define LAYOUT(number, type, table_name, changed)                                                  \
  [SIM_TRACE_##number] = {                                                                         \
    .name = (table_name),                                                                          \
    .base = SIM_TRACE_##changed,                                                                   \
    .columns = G_N_ELEMENTS(names_##number),                                                       \
    .names = names_##number,                                                                       \
    .kinds = SIM_TRACE_##number##_COLUMNS(INTEGER, TEXT, BLOB),                                    \
  },
  SIM_TRACE_TABLE_LIST(LAYOUT)
};

const SimTraceLayout *
sim_trace_layout(SimTraceTable table)
{
  return &layouts[table];
}
