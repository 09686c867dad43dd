/* Whether a picture is one. */
#pragma once
#include <glib.h>

/* Fails the test if @text is not well-formed XML whose first element is @root. Its words, without the
 * marks: (transfer full). @ids: NULL, or a set that gets all ids, which must be new. */
char *test_picture_xml(const char *text, const char *root, GHashTable *ids);
/* Fails the test if these bytes are not a PNG, chunk by chunk, of that width. */
void test_picture_png(const char *data, size_t size, guint32 width);
