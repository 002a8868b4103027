/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases that people say have to do with each other.  Each knows the other; neither follows from it.
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
    return case_refuse (error, off ? "is not linked with" : "is linked already with", c->ref, other->ref);
  if (!off && c->links->len >= MAX_LINKS)
    return case_refuse (error, "is linked with too many cases already", c->ref, "");
  if (off)
    g_ptr_array_remove_index (c->links, at);
  else
    {
      g_ptr_array_add (c->links, case_relative_new (other->id, other->parent, other->ref, other->type, other->state, other->open));
      g_ptr_array_sort (c->links, by_id);
    }
  CaseChange *change = case_change (step, CHANGE_LINK);
  change->number = other->id;
  change->name = g_strdup (other->ref);
  change->value = g_strdup (off ? "unlinked" : "linked");
  change->who = g_strdup (case_who (step));
  return true;
}
