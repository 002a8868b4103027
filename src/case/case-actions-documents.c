/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to documents that come in: filed, and a newer version takes the place of an older
 * one.
 */
#include <string.h>

#include "case/case-private.h"

static void
supersede (CaseStep *step, CaseDocument *fresh)
{
  fresh->version = 1;
  for (guint i = 0; i < step->c->documents->len; i++)
    {
      CaseDocument *old = step->c->documents->pdata[i];

      /* Two files of one mail are two pieces of a document, not two versions. */
      if (old == fresh || (old->message == fresh->message && strcmp (old->part, fresh->part) != 0)
          || g_strcmp0 (old->party != NULL ? old->party : "",
                        fresh->party != NULL ? fresh->party : "")
               != 0
          || strcmp (old->element, fresh->element) != 0 || strcmp (old->name, fresh->name) != 0
          || old->status == DOCUMENT_UNCLEAR || old->status == DOCUMENT_SETTLED)
        continue;
      fresh->version = MAX (fresh->version, old->version + 1);
      if (old->status != DOCUMENT_CURRENT)
        continue;
      old->status = DOCUMENT_SUPERSEDED;
      CaseChange *change = case_change (step, CHANGE_DOCUMENT_STATUS);
      change->number = old->n;
      change->name = g_strdup (old->element);
      change->value = g_strdup (old->name);
      change->text = g_strdup (case_document_status_name (old->status));
    }
}

/* A file named in an answer to "what is this?": the unclear row is settled and the document is
 * filed. */
static void
settle (CaseStep *step, const CaseDocument *answer)
{
  for (guint i = 0; i < step->c->documents->len; i++)
    {
      CaseDocument *unclear = step->c->documents->pdata[i];

      if (unclear->n != answer->n || unclear->status != DOCUMENT_UNCLEAR)
        continue;
      unclear->status = DOCUMENT_SETTLED;
      CaseChange *change = case_change (step, CHANGE_DOCUMENT_STATUS);
      change->number = unclear->n;
      change->name = g_strdup ("");
      change->value = g_strdup ("");
      change->text = g_strdup (case_document_status_name (unclear->status));
    }
}

bool
case_record_documents (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const GPtrArray *documents = step->event->documents;

  for (guint i = 0; documents != NULL && i < documents->len; i++)
    {
      const CaseDocument *given = documents->pdata[i];
      CaseDocument *document = case_document_copy (given);

      if (given->n != 0)
        settle (step, given);
      document->n = ++step->c->serial;
      document->at = step->now;
      document->version = 0;
      if (document->status == DOCUMENT_CURRENT)
        supersede (step, document);
      g_ptr_array_add (step->c->documents, document);
      CaseChange *change = case_change (step, CHANGE_DOCUMENT);
      change->number = document->n;
      change->document = case_document_copy (document);
    }
  return true;
}
