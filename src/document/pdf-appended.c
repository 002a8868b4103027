/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was appended to a signed PDF is revisions, each with a table of its own that lists every
 * object once: anything else some viewers see and others do not.
 */
#include "document/pdf-private.h"

static void
refuse (PdfSignature *s, char *what)
{
  PdfChange *change = g_new0 (PdfChange, 1);

  change->what = what;
  g_ptr_array_add (s->later, change);
}

/* What is wrong with the revision NUMBER (from 1), or NULL. */
static char *
why_odd (const PdfDoc *doc, const PdfRevision *all, guint number)
{
  const PdfRevision *one = &all[number - 1];
  gsize from = all[number - 2].end, stray;
  PdfTable table;
  char *why = NULL;

  if (one->table < from)
    return g_strdup_printf ("revision %u lists nothing, and names an older table", number);
  pdf_table_read (doc, one, &table);
  stray = pdf_table_find_stray (&table, doc->bytes, from, one->end);
  if (table.twice)
    why = g_strdup_printf ("revision %u lists an object twice", number);
  else if (!table.read)
    why = g_strdup_printf ("what revision %u lists cannot be read", number);
  else if (stray != one->end)
    why =
      g_strdup_printf ("at octet %" G_GSIZE_FORMAT " begins an object that no table lists", stray);
  pdf_table_clear (&table);
  return why;
}

void
pdf_check_appended (const PdfDoc *doc, const GArray *revisions, PdfSignature *s)
{
  const PdfRevision *all = (const PdfRevision *) (void *) revisions->data;
  guint n = revisions->len;
  char *why = NULL;

  for (guint number = s->revision + 1; number <= n && why == NULL; number++)
    why = why_odd (doc, all, number);
  if (why != NULL)
    refuse (s, why);
  if (all[n - 1].end != doc->n)
    refuse (s, g_strdup_printf ("%" G_GSIZE_FORMAT " octets follow the end of the last revision",
                                doc->n - all[n - 1].end));
}
