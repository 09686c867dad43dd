/* A gnuplot script that is being written.
 *
 * The page is laid out in pixels from its upper left corner, so that texts can be kept apart: gnuplot
 * gets the same places as fractions of the page, for whatever it draws on. Texts are literal: nothing
 * in a name or a title of the user's means anything to gnuplot. */
#pragma once
#include <stdbool.h>

typedef struct AnalysisScript AnalysisScript;

typedef enum { ANALYSIS_LEFT, ANALYSIS_CENTER, ANALYSIS_RIGHT } AnalysisAlign;

/* How a text looks. */
typedef struct {
  double size;         /* of the font, pixels */
  AnalysisAlign align; /* at the point that is given */
  bool bold;           /* only for words of ours: no '_', '^', '{' and the like */
  const char *color;   /* NULL: black */
} AnalysisType;

#define ANALYSIS_GREY "#555555"
#define ANALYSIS_BOXED "boxed" /* black, on a white box that hides what is behind */

/* (transfer full) @width and @height of the page. */
AnalysisScript *analysis_script_new(double width, double height);
void analysis_script_free(AnalysisScript *script);

double analysis_script_width(const AnalysisScript *script);
double analysis_script_height(const AnalysisScript *script);
void analysis_script_resize(AnalysisScript *script, double height);

/* Lines of gnuplot, for what the functions below do not know. */
__attribute__((format(printf, 2, 3))) void analysis_script_add(AnalysisScript *script,
                                                               const char *format, ...);
void analysis_script_number(AnalysisScript *script, const char *name, double value);
void analysis_script_string(AnalysisScript *script, const char *name, const char *value);
/* A text whose middle is at @y. */
void analysis_script_text(AnalysisScript *script, double x, double y, AnalysisType type,
                          const char *text);
/* A text at (@x, @y) in the coordinates of gnuplot, such as "first 3, graph 0.5". */
void analysis_script_text_at(AnalysisScript *script, const char *where, AnalysisType type,
                             const char *text);
/* The edges of a panel, as margins: variables PREFIX_left, _right, _top, _bottom. */
void analysis_script_panel(AnalysisScript *script, const char *prefix, double left, double top,
                           double right, double bottom);
/* (transfer none) What has been written, without the head. */
const char *analysis_script_body(const AnalysisScript *script);
/* (transfer full) A literal string of gnuplot. */
char *analysis_script_quote(const char *text);
/* (transfer full) A number as gnuplot and C write it. */
char *analysis_script_decimal(double value);
