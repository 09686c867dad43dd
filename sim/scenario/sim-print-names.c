/* Names from the tables that room oracle shares with traces. */
#include "sim-print.h"

const char *
sim_message_word(SimMessageType type)
{
  static const char *const names[] = {
#define MESSAGE_NAME(name, number) #name,
    SIM_MESSAGE_TABLE(MESSAGE_NAME)
#undef MESSAGE_NAME
  };
  return names[type];
}

const char *
sim_event_word(SimEventKind kind)
{
  static const char *const names[] = {
#define EVENT_NAME(name, text, keys) text,
    SIM_EVENT_TABLE(EVENT_NAME)
#undef EVENT_NAME
  };
  return names[kind];
}

const char *
sim_field_word(SimMessageField field)
{
  static const char *const names[] = {
#define FIELD_NAME(name, text, types) text,
    SIM_FIELD_TABLE(FIELD_NAME)
#undef FIELD_NAME
  };
  return names[field];
}

const char *
sim_op_word(SimOp op)
{
  static const char *const names[] = { "==", "!=", "<", "<=", ">", ">=" };
  return names[op];
}

static const HRESULT codes[] = {
#define CODE(name) name,
  SIM_HRESULT_TABLE(CODE)
#undef CODE
};

const char *const sim_hresult_names[] = {
#define CODE_NAME(name) #name,
  SIM_HRESULT_TABLE(CODE_NAME)
#undef CODE_NAME
    NULL
};

HRESULT
sim_hresult_at(unsigned i)
{
  return codes[i];
}

const char *
sim_hresult_name(HRESULT code)
{
  for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
    if (codes[i] == code)
      return sim_hresult_names[i];
  return NULL;
}
