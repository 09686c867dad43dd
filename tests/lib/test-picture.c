#include "test-picture.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct {
  const char *root;
  bool begun;
  GString *words;
  GHashTable *ids;
} Reading;

static void
start_element(GMarkupParseContext *context, const char *name, const char **attributes,
              const char **values, gpointer data, GError **error)
{
  (void)context, (void)error;
  Reading *reading = data;
  if (!reading->begun)
    cr_expect_str_eq(name, reading->root);
  reading->begun = true;
  for (unsigned i = 0; reading->ids != NULL && attributes[i] != NULL; i++)
    if (strcmp(attributes[i], "id") == 0)
      cr_expect(g_hash_table_add(reading->ids, g_strdup(values[i])), "two have the id '%s'",
                values[i]);
}

static void
text(GMarkupParseContext *context, const char *words, gsize size, gpointer data, GError **error)
{
  (void)context, (void)error;
  Reading *reading = data;
  g_string_append_len(reading->words, words, (gssize)size);
}

char *
test_picture_xml(const char *xml, const char *root, GHashTable *ids)
{
  static const GMarkupParser parser = { .start_element = start_element, .text = text };
  Reading reading = { .root = root, .words = g_string_new(NULL), .ids = ids };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, &reading, NULL);
  g_autoptr(GError) error = NULL;
  if (!g_markup_parse_context_parse(context, xml, -1, &error) ||
      !g_markup_parse_context_end_parse(context, &error))
    cr_assert_fail("%s", error->message);
  cr_expect(reading.begun);
  return g_string_free(reading.words, FALSE);
}

static guint32
number(const char *at)
{
  guint32 value;
  memcpy(&value, at, sizeof value);
  return GUINT32_FROM_BE(value);
}

void
test_picture_png(const char *data, size_t size, guint32 width)
{
  cr_assert(size > 8 && memcmp(data, "\211PNG\r\n\032\n", 8) == 0);
  cr_assert(memcmp(data + 12, "IHDR", 4) == 0);
  cr_expect(number(data + 16) == width, "%u wide", number(data + 16));
  size_t at = 8;
  bool pixels = false, ended = false;
  while (!ended) {
    cr_assert(at + 12 <= size, "a chunk begins behind the end");
    guint32 length = number(data + at);
    cr_assert(length <= size - at - 12, "a chunk ends behind the end");
    pixels = pixels || memcmp(data + at + 4, "IDAT", 4) == 0;
    ended = memcmp(data + at + 4, "IEND", 4) == 0;
    at += length + 12;
  }
  cr_expect(pixels && at == size);
}
