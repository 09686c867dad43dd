/* Text -> statements, each a row of tokens. What a token means as a value is decided by whoever
 * wants a value there. */
#pragma once
#include "sim-source.h"

typedef enum {
  SIM_TOKEN_END,    /* of the statement */
  SIM_TOKEN_BREAK,  /* the end of a line, or a semicolon, inside of braces */
  SIM_TOKEN_WORD,   /* peer3, burst-loss, leafset.exact */
  SIM_TOKEN_NUMBER, /* starts with a digit: 1_000, 1.5s, 50/s, 10%, 1MiB/s */
  SIM_TOKEN_KEY,    /* 0x80ff */
  SIM_TOKEN_TEXT,   /* "..." */
  SIM_TOKEN_PARAM,  /* $NAME */
  SIM_TOKEN_SYMBOL,
} SimTokenKind;

typedef struct {
  SimTokenKind kind;
  uint32_t line, column;
  const SimSource *source;
  const char *line_start;
  const char *raw; /* as written, @raw_size bytes of the source */
  size_t raw_size;
  const char *text;  /* TEXT: what it says; PARAM: its name; else as written. NUL-terminated */
  const char *param; /* it stands in the value of this param; or NULL */
} SimToken;

typedef struct {
  const SimToken *tokens; /* the last is an END */
  uint32_t count;
  bool broken; /* a mistake was found in it, and told */
} SimStatement;

/* Appends the statements of @source to @statements, and what is wrong to @mistakes. All memory is
 * @arena's; @source must live as long. */
void sim_lex(const SimSource *source, SimArena *arena, SimMistakes *mistakes, GArray *statements);

/* The words that begin a statement, ended by NULL. */
extern const char *const sim_statement_words[];

static inline bool
sim_token_is(const SimToken *token, SimTokenKind kind, const char *text)
{
  return token->kind == kind && g_str_equal(token->text, text);
}
