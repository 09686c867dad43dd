/* Runs with a trace, and questions to it. */
#pragma once
#include <stdint.h>

typedef struct {
  char *path; /* of the trace, in a folder of its own */
  uint64_t trajectory, results;
} TestRecorded;

/* Runs a scenario with a trace of these classes (SIM_RECORD_...). To be cleared. */
TestRecorded test_recorded_run(const char *text, unsigned classes);
/* Removes the file, too. */
void test_recorded_clear(TestRecorded *trace);
/* The first column of the first row as a number; fails the test if there is none. */
double test_recorded_number(const char *path, const char *sql);
/* Likewise as a text (transfer full); NULL for NULL, or if there is no row. */
char *test_recorded_text(const char *path, const char *sql);
/* Fails the test, and prints the first row, if the statement gives any. @what: it says. */
void test_recorded_expect_none(const char *path, const char *what, const char *sql);
