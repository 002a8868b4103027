/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the clocks of a case type: what they are counted from, how long, and what is said on the
 * way.
 */
#include "program/program-private.h"

#include <string.h>

/* False, with the mistake said, unless TEXT is a span of some length. */
static bool
read_span (ProgramReader *r, const ConfNode *node, const char *option, const char *text, Span *span)
{
  g_autoptr (GError) error = NULL;

  if (!span_parse (text, span, &error))
    program_mistake (r, node, option, "%s", error->message);
  else if (span->n <= 0)
    program_mistake (r, node, option, "\"%s\" is no time ahead; write such as \"10 business days\"",
                     text);
  else
    return true;
  return false;
}

static Span
backwards (Span span)
{
  return (Span){ -span.n, span.unit };
}

static void
read_reminders (ProgramReader *r, const ConfNode *node, GPtrArray *reminders)
{
  static const char *const options[] = {
    [REMIND_BEFORE] = "before", [REMIND_AFTER] = "after", [REMIND_FROM_START] = "from-start",
  };
  guint n = 0;

  program_refer (r, node, NULL, conf_title (node), "notice", r->notices);
  for (guint anchor = 0; anchor < G_N_ELEMENTS (options); anchor++)
    for (const char *const *text = conf_list (node, options[anchor]); *text != NULL; text++, n++)
      {
        Span span;

        if (!read_span (r, node, options[anchor], *text, &span))
          continue;
        ProgramReminder *reminder = g_new0 (ProgramReminder, 1);
        reminder->notice = g_strdup (conf_title (node));
        reminder->anchor = anchor;
        reminder->span = anchor == REMIND_BEFORE ? backwards (span) : span;
        g_ptr_array_add (reminders, reminder);
      }
  if (n == 0)
    program_mistake (
      r, node, NULL,
      "the reminder does not say when; write before = \"5 business days\", after = \"1 day\" or "
      "from-start = \"10 days\"");
}

static TimerBasis
read_basis (const char *word)
{
  TimerBasis basis = BASIS_TARGET;

  while (basis < BASIS_LAW && g_strcmp0 (program_basis_name (basis), word) != 0)
    basis++;
  return basis;
}

static void
read_length (ProgramReader *r, const ConfNode *node, ProgramTimer *timer)
{
  const char *after = conf_string (node, "after"), *before = conf_string (node, "before");

  if ((after == NULL) == (before == NULL))
    program_mistake (
      r, node, before != NULL ? "before" : NULL,
      "timer \"%s\" needs one of after and before; write after = \"10 business days\"",
      timer->name);
  else if (after != NULL)
    read_span (r, node, "after", after, &timer->after);
  else if (read_span (r, node, "before", before, &timer->after))
    timer->after = backwards (timer->after);
  if (before != NULL && timer->from == FROM_START)
    program_mistake (
      r, node, "before",
      "nothing is due before it starts; write from = \"field NAME\" or \"timer NAME\"");
}

static void
read_from (ProgramReader *r, const ConfNode *node, ProgramTimer *timer, const ProgramScope *scope)
{
  const char *from = conf_string (node, "from");
  const char *space = strchr (from, ' ');
  const char *name = space != NULL ? space + strspn (space, " ") : "";
  bool field = g_str_has_prefix (from, "field "), other = g_str_has_prefix (from, "timer ");

  if (strcmp (from, "start") == 0)
    return;
  if ((!field && !other) || *name == '\0' || strchr (name, ' ') != NULL)
    {
      program_mistake (
        r, node, "from",
        "\"%s\" is nothing a timer is counted from; write \"start\", \"field NAME\" or "
        "\"timer NAME\"",
        from);
      return;
    }
  timer->from = field ? FROM_FIELD : FROM_TIMER;
  timer->from_name = g_strdup (name);
  program_refer (r, node, "from", name, field ? "date" : "timer",
                 (const char *const *) (field ? scope->dates : scope->timers));
}

static ProgramTimer *
read_timer (ProgramReader *r, const ConfNode *node, bool in_state, const ProgramScope *scope)
{
  ProgramTimer *timer = g_new0 (ProgramTimer, 1);
  const ConfNode *reminder;

  timer->place = program_place (node);
  timer->name = g_strdup (conf_title (node));
  timer->title = g_strdup (conf_string (node, "title"));
  timer->id = g_strdup (conf_string (node, "id"));
  read_from (r, node, timer, scope);
  read_length (r, node, timer);
  timer->on_entry = conf_is_set (node, "on-entry") ? conf_bool (node, "on-entry")
                                                   : in_state || timer->from != FROM_START;
  timer->basis = read_basis (conf_string (node, "basis"));
  timer->source = g_strdup (conf_string (node, "source"));
  timer->verified = conf_bool (node, "verified") && timer->source != NULL;
  timer->pauses = conf_bool (node, "pauses");
  timer->restarts = conf_bool (node, "restarts");
  timer->reminders = g_ptr_array_new_with_free_func (program_reminder_free);
  if (timer->on_entry && !in_state && timer->from == FROM_START)
    program_mistake (r, node, "on-entry",
                     "a timer outside of states is started by an action; remove on-entry, or write "
                     "the timer into a state");
  if (timer->pauses && timer->basis != BASIS_TARGET)
    program_mistake (r, node, "pauses",
                     "only a target may pause; remove pauses, or write basis = target");
  if (conf_bool (node, "verified") && timer->source == NULL)
    program_mistake (r, node, "verified",
                     "nothing can be verified without its source; write source = \"...\"");
  for (guint i = 0; (reminder = conf_section (node, "reminder", i)) != NULL; i++)
    read_reminders (r, reminder, timer->reminders);
  return timer;
}

GPtrArray *
program_read_timers (ProgramReader *r, const ConfNode *node, bool in_state,
                     const ProgramScope *scope)
{
  GPtrArray *timers = g_ptr_array_new_with_free_func (program_timer_free);
  const ConfNode *timer;

  for (guint i = 0; (timer = conf_section (node, "timer", i)) != NULL; i++)
    g_ptr_array_add (timers, read_timer (r, timer, in_state, scope));
  return timers;
}

/* Timer NAME of TYPE, wherever it stands. */
static const ProgramTimer *
any_timer (const ProgramCaseType *type, const char *name)
{
  const ProgramTimer *timer = NULL;

  for (guint i = 0; timer == NULL && i < type->states->len; i++)
    timer = program_timer (type, type->states->pdata[i], name);
  return timer;
}

static void
check_chain (ProgramReader *r, const ProgramCaseType *type, const ProgramTimer *timer)
{
  const ProgramTimer *other = timer;

  for (guint n = 0; other != NULL && other->from == FROM_TIMER && n < 100; n++)
    {
      other = any_timer (type, other->from_name);
      if (other != timer)
        continue;
      conf_mistake (r->mistakes, timer->place.file, timer->place.line,
                    "timer \"%s\" is counted from itself; write from = \"start\" into one of the "
                    "timers of this circle",
                    timer->name);
      return;
    }
}

void
program_check_from (ProgramReader *r, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->timers->len; i++)
    check_chain (r, type, type->timers->pdata[i]);
  for (guint k = 0; k < type->states->len; k++)
    {
      const ProgramState *state = type->states->pdata[k];

      for (guint i = 0; i < state->timers->len; i++)
        check_chain (r, type, state->timers->pdata[i]);
    }
}
