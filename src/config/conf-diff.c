/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What differs between two trees of one schema.  It knows no word of the schema, so that whatever
 * is added to a language is compared as well.
 */
#include "config/conf-private.h"

#include <string.h>

typedef struct {
  GPtrArray *found;
} Diff;

void
conf_difference_free (gpointer data)
{
  ConfDifference *d = data;

  g_free (d->where);
  g_strfreev (d->before);
  g_strfreev (d->after);
  g_free (d->file);
  g_free (d);
}

static ConfDifference *
add (Diff *diff, ConfChange change, const char *where, const ConfNode *node, int line)
{
  ConfDifference *d = g_new0 (ConfDifference, 1);

  d->change = change;
  d->where = g_strdup (where);
  d->file = g_strdup (node->file);
  d->line = line;
  g_ptr_array_add (diff->found, d);
  return d;
}

/* --- options ----------------------------------------------------------------- */

static char **
values_of (const ConfNode *node, guint row)
{
  const ConfValue *value = &node->values[row];

  if (node->schema[row].kind == CONF_BOOL)
    return g_strsplit (value->number != 0 ? "true" : "false", "\n", 1);
  return value->texts != NULL ? g_strdupv (value->texts) : g_new0 (char *, 1);
}

static void
compare_option (Diff *diff, const char *where, const ConfNode *before, const ConfNode *after,
                guint row)
{
  g_auto (GStrv) old = values_of (before, row), new = values_of (after, row);
  const ConfOption *option = &after->schema[row];

  if (g_strv_equal ((const char *const *) old, (const char *const *) new))
    return;
  ConfDifference *d =
    add (diff, CONF_CHANGED, where, after, conf_option_line (after, option->name));
  d->option = option->name;
  d->kind = option->kind;
  d->before = g_steal_pointer (&old);
  d->after = g_steal_pointer (&new);
}

/* --- sections ---------------------------------------------------------------- */

static const ConfNode *
section_at (const ConfNode *node, guint row, guint i)
{
  const GPtrArray *all = node->sections[row];

  return all != NULL && i < all->len ? all->pdata[i] : NULL;
}

/* How many sections before the I-th have its title. */
static guint
rank (const ConfNode *node, guint row, guint i)
{
  const char *title = section_at (node, row, i)->title;
  guint n = 0;

  for (guint k = 0; k < i; k++)
    n += g_strcmp0 (section_at (node, row, k)->title, title) == 0;
  return n;
}

/* The section of NODE that has TITLE for the N-th time (from 0), or NULL. */
static const ConfNode *
counterpart (const ConfNode *node, guint row, const char *title, guint n)
{
  const ConfNode *section;

  for (guint i = 0; (section = section_at (node, row, i)) != NULL; i++)
    if (g_strcmp0 (section->title, title) == 0 && n-- == 0)
      return section;
  return NULL;
}

static char *
name_of (const char *where, const ConfNode *node, guint row, guint i)
{
  const char *title = section_at (node, row, i)->title;
  guint n = rank (node, row, i);
  GString *name = g_string_new (where);

  g_string_append_printf (name, "%s%s", *where != '\0' ? ", " : "", node->schema[row].name);
  if (title != NULL)
    g_string_append_printf (name, " \"%s\"", title);
  if (n > 0)
    g_string_append_printf (name, " (%u)", n + 1);
  return g_string_free (name, FALSE);
}

/* Whether those that both trees have come in another order. */
static bool
is_reordered (const ConfNode *before, const ConfNode *after, guint row)
{
  guint at = 0;
  const ConfNode *section;

  for (guint i = 0; (section = section_at (after, row, i)) != NULL; i++)
    {
      const ConfNode *old = counterpart (before, row, section->title, rank (after, row, i));
      guint place = 0;

      if (old == NULL)
        continue;
      while (section_at (before, row, place) != old)
        place++;
      if (place < at)
        return true;
      at = place;
    }
  return false;
}

static void compare (Diff *diff, const char *where, const ConfNode *before, const ConfNode *after);

static void
compare_sections (Diff *diff, const char *where, const ConfNode *before, const ConfNode *after,
                  guint row)
{
  const ConfNode *section;

  for (guint i = 0; (section = section_at (after, row, i)) != NULL; i++)
    {
      g_autofree char *name = name_of (where, after, row, i);
      const ConfNode *old = counterpart (before, row, section->title, rank (after, row, i));

      if (old == NULL)
        add (diff, CONF_NEW, name, section, section->line);
      else
        compare (diff, name, old, section);
    }
  for (guint i = 0; (section = section_at (before, row, i)) != NULL; i++)
    {
      g_autofree char *name = name_of (where, before, row, i);

      if (counterpart (after, row, section->title, rank (before, row, i)) == NULL)
        add (diff, CONF_GONE, name, section, section->line);
    }
  if (is_reordered (before, after, row))
    add (diff, CONF_ORDER, where, after, after->line)->option = after->schema[row].name;
}

static void
compare (Diff *diff, const char *where, const ConfNode *before, const ConfNode *after)
{
  for (guint row = 0; after->schema[row].name != NULL; row++)
    if (after->schema[row].kind == CONF_SECTION)
      compare_sections (diff, where, before, after, row);
    else
      compare_option (diff, where, before, after, row);
}

GPtrArray *
conf_diff (const ConfNode *before, const ConfNode *after)
{
  Diff diff = { g_ptr_array_new_with_free_func (conf_difference_free) };

  g_assert (before->schema == after->schema);
  compare (&diff, "", before, after);
  return diff.found;
}

/* --- in words ------------------------------------------------------------------ */

/* The values of A that are not in B, each in quotation marks. */
static char *
only_in (char **a, char **b)
{
  GString *out = g_string_new (NULL);

  for (; *a != NULL; a++)
    if (!g_strv_contains ((const char *const *) b, *a))
      g_string_append_printf (out, "%s\"%s\"", out->len > 0 ? ", " : "", *a);
  return g_string_free (out, FALSE);
}

static void
append_list (GString *out, const ConfDifference *d)
{
  g_autofree char *more = only_in (d->after, d->before), *less = only_in (d->before, d->after);

  if (*more != '\0')
    g_string_append_printf (out, "%s now has %s", d->option, more);
  if (*less != '\0')
    g_string_append_printf (out, "%s%s no longer has %s", *more != '\0' ? "; " : "", d->option,
                            less);
  if (*more == '\0' && *less == '\0')
    g_string_append_printf (out, "%s is in another order", d->option);
}

static void
append_changed (GString *out, const ConfDifference *d)
{
  if (d->kind == CONF_LIST)
    append_list (out, d);
  else if (d->before[0] == NULL)
    g_string_append_printf (out, "%s is now \"%s\", was not set", d->option, d->after[0]);
  else if (d->after[0] == NULL)
    g_string_append_printf (out, "%s is no longer set, was \"%s\"", d->option, d->before[0]);
  else
    g_string_append_printf (out, "%s is now \"%s\", was \"%s\"", d->option, d->after[0],
                            d->before[0]);
}

char *
conf_difference_text (const ConfDifference *d)
{
  GString *out = g_string_new (d->where);

  switch (d->change)
    {
    case CONF_NEW:
      g_string_append (out, " is new");
      break;
    case CONF_GONE:
      g_string_append (out, " is gone");
      break;
    case CONF_ORDER:
      g_string_append_printf (out, "%sthe order of %s is another one", out->len > 0 ? ": " : "",
                              d->option);
      break;
    case CONF_CHANGED:
      if (out->len > 0)
        g_string_append (out, ": ");
      append_changed (out, d);
      break;
    }
  return g_string_free (out, FALSE);
}
