/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail of ours with a signature or encryption around it: what is signed, what is seen outside, and
 * that our own reader agrees.
 */
#include <glib.h>
#include <string.h>

#include "base/error.h"
#include "message/compose.h"
#include "message/message-signed.h"
#include "message/seal.h"

static GBytes *
mail_with (const ComposeAttachment *attachments, guint n)
{
  static const char *const references[] = { "one@office.example", NULL };
  const ComposeMail mail = {
    .from_name = "Certification Office", .from_address = "program@office.example", .to_name = "Jürgen", .to_address = "j@acme.example",
    .reply_to = "program+x@office.example", .subject = "[APP-2026-0001] Your application", .message_id = "two@office.example",
    .in_reply_to = "one@office.example", .references = references, .date = 1800000000, .auto_submitted = "auto-replied", .language = "en",
    .case_ref = "APP-2026-0001", .text = "Dear Jürgen,\nhello.\n", .html = "<p>hello</p>", .attachments = attachments, .n_attachments = n,
  };
  g_autoptr (GError) error = NULL;
  GBytes *bytes = compose_mail (&mail, &error);

  g_assert_no_error (error);
  return bytes;
}

static char *
text_of (GBytes *bytes)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);

  return g_strndup (data, n);
}

static void
assert_seven_bits_and_crlf (const char *text)
{
  for (const char *s = text; *s != '\0'; s++)
    {
      g_assert_cmpint ((guchar) *s, <, 0x80);
      if (*s == '\n')
        g_assert_cmpint (s[-1], ==, '\r');
    }
}

static void
what_is_signed_holds_the_headers (void)
{
  g_autoptr (GBytes) mail = mail_with (NULL, 0);
  g_autoptr (GBytes) payload = seal_payload (mail, false, NULL);
  g_autofree char *text = text_of (payload);

  assert_seven_bits_and_crlf (text);
  g_assert_nonnull (strstr (text, "Subject: [APP-2026-0001] Your application\r\n"));
  g_assert_nonnull (strstr (text, "\r\nReferences: <one@office.example>\r\n"));
  g_assert_nonnull (strstr (text, "hp=\"clear\""));
  g_assert_null (strstr (text, "HP-Outer"));
  g_assert_null (strstr (text, "MIME-Version"));
}

static void
outside_stays_what_delivers_and_threads (void)
{
  g_autoptr (GBytes) mail = mail_with (NULL, 0);
  g_autoptr (GBytes) cipher =
    g_bytes_new_static ("-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\n", 56);
  g_autoptr (GBytes) payload = seal_payload (mail, true, NULL);
  g_autoptr (GBytes) entity = seal_encrypted (cipher, true, "two@office.example");
  g_autoptr (GBytes) whole = seal_mail (mail, entity, true, NULL);
  g_autofree char *inside = text_of (payload), *outside = text_of (whole);

  assert_seven_bits_and_crlf (outside);
  g_assert_nonnull (strstr (inside, "Subject: [APP-2026-0001] Your application\r\n"));
  g_assert_nonnull (strstr (inside, "HP-Outer: Subject: [...]\r\n"));
  g_assert_nonnull (strstr (inside, "hp=\"cipher\""));
  g_assert_nonnull (strstr (inside, "\r\nX-Case: APP-2026-0001\r\n"));
  g_assert_null (strstr (inside, "HP-Outer: X-Case"));
  g_assert_nonnull (strstr (outside, "Subject: [...]\r\n"));
  g_assert_null (strstr (outside, "APP-2026-0001"));
  g_assert_nonnull (strstr (outside, "Message-Id: <two@office.example>\r\n"));
  g_assert_nonnull (strstr (outside, "In-Reply-To: <one@office.example>\r\n"));
  g_assert_nonnull (strstr (outside, "MIME-Version: 1.0\r\n"));
  g_assert_null (strstr (outside, "hello"));
}

static void
our_own_reader_finds_what_was_signed (void)
{
  g_autoptr (GBytes) mail = mail_with (NULL, 0);
  g_autoptr (GBytes) payload = seal_payload (mail, false, NULL);
  g_autoptr (GBytes) signature = g_bytes_new_static ("0\x03\x02\x01\x01", 5);
  g_autoptr (GBytes) entity =
    seal_signed (payload, false, "sha-256", signature, "two@office.example");
  g_autoptr (GBytes) whole = seal_mail (mail, entity, false, NULL);
  gsize n, n_payload;
  const guint8 *bytes = g_bytes_get_data (whole, &n);
  const void *wanted = g_bytes_get_data (payload, &n_payload);
  g_autoptr (MailSigned) found = mail_signed_read (bytes, n);

  g_assert_cmpint (found->shape, ==, MAIL_SMIME);
  g_assert_cmpstr (found->problem, ==, NULL);
  g_assert_cmpmem (bytes + found->payload, found->n_payload, wanted, n_payload);
  g_assert_true (g_bytes_equal (found->signature, signature));
  g_autoptr (MailSigned) inside = mail_signed_read (wanted, n_payload);
  g_assert_true (inside->protects_headers);
  g_assert_cmpstr (inside->subject, ==, "[APP-2026-0001] Your application");
}

/* RFC 3156 3: what is signed has seven bits, or a relay re-encodes it. */
static void
an_attached_mail_with_other_octets_becomes_a_file (void)
{
  static const char original[] = "From: a@b.example\r\nSubject: x\r\n\r\nGr\xc3\xbc\xc3\x9f"
                                 "e\r\n--not a boundary\r\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (original, sizeof original - 1),
                     pdf = g_bytes_new_static ("%PDF\x80", 5);
  const ComposeAttachment attachments[] = { { "original.eml", "message/rfc822", bytes },
                                            { "x.pdf", "application/pdf", pdf } };
  g_autoptr (GBytes) mail = mail_with (attachments, 2);
  g_autoptr (GBytes) payload = seal_payload (mail, false, NULL);
  g_autofree char *text = text_of (payload), *rendered = text_of (mail);

  g_assert_nonnull (strstr (rendered, "message/rfc822"));
  assert_seven_bits_and_crlf (text);
  g_assert_null (strstr (text, "message/rfc822"));
  char *at = strstr (text, "application/octet-stream");
  g_assert_nonnull (at);
  g_assert_nonnull (strstr (text, "original.eml"));
  char *body = strstr (at, "\r\n\r\n") + 4, *end = strstr (body, "\r\n--=_");
  g_assert_nonnull (end);
  *end = '\0';
  gsize n;
  g_autofree guchar *decoded = g_base64_decode (body, &n);
  g_autofree char *with_crlf = g_strndup ((const char *) decoded, n);
  g_assert_nonnull (strstr (with_crlf, "Gr\xc3\xbc\xc3\x9f" "e"));
  g_assert_nonnull (strstr (end + 1, "application/pdf"));
}

static void
what_is_no_mail_is_refused (void)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("Subject: x\r\n", 12);
  g_autoptr (GError) error = NULL;

  g_assert_null (seal_payload (nothing, false, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/seal/what-is-signed-holds-the-headers", what_is_signed_holds_the_headers);
  g_test_add_func ("/seal/outside-stays-what-delivers-and-threads",
                   outside_stays_what_delivers_and_threads);
  g_test_add_func ("/seal/our-own-reader-finds-what-was-signed",
                   our_own_reader_finds_what_was_signed);
  g_test_add_func ("/seal/an-attached-mail-with-other-octets-becomes-a-file",
                   an_attached_mail_with_other_octets_becomes_a_file);
  g_test_add_func ("/seal/what-is-no-mail-is-refused", what_is_no_mail_is_refused);
  return g_test_run ();
}
