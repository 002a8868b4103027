/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words on the pages of PDF files, as they are looked through for what must not come by mail:
 * for tests that compare them with what others read.  The first line says how much could be
 * read. */
#include <stdio.h>

#include "document/document.h"

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      char *bytes;
      gsize n;

      if (!g_file_get_contents (argv[i], &bytes, &n, NULL))
        return 1;
      Document *document = document_read_pdf ((const guint8 *) bytes, n);
      char *unread = document_unread_pages (document);
      printf ("%s%s%s\n%s\n", document_text_name (document->text_state),
              unread != NULL ? " but " : "", unread != NULL ? unread : "", document->text);
      g_free (unread);
      document_free (document);
      g_free (bytes);
    }
  return 0;
}
