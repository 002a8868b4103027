/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a winmail.dat, and as the RTF in one.
 */
#include "config.h"

#include "document/tnef.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *
decode (const char *charset, const char *bytes, gsize n)
{
  g_assert_nonnull (charset);
  return g_utf8_make_valid (bytes, (gssize) n);
}

static void
read_rtf (GBytes *rtf)
{
  gsize n;
  const char *bytes = g_bytes_get_data (rtf, &n);
  bool html;
  g_autofree char *text = rtf_to_text (bytes, n, 65536, decode, &html);

  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
read_tnef (GBytes *bytes, guint depth)
{
  g_autoptr (Tnef) tnef = tnef_read (bytes);

  if (tnef->rtf != NULL)
    read_rtf (tnef->rtf);
  for (guint i = 0; i < tnef->attachments->len; i++)
    {
      const TnefAttachment *a = tnef->attachments->pdata[i];

      if (a->is_message && depth < 8)
        read_tnef (a->content, depth + 1);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) rtf = rtf_decompress (data, size, 65536);

  read_tnef (bytes, 0);
  read_rtf (bytes);
  if (rtf != NULL)
    read_rtf (rtf);
  return 0;
}
