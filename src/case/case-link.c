/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases that people say have to do with each other, of which each knows the other; and a case that
 * goes on in another one.
 */
#include <string.h>

#include "case/case-private.h"

enum { MAX_LINKS = 50 };

static gint
by_id (gconstpointer a, gconstpointer b)
{
  gint64 x = (*(const CaseRelative *const *) a)->id, y = (*(const CaseRelative *const *) b)->id;

  return (x > y) - (x < y);
}

static bool
find (const Case *c, gint64 id, guint *at)
{
  for (guint i = 0; i < c->links->len; i++)
    if (((const CaseRelative *) c->links->pdata[i])->id == id)
      {
        *at = i;
        return true;
      }
  return false;
}

static void
say (CaseStep *step, const CaseRelative *other, const char *what)
{
  CaseChange *change = case_change (step, CHANGE_LINK);

  change->number = other->id;
  change->name = g_strdup (other->ref);
  change->value = g_strdup (what);
  change->who = g_strdup (case_who (step));
}

bool
case_link (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const CaseRelative *other = step->event->other;
  Case *c = step->c;
  bool off = step->event->value != NULL;
  guint at = 0;

  if (other == NULL || other->id == c->id)
    return case_refuse (error, "is this case itself; write the number of another one", c->ref, "");
  bool there = find (c, other->id, &at);
  if (there != off)
    return case_refuse (error, off ? "is not linked with" : "is linked already with", c->ref,
                        other->ref);
  if (!off && c->links->len >= MAX_LINKS)
    return case_refuse (error, "is linked with too many cases already", c->ref, "");
  if (off)
    g_ptr_array_remove_index (c->links, at);
  else
    {
      g_ptr_array_add (c->links, case_relative_new (other->id, other->parent, other->ref,
                                                    other->type, other->state, other->open));
      g_ptr_array_sort (c->links, by_id);
    }
  say (step, other, off ? "unlinked" : "linked");
  return true;
}

/* What is confidential does not go where it can be read. */
static bool
would_be_read (const CaseStep *step, const CaseRelative *other)
{
  const ProgramCaseType *type = program_case_type (step->program, other->type);

  return step->type->confidential && (type == NULL || !type->confidential);
}

bool
case_join (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const CaseRelative *other = step->event->other;
  Case *c = step->c;

  if (other == NULL || other->id == c->id)
    return case_refuse (error, "is this case itself; write the number of another one", c->ref, "");
  if (!step->event->kin)
    return case_refuse (error, "is of another organization than", other->ref, c->ref);
  if (!other->open)
    return case_refuse (error, "is closed: nothing can go on there", other->ref, "");
  if (would_be_read (step, other))
    return case_refuse (error,
                        "is confidential, and so must be the case it is joined with, but not",
                        c->ref, other->ref);
  c->joined = other->id;
  g_free (c->joined_ref);
  c->joined_ref = g_strdup (other->ref);
  say (step, other, "joined");
  return true;
}
