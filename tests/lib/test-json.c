/* Just enough of JSON to say whether a text is some. */
#include "test-json.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const char *skip_value(const char *at);

static const char *
skip_string(const char *at)
{
  if (at == NULL || *at != '"')
    return NULL;
  for (at++; *at != '"'; at++) {
    if ((unsigned char)*at < ' ')
      return NULL;
    at += *at == '\\';
  }
  return at + 1;
}

static const char *
skip_number(const char *at)
{
  char *end;
  if (*at != '-' && !g_ascii_isdigit(*at))
    return NULL;
  g_ascii_strtod(at, &end);
  return end;
}

/* What is between braces or brackets. */
static const char *
skip_list(const char *at, char end, bool named)
{
  if (*++at == end)
    return at + 1;
  for (;; at++) {
    if (named) {
      at = skip_string(at);
      if (at == NULL || *at++ != ':')
        return NULL;
    }
    at = skip_value(at);
    if (at == NULL)
      return NULL;
    if (*at == end)
      return at + 1;
    if (*at != ',')
      return NULL;
  }
}

static const char *
skip_value(const char *at)
{
  static const char *const words[] = { "true", "false", "null" };
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_has_prefix(at, words[i]))
      return at + strlen(words[i]);
  switch (*at) {
  case '{':
    return skip_list(at, '}', true);
  case '[':
    return skip_list(at, ']', false);
  case '"':
    return skip_string(at);
  default:
    return skip_number(at);
  }
}

void
test_json_expect(const char *text)
{
  const char *end = skip_value(text);
  cr_expect(end != NULL && strcmp(end, "\n") == 0, "no JSON: %s", text);
}

void
test_json_expect_names(const char *text, const char *const *names)
{
  for (; *names != NULL; names++) {
    g_autofree char *name = g_strdup_printf("\"%s\":", *names);
    cr_expect(strstr(text, name) != NULL, "no %s in %s", *names, text);
  }
}

void
test_json_expect_run(const char *text)
{
  static const char *const names[] = {
    "scenario",
    "seed",
    "complete",
    "verdict",
    "exit_code",
    "virtual_s",
    "wall_s",
    "events",
    "events_per_s",
    "messages",
    "bytes",
    "nodes_peak",
    "bytes_per_node",
    "peak_rss_bytes",
    "trace_rows",
    "fingerprint_trajectory",
    "fingerprint_results",
    "metrics",
    "expectations",
    NULL,
  };
  test_json_expect(text);
  test_json_expect_names(text, names);
}
