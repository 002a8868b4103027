/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Case as a value: made, copied, looked into, freed.
 */
#include "case/case.h"

#include <string.h>

void
case_document_free (CaseDocument *document)
{
  if (document == NULL)
    return;
  g_free (document->element);
  g_free (document->name);
  g_free (document->file);
  g_free (document->type);
  g_free (document->sha256);
  g_free (document->part);
  g_free (document->party);
  case_signature_clear (&document->signature);
  g_free (document);
}

static void
finding_free (gpointer data)
{
  CaseFinding *finding = data;

  g_free (finding->element);
  g_free (finding->value);
  g_free (finding->by);
  g_free (finding);
}

static void
clarification_free (gpointer data)
{
  CaseClarification *clarification = data;

  g_free (clarification->element);
  g_free (clarification->text);
  g_free (clarification->by);
  g_free (clarification);
}

void
case_timer_free (CaseTimer *timer)
{
  if (timer == NULL)
    return;
  g_free (timer->name);
  g_free (timer->reminder);
  g_free (timer->state);
  g_free (timer->span);
  g_free (timer->why);
  g_free (timer->calendar);
  g_free (timer->who);
  g_free (timer->text);
  g_free (timer);
}

Case *
case_new (void)
{
  Case *c = g_new0 (Case, 1);

  c->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  c->contacts = g_ptr_array_new_with_free_func (case_contact_free);
  c->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);
  c->findings = g_ptr_array_new_with_free_func (finding_free);
  c->clarifications = g_ptr_array_new_with_free_func (clarification_free);
  c->timers = g_ptr_array_new_with_free_func ((GDestroyNotify) case_timer_free);
  c->parties = g_ptr_array_new_with_free_func (case_party_free);
  c->proposals = g_ptr_array_new_with_free_func (case_proposal_free);
  c->signers = g_ptr_array_new_with_free_func (case_signer_free);
  c->related = g_ptr_array_new_with_free_func ((GDestroyNotify) case_relative_free);
  c->links = g_ptr_array_new_with_free_func ((GDestroyNotify) case_relative_free);
  return c;
}

void
case_free (Case *c)
{
  if (c == NULL)
    return;
  g_free (c->ref);
  g_free (c->joined_ref);
  g_free (c->type);
  g_free (c->definition);
  g_free (c->edition);
  g_free (c->state);
  g_free (c->previous);
  g_free (c->owner);
  g_free (c->organization_name);
  g_free (c->organization_phone);
  g_hash_table_unref (c->fields);
  g_ptr_array_unref (c->contacts);
  g_ptr_array_unref (c->parties);
  g_ptr_array_unref (c->documents);
  g_ptr_array_unref (c->findings);
  g_ptr_array_unref (c->clarifications);
  g_ptr_array_unref (c->timers);
  g_ptr_array_unref (c->proposals);
  g_ptr_array_unref (c->signers);
  g_ptr_array_unref (c->related);
  g_ptr_array_unref (c->links);
  g_free (c);
}

static gpointer
contact_copy (gconstpointer data, gpointer unused)
{
  return case_contact_copy (data);
}

CaseDocument *
case_document_copy (const CaseDocument *from)
{
  CaseDocument *to = g_memdup2 (from, sizeof *from);

  to->element = g_strdup (from->element);
  to->name = g_strdup (from->name);
  to->file = g_strdup (from->file);
  to->type = g_strdup (from->type);
  to->sha256 = g_strdup (from->sha256);
  to->part = g_strdup (from->part);
  to->party = g_strdup (from->party);
  to->signature = case_signature_copy (&from->signature);
  return to;
}

static gpointer
document_copy (gconstpointer data, gpointer unused)
{
  return case_document_copy (data);
}

static gpointer
finding_copy (gconstpointer data, gpointer unused)
{
  const CaseFinding *from = data;
  CaseFinding *to = g_memdup2 (from, sizeof *from);

  to->element = g_strdup (from->element);
  to->value = g_strdup (from->value);
  to->by = g_strdup (from->by);
  return to;
}

static gpointer
clarification_copy (gconstpointer data, gpointer unused)
{
  const CaseClarification *from = data;
  CaseClarification *to = g_memdup2 (from, sizeof *from);

  to->element = g_strdup (from->element);
  to->text = g_strdup (from->text);
  to->by = g_strdup (from->by);
  return to;
}

CaseTimer *
case_timer_copy (const CaseTimer *from)
{
  CaseTimer *to = g_memdup2 (from, sizeof *from);

  to->name = g_strdup (from->name);
  to->reminder = g_strdup (from->reminder);
  to->state = g_strdup (from->state);
  to->span = g_strdup (from->span);
  to->why = g_strdup (from->why);
  to->calendar = g_strdup (from->calendar);
  to->who = g_strdup (from->who);
  to->text = g_strdup (from->text);
  return to;
}

static gpointer
timer_copy (gconstpointer data, gpointer unused)
{
  return case_timer_copy (data);
}

static gpointer
relative_copy (gconstpointer data, gpointer unused)
{
  const CaseRelative *from = data;

  return case_relative_new (from->id, from->parent, from->ref, from->type, from->state, from->open);
}

static gpointer
signer_copy (gconstpointer data, gpointer unused)
{
  return case_signer_copy (data);
}

static gpointer
proposal_copy (gconstpointer data, gpointer unused)
{
  return case_proposal_copy (data);
}

static gpointer
party_copy (gconstpointer data, gpointer unused)
{
  const CaseParty *from = data;

  return case_party_copy (from);
}

static void
copy_rows (GPtrArray *to, const GPtrArray *from, gpointer (*copy) (gconstpointer, gpointer))
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, copy (from->pdata[i], NULL));
}

Case *
case_copy (const Case *from)
{
  Case *to = case_new ();
  GHashTableIter iter;
  gpointer name, value;

  to->id = from->id;
  to->parent = from->parent;
  to->joined = from->joined;
  to->joined_ref = g_strdup (from->joined_ref);
  to->ref = g_strdup (from->ref);
  to->type = g_strdup (from->type);
  to->definition = g_strdup (from->definition);
  to->edition = g_strdup (from->edition);
  to->state = g_strdup (from->state);
  to->previous = g_strdup (from->previous);
  to->owner = g_strdup (from->owner);
  to->state_since = from->state_since;
  to->opened_at = from->opened_at;
  to->organization = from->organization;
  to->organization_name = g_strdup (from->organization_name);
  to->organization_phone = g_strdup (from->organization_phone);
  to->open = from->open;
  to->serial = from->serial;
  g_hash_table_iter_init (&iter, from->fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (to->fields, g_strdup (name), g_strdup (value));
  copy_rows (to->contacts, from->contacts, contact_copy);
  copy_rows (to->parties, from->parties, party_copy);
  copy_rows (to->documents, from->documents, document_copy);
  copy_rows (to->findings, from->findings, finding_copy);
  copy_rows (to->clarifications, from->clarifications, clarification_copy);
  copy_rows (to->timers, from->timers, timer_copy);
  copy_rows (to->proposals, from->proposals, proposal_copy);
  copy_rows (to->signers, from->signers, signer_copy);
  copy_rows (to->related, from->related, relative_copy);
  copy_rows (to->links, from->links, relative_copy);
  return to;
}

const CaseDocument *
case_current_document (const Case *c, const char *element, const char *name, const char *party)
{
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *document = c->documents->pdata[i];

      if (document->status == DOCUMENT_CURRENT && strcmp (document->element, element) == 0
          && strcmp (document->name, name) == 0
          && (party == NULL
              || g_strcmp0 (document->party != NULL ? document->party : "", party) == 0))
        return document;
    }
  return NULL;
}

const CaseFinding *
case_finding (const Case *c, const char *element)
{
  for (guint i = 0; i < c->findings->len; i++)
    {
      const CaseFinding *finding = c->findings->pdata[i];

      if (strcmp (finding->element, element) == 0)
        return finding;
    }
  return NULL;
}

const CaseTimer *
case_timer (const Case *c, gint64 n)
{
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];

      if (timer->n == n)
        return timer;
    }
  return NULL;
}

CaseClarification *
case_clarification (const Case *c, gint64 n)
{
  for (guint i = 0; i < c->clarifications->len; i++)
    {
      CaseClarification *clarification = c->clarifications->pdata[i];

      if (clarification->n == n)
        return clarification;
    }
  return NULL;
}

guint
case_open_clarifications (const Case *c)
{
  guint n = 0;

  for (guint i = 0; i < c->clarifications->len; i++)
    n += ((const CaseClarification *) c->clarifications->pdata[i])->open;
  return n;
}

static const char *const document_statuses[] = { "current", "superseded", "unclear",
                                                 "settled", "moved",      "enclosed" };
static const char *const timer_statuses[] = { "running", "fired", "stopped" };

const char *
case_document_status_name (DocumentStatus status)
{
  return document_statuses[status];
}

DocumentStatus
case_document_status (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (document_statuses); i++)
    if (strcmp (document_statuses[i], name) == 0)
      return i;
  g_error ("case: no document status '%s'", name);
}

const char *
case_timer_status_name (TimerStatus status)
{
  return timer_statuses[status];
}

bool
case_timer_is_own (const CaseTimer *timer)
{
  return timer->who != NULL && timer->who[0] != '\0';
}

void
case_change_free (CaseChange *change)
{
  g_free (change->name);
  g_free (change->value);
  g_free (change->text);
  g_free (change->who);
  case_document_free (change->document);
  case_timer_free (change->timer);
  case_party_free (change->party);
  g_free (change);
}
