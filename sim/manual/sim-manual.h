/* The pages and completions of the program, made from what it says of itself: the table of commands with
 * their help, and the reference of the language. Each function appends a whole file to @to. */
#pragma once
#include <glib.h>

/* drtsim(1). @date as "November 1, 2026". */
void sim_manual_program(GString *to, const char *date);
/* drtsim-scenario(5), from the text of scenarios/README.md. */
void sim_manual_language(GString *to, const char *date, const char *readme);
void sim_manual_bash(GString *to);
void sim_manual_zsh(GString *to);
