/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that a person takes from one case to another: each counts in one of them.
 */
#include <string.h>

#include "case/case.h"

static CaseChange *
add_change (GPtrArray *changes, CaseChangeKind kind, gint64 number)
{
  CaseChange *change = g_new0 (CaseChange, 1);

  change->kind = kind;
  change->number = number;
  g_ptr_array_add (changes, change);
  return change;
}

static bool
is_same (const CaseDocument *a, const CaseDocument *b)
{
  return strcmp (a->element, b->element) == 0 && strcmp (a->name, b->name) == 0
         && g_strcmp0 (a->party != NULL ? a->party : "", b->party != NULL ? b->party : "") == 0;
}

/* The newest version of what MOVED was that is still there, all its pieces. */
static void
count_again (Case *c, const CaseDocument *moved, GPtrArray *changes)
{
  int newest = 0;

  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *other = c->documents->pdata[i];

      if (is_same (other, moved) && other->status == DOCUMENT_CURRENT)
        return;
      if (is_same (other, moved) && other->status == DOCUMENT_SUPERSEDED)
        newest = MAX (newest, other->version);
    }
  for (guint i = 0; i < c->documents->len; i++)
    {
      CaseDocument *other = c->documents->pdata[i];

      if (!is_same (other, moved) || other->status != DOCUMENT_SUPERSEDED
          || other->version != newest)
        continue;
      other->status = DOCUMENT_CURRENT;
      CaseChange *change = add_change (changes, CHANGE_DOCUMENT_STATUS, other->n);
      change->name = g_strdup (other->element);
      change->value = g_strdup (other->name);
      change->text = g_strdup (case_document_status_name (other->status));
    }
}

void
case_move_document (Case *c, gint64 n, const char *ref, const char *who, GPtrArray *changes)
{
  for (guint i = 0; i < c->documents->len; i++)
    {
      CaseDocument *document = c->documents->pdata[i];
      bool counted = document->status == DOCUMENT_CURRENT;

      if (document->n != n)
        continue;
      document->status = DOCUMENT_MOVED;
      CaseChange *change = add_change (changes, CHANGE_DOCUMENT_MOVED, n);
      change->name = g_strdup (document->file);
      change->value = g_strdup (ref);
      change->who = g_strdup (who);
      if (counted)
        count_again (c, document, changes);
    }
}

void
case_enclose_documents (Case *c, const GPtrArray *files, gint64 now, GPtrArray *changes)
{
  for (guint i = 0; i < files->len; i++)
    {
      CaseDocument *document = case_document_copy (files->pdata[i]);

      g_free (document->element);
      g_free (document->name);
      g_clear_pointer (&document->party, g_free);
      document->element = g_strdup ("");
      document->name = g_strdup ("");
      document->n = ++c->serial;
      document->at = now;
      document->version = 1;
      document->status = DOCUMENT_ENCLOSED;
      g_ptr_array_add (c->documents, document);
      add_change (changes, CHANGE_DOCUMENT, document->n)->document = case_document_copy (document);
    }
}
