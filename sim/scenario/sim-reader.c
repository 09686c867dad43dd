/* Files, and the files in them. What comes out is one row of statements, as if it were one file. */
#include "sim-parse.h"

#include "sim-suggest.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define FILE_BYTES_MAX (256 << 20)
#define FILES_MAX 1000 /* a file that includes two that include two ... */
#define DEPTH_MAX 50

/* A terminal, a disk or /dev/zero is no scenario; a pipe may be one. */
static char *
read_from_machine(void *data, const char *path, size_t *ret_size, GError **error)
{
  (void)data;
  GStatBuf info;
  if (g_stat(path, &info) != 0) {
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, g_strerror(errno));
    return NULL;
  }
  if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "it is %s",
                S_ISDIR(info.st_mode) ? "a folder" : "not a file");
    return NULL;
  }
  if (info.st_size > FILE_BYTES_MAX) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "it is larger than %d MiB",
                FILE_BYTES_MAX >> 20);
    return NULL;
  }
  char *text;
  gsize size;
  g_autoptr(GError) cause = NULL;
  if (!g_file_get_contents(path, &text, &size, &cause)) {
    bool denied = g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES);
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                        denied ? g_strerror(EACCES) : cause->message);
    return NULL;
  }
  *ret_size = size;
  return text;
}

const char *
sim_reader_resolve(SimParse *parse, const SimSource *source, const char *name)
{
  if (g_path_is_absolute(name) || source->is_option)
    return name;
  g_autofree char *folder = g_path_get_dirname(source->name);
  if (g_str_equal(folder, "."))
    return name;
  return sim_arena_own(parse->arena, g_build_filename(folder, name, NULL));
}

static void
told_of_file(SimParse *parse, const char *path, const SimToken *token, const char *why)
{
  /* What a caller reads elsewhere is not looked for in the folders of this machine. */
  char *near = parse->options.read == NULL && !g_file_test(path, G_FILE_TEST_EXISTS)
                 ? sim_suggest_file(path)
                 : NULL;
  if (token != NULL) {
    sim_parse_mistake(parse, token, near, "cannot read '%s': %s", path, why);
    g_free(near);
    return;
  }
  SimMistake mistake = { .file = g_strdup(path),
                         .message = g_strdup_printf("cannot read this file: %s", why),
                         .near = near };
  sim_mistakes_add(parse->mistakes, mistake);
}

SimSource *
sim_reader_open(SimParse *parse, const char *path, const SimToken *token)
{
  SimScenarioRead read = parse->options.read != NULL ? parse->options.read : read_from_machine;
  size_t size = 0;
  g_autoptr(GError) error = NULL;
  char *text = read(parse->options.read_data, path, &size, &error);
  if (text == NULL) {
    told_of_file(parse, path, token, error != NULL ? error->message : "nobody knows why");
    return NULL;
  }
  SimSource *source = sim_arena_take(parse->arena, sizeof *source);
  source->name = sim_arena_string(parse->arena, path, strlen(path));
  source->text = sim_arena_own(parse->arena, text);
  source->size = size;
  g_ptr_array_add(parse->sources, source);
  source->number = parse->sources->len;
  return source;
}

/* A file that could not be read may have had anything in it. */
static void
unsure(SimParse *parse)
{
  parse->unsure_names = true;
  parse->unsure_kinds = SIM_ANY_ACTION;
}

static void read_file(SimParse *parse, const char *path, const SimToken *token);

static void
include(SimParse *parse, SimStatement statement)
{
  if (!sim_params_expand(parse, &statement)) {
    unsure(parse);
    return;
  }
  SimCursor cursor = { .parse = parse, .at = statement.tokens + 1 };
  const SimToken *token = cursor.at;
  const char *name;
  if (!sim_parse_text(&cursor, "the name of a file in quotes", &name)) {
    unsure(parse);
    return;
  }
  if (cursor.at->kind != SIM_TOKEN_END)
    sim_expected(&cursor, "the end of the line");
  read_file(parse, sim_reader_resolve(parse, token->source, name), token);
}

/* The statements that must be known before others can be understood. */
static void
take_statement(SimParse *parse, const SimStatement *statement)
{
  const SimToken *first = &statement->tokens[0];
  if (sim_token_is(first, SIM_TOKEN_WORD, "include"))
    include(parse, *statement);
  else if (sim_token_is(first, SIM_TOKEN_WORD, "param"))
    sim_params_declare(parse, statement);
  else
    g_array_append_val(parse->statements, *statement);
}

static void
read_statements(SimParse *parse, const SimSource *source)
{
  g_autoptr(GArray) statements = g_array_new(FALSE, FALSE, sizeof(SimStatement));
  sim_lex(source, parse->arena, parse->mistakes, statements);
  for (guint i = 0; i < statements->len; i++) {
    const SimStatement *statement = &g_array_index(statements, SimStatement, i);
    if (sim_token_is(&statement->tokens[0], SIM_TOKEN_WORD, "language"))
      sim_parse_language(parse, statement);
  }
  for (guint i = 0; i < statements->len && !parse->foreign; i++)
    take_statement(parse, &g_array_index(statements, SimStatement, i));
}

static bool
may_open(SimParse *parse, const char *canonical, const SimToken *token)
{
  for (guint i = 0; i < parse->opened->len; i++)
    if (g_str_equal(parse->opened->pdata[i], canonical))
      return sim_parse_mistake(parse, token, NULL, "this file includes itself%s",
                               i + 1 == parse->opened->len ? "" : " through others");
  if (parse->opened->len >= DEPTH_MAX)
    return sim_parse_mistake(parse, token, NULL,
                             "expected at most %d files that include one another, found one more",
                             DEPTH_MAX);
  if (parse->files->len >= FILES_MAX)
    return sim_parse_mistake(parse, token, NULL, "expected at most %d files, found one more",
                             FILES_MAX);
  return true;
}

/* @token NULL: the file that the user named. */
static void
read_file(SimParse *parse, const char *path, const SimToken *token)
{
  char *canonical = sim_arena_own(parse->arena, g_canonicalize_filename(path, NULL));
  SimSource *source =
    may_open(parse, canonical, token) ? sim_reader_open(parse, path, token) : NULL;
  if (source == NULL) {
    unsure(parse);
    return;
  }
  SimScenarioFile file = { .path = source->name, .text = source->text, .size = source->size };
  g_array_append_val(parse->files, file);
  g_ptr_array_add(parse->opened, canonical);
  read_statements(parse, source);
  g_ptr_array_set_size(parse->opened, (gint)parse->opened->len - 1);
}

void
sim_reader_read(SimParse *parse, const char *path)
{
  read_file(parse, path, NULL);
}
