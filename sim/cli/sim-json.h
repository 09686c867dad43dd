/* JSON, as far as the program writes it. */
#pragma once

#include <glib.h>

/* Appends @text, which is UTF-8, in quotes; or null if it is NULL. */
void sim_json_string(GString *to, const char *text);
