/* Text as mdoc(7) wants it. */
#pragma once
#include <glib.h>

/* Lines as they are, each ended; a macro is not taken for one. */
void sim_manual_roff_lines(GString *to, const char *lines);
/* A text: each sentence begins a line, and no line is longer than an editor is wide. */
void sim_manual_roff_text(GString *to, const char *text);
/* One in Markdown: with `code`, **strong** and [links](...). */
void sim_manual_roff_markdown(GString *to, const char *text);
/* A block that keeps its lines. */
void sim_manual_roff_literal(GString *to, const char *lines);
/* The first lines of a page: what it is called, and its NAME section. */
void sim_manual_roff_begin(GString *to, const char *date, const char *name, const char *section,
                           const char *summary);
