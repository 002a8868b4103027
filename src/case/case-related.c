/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What crosses from one case of an organization to another: new cases, signals, and what a guard
 * knows of the others.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

#define PARENT "parent"
#define CHILDREN "children"
#define OTHERS "others"

CaseRelative *
case_relative_new (gint64 id, gint64 parent, const char *ref, const char *type, const char *state,
                   bool open)
{
  CaseRelative *relative = g_new0 (CaseRelative, 1);

  relative->id = id;
  relative->parent = parent;
  relative->ref = g_strdup (ref);
  relative->type = g_strdup (type);
  relative->state = g_strdup (state);
  relative->open = open;
  return relative;
}

void
case_relative_free (CaseRelative *relative)
{
  g_free (relative->ref);
  g_free (relative->type);
  g_free (relative->state);
  g_free (relative);
}

/* --- new cases ------------------------------------------------------------- */

Case *
case_fresh (const Program *program, const char *type, const char *edition, gint64 now,
            GError **error)
{
  const ProgramCaseType *def = program_case_type (program, type);
  const char *under = edition != NULL                       ? edition
                      : def != NULL && def->edition != NULL ? def->edition
                                                            : "";

  if (def == NULL || (under[0] != '\0' && program_edition (program, under) == NULL))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                   "the definition has no case type '%s' or no edition '%s'", type, under);
      return NULL;
    }
  Case *c = case_new ();
  c->ref = g_strdup ("");
  c->type = g_strdup (type);
  c->definition = g_strdup (program->version);
  c->edition = g_strdup (under);
  c->state = g_strdup (def->initial);
  c->owner = g_strdup ("");
  c->opened_at = c->state_since = now;
  c->open = true;
  return c;
}

void
case_hold_like (Case *fresh, const Case *parent)
{
  g_free (fresh->owner);
  fresh->owner = g_strdup (parent->owner);
}

Case *
case_child (const Program *program, const Case *parent, const CaseChange *change, gint64 now,
            GError **error)
{
  g_autoptr (Case) child = case_fresh (program, change->name, change->value, now, error);
  const ProgramCaseType *def = program_case_type (program, change->name);

  if (child == NULL)
    return NULL;
  child->parent = parent->id;
  case_hold_like (child, parent);
  child->organization = parent->organization;
  child->organization_name = g_strdup (parent->organization_name);
  child->organization_phone = g_strdup (parent->organization_phone);
  for (guint i = 0; i < parent->contacts->len; i++)
    g_ptr_array_add (child->contacts, case_contact_copy (parent->contacts->pdata[i]));
  for (guint i = 0; i < def->fields->len; i++)
    {
      const ProgramCaseField *field = def->fields->pdata[i];
      const char *value = field->carry ? g_hash_table_lookup (parent->fields, field->name) : NULL;

      if (value != NULL && value[0] != '\0')
        g_hash_table_insert (child->fields, g_strdup (field->name), g_strdup (value));
    }
  return g_steal_pointer (&child);
}

bool
case_open (CaseStep *step, const ProgramTerm *term, GError **error)
{
  CaseChange *change = case_change (step, CHANGE_OPEN);

  change->name = g_strdup (case_value (term, 0));
  /* What somebody wrote about it goes along, but out of a case that nobody may read about. */
  change->text = step->type->confidential ? NULL : g_strdup (step->event->text);
  return true;
}

/* --- signals --------------------------------------------------------------- */

static bool
raise_signal (CaseStep *step, const char *whom, const char *signal)
{
  CaseChange *change = case_change (step, CHANGE_SIGNAL);

  change->name = g_strdup (signal);
  change->value = g_strdup (whom);
  return true;
}

bool
case_signal (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return raise_signal (step, case_value (term, 0), case_value (term, 1));
}

bool
case_signal_parent (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return raise_signal (step, PARENT, case_value (term, 0));
}

bool
case_signal_children (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return raise_signal (step, CHILDREN, case_value (term, 0));
}

bool
case_signal_others (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return raise_signal (step, OTHERS, case_value (term, 0));
}

bool
case_signal_reaches (const Case *c, const CaseChange *change, const CaseRelative *other)
{
  if (!other->open || other->id == c->id)
    return false;
  if (strcmp (change->value, OTHERS) == 0)
    return true;
  if (strcmp (change->value, PARENT) == 0)
    return other->id == c->parent;
  return strcmp (change->value, CHILDREN) == 0 ? other->parent == c->id
                                               : strcmp (change->value, other->type) == 0;
}

/* --- guards ---------------------------------------------------------------- */

static bool
fits (const CaseRelative *other, const char *type, char *const *states)
{
  return strcmp (other->type, type) == 0
         && (states != NULL ? g_strv_contains ((const char *const *) states, other->state)
                            : other->open);
}

/* The other case that TERM speaks of, or NULL. */
static const CaseRelative *
find (const CaseStep *step, const ProgramTerm *term)
{
  const char *text = case_value (term, 1);
  g_auto (GStrv) states = text != NULL ? g_strsplit (text, " ", -1) : NULL;

  for (guint i = 0; i < step->c->related->len; i++)
    if (fits (step->c->related->pdata[i], case_value (term, 0), states))
      return step->c->related->pdata[i];
  return NULL;
}

static const char *
title_of (const CaseStep *step, const char *type)
{
  const ProgramCaseType *def = program_case_type (step->program, type);

  return def != NULL ? def->title : type;
}

bool
case_is_there (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  if (find (step, term) != NULL)
    return true;
  g_autofree char *title = words_term (title_of (step, case_value (term, 0)));
  g_ptr_array_add (
    obstacles,
    case_value (term, 1) != NULL
      ? words_say ("no case \"%s\" of your organization is at the step this needs", title)
      : words_say ("your organization has no open case \"%s\"", title));
  return false;
}

bool
case_is_not_there (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  const CaseRelative *other = find (step, term);

  if (other == NULL)
    return true;
  const ProgramCaseType *def = program_case_type (step->program, other->type);
  const ProgramState *state = def != NULL ? program_state (def, other->state) : NULL;
  g_autofree char *title = words_term (title_of (step, other->type));
  g_autofree char *at = words_term (state != NULL ? state->title : other->state);
  g_ptr_array_add (obstacles,
                   words_say ("case %s stands in the way: %s, %s", other->ref, title, at));
  return false;
}
