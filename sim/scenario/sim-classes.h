/* The classes of a trace, by the words of scenarios and of --trace. */
#pragma once
#include <stdbool.h>

/* "none", "summary", "api", ..., ended by NULL; and the SIM_RECORD_... of each. */
extern const char *const sim_class_names[];
unsigned sim_class_mask(unsigned i);
/* Words with commas or spaces between them. False: *ret_word (transfer full) is no class, or `none` is
 * not alone. */
bool sim_classes_from_text(const char *text, unsigned *ret, char **ret_word);
