/* `drtsim protocol`: every timer and limit that a scenario may set. */
#include "sim-command.h"
#include "sim-json.h"
#include "sim-protocol.h"
#include "sim-suggest.h"
#include "sim-usage.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* (transfer full) */
static char *
range_of(const SimProtocolRow *row)
{
  return g_strdup_printf("%s .. %s", row->least, row->most);
}

static void
print_table(void)
{
  size_t name_width = strlen("name"), value_width = strlen("default"), range_width = 0;
  SimProtocolRow row;
  for (size_t i = 0; (row = sim_protocol_row(i)).name != NULL; i++) {
    g_autofree char *range = range_of(&row);
    name_width = MAX(name_width, strlen(row.name));
    value_width = MAX(value_width, strlen(row.value));
    range_width = MAX(range_width, strlen(range));
    sim_protocol_row_clear(&row);
  }
  printf("%-*s  %*s  %-*s  %s\n", (int)name_width, "name", (int)value_width, "default",
         (int)range_width, "range", "source");
  for (size_t i = 0; (row = sim_protocol_row(i)).name != NULL; i++) {
    g_autofree char *range = range_of(&row);
    printf("%-*s  %*s  %-*s  %s\n", (int)name_width, row.name, (int)value_width, row.value,
           (int)range_width, range, row.source);
    sim_protocol_row_clear(&row);
  }
}

static void
append_member(GString *to, const char *before, const char *value)
{
  g_string_append(to, before);
  sim_json_string(to, value);
}

static void
print_json(void)
{
  g_autoptr(GString) text = g_string_new(NULL);
  SimProtocolRow row;
  for (size_t i = 0; (row = sim_protocol_row(i)).name != NULL; i++) {
    append_member(text, i > 0 ? ",\n  {\"name\": " : "\n  {\"name\": ", row.name);
    append_member(text, ", \"default\": ", row.value);
    append_member(text, ", \"least\": ", row.least);
    append_member(text, ", \"most\": ", row.most);
    append_member(text, ", \"source\": ", row.source);
    g_string_append_c(text, '}');
    sim_protocol_row_clear(&row);
  }
  printf("[%s\n]\n", text->str);
}

static const char *const options[] = { "--json", "--help", NULL };

static int
run(int argc, char **argv)
{
  bool json = false;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--json") != 0)
      return sim_usage_error(sim_suggest(argv[i], options), "'protocol' takes no '%s'", argv[i]);
    json = true;
  }
  if (json)
    print_json();
  else
    print_table();
  return 0;
}

const SimCommand sim_cmd_protocol = {
  .name = "protocol",
  .summary = "list the timers and limits of the protocol",
  .help =
    "Usage: drtsim protocol [--json]\n"
    "\n"
    "Lists every timer and limit that the protocol block of a scenario may set: its name,\n"
    "its default, its range, and where it comes from: a section or note of [MC-DRT], or (H...)\n"
    "a decision that drt-core/PROTOCOL.md explains.\n"
    "\n"
    "  --json   print an array of objects with name, default, least, most and source\n"
    "\n"
    "Example:\n"
    "  drtsim protocol\n",
  .options = options,
  .run = run,
};
