/* Numbers and names for people. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* (transfer full) "250 ms", "2.5 s", "3 min 20 s", "1 h 30 min"; NAN is "-". */
char *analysis_text_time(double seconds);
/* (transfer full) With a space between groups of three digits: "5 431 000". */
char *analysis_text_count(int64_t n);
/* (transfer full) "1.5 kB", "310 MB". */
char *analysis_text_bytes(double bytes);
/* (transfer full) "99.95 %"; never "100 %" for less than all. NAN is "-". */
char *analysis_text_share(double share);
/* (transfer full) "1 node", "3 nodes". */
char *analysis_text_some(int64_t n, const char *one, const char *many);
/* (transfer full) At most @max characters of UTF-8, the last of them "…" if some are missing. Control
 * characters and broken UTF-8 come out as spaces and '?'. */
char *analysis_text_cut(const char *text, size_t max);
/* How wide a line is at most, in units of its font size. No font is asked: one of the wider ones is
 * assumed. */
double analysis_text_width(const char *text);
/* (transfer full) The first part of @text that is not wider than @width, cut at a blank if possible;
 * *@ret_rest: the rest, inside @text, or NULL. */
char *analysis_text_line(const char *text, double width, const char **ret_rest);
