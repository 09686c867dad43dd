/* Files of measured latencies: both forms, and what is said about mistakes. */
#include "sim-matrix.h"

#include <criterion/criterion.h>
#include <glib.h>
#include <string.h>

static SimMatrix *
parse(const char *text, char **ret_error, uint32_t *ret_line)
{
  return sim_matrix_parse(text, strlen(text), ret_error, ret_line);
}

static const struct {
  const char *text;
  uint32_t n, cells[16];
} good[] = {
  { "0", 1, { 0 } },
  { "0,5\n7,1\n", 2, { 0, 5, 7, 1 } },
  { "# King\n\n 0 \t 5 # here\r\n7,1", 2, { 0, 5, 7, 1 } },
  { "0 1 2\n3 0 4\n5 6 0\n", 3, { 0, 1, 2, 3, 0, 4, 5, 6, 0 } },
  { "0 1.75\n2.5 0\n", 2, { 0, 1, 2, 0 } },
  { "0,1000000000\n1,0\n", 2, { 0, 1000000000, 1, 0 } },
  /* Pairs: one way is both ways, a missing one takes the mean, a place is nowhere from itself. */
  { "1 2 30\n", 2, { 0, 30, 30, 0 } },
  { "1 2 30\n2 1 40\n", 2, { 0, 30, 40, 0 } },
  { "1 2 10\n2 3 20\n", 3, { 0, 10, 15, 10, 0, 20, 15, 20, 0 } },
  { "1 1 7\n1 2 9\n", 2, { 7, 9, 9, 0 } },
};

Test(matrix, both_forms_are_read)
{
  for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
    char *error;
    uint32_t line;
    SimMatrix *matrix = parse(good[i].text, &error, &line);
    if (matrix == NULL || matrix->n != good[i].n)
      cr_assert_fail("row %zu: %s", i, matrix == NULL ? error : "another size");
    for (uint32_t k = 0; k < matrix->n * matrix->n; k++)
      cr_expect(matrix->microseconds[k] == good[i].cells[k], "row %zu, cell %u: %u", i, k,
                matrix->microseconds[k]);
    cr_expect(error == NULL);
    sim_matrix_free(matrix);
  }
  sim_matrix_free(NULL);
}

static const struct {
  const char *text;
  uint32_t line;
  const char *error;
} bad[] = {
  { "", 1, "expected rows of latencies, found none" },
  { "# nothing\n\n", 3, "expected rows of latencies, found none" },
  { "0 1\n2 x\n", 2, "expected a number, found 'x'" },
  { "0 -1\n2 0\n", 1, "expected a number, found '-'" },
  { "0 \x01\n", 1, "expected a number, found '?'" },
  { "0 1000000001\n2 0\n", 1, "expected at most 1000000000 microseconds" },
  { "0 99999999999999999999999\n", 1, "expected at most 1000000000 microseconds" },
  { "0 1\n\n2\n", 3, "expected 2 numbers as in the first row, found 1" },
  { "0 1\n2 0\n3 4\n", 3, "expected 2 rows of 2 numbers, found more" },
  { "0 1\n", 2, "expected 2 rows of 2 numbers, found 1" },
  { "1 2 3\n4 5\n", 2, "expected a row, a column and microseconds, found 2 numbers" },
  { "1 2 3\n1 0 5\n", 2, "expected rows and columns from 1 to 10000" },
  { "1 10001 3\n", 1, "expected rows and columns from 1 to 10000" },
};

Test(matrix, mistakes_are_named_with_their_line)
{
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autofree char *error = NULL;
    uint32_t line;
    SimMatrix *matrix = parse(bad[i].text, &error, &line);
    cr_expect(matrix == NULL, "row %zu", i);
    cr_expect(g_strcmp0(error, bad[i].error) == 0, "row %zu: '%s'", i, error);
    cr_expect(line == bad[i].line, "row %zu: line %u", i, line);
    sim_matrix_free(matrix);
  }
}

static void
append(void *data, uint32_t line, const char *message)
{
  g_string_append_printf(data, "%u: %s\n", line, message);
}

Test(matrix, mistakes_are_all_told)
{
  static const struct {
    const char *text, *told;
  } cases[] = {
    { "0 1 2 3\n1 x 2 3\n1 0 2\n-1 x\n0 1 1 1\n0 0\n",
      "2: expected a number, found 'x'\n3: expected 4 numbers as in the first row, found 3\n"
      "4: expected a number, found '-'\n5: expected 4 rows of 4 numbers, found more\n" },
    { "x\n0 1 2 4\n1 1000000001 2 3\n",
      "1: expected a number, found 'x'\n3: expected at most 1000000000 microseconds\n"
      "4: expected 4 rows of 4 numbers, found 3\n" },
    { "1 2 30\n1 2\n1 0 4\n1 x 4\n",
      "2: expected a row, a column and microseconds, found 2 numbers\n"
      "3: expected rows and columns from 1 to 10000\n"
      "4: expected a number, found 'x'\n" },
    { "x\ny\n", "1: expected a number, found 'x'\n2: expected a number, found 'y'\n" },
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) told = g_string_new(NULL);
    cr_expect_null(sim_matrix_read(cases[i].text, strlen(cases[i].text), append, told));
    cr_expect_str_eq(told->str, cases[i].told);
  }
}

/* The text ends where it is said to, not at a zero byte. */
Test(matrix, reads_no_further_than_told)
{
  const char text[] = { '0', ' ', '5', '\n', '7', ' ', '1', '2' };
  g_autofree char *error = NULL;
  uint32_t line;
  SimMatrix *matrix = sim_matrix_parse(text, 7, &error, &line);
  cr_expect(matrix != NULL && matrix->microseconds[3] == 1);
  sim_matrix_free(matrix);
}
