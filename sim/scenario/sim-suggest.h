/* "Did you mean ...?": the known word that is closest to an unknown one. */
#pragma once

/* The element of @known (ended by NULL) closest to @word, or NULL if none is close: at most one
 * slip in three characters, and never more than three. A slip is one character too many, missing
 * or wrong, or two neighbours swapped. The first of equally close ones wins. (transfer none) */
const char *sim_suggest(const char *word, const char *const *known);
/* The path of the file whose name is closest to @path's in its folder, or NULL. (transfer full) */
char *sim_suggest_file(const char *path);
