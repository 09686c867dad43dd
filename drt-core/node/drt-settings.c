/* The list is made from the one table in the header. */
#include "drt-settings.h"

#include <string.h>

static const DrtSetting list[] = {
#define DRT_SETTING_ROW(field, name, unit, value, least, most, source)                             \
  { name, source, DRT_SETTING_##unit, value, least, most, offsetof(DrtSettings, field) },
  DRT_SETTINGS_TABLE(DRT_SETTING_ROW)
};
#define COUNT (sizeof list / sizeof *list)

const DrtSetting *
drt_settings_list(size_t *ret_count)
{
  *ret_count = COUNT;
  return list;
}

/* No strcmp: the core takes nothing from libc but mem*. */
static bool
same_name(const char *a, const char *b)
{
  for (; *a == *b; a++, b++)
    if (*a == '\0')
      return true;
  return false;
}

const DrtSetting *
drt_settings_find(const char *name)
{
  for (size_t i = 0; i < COUNT; i++)
    if (same_name(list[i].name, name))
      return &list[i];
  return NULL;
}

void
drt_settings_init(DrtSettings *settings)
{
  for (size_t i = 0; i < COUNT; i++)
    drt_settings_set(settings, &list[i], list[i].value);
}

bool
drt_settings_set(DrtSettings *settings, const DrtSetting *setting, int64_t value)
{
  if (value < setting->least || value > setting->most)
    return false;
  memcpy((uint8_t *)settings + setting->offset, &value, sizeof value);
  return true;
}

int64_t
drt_settings_get(const DrtSettings *settings, const DrtSetting *setting)
{
  int64_t value;
  memcpy(&value, (const uint8_t *)settings + setting->offset, sizeof value);
  return value;
}
