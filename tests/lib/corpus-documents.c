/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PDF files, as attachments.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/corpus.h"

void
corpus_documents (Reader *reader, const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "pdf", "pyhanko", NULL);
  g_autoptr (GPtrArray) files = corpus_files (folder, ".pdf");
  guint read = 0, forms = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (Message) m =
        corpus_read_attached (reader, "application/pdf", g_ptr_array_index (files, i));
      const MessagePart *part = m != NULL && m->parts->len == 1 ? m->parts->pdata[0] : NULL;
      bool good =
        part != NULL && part->document != NULL && (part->document->flaws & FLAW_NOT_READ) == 0;

      read += good;
      forms += good && part->document->fields->len > 0;
      if (!good)
        printf ("# no facts: %s\n", (const char *) g_ptr_array_index (files, i));
    }
  printf ("# %u of them have fields to fill in\n", forms);
  corpus_result (100, "PDF files have the facts of a document", read, files->len);
}
