/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A form that would open a further case of an organization, when one like it is open: the same
 * words once more are no new matter, and of some types there is one case at a time.
 */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "engine/run.h"

/* The case that FORM belongs to, and what FORM says otherwise than it. */
typedef struct {
  const Program *program;
  Case *c;
  GArray *differences; /* OutboxDifference, borrowed from C and the form's values */
} Twin;

static void
twin_clear (Twin *twin)
{
  case_free (twin->c);
  if (twin->differences != NULL)
    g_array_unref (twin->differences);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Twin, twin_clear)

/* Without case and layout: how people write the same thing twice. */
static bool
is_alike (const char *a, const char *b)
{
  g_autofree char *x = fold_words (a != NULL ? a : ""), *y = fold_words (b != NULL ? b : "");

  return strcmp (x, y) == 0;
}

/* Of what is no field of the case only the organization's name tells one matter from another. */
static bool
is_compared (const ProgramField *field)
{
  return field->maps == NULL || strcmp (field->maps, "organization.name") == 0;
}

static GArray *
compare (const ProgramForm *form, GHashTable *values, const Case *c)
{
  GArray *differences = g_array_new (FALSE, FALSE, sizeof (OutboxDifference));

  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      OutboxDifference one = { field->label, g_hash_table_lookup (values, field->name),
                               field->maps == NULL ? g_hash_table_lookup (c->fields, field->name)
                                                   : c->organization_name };

      if (is_compared (field) && !is_alike (one.now, one.was))
        g_array_append_val (differences, one);
    }
  return differences;
}

/* The open cases of TYPE, BESIDE and the other cases of its organization, oldest first: gint64. */
static GArray *
open_ones (Run *run, const char *type, Case *beside, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!case_load_related (run->office->store, beside, error))
    return NULL;
  if (beside->open && strcmp (beside->type, type) == 0)
    g_array_append_val (ids, beside->id);
  for (guint i = 0; i < beside->related->len; i++)
    {
      const CaseRelative *other = beside->related->pdata[i];

      if (other->open && strcmp (other->type, type) == 0)
        g_array_append_val (ids, other->id);
    }
  return g_steal_pointer (&ids);
}

bool
run_open_one (Run *run, const char *type, gint64 home, gint64 *id, GError **error)
{
  const ProgramCaseType *def = program_case_type (run->office->definition->program, type);

  *id = 0;
  if (home == 0 || def == NULL || !def->one_open)
    return true;
  g_autoptr (Case) beside = case_load (run->office->store, home, error);
  g_autoptr (GArray) ids = beside != NULL ? open_ones (run, type, beside, error) : NULL;
  if (ids != NULL && ids->len > 0)
    *id = g_array_index (ids, gint64, 0);
  return ids != NULL;
}

/* The open case of TYPE, among BESIDE and the other cases of its organization, that FORM fits best:
 * one that says the same, else the oldest. */
static bool
find (Run *run, const ProgramForm *form, GHashTable *values, Case *beside, Twin *twin,
      GError **error)
{
  g_autoptr (GArray) ids = open_ones (run, form->opens, beside, error);

  if (ids == NULL)
    return false;
  for (guint i = 0; i < ids->len && (twin->c == NULL || twin->differences->len > 0); i++)
    {
      g_auto (Twin) one = { NULL };

      one.c = run_load (run, g_array_index (ids, gint64, i), &one.program, error);
      if (one.c == NULL)
        return false;
      one.differences = compare (form, values, one.c);
      if (twin->c != NULL && one.differences->len > 0)
        continue;
      twin_clear (twin);
      *twin = one;
      one = (Twin){ NULL };
    }
  return true;
}

/* For the case's history. */
static char *
describe (const ProgramForm *form, const GArray *differences)
{
  GString *text = g_string_new (form->title);

  for (guint i = 0; i < differences->len; i++)
    {
      const OutboxDifference *one = &g_array_index (differences, OutboxDifference, i);

      g_string_append_printf (text, "\n%s: %s (was: %s)", one->label,
                              one->now != NULL ? one->now : "-", one->was != NULL ? one->was : "-");
    }
  return g_string_free (text, FALSE);
}

/* Event "again" of the open case.  One whose rules do not know it is a person's business. */
static bool
file_in (Run *run, const ProgramForm *form, const Twin *twin, GError **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) case_change_free);
  g_autoptr (Case) c = case_copy (twin->c);
  g_autoptr (GError) inner = NULL;
  g_auto (GStrv) roles = program_outside_roles (twin->program);
  g_autofree char *text = describe (form, twin->differences);
  CaseActor actor = { run->identity->address, run->identity->name, false,
                      (const char *const *) roles, run->identity->assurance };
  CaseEvent event = { .name = "again", .actor = &actor, .text = text, .message = run->message_id };
  OutboxNotice notice = run_notice (run, twin->program, c);

  run->case_id = c->id;
  notice.differences = twin->differences;
  notice.asked = form;
  run_outcome (run, OUTCOME_FILED, "filed in the open case of its kind");
  if (case_step (twin->program, c, &event, run->at, changes, &inner))
    return run_save (run, c, changes, error)
           && run_notices (run, twin->program, c, changes, &notice, error)
           && run_spread (run, twin->program, c, changes, error);
  if (!g_error_matches (inner, QEC_ERROR, QEC_ERROR_PERMANENT))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  notice.c = twin->c;
  return outbox_notice (run->txn, &notice, "acknowledgement", error)
         && run_hold (run, c->id, inner->message, error);
}

bool
run_again (Run *run, const ProgramForm *form, GHashTable *values, Case *beside, bool *was,
           GError **error)
{
  const ProgramCaseType *type = program_case_type (run->office->definition->program, form->opens);
  g_auto (Twin) twin = { NULL };

  *was = false;
  if (!find (run, form, values, beside, &twin, error))
    return false;
  *was = twin.c != NULL && (type->one_open || twin.differences->len == 0);
  if (!*was)
    return true;
  if (twin.differences->len > 0)
    return file_in (run, form, &twin, error);
  OutboxNotice notice = run_notice (run, twin.program, twin.c);
  notice.asked = form;
  run->case_id = twin.c->id;
  run_outcome (run, OUTCOME_ANSWERED, "the same form came before");
  return outbox_write (run->txn, &notice, "form-already", run->identity->address,
                       notice.sender_name, error);
}
