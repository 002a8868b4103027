/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail of ours: what is put in comes out again, the bytes are fixed, and nothing becomes a header
 * that should not.
 */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "message/compose.h"
#include "message/message-private.h"

static ComposeMail
sample (void)
{
  static const char *const references[] = { "first@x", "last@x", NULL };

  return (ComposeMail){
    .from_name = "Büro, Zentrale",
    .from_address = "office@example.org",
    .to_name = "Łukasz \"Ł\" Nowak",
    .to_address = "Lukasz@Example.net",
    .reply_to = "office+a1@example.org",
    .subject = "[APP-2026-0001] Grüße – und eine lange Betreffzeile, die über mehr als eine Zeile "
               "geht, damit gefaltet wird",
    .message_id = "1.abc@example.org",
    .in_reply_to = "last@x",
    .references = references,
    .conversation = "AdxdZVn2J8q3mVfCQkyJ0bq1R2Pq3w==",
    .date = 1795359600,
    .date_offset = -300,
    .auto_submitted = "auto-replied",
    .language = "en",
    .case_ref = "APP-2026-0001",
    .text = "Grüße\nFrom the office\ntrailing \n",
  };
}

static GBytes *
compose (const ComposeMail *mail)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = compose_mail (mail, &error);

  g_assert_no_error (error);
  return bytes;
}

static Message *
parse_back (GBytes *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  return message_parse_bytes (data, n, NULL);
}

static void
assert_wire_form (GBytes *bytes)
{
  gsize n, line = 0;
  const char *s = g_bytes_get_data (bytes, &n);

  for (gsize i = 0; i < n; i++)
    {
      g_assert_true ((s[i] == '\n') == (i > 0 && s[i - 1] == '\r'));
      line = s[i] == '\n' ? 0 : line + 1;
      g_assert_cmpuint (line, <=, 999);
    }
  g_assert_cmpint (s[n - 1], ==, '\n');
}

static void
what_is_put_in_comes_out (void)
{
  ComposeMail mail = sample ();
  g_autoptr (GBytes) bytes = compose (&mail);
  g_autoptr (Message) m = parse_back (bytes);
  const MessageAddress *to = g_ptr_array_index (m->to, 0);

  assert_wire_form (bytes);
  g_assert_cmpstr (message_author (m)->name, ==, mail.from_name);
  g_assert_cmpstr (message_author (m)->address, ==, mail.from_address);
  g_assert_cmpstr (to->name, ==, mail.to_name);
  g_assert_cmpstr (to->address, ==, "Lukasz@example.net");
  g_assert_cmpstr (m->subject, ==, mail.subject);
  g_assert_cmpstr (m->message_id, ==, mail.message_id);
  g_assert_cmpstr (g_ptr_array_index (m->in_reply_to, 0), ==, "last@x");
  g_assert_cmpuint (m->references->len, ==, 2);
  g_assert_cmpstr (m->conversation, ==, mail.conversation);
  g_assert_cmpint (m->date, ==, mail.date);
  g_assert_cmpint (m->date_offset, ==, -300);
  g_assert_cmpstr (m->text, ==, mail.text);
  g_assert_cmpint (m->machine, ==, MACHINE_AUTO_REPLY);
  g_assert_cmpuint (m->defects->len, ==, 0);
}

static void
every_part_comes_out (void)
{
  ComposeMail mail = sample ();
  g_autoptr (GBytes) pdf = g_bytes_new_static ("%PDF-1.4\n\0\r\n\xff", 13);
  g_autoptr (GBytes) original = g_bytes_new_static ("Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9f"
                                                    "e\r\n",
                                                    23);
  const ComposeAttachment attachments[] = { { "Prüfbericht – final.pdf", "application/pdf", pdf },
                                            { "original.eml", "message/rfc822", original } };
  static const char *const types[] = { "text/plain", "text/html", "text/calendar",
                                       "application/pdf", "message/rfc822" };

  mail.html = "<p>Grüße</p>";
  mail.ics = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
  mail.attachments = attachments;
  mail.n_attachments = 2;
  g_autoptr (GBytes) bytes = compose (&mail);
  g_autoptr (Message) m = parse_back (bytes);
  g_autofree char *pdf_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, pdf);
  g_autofree char *original_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, original);

  assert_wire_form (bytes);
  g_assert_cmpuint (m->parts->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (((MessagePart *) g_ptr_array_index (m->parts, i))->type, ==, types[i]);
  const MessagePart *file = g_ptr_array_index (m->parts, 3);
  const MessagePart *message = g_ptr_array_index (m->parts, 4);
  g_assert_cmpstr (file->name, ==, attachments[0].name);
  g_assert_cmpstr (file->sha256, ==, pdf_hash);
  g_assert_cmpstr (message->sha256, ==, original_hash);
}

static void
the_same_mail_has_the_same_bytes (void)
{
  ComposeMail mail = sample ();

  mail.html = "<p>x</p>";
  g_autoptr (GBytes) one = compose (&mail);
  g_autoptr (GBytes) two = compose (&mail);
  mail.message_id = "2.abc@example.org";
  g_autoptr (GBytes) other = compose (&mail);

  g_assert_true (g_bytes_equal (one, two));
  g_assert_false (g_bytes_equal (one, other));
}

static void
long_lines_are_encoded (void)
{
  ComposeMail mail = sample ();
  g_autofree char *text = g_strnfill (5000, 'x');

  mail.text = text;
  mail.subject = text;
  g_autoptr (GBytes) bytes = compose (&mail);
  g_autoptr (Message) m = parse_back (bytes);

  assert_wire_form (bytes);
  g_assert_cmpuint (strlen (m->text), ==, 5001);
}

static void
nothing_else_becomes_a_header (void)
{
  static const char *const bad_addresses[] = {
    "",      "a",     "a@",      "@b",      "a@b, c@d", "a@b\r\nBcc: c@d", "<a@b>",
    "a b@c", "a@b c", "\"a\"@b", "g: a@b;", "a@b@c",    "ü@b.org",         "a@[127.0.0.1]"
  };
  static const char *const bad_lines[] = { "a\nb", "a\r\nBcc: x@y", "a\rb", "\x01", "\xff" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad_addresses); i++)
    {
      ComposeMail mail = sample ();

      mail.to_address = bad_addresses[i];
      g_test_message ("%s", bad_addresses[i]);
      g_assert_null (compose_mail (&mail, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
      g_clear_error (&error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_lines); i++)
    for (guint field = 0; field < 6; field++)
      {
        ComposeMail mail = sample ();
        const char **fields[] = { &mail.subject,    &mail.from_name,   &mail.to_name,
                                  &mail.message_id, &mail.in_reply_to, &mail.case_ref };

        *fields[field] = bad_lines[i];
        g_assert_null (compose_mail (&mail, &error));
        g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
        g_clear_error (&error);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compose/round-trip", what_is_put_in_comes_out);
  g_test_add_func ("/compose/parts", every_part_comes_out);
  g_test_add_func ("/compose/same-bytes", the_same_mail_has_the_same_bytes);
  g_test_add_func ("/compose/long-lines", long_lines_are_encoded);
  g_test_add_func ("/compose/no-injection", nothing_else_becomes_a_header);
  return g_test_run ();
}
