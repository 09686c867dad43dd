/* One pass over the text, by hand: the tokens are few, and a message can say what was meant. */
#include "sim-lexer.h"

#include <string.h>

typedef struct {
  const SimSource *source;
  SimArena *arena;
  SimMistakes *mistakes;
  GArray *statements;
  const char *at, *end;
  const char *line_start;
  const char *counted; /* up to here characters are counted: @column is that of this place */
  uint32_t line, column;
  GArray *tokens; /* of the statement being read */
  bool broken;
  uint32_t depth; /* of braces */
  SimToken brace; /* the one that opened the block */
} Lexer;

const char *const sim_statement_words[] = { "language", "title", "seed",    "param",    "let",
                                            "include",  "group", "network", "protocol", "sample",
                                            "trace",    "at",    "from",    "every",    "expect",
                                            "allow",    NULL };

/* Longer ones first: the first that fits is taken. */
static const char *const symbols[] = { "<->", "->", "..", "==", "!=", "<=", ">=", "<", ">",
                                       "=",   "{",  "}",  ";",  ",",  "|",  "+",  "-" };

static uint32_t
column_of(Lexer *lexer, const char *at)
{
  for (; lexer->counted < at; lexer->counted = g_utf8_next_char(lexer->counted))
    lexer->column++;
  return lexer->column;
}

static void
mistake(Lexer *lexer, const char *at, char *message)
{
  sim_source_mistake(lexer->source, lexer->mistakes, lexer->line_start, lexer->line,
                     column_of(lexer, at), NULL, message);
  lexer->broken = true;
}

/* A character that no token begins with. */
static void
unexpected(Lexer *lexer)
{
  gunichar c = g_utf8_get_char(lexer->at);
  char shown[8] = { 0 };
  g_unichar_to_utf8(c, shown);
  bool quote = (c >= 0x2018 && c <= 0x201f) || c == '\'';
  char *message = g_unichar_isprint(c) && !g_unichar_isspace(c)
                    ? g_strdup_printf("unexpected character '%s'", shown)
                    : g_strdup_printf("unexpected character U+%04X", c);
  sim_source_mistake(lexer->source, lexer->mistakes, lexer->line_start, lexer->line,
                     column_of(lexer, lexer->at), quote ? "\"" : NULL, message);
  lexer->broken = true;
}

static SimToken
make_token(Lexer *lexer, SimTokenKind kind, const char *from, const char *to)
{
  return (SimToken){ .kind = kind,
                     .line = lexer->line,
                     .column = column_of(lexer, from),
                     .source = lexer->source,
                     .line_start = lexer->line_start,
                     .raw = from,
                     .raw_size = (size_t)(to - from),
                     .text = "" };
}

static void
push(Lexer *lexer, SimTokenKind kind, const char *from, const char *to)
{
  SimToken token = make_token(lexer, kind, from, to);
  size_t skip = kind == SIM_TOKEN_PARAM ? 1 : 0; /* the $ */
  if (kind != SIM_TOKEN_END && kind != SIM_TOKEN_BREAK)
    token.text = sim_arena_string(lexer->arena, from + skip, token.raw_size - skip);
  g_array_append_val(lexer->tokens, token);
  lexer->at = to;
}

static void
finish_statement(Lexer *lexer)
{
  if (lexer->tokens->len > 0 || lexer->broken) {
    push(lexer, SIM_TOKEN_END, lexer->at, lexer->at);
    SimStatement statement = { .count = lexer->tokens->len, .broken = lexer->broken };
    statement.tokens = sim_arena_steal(lexer->arena, lexer->tokens);
    g_array_append_val(lexer->statements, statement);
    lexer->tokens = g_array_new(FALSE, FALSE, sizeof(SimToken));
  }
  lexer->broken = false;
  lexer->depth = 0;
}

static const char *
line_end(const Lexer *lexer)
{
  const char *end = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
  return end != NULL ? end : lexer->end;
}

static bool
is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* Whether the next thing in the text, beyond blanks, line ends and comments, is a brace. */
static bool
brace_follows(const Lexer *lexer)
{
  for (const char *at = lexer->at; at < lexer->end; at++)
    if (*at == '#') {
      at = memchr(at, '\n', (size_t)(lexer->end - at));
      if (at == NULL)
        return false;
    } else if (!is_blank(*at) && *at != '\n') {
      return *at == '{';
    }
  return false;
}

/* The brace of a block may stand on the line below its word. */
static bool
block_goes_on(const Lexer *lexer)
{
  const SimToken *first = (const SimToken *)(const void *)lexer->tokens->data;
  return lexer->tokens->len == 1 && brace_follows(lexer) &&
         (sim_token_is(first, SIM_TOKEN_WORD, "network") ||
          sim_token_is(first, SIM_TOKEN_WORD, "protocol"));
}

/* A line that is no text is not looked into. */
static void
begin_line(Lexer *lexer)
{
  lexer->line++;
  lexer->line_start = lexer->counted = lexer->at;
  lexer->column = 1;
  const char *bad;
  const char *end = line_end(lexer);
  if (g_utf8_validate_len(lexer->at, (size_t)(end - lexer->at), &bad))
    return;
  if (*bad == '\0')
    mistake(lexer, bad, g_strdup("expected a text file, found a NUL byte"));
  else
    mistake(
      lexer, bad,
      g_strdup_printf("expected UTF-8, found the byte 0x%02x", (unsigned)(unsigned char)*bad));
  lexer->at = lexer->counted = end;
}

static void
read_line_end(Lexer *lexer, bool joined)
{
  if (!joined && lexer->depth > 0)
    push(lexer, SIM_TOKEN_BREAK, lexer->at, lexer->at);
  else if (!joined && !block_goes_on(lexer))
    finish_statement(lexer);
  lexer->at++;
  begin_line(lexer);
}

static void
read_backslash(Lexer *lexer)
{
  const char *at = lexer->at + 1;
  while (at < lexer->end && is_blank(*at))
    at++;
  if (at == lexer->end) {
    lexer->at = at;
  } else if (*at == '\n') {
    lexer->at = at;
    read_line_end(lexer, true);
  } else {
    mistake(lexer, at, g_strdup("expected the end of the line behind '\\'"));
    lexer->at = line_end(lexer);
  }
}

static void
read_text(Lexer *lexer)
{
  const char *from = lexer->at, *end = line_end(lexer);
  g_autoptr(GString) text = g_string_new(NULL);
  const char *at = from + 1;
  for (; at < end && *at != '"'; at++) {
    if (*at == '\\' && at + 1 < end && (at[1] == '"' || at[1] == '\\'))
      at++;
    else if (*at == '\\') {
      mistake(lexer, at, g_strdup("expected \\\" or \\\\ in a text, found another '\\'"));
      lexer->at = end;
      return;
    }
    g_string_append_c(text, *at);
  }
  if (at == end) {
    mistake(lexer, from,
            g_strdup("expected a '\"' at the end of this text, found the end of the line"));
    lexer->at = end;
    return;
  }
  SimToken token = make_token(lexer, SIM_TOKEN_TEXT, from, at + 1);
  token.text = sim_arena_string(lexer->arena, text->str, text->len);
  g_array_append_val(lexer->tokens, token);
  lexer->at = at + 1;
}

/* An arrow may follow a name without a blank: a->b. */
static const char *
name_end(const Lexer *lexer, const char *at)
{
  while (at < lexer->end && (g_ascii_isalnum(*at) || *at == '_' || (*at == '-' && at[1] != '>')))
    at++;
  return at;
}

static void
read_word(Lexer *lexer)
{
  const char *from = lexer->at, *to = name_end(lexer, from);
  while (*to == '.' && g_ascii_isalpha(to[1])) /* never behind the end: there is a NUL */
    to = name_end(lexer, to + 1);
  /* A block that was never closed shows when the next statement begins. */
  const SimToken *before =
    lexer->tokens->len > 0 ? &g_array_index(lexer->tokens, SimToken, lexer->tokens->len - 1) : NULL;
  g_autofree char *word = g_strndup(from, (size_t)(to - from));
  if (lexer->depth > 0 && before != NULL && before->kind == SIM_TOKEN_BREAK &&
      g_strv_contains(sim_statement_words, word)) {
    mistake(lexer, from,
            g_strdup_printf("expected '}' for the block of line %u, found '%s'", lexer->brace.line,
                            word));
    finish_statement(lexer);
  }
  push(lexer, SIM_TOKEN_WORD, from, to);
}

static void
read_number(Lexer *lexer)
{
  const char *from = lexer->at, *to = from;
  if (from[0] == '0' && (from[1] == 'x' || from[1] == 'X')) {
    while (to < lexer->end && g_ascii_isalnum(*to))
      to++;
    push(lexer, SIM_TOKEN_KEY, from, to);
    return;
  }
  while (to < lexer->end && (g_ascii_isalnum(*to) || *to == '_' || *to == '%' || *to == '/' ||
                             (*to == '.' && g_ascii_isdigit(to[1]))))
    to++;
  push(lexer, SIM_TOKEN_NUMBER, from, to);
}

static void
read_param(Lexer *lexer)
{
  const char *from = lexer->at;
  if (g_ascii_isalpha(from[1])) {
    push(lexer, SIM_TOKEN_PARAM, from, name_end(lexer, from + 1));
    return;
  }
  mistake(lexer, from, g_strdup("expected the name of a param behind '$'"));
  lexer->at = line_end(lexer);
}

static void
read_symbol(Lexer *lexer)
{
  size_t left = (size_t)(lexer->end - lexer->at);
  for (size_t i = 0; i < G_N_ELEMENTS(symbols); i++) {
    size_t size = strlen(symbols[i]);
    if (size > left || memcmp(lexer->at, symbols[i], size) != 0)
      continue;
    if (*lexer->at == '{' && lexer->depth++ == 0)
      lexer->brace = make_token(lexer, SIM_TOKEN_SYMBOL, lexer->at, lexer->at + 1);
    if (*lexer->at == '}' && lexer->depth > 0)
      lexer->depth--;
    bool separates = *lexer->at == ';' && lexer->depth > 0;
    push(lexer, separates ? SIM_TOKEN_BREAK : SIM_TOKEN_SYMBOL, lexer->at, lexer->at + size);
    return;
  }
  unexpected(lexer);
  lexer->at = line_end(lexer);
}

static void
read_token(Lexer *lexer)
{
  char c = *lexer->at;
  if (c == '\n')
    read_line_end(lexer, false);
  else if (is_blank(c))
    lexer->at++;
  else if (c == '#')
    lexer->at = line_end(lexer);
  else if (c == '\\')
    read_backslash(lexer);
  else if (c == '"')
    read_text(lexer);
  else if (c == '$')
    read_param(lexer);
  else if (g_ascii_isdigit(c))
    read_number(lexer);
  else if (g_ascii_isalpha(c))
    read_word(lexer);
  else
    read_symbol(lexer);
}

void
sim_lex(const SimSource *source, SimArena *arena, SimMistakes *mistakes, GArray *statements)
{
  static const char mark[] = "\xef\xbb\xbf"; /* some editors put it in front of UTF-8 */
  Lexer lexer = { .source = source,
                  .arena = arena,
                  .mistakes = mistakes,
                  .statements = statements,
                  .at = source->text,
                  .end = source->text + source->size,
                  .tokens = g_array_new(FALSE, FALSE, sizeof(SimToken)) };
  if (source->size >= 3 && memcmp(source->text, mark, 3) == 0)
    lexer.at += 3;
  begin_line(&lexer);
  while (lexer.at < lexer.end)
    read_token(&lexer);
  if (lexer.depth > 0) {
    sim_source_mistake(source, mistakes, lexer.brace.line_start, lexer.brace.line,
                       lexer.brace.column, NULL,
                       g_strdup("expected a '}' for this block, found the end of the file"));
    lexer.broken = true;
  }
  finish_statement(&lexer);
  g_array_free(lexer.tokens, TRUE);
}
