/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two definitions side by side, in words and as JSON; and what the later one would mean for each
 * open case.
 */
#include "admin/admin-diff.h"

#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json-add.h"
#include "base/words.h"
#include "case/case-store.h"
#include "config/conf.h"

/* What the later definition would mean for one open case. */
typedef struct {
  char *ref, *state, *version;
  GPtrArray *misfits;        /* char * */
  GPtrArray *moved;          /* MovedDate */
} CaseNews;

typedef struct {
  char *timer, *why;
  gint64 before, after;
} MovedDate;

typedef struct {
  const Program *before, *after;
  GPtrArray *changes;        /* ConfDifference */
  GPtrArray *news;           /* CaseNews, of cases something changes for */
  guint open;                /* cases that were looked at */
  bool office;
} Diff;

static void
moved_free (gpointer data)
{
  MovedDate *moved = data;

  g_free (moved->timer);
  g_free (moved->why);
  g_free (moved);
}

static void
news_free (gpointer data)
{
  CaseNews *news = data;

  g_free (news->ref);
  g_free (news->state);
  g_free (news->version);
  g_ptr_array_unref (news->misfits);
  g_ptr_array_unref (news->moved);
  g_free (news);
}

/* --- open cases -------------------------------------------------------------------- */

static void
look_at_timers (const Diff *diff, const Case *c, CaseNews *news)
{
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];
      g_autofree char *why = NULL;
      gint64 due = case_timer_due (diff->after, c, timer, &why);

      if (due == 0 || due == timer->due)
        continue;
      MovedDate *moved = g_new0 (MovedDate, 1);
      *moved = (MovedDate){ g_strdup (timer->name), words_english (why), timer->due, due };
      g_ptr_array_add (news->moved, moved);
    }
}

static bool
look_at_case (Store *store, gint64 id, gpointer data, GError **error)
{
  Diff *diff = data;
  g_autoptr (Case) c = case_load (store, id, error);

  if (c == NULL)
    return false;
  if (!c->open)
    return true;
  CaseNews *news = g_new0 (CaseNews, 1);
  diff->open++;
  *news = (CaseNews){ g_strdup (c->ref), g_strdup (c->state), g_strdup (c->definition),
                      case_misfits (diff->after, c), g_ptr_array_new_with_free_func (moved_free) };
  look_at_timers (diff, c, news);
  if (news->misfits->len + news->moved->len > 0)
    g_ptr_array_add (diff->news, news);
  else
    news_free (news);
  return true;
}

/* --- in words ------------------------------------------------------------------------ */

static void
print_changes (const Diff *diff)
{
  for (guint i = 0; i < diff->changes->len; i++)
    {
      const ConfDifference *change = diff->changes->pdata[i];
      g_autofree char *text = conf_difference_text (change);

      g_print ("%s:%d: %s\n", change->file, change->line, text);
    }
}

static void
print_news (const Diff *diff, const CaseNews *news)
{
  g_print ("%s in state \"%s\", by version %.12s\n", news->ref, news->state, news->version);
  for (guint i = 0; i < news->misfits->len; i++)
    g_print ("  cannot be taken over: %s\n", (char *) news->misfits->pdata[i]);
  for (guint i = 0; i < news->moved->len; i++)
    {
      const MovedDate *moved = news->moved->pdata[i];
      g_autofree char *from = calendar_short (diff->after->calendar, moved->before);
      g_autofree char *to = calendar_short (diff->after->calendar, moved->after);

      g_print ("  timer \"%s\": due %s instead of %s (%s)\n", moved->timer, to, from, moved->why);
    }
}

static void
print_diff (const Diff *diff)
{
  if (diff->changes->len == 0)
    g_print ("The definitions are the same.\n");
  print_changes (diff);
  if (!diff->office)
    return;
  g_print ("\n%u open case%s keep%s the rules %s opened under.  Taken over today, something would "
           "change for %u:\n",
           diff->open, diff->open == 1 ? "" : "s", diff->open == 1 ? "s" : "",
           diff->open == 1 ? "it was" : "they were", diff->news->len);
  for (guint i = 0; i < diff->news->len; i++)
    print_news (diff, diff->news->pdata[i]);
}

/* --- JSON -------------------------------------------------------------------------------- */

static void
build_change (JsonBuilder *b, const ConfDifference *change)
{
  static const char *const kinds[] = { "new", "gone", "changed", "order" };
  g_autofree char *text = conf_difference_text (change);

  json_builder_begin_object (b);
  json_add_string (b, "change", kinds[change->change]);
  json_add_string (b, "where", change->where);
  json_add_string (b, "option", change->option != NULL ? change->option : "");
  json_add_strv (b, "before", change->before);
  json_add_strv (b, "after", change->after);
  json_add_string (b, "file", change->file);
  json_builder_set_member_name (b, "line");
  json_builder_add_int_value (b, change->line);
  json_add_string (b, "text", text);
  json_builder_end_object (b);
}

static void
build_news (JsonBuilder *b, const CaseNews *news)
{
  json_builder_begin_object (b);
  json_add_string (b, "case", news->ref);
  json_add_string (b, "state", news->state);
  json_add_string (b, "version", news->version);
  json_builder_set_member_name (b, "misfits");
  json_builder_begin_array (b);
  for (guint i = 0; i < news->misfits->len; i++)
    json_builder_add_string_value (b, news->misfits->pdata[i]);
  json_builder_end_array (b);
  json_builder_set_member_name (b, "dates");
  json_builder_begin_array (b);
  for (guint i = 0; i < news->moved->len; i++)
    {
      const MovedDate *moved = news->moved->pdata[i];
      g_autofree char *before = clock_format (moved->before), *after = clock_format (moved->after);

      json_builder_begin_object (b);
      json_add_string (b, "timer", moved->timer);
      json_add_string (b, "before", before);
      json_add_string (b, "after", after);
      json_add_string (b, "why", moved->why);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
print_json (const Diff *diff)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "same");
  json_builder_add_boolean_value (b, diff->changes->len == 0);
  json_add_string (b, "before", diff->before->version);
  json_add_string (b, "after", diff->after->version);
  json_builder_set_member_name (b, "changes");
  json_builder_begin_array (b);
  for (guint i = 0; i < diff->changes->len; i++)
    build_change (b, diff->changes->pdata[i]);
  json_builder_end_array (b);
  json_builder_set_member_name (b, "open_cases");
  json_builder_add_int_value (b, diff->open);
  json_builder_set_member_name (b, "cases");
  json_builder_begin_array (b);
  for (guint i = 0; i < diff->news->len; i++)
    build_news (b, diff->news->pdata[i]);
  json_builder_end_array (b);
  json_builder_end_object (b);
  g_autoptr (JsonNode) root = json_builder_get_root (b);
  g_autofree char *text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

/* --- the whole ------------------------------------------------------------------------------ */

static int
status_of (const GError *error)
{
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_STORE) ? ADMIN_STORE : ADMIN_CALL;
}

int
admin_diff (const Program *before, const Program *after, const char *config, bool json,
            GError **error)
{
  g_autoptr (Office) office = NULL;
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func (news_free);
  Diff diff = { .before = before, .after = after, .news = news, .office = config != NULL };
  g_autoptr (GError) inner = NULL;

  if (config != NULL && (office = admin_office (config, false, &inner)) == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return status_of (*error);
    }
  if (before == NULL)
    diff.before = office->definition->program;
  g_autoptr (GPtrArray) changes = program_diff (diff.before, after, &inner);
  diff.changes = changes;
  if (changes == NULL
      || (office != NULL && !case_each (office->store, look_at_case, &diff, &inner)))
    {
      int status = status_of (inner);

      g_propagate_error (error, g_steal_pointer (&inner));
      return status;
    }
  if (json)
    print_json (&diff);
  else
    print_diff (&diff);
  return changes->len == 0 ? ADMIN_YES : ADMIN_NO;
}
