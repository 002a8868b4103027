/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A zip in memory, read with libzip, that cannot become larger than it may: neither by what its
 * directory claims nor by what comes out of it.
 */
#include "document/document-private.h"

#include <string.h>
#include <zip.h>

struct DocumentZip {
  zip_t *zip;
  gint64 entries;
  guint64 expanded;       /* bytes that came out so far */
};

static DocumentFlaw
flaw_of (int code)
{
  return code == ZIP_ER_NOPASSWD || code == ZIP_ER_WRONGPASSWD || code == ZIP_ER_ENCRNOTSUPP
           ? FLAW_ENCRYPTED
           : FLAW_DAMAGED;
}

static zip_t *
open_bytes (const guint8 *bytes, gsize n)
{
  zip_error_t error;
  zip_source_t *source;
  zip_t *zip = NULL;

  zip_error_init (&error);
  source = zip_source_buffer_create (bytes, n, 0, &error);
  if (source != NULL && (zip = zip_open_from_source (source, ZIP_RDONLY, &error)) == NULL)
    zip_source_free (source);
  zip_error_fini (&error);
  return zip;
}

DocumentZip *
document_zip_open (const guint8 *bytes, gsize n, DocumentFlaw *flaw)
{
  g_autoptr (DocumentZip) zip = g_new0 (DocumentZip, 1);
  guint64 claimed = 0;

  *flaw = FLAW_DAMAGED;
  zip->zip = open_bytes (bytes, n);
  if (zip->zip == NULL)
    return NULL;
  zip->entries = zip_get_num_entries (zip->zip, 0);
  for (gint64 i = 0; i < zip->entries && i < MAX_ZIP_ENTRIES; i++)
    {
      zip_stat_t stat;

      if (zip_stat_index (zip->zip, (zip_uint64_t) i, 0, &stat) != 0
          || (stat.valid & ZIP_STAT_SIZE) == 0)
        return NULL;
      claimed += MIN (stat.size, MAX_CLAIMED + 1);
    }
  *flaw = FLAW_TOO_LARGE;
  if (zip->entries > MAX_ZIP_ENTRIES || claimed > MAX_CLAIMED)
    return NULL;
  *flaw = 0;
  return g_steal_pointer (&zip);
}

void
document_zip_close (DocumentZip *zip)
{
  if (zip == NULL)
    return;
  if (zip->zip != NULL)
    zip_discard (zip->zip);
  g_free (zip);
}

bool
document_zip_has (const DocumentZip *zip, const char *suffix)
{
  for (gint64 i = 0; i < zip->entries; i++)
    {
      const char *name = zip_get_name (zip->zip, (zip_uint64_t) i, 0);
      gsize n = name != NULL ? strlen (name) : 0, end = strlen (suffix);

      if (n >= end && g_ascii_strcasecmp (name + n - end, suffix) == 0)
        return true;
    }
  return false;
}

bool
document_zip_read (DocumentZip *zip, const char *name,
                   bool (*take) (const guint8 *bytes, gsize n, gpointer data), gpointer data,
                   DocumentFlaw *flaw)
{
  gint64 index = zip_name_locate (zip->zip, name, ZIP_FL_NOCASE);
  zip_file_t *file = index >= 0 ? zip_fopen_index (zip->zip, (zip_uint64_t) index, 0) : NULL;
  g_autofree guint8 *buffer = g_malloc (65536);
  gint64 got = 0;
  bool wanted = true;

  *flaw = 0;
  if (file == NULL)
    {
      if (index >= 0)
        *flaw = flaw_of (zip_error_code_zip (zip_get_error (zip->zip)));
      return false;
    }
  while (wanted && (got = zip_fread (file, buffer, 65536)) > 0)
    {
      zip->expanded += (guint64) got;
      if (zip->expanded > MAX_EXPANDED)
        break;
      wanted = take (buffer, (gsize) got, data);
    }
  zip_fclose (file);
  if (zip->expanded > MAX_EXPANDED)
    *flaw = FLAW_TOO_LARGE;
  else if (got < 0)
    *flaw = FLAW_DAMAGED;
  return *flaw == 0 && wanted;
}
