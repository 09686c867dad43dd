/* The parser's inside: what its files share. One file per family of statements.
 *
 * A function that reads something returns false after it has told a mistake that leaves it without a
 * place to go on; the statement (or the setting of a block) ends there and the next one is read. A
 * mistake of meaning, such as an unknown name, is told and reading goes on. */
#pragma once
#include "sim-lexer.h"

/* ---- State of one load ---- */

typedef struct {
  const char *name;
  const SimToken *token; /* of the name, or of the option */
  const SimToken *tokens;
  uint32_t count;
  const char *value; /* as written */
  bool broken, overridden, declared, expanded, expanding;
} SimParamValue;

typedef enum { SIM_NAME_GROUP, SIM_NAME_LET } SimNameKind;

/* A group or a key. */
typedef struct {
  SimNameKind kind;
  const char *name;
  const SimToken *token;
  uint32_t index;      /* of the group, or the let */
  uint32_t count;      /* nodes of the group */
  const SimToken *key; /* what the let is said to be */
  SimKey value;
  bool broken; /* a mistake was told: no more about it */
} SimName;

typedef struct {
  SimArena *arena;
  SimMistakes *mistakes;
  SimScenarioOptions options;
  SimScenario *scenario;
  GPtrArray *sources; /* of SimSource */
  GPtrArray *opened;  /* canonical names of the files that include one another */
  GArray *statements; /* of SimStatement, of all files, in place */
  GHashTable *params; /* name -> SimParamValue */
  GPtrArray *param_order;
  unsigned param_depth;
  GHashTable *names; /* name -> SimName */
  GPtrArray *name_order;
  GArray *groups, *lets, *network, *protocol, *actions, *expectations, *allows, *files;
  GHashTable *given;     /* "seed", "loss"... -> SimToken: where it was said first */
  GHashTable *repeated;  /* canonical statement -> how often it was there */
  GPtrArray *draws;      /* sets of the statement at hand that are drawn */
  SimTime base;          /* of +T */
  bool foreign;          /* the file is of another version of the language */
  bool unsure_names;     /* a group or key could not be read, so unknown names say nothing */
  guint left_off;        /* mistakes of tables that were counted and not told */
  uint64_t unsure_kinds; /* of actions that could not be read, as bits: the same of them */
} SimParse;

typedef struct {
  SimParse *parse;
  const SimToken *at;
  bool bad;     /* a mistake of meaning was told */
  bool rest_ok; /* `rest` means something here */
} SimCursor;

/* ---- Telling mistakes (sim-parse.c). All return false. ---- */

/* "MESSAGE (did you mean 'near'?)" at @token; @near may be NULL. */
__attribute__((format(printf, 4, 5))) bool sim_parse_mistake(SimParse *parse, const SimToken *token,
                                                             const char *near, const char *format,
                                                             ...);
/* "expected WHAT, found ..." at the cursor. */
bool sim_expected(SimCursor *cursor, const char *what);
/* The same, with the nearest of @known, if that is a word. */
bool sim_expected_one_of(SimCursor *cursor, const char *what, const char *const *known);
/* What stands at @token, for messages. (transfer full) */
char *sim_token_found(const SimToken *token);

/* ---- Walking ---- */

bool sim_at_symbol(const SimCursor *cursor, const char *symbol);
bool sim_at_word(const SimCursor *cursor, const char *word);
/* Goes past it if it is there. */
bool sim_take_symbol(SimCursor *cursor, const char *symbol);
bool sim_take_word(SimCursor *cursor, const char *word);
/* The index of the word at the cursor in @known, and past it; or it is "expected WHAT". */
bool sim_parse_choice(SimCursor *cursor, const char *what, const char *const *known,
                      unsigned *ret_index);
SimWhere sim_parse_where(SimParse *parse, const SimToken *token);
/* Where @before stands, as seen from @token which says the same: "first in line 3". (transfer full) */
char *sim_parse_first(const SimToken *before, const SimToken *token);
/* False, and a mistake, if @what was said before. */
bool sim_parse_once(SimCursor *cursor, const char *what, const SimToken *token);

/* ---- Files, params (sim-reader.c, sim-params.c) ---- */

/* Reads @path and what it includes into parse->statements; params with it. */
void sim_reader_read(SimParse *parse, const char *path);
/* @name as it stands in a file, as a path that can be opened from here. */
const char *sim_reader_resolve(SimParse *parse, const SimSource *source, const char *name);
/* The content of a file, which becomes a source; NULL with a mistake at @token. */
SimSource *sim_reader_open(SimParse *parse, const char *path, const SimToken *token);
/* Makes known what --set says. */
void sim_params_set(SimParse *parse);
void sim_params_declare(SimParse *parse, const SimStatement *statement);
/* @statement with the values in place of the params. False if there is a broken one. */
bool sim_params_expand(SimParse *parse, SimStatement *statement);
/* The params of the scenario; options that no param took are mistakes. */
void sim_params_finish(SimParse *parse);

/* ---- Names (sim-names.c) ---- */

/* The most nodes that a group may have. */
#define SIM_GROUP_COUNT_MAX 100000000

/* A word that names nodes by itself, so that no group can have it. */
bool sim_names_is_reserved(const char *word);
/* Makes known all groups and keys, before anything is looked at that may use them. */
void sim_names_declare(SimParse *parse);
/* The group or key, or NULL. */
SimName *sim_names_find(SimParse *parse, const char *name);
/* The node that @name says. A group without such a node: false, and *ret_group is set. */
bool sim_names_node(SimParse *parse, const char *name, SimNodeRef *ret_node, SimName **ret_group);
/* Tells that there is no such name, and what may have been meant. */
void sim_names_unknown(SimCursor *cursor, const char *what, bool nodes, bool keys);

/* ---- Values (sim-values.c): each reads one, or tells what was expected ---- */

#define SIM_DATAGRAM_MAX 65507 /* what UDP can carry */
#define SIM_CRYPTO_COST_MAX SIM_SECOND
#define SIM_PARSE_TIME_MAX ((SimTime)1 << 60) /* 36 years: sums of some stay in range */

bool sim_parse_time(SimCursor *cursor, SimTime *ret);
bool sim_parse_signed_time(SimCursor *cursor, SimTime *ret);
/* Above 0. */
bool sim_parse_period(SimCursor *cursor, SimTime *ret);
/* 0 to 1. */
bool sim_parse_ratio(SimCursor *cursor, SimRatio *ret);
bool sim_parse_signed_ratio(SimCursor *cursor, SimRatio *ret);
/* Of events, or bytes, a second. */
bool sim_parse_rate(SimCursor *cursor, SimRatio *ret);
bool sim_parse_byte_rate(SimCursor *cursor, SimRatio *ret);
/* 3 or 3.5. */
bool sim_parse_number(SimCursor *cursor, SimRatio *ret);
bool sim_parse_size(SimCursor *cursor, uint64_t least, uint64_t most, uint64_t *ret);
bool sim_parse_count(SimCursor *cursor, uint64_t least, uint64_t most, uint64_t *ret);
bool sim_parse_count32(SimCursor *cursor, uint32_t least, uint32_t most, uint32_t *ret);
bool sim_parse_text(SimCursor *cursor, const char *what, const char **ret);
/* Hex digits, or a named key. */
bool sim_parse_key(SimCursor *cursor, SimKey *ret);
bool sim_parse_distribution(SimCursor *cursor, SimDistributionSpec *ret);
/* Bits: 5 or 0x10. */
bool sim_parse_flags(SimCursor *cursor, uint32_t *ret);
/* Whether the number at the cursor has a unit behind a slash: 50/s, but not 1/1000. */
bool sim_at_rate(const SimCursor *cursor);
/* Hex digits behind 0x as a key; false if they are none. */
bool sim_key_from_text(const char *text, SimKey *ret);
/* A count without a message: for a look ahead. */
bool sim_count_from_text(const char *text, uint64_t *ret);
/* Seconds with a fraction. False if that is no time from 0 to SIM_PARSE_TIME_MAX. */
bool sim_seconds_from_text(const char *text, SimTime *ret);
SimRatio sim_ratio(int64_t num, int64_t den);

/* ---- Families ---- */

/* sim-parse-set.c */
bool sim_parse_set(SimCursor *cursor, const SimSet **ret);
/* A list of sets for good. */
const SimSet *const *sim_parse_keep_sets(SimParse *parse, const GPtrArray *sets);
bool sim_parse_node(SimCursor *cursor, SimNodeRef *ret);
/* A group, a key or a node by name: what `search ... for` takes. */
bool sim_parse_key_or_node(SimCursor *cursor, bool *ret_is_node, SimKey *ret_key,
                           SimNodeRef *ret_node);

/* sim-parse-header.c */
bool sim_parse_header(SimCursor *cursor, bool *ret_known);
/* The version of the language; whether the program knows it. */
void sim_parse_language(SimParse *parse, const SimStatement *statement);

/* sim-parse-network.c */
bool sim_parse_network_block(SimCursor *cursor);
/* A setting, or some of them in braces. (transfer none) */
bool sim_parse_network_settings(SimCursor *cursor, const SimNetworkSetting **ret,
                                uint32_t *ret_count);
/* "{ ... }": calls @setting for each, and goes on behind one that is wrong. */
bool sim_parse_block(SimCursor *cursor, bool (*setting)(SimCursor *cursor, void *data), void *data);

/* sim-parse-protocol.c */
bool sim_parse_protocol_block(SimCursor *cursor);

/* sim-parse-timed.c, sim-parse-action.c, sim-parse-call.c, sim-parse-churn.c */
bool sim_parse_timed(SimCursor *cursor);
/* Names the random streams of the statement that says @text, and of its draws; that of the
 * statement itself. */
uint64_t sim_parse_name_draws(SimParse *parse, const char *text);
/* Every kind of action. */
#define SIM_ANY_ACTION UINT64_MAX
/* The bits of the kinds that @statement may be, whatever is wrong with it. */
uint64_t sim_action_kinds(const SimStatement *statement);
/* The action that is called @word, or nearly so; or NULL. */
const char *sim_action_near(const char *word);
bool sim_parse_action(SimCursor *cursor, SimAction *action);
bool sim_parse_register(SimCursor *cursor, SimAction *action);
bool sim_parse_update(SimCursor *cursor, SimAction *action);
bool sim_parse_unregister(SimCursor *cursor, SimAction *action);
bool sim_parse_search(SimCursor *cursor, SimAction *action);
bool sim_parse_churn(SimCursor *cursor, SimAction *action);
/* T, or +T from the statement above. */
bool sim_parse_instant(SimCursor *cursor, SimTime *ret);
/* from T1 to T2 */
bool sim_parse_window(SimCursor *cursor, SimTime *ret_from, SimTime *ret_to);

/* sim-parse-expect.c */
bool sim_parse_expect(SimCursor *cursor);
bool sim_parse_allow(SimCursor *cursor);

/* sim-check.c: what only the whole shows */
void sim_check(SimParse *parse);
