/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text where triage looks: a subject, lines that name files, file names.
 * Lines up to the first empty one are file names, the first of all is the subject.
 */
#include <string.h>

#include "lib/lab.h"
#include "triage/triage-documents.h"
#include "triage/triage-identifier.h"
#include "triage/triage.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
add_part (Message *m, const char *name)
{
  MessagePart *part = g_new0 (MessagePart, 1);

  part->path = g_strdup ("1.2");
  part->type = g_strdup ("application/pdf");
  part->sniffed = g_strdup (strlen (name) % 3 == 0 ? "application/zip" : "application/pdf");
  part->name = g_strdup (name);
  part->disposition = g_strdup ("attachment");
  part->charset = g_strdup ("");
  part->size = strlen (name);
  g_ptr_array_add (m->parts, part);
}

static void
read_documents (const Program *program, char **names, const char *text)
{
  g_autoptr (Case) c = case_new ();
  g_autoptr (Message) m = message_new ();

  c->type = g_strdup ("application");
  c->state = g_strdup ("phase1-preparation");
  c->edition = g_strdup ("2020");
  g_free (m->new_text);
  m->new_text = g_strdup (text);
  for (char **name = names; *name != NULL && m->parts->len < 50; name++)
    add_part (m, *name);
  g_autoptr (DocumentReading) first = documents_read (program, c, m, 1, 0);
  g_assert_cmpuint (first->documents->len, <=, m->parts->len);
  for (guint i = 0; i < first->documents->len; i++)
    {
      CaseDocument *document = case_document_copy (first->documents->pdata[i]);

      g_assert_true (
        document->status == DOCUMENT_UNCLEAR
        || program_document (program_edition (program, "2020"), document->element, document->name)
             != NULL);
      document->n = i + 1;
      g_ptr_array_add (c->documents, document);
    }
  for (guint i = 0; i < first->questions->len; i++)
    {
      const DocumentQuestion *q = first->questions->pdata[i];

      g_assert_true (g_utf8_validate (q->question, -1, NULL));
    }
  /* The same words once more settle only what was unclear. */
  g_ptr_array_set_size (m->parts, 0);
  g_autoptr (DocumentReading) second = documents_read (program, c, m, 2, 0);
  for (guint i = 0; i < second->documents->len; i++)
    g_assert_cmpint (((const CaseDocument *) second->documents->pdata[i])->n, !=, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static Program *program;
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_auto (GStrv) halves = g_strsplit (text, "\n\n", 2);
  g_auto (GStrv) names = g_strsplit (halves[0] != NULL ? halves[0] : "", "\n", -1);

  if (program == NULL)
    program = lab_program ();
  g_autofree char *tag = triage_subject_tag (program, text);
  g_assert_true (tag == NULL || g_str_has_prefix (tag, "APP-"));
  for (guint i = 0; i < program->identifiers->len; i++)
    triage_identifier_in (program->identifiers->pdata[i], text);
  read_documents (program, names, halves[0] != NULL && halves[1] != NULL ? halves[1] : "");
  return 0;
}
