/* Pieces of scenarios as text, in the one spelling that `sim_scenario_print` uses. */
#pragma once
#include "sim-scenario.h"

/* "1500ms", "-5s": the largest unit that leaves a whole number. */
void sim_print_time(GString *to, SimTime time);
/* "1min30s", as people say it: for messages. Statements name random streams, and keep theirs. */
void sim_print_duration(GString *to, SimTime time);
/* "12.5%", or "1/3" if that has no end. */
void sim_print_ratio(GString *to, SimRatio ratio);
/* "3.5"; a ratio without an end as "1/3". */
void sim_print_number(GString *to, SimRatio number);
/* "50/s", "1/min"; with @unit "B", "1048576B/s". */
void sim_print_rate(GString *to, SimRatio rate, const char *unit);
/* "0x80ff": without the zeros at the end, but at least one digit. */
void sim_print_key(GString *to, const SimKey *key);
/* In quotes. */
void sim_print_text(GString *to, const char *text);
void sim_print_distribution(GString *to, const SimDistributionSpec *spec);
void sim_print_node(GString *to, const SimScenario *scenario, SimNodeRef node);
void sim_print_set(GString *to, const SimScenario *scenario, const SimSet *set);
void sim_print_network_setting(GString *to, const SimNetworkSetting *setting);
/* The statement, without a line end. (transfer full) */
char *sim_print_action(const SimScenario *scenario, const SimAction *action);
char *sim_print_expectation(const SimScenario *scenario, const SimExpectation *expectation);

/* The names of the tables. (transfer none) */
const char *sim_message_word(SimMessageType type);
const char *sim_event_word(SimEventKind kind);
const char *sim_field_word(SimMessageField field);
const char *sim_op_word(SimOp op);
/* "DRT_E_TIMEOUT", or NULL. */
const char *sim_hresult_name(HRESULT code);
/* All of them, ended by NULL, and the value of the one at @i. */
extern const char *const sim_hresult_names[];
HRESULT sim_hresult_at(unsigned i);
