/* Values of one token. Each read_ function takes the whole of a token's text and returns NULL, or
 * what was expected instead. All of them are exact: what does not fit is refused, never rounded. */
#include "sim-parse.h"

#include <string.h>

__extension__ typedef __int128 Wide;

/* digits / 10^scale */
typedef struct {
  int64_t digits;
  unsigned scale;
} Decimal;

#define DIGITS_MAX 18
#define SCALE_MAX 9

typedef struct {
  const char *name;
  int64_t size;
} Unit;

static const Unit time_units[] = {
  { "ns", 1 },
  { "us", SIM_MICROSECOND },
  { "ms", SIM_MILLISECOND },
  { "s", SIM_SECOND },
  { "min", 60 * SIM_SECOND },
  { "h", 3600 * SIM_SECOND },
  { "d", 86400 * SIM_SECOND },
  { NULL, 0 },
};

static const Unit size_units[] = {
  { "B", 1 },         { "kB", 1000 },     { "MB", 1000000 },  { "GB", 1000000000 },
  { "KiB", 1 << 10 }, { "MiB", 1 << 20 }, { "GiB", 1 << 30 }, { NULL, 0 },
};

/* ---- Pieces of numbers ---- */

static int64_t
power_of_ten(unsigned exponent)
{
  int64_t power = 1;
  while (exponent-- > 0)
    power *= 10;
  return power;
}

/* Digits, with single _ between them. NULL if there are none, or more than fit. */
static const char *
read_digits(const char *at, int64_t *digits, unsigned *count)
{
  const char *from = at;
  for (; g_ascii_isdigit(*at) || (*at == '_' && at > from && g_ascii_isdigit(at[1])); at++) {
    if (*at == '_')
      continue;
    if (*count >= DIGITS_MAX)
      return NULL;
    *digits = *digits * 10 + (*at - '0');
    *count += *digits != 0; /* zeros in front do not count */
  }
  return at > from ? at : NULL;
}

/* The number at the front of @at; what follows it, or NULL. */
static const char *
read_decimal(const char *at, Decimal *ret)
{
  unsigned count = 0;
  int64_t digits = 0;
  at = read_digits(at, &digits, &count);
  if (at == NULL)
    return NULL;
  ret->scale = 0;
  if (*at == '.') {
    const char *from = at + 1;
    at = read_digits(from, &digits, &count);
    if (at == NULL)
      return NULL;
    for (; from < at; from++)
      ret->scale += *from != '_';
  }
  for (; ret->scale > 0 && digits % 10 == 0; ret->scale--)
    digits /= 10;
  if (ret->scale > SCALE_MAX)
    return NULL;
  ret->digits = digits;
  return at;
}

/* The unit at the front of @at; what follows it, or NULL. */
static const char *
read_unit(const char *at, const Unit *units, int64_t *ret_size)
{
  size_t size = 0;
  while (g_ascii_isalpha(at[size]))
    size++;
  for (; units->name != NULL; units++)
    if (strlen(units->name) == size && memcmp(units->name, at, size) == 0) {
      *ret_size = units->size;
      return at + size;
    }
  return NULL;
}

static bool
wide_ratio(Wide num, Wide den, SimRatio *ret)
{
  Wide a = num < 0 ? -num : num, b = den;
  while (b != 0) {
    Wide rest = a % b;
    a = b;
    b = rest;
  }
  num /= a;
  den /= a;
  if (num > INT64_MAX || num < -INT64_MAX || den > INT64_MAX)
    return false;
  *ret = (SimRatio){ (int64_t)num, (int64_t)den };
  return true;
}

SimRatio
sim_ratio(int64_t num, int64_t den)
{
  SimRatio ratio = { 0, 1 };
  wide_ratio(num, den, &ratio);
  return ratio;
}

/* ---- Whole values ---- */

#define A_NUMBER "a number of at most 18 digits, 9 of them behind the point"

/* One number with its unit. */
static const char *
read_time_part(const char **at, int64_t *unit_before, Wide *sum)
{
  Decimal decimal;
  int64_t unit;
  const char *next = read_decimal(*at, &decimal);
  if (next == NULL)
    return A_NUMBER;
  if (*next == '\0')
    return "a time with a unit, such as 15s";
  next = read_unit(next, time_units, &unit);
  if (next == NULL)
    return "a unit of time (ns, us, ms, s, min, h, d)";
  if (unit >= *unit_before)
    return "larger units of time before smaller ones";
  Wide wide = (Wide)decimal.digits * unit;
  if (wide % power_of_ten(decimal.scale) != 0)
    return "a time of whole nanoseconds";
  *sum += wide / power_of_ten(decimal.scale);
  if (*sum > SIM_PARSE_TIME_MAX)
    return "a time of at most 36 years";
  *unit_before = unit;
  *at = next;
  return NULL;
}

static const char *
read_time(const char *text, SimTime *ret)
{
  Wide sum = 0;
  int64_t unit = INT64_MAX;
  do {
    const char *wrong = read_time_part(&text, &unit, &sum);
    if (wrong != NULL)
      return wrong;
  } while (*text != '\0');
  *ret = (SimTime)sum;
  return NULL;
}

#define A_RATIO "a ratio such as 1% or 1/1000"

static const char *
read_ratio(const char *text, SimRatio *ret)
{
  Decimal decimal, den = { 100, 0 };
  const char *next = read_decimal(text, &decimal);
  if (next == NULL)
    return A_NUMBER;
  if (*next == '/') {
    if (!g_ascii_isdigit(next[1]))
      return A_RATIO;
    next = read_decimal(next + 1, &den);
    if (next == NULL)
      return A_NUMBER;
    if (den.digits == 0)
      return "a ratio that does not divide by 0";
  } else if (*next == '%') {
    next++;
  } else {
    return A_RATIO;
  }
  if (*next != '\0')
    return A_RATIO;
  return wide_ratio((Wide)decimal.digits * power_of_ten(den.scale),
                    (Wide)den.digits * power_of_ten(decimal.scale), ret)
           ? NULL
           : "a ratio with fewer digits";
}

/* "/min" behind a rate. */
static const char *
read_per(const char *at, const char *wrong, Wide *num, Wide *den)
{
  int64_t unit;
  if (*at != '/')
    return wrong;
  at = read_unit(at + 1, time_units, &unit);
  if (at == NULL || *at != '\0')
    return wrong;
  *num *= SIM_SECOND;
  *den *= unit;
  return NULL;
}

static const char *
read_rate(const char *text, SimRatio *ret)
{
  Decimal decimal;
  const char *next = read_decimal(text, &decimal);
  if (next == NULL)
    return A_NUMBER;
  Wide num = decimal.digits, den = power_of_ten(decimal.scale);
  const char *wrong = read_per(next, "a rate such as 50/s or 1/min", &num, &den);
  if (wrong != NULL)
    return wrong;
  return wide_ratio(num, den, ret) ? NULL : "a rate with fewer digits";
}

#define A_SIZE "a size with a unit, such as 64B, 5kB or 1MiB"

static const char *
read_size_part(const char *text, Wide *ret_num, Wide *ret_den, const char **ret_next)
{
  Decimal decimal;
  int64_t unit;
  const char *next = read_decimal(text, &decimal);
  if (next == NULL)
    return A_NUMBER;
  if (!g_ascii_isalpha(*next))
    return A_SIZE;
  next = read_unit(next, size_units, &unit);
  if (next == NULL)
    return "a unit of size (B, kB, MB, GB, KiB, MiB, GiB)";
  *ret_num = (Wide)decimal.digits * unit;
  *ret_den = power_of_ten(decimal.scale);
  *ret_next = next;
  return NULL;
}

static const char *
read_size(const char *text, uint64_t *ret)
{
  Wide num, den;
  const char *next;
  const char *wrong = read_size_part(text, &num, &den, &next);
  if (wrong != NULL)
    return wrong;
  if (*next != '\0')
    return A_SIZE;
  if (num % den != 0)
    return "a size of whole bytes";
  if (num / den > INT64_MAX)
    return "a smaller size";
  *ret = (uint64_t)(num / den);
  return NULL;
}

static const char *
read_byte_rate(const char *text, SimRatio *ret)
{
  Wide num, den;
  const char *next;
  const char *wrong = read_size_part(text, &num, &den, &next);
  if (wrong == NULL)
    wrong = read_per(next, "a rate of bytes such as 1MiB/s", &num, &den);
  if (wrong != NULL)
    return wrong;
  return wide_ratio(num, den, ret) ? NULL : "a rate with fewer digits";
}

static const char *
read_number(const char *text, SimRatio *ret)
{
  Decimal decimal;
  const char *next = read_decimal(text, &decimal);
  if (next == NULL)
    return A_NUMBER;
  if (*next != '\0')
    return "a number without a unit, such as 2 or 3.5";
  return wide_ratio(decimal.digits, power_of_ten(decimal.scale), ret) ? NULL : A_NUMBER;
}

static const char *
read_count(const char *text, uint64_t *ret)
{
  g_autoptr(GString) digits = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_isdigit(*at))
      g_string_append_c(digits, *at);
    else if (*at != '_' || !g_ascii_isdigit(at[1]) || at[-1] == '_')
      return "a whole number without a unit";
  return g_ascii_string_to_unsigned(digits->str, 10, 0, G_MAXUINT64, ret, NULL)
           ? NULL
           : "a smaller number";
}

bool
sim_count_from_text(const char *text, uint64_t *ret)
{
  return read_count(text, ret) == NULL;
}

bool
sim_time_from_text(const char *text, SimTime *ret)
{
  return *text != '\0' && read_time(text, ret) == NULL;
}

bool
sim_seconds_from_text(const char *text, SimTime *ret)
{
  Decimal decimal;
  const char *next = read_decimal(text, &decimal);
  if (next == NULL || *next != '\0')
    return false;
  Wide wide = (Wide)decimal.digits * SIM_SECOND / power_of_ten(decimal.scale); /* exact: 9 places */
  if (wide > SIM_PARSE_TIME_MAX)
    return false;
  *ret = (SimTime)wide;
  return true;
}

bool
sim_key_from_text(const char *text, SimKey *ret)
{
  memset(ret, 0, sizeof *ret);
  text += 2; /* 0x */
  size_t size = strlen(text);
  if (size == 0 || size > 2 * sizeof ret->bytes)
    return false;
  for (size_t i = 0; i < size; i++) {
    int digit = g_ascii_xdigit_value(text[i]);
    if (digit < 0)
      return false;
    ret->bytes[i / 2] |= (uint8_t)(i % 2 == 0 ? digit << 4 : digit);
  }
  return true;
}

/* ---- At the cursor ---- */

/* A number token, or "expected WHAT". */
static bool
at_number(SimCursor *cursor, const char *what)
{
  return cursor->at->kind == SIM_TOKEN_NUMBER || sim_expected(cursor, what);
}

/* Goes on behind the token, or tells what was wrong with it. */
static bool
done(SimCursor *cursor, const char *wrong)
{
  if (wrong != NULL)
    return sim_expected(cursor, wrong);
  cursor->at++;
  return true;
}

bool
sim_parse_time(SimCursor *cursor, SimTime *ret)
{
  return at_number(cursor, "a time such as 15s") && done(cursor, read_time(cursor->at->text, ret));
}

static bool
take_sign(SimCursor *cursor)
{
  bool negative = sim_take_symbol(cursor, "-");
  if (!negative)
    sim_take_symbol(cursor, "+");
  return negative;
}

bool
sim_parse_signed_time(SimCursor *cursor, SimTime *ret)
{
  bool negative = take_sign(cursor);
  if (!sim_parse_time(cursor, ret))
    return false;
  *ret = negative ? -*ret : *ret;
  return true;
}

bool
sim_parse_period(SimCursor *cursor, SimTime *ret)
{
  const SimToken *token = cursor->at;
  if (!sim_parse_time(cursor, ret))
    return false;
  if (*ret > 0)
    return true;
  cursor->at = token;
  return sim_expected(cursor, "a time above 0");
}

bool
sim_parse_ratio(SimCursor *cursor, SimRatio *ret)
{
  if (!at_number(cursor, A_RATIO))
    return false;
  const char *wrong = read_ratio(cursor->at->text, ret);
  if (wrong == NULL && ret->num > ret->den)
    wrong = "a ratio of at most 100%";
  return done(cursor, wrong);
}

bool
sim_parse_signed_ratio(SimCursor *cursor, SimRatio *ret)
{
  bool negative = take_sign(cursor);
  if (!at_number(cursor, A_RATIO) || !done(cursor, read_ratio(cursor->at->text, ret)))
    return false;
  ret->num = negative ? -ret->num : ret->num;
  return true;
}

bool
sim_parse_rate(SimCursor *cursor, SimRatio *ret)
{
  return at_number(cursor, "a rate such as 50/s") && done(cursor, read_rate(cursor->at->text, ret));
}

bool
sim_parse_byte_rate(SimCursor *cursor, SimRatio *ret)
{
  return at_number(cursor, "a rate of bytes such as 1MiB/s") &&
         done(cursor, read_byte_rate(cursor->at->text, ret));
}

bool
sim_parse_number(SimCursor *cursor, SimRatio *ret)
{
  return at_number(cursor, "a number such as 2 or 3.5") &&
         done(cursor, read_number(cursor->at->text, ret));
}

static bool
in_range(SimCursor *cursor, uint64_t value, uint64_t least, uint64_t most, const char *unit)
{
  if (value >= least && value <= most)
    return true;
  g_autofree char *wrong =
    g_strdup_printf("%s%" G_GUINT64_FORMAT "%s to %" G_GUINT64_FORMAT "%s",
                    *unit == '\0' ? "a number from " : "", least, unit, most, unit);
  return sim_expected(cursor, wrong);
}

bool
sim_parse_size(SimCursor *cursor, uint64_t least, uint64_t most, uint64_t *ret)
{
  if (!at_number(cursor, A_SIZE))
    return false;
  const char *wrong = read_size(cursor->at->text, ret);
  if (wrong == NULL && !in_range(cursor, *ret, least, most, "B"))
    return false;
  return done(cursor, wrong);
}

bool
sim_parse_count(SimCursor *cursor, uint64_t least, uint64_t most, uint64_t *ret)
{
  if (!at_number(cursor, "a number"))
    return false;
  const char *wrong = read_count(cursor->at->text, ret);
  if (wrong == NULL && !in_range(cursor, *ret, least, most, ""))
    return false;
  return done(cursor, wrong);
}

bool
sim_parse_count32(SimCursor *cursor, uint32_t least, uint32_t most, uint32_t *ret)
{
  uint64_t count = 0;
  bool good = sim_parse_count(cursor, least, most, &count);
  *ret = (uint32_t)count;
  return good;
}

bool
sim_parse_text(SimCursor *cursor, const char *what, const char **ret)
{
  if (cursor->at->kind != SIM_TOKEN_TEXT)
    return sim_expected(cursor, what);
  *ret = cursor->at->text;
  cursor->at++;
  return true;
}

bool
sim_parse_key(SimCursor *cursor, SimKey *ret)
{
  memset(ret, 0, sizeof *ret);
  if (cursor->at->kind == SIM_TOKEN_KEY)
    return done(cursor,
                sim_key_from_text(cursor->at->text, ret) ? NULL : "a key of 1 to 64 hex digits");
  if (cursor->at->kind != SIM_TOKEN_WORD)
    return sim_expected(cursor, "a key such as 0x80ff");
  SimName *name = sim_names_find(cursor->parse, cursor->at->text);
  if (name != NULL && name->kind == SIM_NAME_GROUP)
    return sim_expected(cursor, "a key");
  if (name != NULL)
    *ret = name->value;
  else
    sim_names_unknown(cursor, "a key", false, true);
  cursor->at++;
  return true;
}

bool
sim_parse_flags(SimCursor *cursor, uint32_t *ret)
{
  if (cursor->at->kind != SIM_TOKEN_KEY)
    return sim_parse_count32(cursor, 0, UINT16_MAX, ret);
  guint64 value;
  bool good = g_ascii_string_to_unsigned(cursor->at->text + 2, 16, 0, UINT16_MAX, &value, NULL);
  *ret = good ? (uint32_t)value : 0;
  return done(cursor, good ? NULL : "flags from 0x0 to 0xffff");
}

bool
sim_at_rate(const SimCursor *cursor)
{
  if (cursor->at->kind != SIM_TOKEN_NUMBER)
    return false;
  const char *slash = strchr(cursor->at->text, '/');
  return slash != NULL && !g_ascii_isdigit(slash[1]);
}
