/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two people: where a transition asks for that, the first one who causes it proposes it, and another one makes it happen by saying
 * the same.
 *
 * The same person twice does not count, nor under another address.  Another command is another proposal.  A proposal holds for a
 * time, for the state it was made in, and for as long as who made it has the right to.
 */
#include <string.h>

#include "base/fold.h"
#include "case/case-private.h"

void
case_proposal_free (gpointer data)
{
  CaseProposal *p = data;

  if (p == NULL)
    return;
  g_free (p->what);
  g_free (p->text);
  g_free (p->by);
  g_free (p);
}

CaseProposal *
case_proposal_copy (const CaseProposal *from)
{
  CaseProposal *to = g_new0 (CaseProposal, 1);

  *to = (CaseProposal){ from->n, g_strdup (from->what), g_strdup (from->text), g_strdup (from->by), from->at, from->due };
  return to;
}

/* The event and all that was said with it, the words below left out. */
static char *
what_of (const CaseStep *step)
{
  const CaseEvent *event = step->event;
  const Calendar *calendar = step->program->calendar;
  GString *what = g_string_new (event->name);
  g_autofree char *span = event->span != NULL ? span_format (*event->span) : NULL;
  g_autofree char *due = event->due != 0 ? calendar_short (calendar, event->due) : NULL;
  g_autofree char *date = event->date != 0 ? calendar_short (calendar, event->date) : NULL;

  if (event->element != NULL)
    g_string_append_printf (what, "; %s", event->element);
  if (event->value != NULL && !g_str_has_suffix (event->name, event->value))
    g_string_append_printf (what, "; %s", event->value);
  const char *const more[] = { event->party, event->since, event->until, span, due, date };

  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    if (more[i] != NULL)
      g_string_append_printf (what, "; %s", more[i]);
  return g_string_free (what, FALSE);
}

static char *
event_of (const CaseProposal *p)
{
  return g_strndup (p->what, strcspn (p->what, ";"));
}

/* --- who --------------------------------------------------------------------------------------------------------------- */

static bool
share_certificate (const ProgramPerson *a, const ProgramPerson *b)
{
  for (char **one = a->certificates; one != NULL && *one != NULL; one++)
    for (char **other = b->certificates; other != NULL && *other != NULL; other++)
      if (g_ascii_strcasecmp (*one, *other) == 0)
        return true;
  return false;
}

/* Two rows of the roster may be one human being: who has the same name or signs with the same key is. */
bool
case_same_person (const Program *program, const char *a, const char *b)
{
  const ProgramPerson *one = program_person (program, a), *other = program_person (program, b);

  if (g_ascii_strcasecmp (a, b) == 0 || one == NULL || other == NULL)
    return g_ascii_strcasecmp (a, b) == 0;
  g_autofree char *name = fold_case (one->name), *name_of_other = fold_case (other->name);
  return strcmp (name, name_of_other) == 0 || share_certificate (one, other);
}

static bool
still_may (const Program *program, const ProgramTransition *t, const char *address)
{
  const ProgramPerson *person = program_person (program, address);

  for (char **by = t->by; person != NULL && *by != NULL; by++)
    if (program_person_has_role (person, *by))
      return true;
  return false;
}

/* --- the list ------------------------------------------------------------------------------------------------------------ */

static void
tell (CaseStep *step, const CaseProposal *p, const char *status)
{
  CaseChange *change = case_change (step, CHANGE_PROPOSAL);

  change->number = p->n;
  change->name = g_strdup (p->what);
  change->value = g_strdup (status);
  change->text = g_strdup (p->text);
  change->who = g_strdup (p->by);
  change->at = p->due;
}

static void
propose (CaseStep *step, const ProgramTransition *t, const char *what)
{
  CaseProposal *p = g_new0 (CaseProposal, 1);

  *p = (CaseProposal){ ++step->c->serial, g_strdup (what), g_strdup (step->event->text != NULL ? step->event->text : ""),
                       g_strdup (case_who (step)), step->now, calendar_add (step->program->calendar, step->now, t->second_within, NULL) };
  g_ptr_array_add (step->c->proposals, p);
  tell (step, p, "open");
}

/* What is open for the same event ends, unless it is the one that is seconded now. */
static CaseProposal *
settle (CaseStep *step, const ProgramTransition *t, const char *what)
{
  GPtrArray *all = step->c->proposals;
  CaseProposal *seconded = NULL;

  for (guint i = 0; i < all->len;)
    {
      CaseProposal *p = all->pdata[i];
      g_autofree char *event = event_of (p);
      const char *text = step->event->text != NULL ? step->event->text : "";
      bool same = strcmp (p->what, what) == 0 && (text[0] == '\0' || strcmp (text, p->text) == 0);

      if (strcmp (event, step->event->name) != 0)
        {
          i++;
          continue;
        }
      bool holds = step->now <= p->due && p->at >= step->c->state_since && still_may (step->program, t, p->by);
      bool another = !case_same_person (step->program, p->by, case_who (step));
      tell (step, p, !holds ? "lapsed" : same && another ? "seconded" : "replaced");
      g_ptr_array_steal_index (all, i);
      if (holds && same && another)
        seconded = p;
      else
        case_proposal_free (p);
    }
  return seconded;
}

/* The same person saying the same once more changes nothing: it is refused, so that the transcript says why. */
static bool
is_repeated (const CaseStep *step, const char *what)
{
  for (guint i = 0; i < step->c->proposals->len; i++)
    {
      const CaseProposal *p = step->c->proposals->pdata[i];

      if (strcmp (p->what, what) == 0 && step->now <= p->due && p->at >= step->c->state_since
          && (step->event->text == NULL || strcmp (step->event->text, p->text) == 0)
          && case_same_person (step->program, p->by, case_who (step)))
        return true;
    }
  return false;
}

bool
case_agree (CaseStep *step, const ProgramTransition *t, CaseProposal **seconded, bool *waits, GError **error)
{
  g_autofree char *what = what_of (step);

  *waits = false;
  *seconded = NULL;
  if (t->people < 2 || step->event->actor == NULL || step->event->agreed)
    return true;
  if (is_repeated (step, what))
    return case_refuse (error, "is proposed already, 1 of 2, and needs a second person: the same one does not count", step->event->name, "");
  *seconded = settle (step, t, what);
  if (*seconded != NULL)
    return true;
  propose (step, t, what);
  *waits = true;
  return true;
}

/* --- taking it back ---------------------------------------------------------------------------------------------------------- */

bool
case_withdraw_proposals (const Program *program, Case *c, const CaseEvent *event, gint64 now, GPtrArray *changes, GError **error)
{
  CaseStep step = { .c = c, .event = event, .now = now, .changes = changes };
  guint n = 0;

  if (!case_step_begin (&step, program, c, error))
    return false;
  for (guint i = 0; i < c->proposals->len;)
    {
      CaseProposal *p = c->proposals->pdata[i];
      g_autofree char *name = event_of (p);
      CaseEvent proposed = { .name = name, .actor = event->actor };

      /* As surely as it was proposed. */
      if (!case_same_person (program, p->by, case_who (&step)) || !case_may (program, c, &proposed, now))
        {
          i++;
          continue;
        }
      tell (&step, p, "withdrawn");
      g_ptr_array_remove_index (c->proposals, i);
      n++;
    }
  return n > 0 || case_refuse (error, "has no proposal of yours that waits for a second person", c->ref, "");
}
