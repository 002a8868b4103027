/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text as what a mail system reports: in free form, in fields, and as JSON.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
read_below (const char *headers, const guint8 *data, gsize size)
{
  const ReaderLimits limits = { .max_parts = 20, .max_text = 65536, .max_decoded = 1024 * 1024 };
  g_autoptr (GByteArray) mail = g_byte_array_new ();

  g_byte_array_append (mail, (const guint8 *) headers, (guint) strlen (headers));
  g_byte_array_append (mail, data, (guint) size);
  g_autoptr (Message) m = message_parse_bytes (mail->data, mail->len, &limits);
  g_autoptr (GVariant) facts = message_to_variant (m);
  g_autoptr (GError) error = NULL;
  g_autoptr (Message) back = message_from_variant (facts, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < back->reports->len; i++)
    {
      const MessageReport *r = back->reports->pdata[i];

      g_assert_true (!r->hard || g_str_equal (r->action, "failed"));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  read_below ("From: MAILER-DAEMON@mx\nReturn-Path: <>\nSubject: Undelivered Mail\n\n", data, size);
  read_below ("From: MAILER-DAEMON@mx\nContent-Type: multipart/report; "
              "report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b\n"
              "Content-Type: message/delivery-status\n\n",
              data, size);
  read_below ("From: no-reply@sns.amazonaws.com\nSubject: x\n\n", data, size);
  return 0;
}
