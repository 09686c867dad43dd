#include "sim-matrix.h"

#include <glib.h>
#include <string.h>

#define ROWS_MAX 10000
#define LATENCY_MAX 1000000000 /* microseconds: a quarter of an hour and more is a mistake */

typedef struct {
  const char *at, *end;
  uint32_t line, mistakes;
  bool bad; /* the line at hand, which was told */
  SimMatrixTell tell;
  void *data;
} Reader;

/* Takes over @message. */
static void
fail(Reader *reader, char *message)
{
  reader->mistakes++;
  reader->bad = true;
  reader->tell(reader->data, reader->line, message);
  g_free(message);
}

static void
skip_line(Reader *reader)
{
  while (reader->at < reader->end && *reader->at != '\n')
    reader->at++;
}

static bool
is_gap(char c)
{
  return c == ' ' || c == '\t' || c == ',' || c == '\r';
}

/* The numbers of the next line that has some, or false at the end. Behind a mistake the line is not
 * looked at any more. */
static bool
read_line(Reader *reader, GArray *numbers)
{
  g_array_set_size(numbers, 0);
  reader->bad = false;
  while (reader->at < reader->end) {
    char c = *reader->at;
    if (c == '\n') {
      if (numbers->len > 0 || reader->bad)
        return true; /* the end of the line is counted by the next call */
      reader->line++;
      reader->at++;
    } else if (c == '#') {
      skip_line(reader);
    } else if (is_gap(c)) {
      reader->at++;
    } else if (g_ascii_isdigit(c)) {
      uint64_t value = 0;
      while (reader->at < reader->end && g_ascii_isdigit(*reader->at) && value <= LATENCY_MAX)
        value = 10 * value + (uint64_t)(*reader->at++ - '0');
      if (value > LATENCY_MAX) {
        fail(reader, g_strdup_printf("expected at most %d microseconds", LATENCY_MAX));
        skip_line(reader);
      }
      if (reader->at < reader->end && *reader->at == '.') /* fractions of a microsecond */
        do
          reader->at++;
        while (reader->at < reader->end && g_ascii_isdigit(*reader->at));
      uint32_t number = (uint32_t)value;
      g_array_append_val(numbers, number);
    } else {
      fail(reader, g_strdup_printf("expected a number, found '%c'", g_ascii_isprint(c) ? c : '?'));
      skip_line(reader);
    }
  }
  return numbers->len > 0 || reader->bad;
}

/* One row after the other from @rows bad ones on; the first good one says how many there are. */
static void
read_square(Reader *reader, uint32_t rows, GArray *row, GArray *all)
{
  uint32_t n = row->len;
  do {
    if (!reader->bad && row->len != n)
      fail(reader,
           g_strdup_printf("expected %u numbers as in the first row, found %u", n, row->len));
    if (++rows > n) {
      fail(reader, g_strdup_printf("expected %u rows of %u numbers, found more", n, n));
      return;
    }
    if (!reader->bad)
      g_array_append_vals(all, row->data, row->len);
  } while (read_line(reader, row));
  if (rows < n)
    fail(reader, g_strdup_printf("expected %u rows of %u numbers, found %u", n, n, rows));
}

static void
note_pair(Reader *reader, const GArray *row, uint32_t *most)
{
  uint32_t a = g_array_index(row, uint32_t, 0), b = g_array_index(row, uint32_t, 1);
  if (row->len != 3)
    fail(reader,
         g_strdup_printf("expected a row, a column and microseconds, found %u numbers", row->len));
  else if (a < 1 || b < 1 || a > ROWS_MAX || b > ROWS_MAX)
    fail(reader, g_strdup_printf("expected rows and columns from 1 to %d", ROWS_MAX));
  else
    *most = MAX(*most, MAX(a, b));
}

#define UNKNOWN UINT32_MAX

/* A pair that is missing both ways takes the mean of those that are there. */
static SimMatrix *
fill_pairs(const GArray *pairs, uint32_t n)
{
  SimMatrix *matrix = g_new(SimMatrix, 1);
  uint64_t sum = 0, cells = (uint64_t)n * n;
  matrix->n = n;
  matrix->microseconds = g_new(uint32_t, cells);
  memset(matrix->microseconds, 0xff, cells * sizeof(uint32_t));
  for (guint i = 0; i < pairs->len; i += 3) {
    const uint32_t *pair = &g_array_index(pairs, uint32_t, i);
    matrix->microseconds[(size_t)(pair[0] - 1) * n + pair[1] - 1] = pair[2];
    sum += pair[2];
  }
  uint32_t mean = (uint32_t)(sum / MAX(pairs->len / 3, 1));
  for (uint32_t a = 0; a < n; a++)
    for (uint32_t b = a; b < n; b++) {
      uint32_t *one = &matrix->microseconds[(size_t)a * n + b];
      uint32_t *other = &matrix->microseconds[(size_t)b * n + a];
      uint32_t value = *one != UNKNOWN ? *one : *other != UNKNOWN ? *other : a == b ? 0 : mean;
      *other = *other == UNKNOWN ? value : *other;
      *one = *one == UNKNOWN ? value : *one;
    }
  return matrix;
}

static SimMatrix *
read_matrix(Reader *reader, GArray *row, GArray *all)
{
  uint32_t rows = 0;
  while (read_line(reader, row) && reader->bad)
    rows++;
  if (row->len == 0 || reader->bad) {
    if (rows == 0)
      fail(reader, g_strdup("expected rows of latencies, found none"));
    return NULL;
  }
  /* Three rows of three are pairs only if they cannot be a square: a diagonal of zeros is one. */
  bool pairs = row->len == 3 && (rows > 2 || g_array_index(row, uint32_t, rows) != 0);
  if (!pairs) {
    read_square(reader, rows, row, all);
    if (reader->mistakes > 0)
      return NULL;
    SimMatrix *matrix = g_new(SimMatrix, 1);
    matrix->n = (uint32_t)row->len;
    while ((uint64_t)matrix->n * matrix->n < all->len)
      matrix->n++;
    matrix->microseconds = g_memdup2(all->data, all->len * sizeof(uint32_t));
    return matrix;
  }
  uint32_t most = 0;
  do {
    if (reader->bad)
      continue;
    note_pair(reader, row, &most);
    g_array_append_vals(all, row->data, row->len);
  } while (read_line(reader, row));
  return reader->mistakes > 0 ? NULL : fill_pairs(all, most);
}

SimMatrix *
sim_matrix_read(const char *text, size_t n, SimMatrixTell tell, void *data)
{
  Reader reader = { .at = text, .end = text + n, .line = 1, .tell = tell, .data = data };
  g_autoptr(GArray) row = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  return read_matrix(&reader, row, all);
}

typedef struct {
  char *message;
  uint32_t line;
} First;

static void
keep_first(void *data, uint32_t line, const char *message)
{
  First *first = data;
  if (first->message != NULL)
    return;
  *first = (First){ g_strdup(message), line };
}

SimMatrix *
sim_matrix_parse(const char *text, size_t n, char **ret_error, uint32_t *ret_line)
{
  First first = { NULL, 0 };
  SimMatrix *matrix = sim_matrix_read(text, n, keep_first, &first);
  *ret_error = first.message;
  *ret_line = first.line;
  return matrix;
}

void
sim_matrix_free(SimMatrix *matrix)
{
  if (matrix == NULL)
    return;
  g_free(matrix->microseconds);
  g_free(matrix);
}
