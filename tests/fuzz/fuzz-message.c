/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes: parse them, send the facts on their journey, print them.
 */
#include "config.h"

#include "message/message-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const ReaderLimits limits = { .max_parts = 100, .max_text = 65536, .max_decoded = 1024 * 1024 };
  g_autoptr (Message) m = message_parse_bytes (data, size, &limits);
  g_autoptr (GVariant) facts = message_to_variant (m);
  g_autoptr (GError) error = NULL;
  g_autoptr (Message) back = message_from_variant (facts, &error);
  g_autoptr (JsonNode) json = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  json = message_to_json (back);
  text = message_to_text (back);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  return 0;
}
