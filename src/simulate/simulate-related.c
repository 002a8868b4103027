/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the cases of one organization set off in each other, as in the office: new cases, signals,
 * and what guards see of them.
 */
#include "simulate/simulate-private.h"

#include "base/error.h"

/* As deep as the office goes. */
enum { MAX_DEPTH = 8 };

static CaseRelative *
relative_of (const SimCase *s)
{
  return case_relative_new (s->c->id, s->c->parent, s->c->ref, s->c->type, s->c->state, s->c->open);
}

void
sim_relate (SimCase *s)
{
  if (!s->type->related)
    return;
  g_ptr_array_set_size (s->c->related, 0);
  for (guint i = 0; i < s->entity->cases->len; i++)
    if (s->entity->cases->pdata[i] != s)
      g_ptr_array_add (s->c->related, relative_of (s->entity->cases->pdata[i]));
}

static void
open_child (SimWorld *w, const SimCase *s, const CaseChange *change)
{
  g_autoptr (GError) error = NULL;
  Case *child = case_child (w->program, s->c, change, w->now, &error);

  if (child == NULL)
    sim_defect (w->figures, "%s: %s", s->c->ref, error->message);
  else
    sim_begin (w, s->entity, child);
}

static void
tell_others (SimWorld *w, const SimCase *s, const CaseChange *change)
{
  g_autofree char *name = g_strconcat ("signal ", change->name, NULL);
  guint n = s->entity->cases->len; /* a case that opens meanwhile hears nothing */

  for (guint i = 0; i < n; i++)
    {
      SimCase *other = s->entity->cases->pdata[i];
      CaseRelative *relative = relative_of (other);
      bool reaches = other != s && !other->broken && case_signal_reaches (s->c, change, relative);

      case_relative_free (relative);
      sim_relate (other);
      if (reaches && case_transition (w->program, other->c, name, w->now) != NULL)
        sim_step (w, other, &(CaseEvent){ .name = name });
    }
}

void
sim_spread (SimWorld *w, const SimCase *s, const GPtrArray *changes)
{
  if (w->depth >= MAX_DEPTH)
    {
      sim_defect (w->figures, "%s: cases open cases or raise signals without end", s->c->ref);
      return;
    }
  w->depth++;
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];

      if (change->kind == CHANGE_OPEN)
        open_child (w, s, change);
      else if (change->kind == CHANGE_SIGNAL)
        tell_others (w, s, change);
    }
  w->depth--;
}
