#include "sim-report.h"

#include "analysis-output.h"

#include <stdio.h>
#include <string.h>

int
sim_tested_status(const SimTested *tested)
{
  if (tested->report.status == SIM_EXIT_HELD && tested->changed != NULL)
    return SIM_EXIT_FAILED;
  return tested->report.status;
}

/* Why it is not good, in one line or more, each with @before. */
static void
print_why(const SimTested *tested, const char *before)
{
  if (tested->report.signal != 0)
    printf("%sthe run was killed by signal %d\n", before, tested->report.signal);
  if (tested->changed != NULL)
    printf("%sit does not do what it did: %s ('drtsim test --update' if that is meant)\n", before,
           tested->changed);
  g_auto(GStrv) lines = g_strsplit(tested->report.text, "\n", -1);
  for (char **line = lines; sim_tested_status(tested) != 0 && *line != NULL; line++)
    if (**line != '\0')
      printf("%s%s\n", before, *line);
}

void
sim_report_line(const SimTested *tested, guint number, bool tap)
{
  int status = sim_tested_status(tested);
  if (tap) {
    printf("%s %u - %s # %.1f s\n", status == 0 ? "ok" : "not ok", number, tested->path,
           tested->report.wall_s);
    print_why(tested, "# ");
  } else {
    const char *verdict =
      tested->changed != NULL && tested->report.status == 0 ? "changed" : sim_job_verdict(status);
    printf("%-11s %6.1f s  %s\n", verdict, tested->report.wall_s, tested->path);
    print_why(tested, "    ");
  }
  fflush(stdout);
}

static guint
count_done(const SimTested *tested, guint count)
{
  guint done = 0;
  for (guint i = 0; i < count; i++)
    done += tested[i].done;
  return done;
}

void
sim_report_bail_out(const SimTested *tested, guint count)
{
  guint done = count_done(tested, count);
  if (done < count)
    printf("Bail out! interrupted: %u of %u have ended\n", done, count);
}

void
sim_report_sum(const SimTested *tested, guint count)
{
  guint held = 0;
  double seconds = 0;
  for (guint i = 0; i < count; i++) {
    held += tested[i].done && sim_tested_status(&tested[i]) == 0;
    seconds += tested[i].report.wall_s;
  }
  printf("%u of %u scenarios held, %.1f s of runs\n", held, count, seconds);
  guint done = count_done(tested, count);
  if (done < count)
    printf("not finished: %u of %u\n", done, count);
}

static void
append_case(GString *to, const SimTested *tested)
{
  g_autofree char *name = g_markup_escape_text(tested->path, -1);
  g_string_append_printf(to, "  <testcase classname=\"drtsim\" name=\"%s\" time=\"%.3f\"", name,
                         tested->report.wall_s);
  int status = sim_tested_status(tested);
  if (status == 0) {
    g_string_append(to, "/>\n");
    return;
  }
  const char *text = tested->report.text != NULL ? tested->report.text : "";
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_autofree char *escaped = g_markup_escape_text(valid, -1);
  const char *kind =
    status == SIM_EXIT_FAILED || status == SIM_EXIT_UNDECIDED ? "failure" : "error";
  g_string_append_printf(to, ">\n    <%s message=\"%s\">%s%s</%s>\n  </testcase>\n", kind,
                         sim_job_verdict(status), tested->changed != NULL ? tested->changed : "",
                         escaped, kind);
}

bool
sim_report_junit(const char *file, const SimTested *tested, guint count, GError **error)
{
  guint failed = 0;
  for (guint i = 0; i < count; i++)
    failed += tested[i].done && sim_tested_status(&tested[i]) != 0;
  g_autoptr(GString) to = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  g_string_append_printf(to, "<testsuite name=\"drtsim\" tests=\"%u\" failures=\"%u\">\n",
                         count_done(tested, count), failed);
  for (guint i = 0; i < count; i++)
    if (tested[i].done)
      append_case(to, &tested[i]);
  g_string_append(to, "</testsuite>\n");
  return analysis_output_write(file, to->str, to->len, error);
}
