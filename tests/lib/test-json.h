/* What programs print as JSON. */
#pragma once

/* It is one value, and a line end. */
void test_json_expect(const char *text);
/* It has members of these names, ended by NULL, at any depth. */
void test_json_expect_names(const char *text, const char *const *names);
/* It is the object of a run: it has the names that all of them have at least. */
void test_json_expect_run(const char *text);
