/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two people: where a transition or the role of who causes it asks for that, the first one proposes
 * it, and another one makes it happen by saying the same.
 *
 * The same person twice does not count, nor under another address.  Another command is another
 * proposal.  A proposal holds for a time, for the state it was made in, and for as long as who made
 * it has the right to.
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

  *to = (CaseProposal){
    from->n, g_strdup (from->what), g_strdup (from->text), g_strdup (from->by), from->at, from->due
  };
  return to;
}

/* The event and all that was said with it, the words below left out.  *BASE: how much of it says
 * what the event is about; what says something else behind that is another word on the same. */
static char *
what_of (const CaseStep *step, gsize *base)
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
  if (event->other != NULL)
    g_string_append_printf (what, "; %s", event->other->ref);
  *base = what->len;
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

/* --- who -------------------------------------------------------------------------------------- */

static bool
share_certificate (const ProgramPerson *a, const ProgramPerson *b)
{
  for (char **one = a->certificates; one != NULL && *one != NULL; one++)
    for (char **other = b->certificates; other != NULL && *other != NULL; other++)
      if (g_ascii_strcasecmp (*one, *other) == 0)
        return true;
  return false;
}

/* Two rows of the roster may be one human being: who has the same name or signs with the same key
 * is. */
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

/* How many must say so, and by when after the first: of the roles by which the actor may, the one
 * that asks for the fewest decides. */
static guint
people_for (const CaseStep *step, const ProgramTransition *t, Span *within)
{
  const CaseActor *actor = step->event->actor;
  guint people = 0;

  for (char **by = t->by; *by != NULL; by++)
    {
      const ProgramRole *role = program_role (step->program, *by);

      if (role == NULL || !g_strv_contains (actor->roles, *by)
          || MAX (role->assurance, t->assurance) > actor->assurance
          || (people != 0 && role->people >= people))
        continue;
      people = role->people;
      *within = role->second_within;
    }
  if (t->people > 1)
    *within = t->second_within;
  return MAX (people, t->people);
}

/* --- the list --------------------------------------------------------------------------------- */

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
propose (CaseStep *step, Span within, const char *what)
{
  CaseProposal *p = g_new0 (CaseProposal, 1);

  *p = (CaseProposal){ ++step->c->serial,
                       g_strdup (what),
                       g_strdup (step->event->text != NULL ? step->event->text : ""),
                       g_strdup (case_who (step)),
                       step->now,
                       calendar_add (step->program->calendar, step->now, within, NULL) };
  g_ptr_array_add (step->c->proposals, p);
  tell (step, p, "open");
}

/* P is about what the first BASE characters of WHAT say. */
static bool
is_about (const CaseProposal *p, const char *what, gsize base)
{
  return strncmp (p->what, what, base) == 0 && (p->what[base] == '\0' || p->what[base] == ';');
}

/* What is open about the same ends, unless it is the one that is seconded now. */
static CaseProposal *
settle (CaseStep *step, const ProgramTransition *t, const char *what, gsize base)
{
  GPtrArray *all = step->c->proposals;
  CaseProposal *seconded = NULL;

  for (guint i = 0; i < all->len;)
    {
      CaseProposal *p = all->pdata[i];
      const char *text = step->event->text != NULL ? step->event->text : "";
      bool same = strcmp (p->what, what) == 0 && (text[0] == '\0' || strcmp (text, p->text) == 0);

      if (!is_about (p, what, base))
        {
          i++;
          continue;
        }
      bool holds =
        step->now <= p->due && p->at >= step->c->state_since && still_may (step->program, t, p->by);
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

/* The same person saying the same once more changes nothing: it is refused, so that the transcript
 * says why. */
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
case_agree (CaseStep *step, const ProgramTransition *t, CaseProposal **seconded, bool *waits,
            GError **error)
{
  *waits = false;
  *seconded = NULL;
  if (step->event->actor == NULL || !step->event->actor->staff || step->event->agreed)
    return true;
  Span within = { 0 };
  gsize base;
  bool two = people_for (step, t, &within) > 1;
  g_autofree char *what = what_of (step, &base);

  if (two && is_repeated (step, what))
    return case_refuse (
      error, "is proposed already, 1 of 2, and needs a second person: the same one does not count",
      step->event->name, "");
  /* Whoever may alone does not wait, and ends what waits. */
  *seconded = settle (step, t, what, base);
  if (*seconded != NULL || !two)
    return true;
  propose (step, within, what);
  *waits = true;
  return true;
}

bool
case_agree_to_command (const Program *program, Case *c, const CaseEvent *event, gint64 now,
                       GPtrArray *changes, bool *waits, GError **error)
{
  g_autofree const char **roles = program_roles_with (program, event->name);
  const ProgramTransition t = { .event = (char *) event->name, .by = (char **) roles };
  CaseStep step = { .c = c, .event = event, .now = now, .changes = changes };
  CaseProposal *seconded;

  if (!case_step_begin (&step, program, c, error)
      || !case_agree (&step, &t, &seconded, waits, error))
    return false;
  case_proposal_free (seconded);
  return true;
}

/* --- its end ---------------------------------------------------------------------------------- */

void
case_lapse_all (CaseStep *step)
{
  GPtrArray *all = step->c->proposals;

  for (guint i = 0; i < all->len; i++)
    tell (step, all->pdata[i], "lapsed");
  g_ptr_array_set_size (all, 0);
}

void
case_lapse_proposal (Case *c, gint64 n, GPtrArray *changes)
{
  CaseStep step = { .c = c, .changes = changes };

  for (guint i = 0; i < c->proposals->len; i++)
    {
      CaseProposal *p = c->proposals->pdata[i];

      if (p->n != n)
        continue;
      tell (&step, p, "lapsed");
      g_ptr_array_remove_index (c->proposals, i);
      return;
    }
}

/* --- taking it back --------------------------------------------------------------------------- */

bool
case_withdraw_proposals (const Program *program, Case *c, const CaseEvent *event, gint64 now,
                         GPtrArray *changes, GError **error)
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
      if (!case_same_person (program, p->by, case_who (&step))
          || !case_may (program, c, &proposed, now))
        {
          i++;
          continue;
        }
      tell (&step, p, "withdrawn");
      g_ptr_array_remove_index (c->proposals, i);
      n++;
    }
  return n > 0
         || case_refuse (error, "has no proposal of yours that waits for a second person", c->ref,
                         "");
}
