/* Pieces of an HTML page. All text is escaped on its way in. */
#pragma once
#include "analysis-table.h"

#include <glib.h>

/* Text, as text. NULL is "-". */
void analysis_html_text(GString *to, const char *text);
/* printf, and the result as text. */
__attribute__((format(printf, 2, 3))) void analysis_html_format(GString *to, const char *format,
                                                                ...);
/* <tag>text</tag>, with a class if @class is not NULL. */
void analysis_html_element(GString *to, const char *tag, const char *class, const char *text);
/* One key figure: its name, its value, and a remark or NULL. */
void analysis_html_figure(GString *to, const char *name, const char *value, const char *remark);
/* The head of a table; a name with '>' in front is a column of numbers. Ended by NULL. */
void analysis_html_head(GString *to, const char *const *names);
/* (transfer full) A picture of gnuplot as a part of a page: its ids begin with @prefix, and it has no
 * address of the outside. */
char *analysis_html_svg(GBytes *picture, const char *prefix, const char *title);
