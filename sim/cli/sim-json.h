/* JSON, as far as the program writes it. */
#pragma once

#include "sim-mistake.h"

#include <glib.h>

/* Appends @text in quotes; or null if it is NULL. What is no UTF-8 is replaced. */
void sim_json_string(GString *to, const char *text);
/* Appends @mistake as an object, with @gap behind its colons and commas. */
void sim_json_mistake(GString *to, const SimMistake *mistake, const char *gap);
