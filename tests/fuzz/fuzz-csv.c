/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a table of comma-separated values: read them, and send the facts on their
 * journey. */
#include "config.h"

#include "message/message-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (Document) document = message_read_document (DOCUMENT_CSV, bytes);
  g_autoptr (GVariant) facts = message_document_to_variant (document);
  g_autoptr (GBytes) packed = g_variant_get_data_as_bytes (facts);
  g_autoptr (Document) back = message_document_from_bytes (DOCUMENT_CSV, packed);

  g_assert_nonnull (back);
  g_assert_cmphex (back->flaws, ==, document->flaws);
  g_assert_cmpuint (back->fields->len, ==, document->fields->len);
  g_assert_cmpuint (back->sheets->len, ==, document->sheets->len);
  if (document_is_unread (back))
    g_assert_cmpuint (back->fields->len + back->sheets->len, ==, 0);
  return 0;
}
