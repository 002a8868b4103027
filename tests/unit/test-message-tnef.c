/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "document/tnef.h"
#include "message/message-private.h"

/* --- writing a winmail.dat ------------------------------------------------------------------- */

static void
put (GByteArray *to, guint64 value, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint8 byte = (guint8) (value >> (8 * i));

      g_byte_array_append (to, &byte, 1);
    }
}

static void
put_bytes (GByteArray *to, const void *bytes, gsize n)
{
  g_byte_array_append (to, bytes, (guint) n);
}

static void
attribute (GByteArray *to, guint level, guint32 id, const void *bytes, gsize n)
{
  guint sum = 0;

  put (to, level, 1);
  put (to, id, 4);
  put (to, n, 4);
  put_bytes (to, bytes, n);
  for (gsize i = 0; i < n; i++)
    sum += ((const guint8 *) bytes)[i];
  put (to, sum & 0xffff, 2);
}

static void
property (GByteArray *to, guint type, guint id, const void *bytes, gsize n)
{
  put (to, type, 2);
  put (to, id, 2);
  put (to, 1, 4);
  put (to, n, 4);
  put_bytes (to, bytes, n);
  put (to, 0, (4 - n % 4) % 4);
}

static void
begin (GByteArray *to)
{
  put (to, 0x223e9f78, 4);
  put (to, 1, 2);
  attribute (to, 1, 0x00069007, "\xe4\x04\0\0\0\0\0\0", 8); /* 1252 */
}

/* One attachment: NAME in UTF-16, its short name, CONTENT of TYPE. */
static void
attach (GByteArray *to, const char *name, guint type, const void *content, gsize n)
{
  g_autoptr (GByteArray) properties = g_byte_array_new ();
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (name, -1, NULL, NULL, NULL);
  gsize length = 0;

  while (wide[length] != 0)
    length++;
  put (properties, 3, 4);
  property (properties, 0x1f, 0x3707, wide, (length + 1) * 2);
  property (properties, 0x1e, 0x370e, "text/x-note", 12);
  property (properties, type, 0x3701, content, n);
  attribute (to, 2, 0x00069002, "\1\0\0\0\0\0\0\0\0\0\0\0\0\0", 14);
  attribute (to, 2, 0x00018010, "SHORT~1.TXT", 12);
  attribute (to, 2, 0x00069005, properties->data, properties->len);
}

static void
message_property (GByteArray *to, guint type, guint id, const void *bytes, gsize n)
{
  g_autoptr (GByteArray) properties = g_byte_array_new ();

  put (properties, 1, 4);
  property (properties, type, id, bytes, n);
  attribute (to, 1, 0x00069003, properties->data, properties->len);
}

/* MS-OXRTFCP's example: "hello world". */
static const guint8 hello_rtf[] = { 0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a,
                                    0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00,
                                    0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
                                    0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77,
                                    0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0 };

/* A winmail.dat with text, a file, and a message DEPTH deep that holds the same. */
static GByteArray *
winmail (guint depth)
{
  static const guint8 interface[16] = { 0x07, 0x03, 0x02, 0, 0, 0, 0, 0,
                                        0xc0, 0,    0,    0, 0, 0, 0, 0x46 };
  GByteArray *w = g_byte_array_new ();

  begin (w);
  message_property (w, 0x102, 0x1009, hello_rtf, sizeof hello_rtf);
  attach (w, "a long näme of a file.txt", 0x102, "content\n", 8);
  if (depth > 0)
    {
      g_autoptr (GByteArray) inner = winmail (depth - 1);
      g_autoptr (GByteArray) object = g_byte_array_new ();

      put_bytes (object, interface, sizeof interface);
      put_bytes (object, inner->data, inner->len);
      attach (w, "inner message", 0x0d, object->data, object->len);
    }
  return w;
}

static Message *
mail_with (const GByteArray *w, const char *text)
{
  g_autofree char *base64 = g_base64_encode (w->data, w->len);
  g_autofree char *mail =
    g_strdup_printf ("From: a@b\nDate: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: "
                     "<1@b>\nContent-Type: multipart/mixed; boundary=b\n\n"
                     "--b\n\n%s\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
                     "Content-Transfer-Encoding: base64\n\n%s\n--b--\n",
                     text, base64);

  return message_parse_bytes ((const guint8 *) mail, strlen (mail), NULL);
}

static const MessagePart *
part_at (const Message *m, const char *path)
{
  for (guint i = 0; i < m->parts->len; i++)
    if (g_str_equal (((const MessagePart *) m->parts->pdata[i])->path, path))
      return m->parts->pdata[i];
  return NULL;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
it_opens_into_parts (void)
{
  g_autoptr (GByteArray) w = winmail (1);
  g_autoptr (Message) m = mail_with (w, "");
  const MessagePart *file = part_at (m, "2.2");
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "content\n", -1);

  g_assert_cmpuint (m->defects->len, ==, 0);
  g_assert_cmpuint (m->parts->len, ==, 7);
  g_assert_false (part_at (m, "2")->from_tnef);
  g_assert_cmpstr (part_at (m, "2.1")->name, ==, "body.rtf");
  g_assert_cmpstr (file->name, ==, "a long näme of a file.txt");
  g_assert_cmpstr (file->type, ==, "text/x-note");
  g_assert_cmpuint (file->size, ==, 8);
  g_assert_cmpstr (file->sha256, ==, hash);
  g_assert_true (file->from_tnef);
  g_assert_cmpstr (part_at (m, "2.3")->type, ==, "application/ms-tnef");
  g_assert_cmpstr (part_at (m, "2.3.2")->name, ==, "a long näme of a file.txt");
  g_assert_cmpstr (m->text, ==, "hello world");
}

static void
its_text_is_silent_where_the_mail_speaks (void)
{
  g_autoptr (GByteArray) w = winmail (0);
  g_autoptr (Message) m = mail_with (w, "Good morning");

  g_assert_nonnull (strstr (m->text, "Good morning"));
  g_assert_null (strstr (m->text, "hello world"));
}

static void
depth_has_an_end (void)
{
  g_autoptr (GByteArray) w = winmail (12);
  g_autoptr (Message) m = mail_with (w, "");

  g_assert_cmpuint (m->defects->len, ==, 1);
  g_assert_cmpuint (m->parts->len, <, 40);
}

/* Every claimed length is too long when the end is missing: what stands before is still there, and
 * nothing dies. */
static void
it_may_end_anywhere (void)
{
  g_autoptr (GByteArray) w = winmail (1);

  for (guint n = 0; n < w->len; n++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (w->data, n);
      g_autoptr (Tnef) tnef = tnef_read (bytes);

      g_assert_cmpuint (tnef->attachments->len, <=, 2);
    }
}

static void
any_byte_may_be_wrong (void)
{
  g_autoptr (GByteArray) w = winmail (0);

  for (guint i = 0; i < w->len; i++)
    {
      guint8 was = w->data[i];
      static const guint8 wrong[] = { 0x00, 0x7f, 0xff };

      for (guint k = 0; k < G_N_ELEMENTS (wrong); k++)
        {
          w->data[i] = wrong[k];
          g_autoptr (GBytes) bytes = g_bytes_new (w->data, w->len);
          g_autoptr (Tnef) tnef = tnef_read (bytes);

          g_assert_nonnull (tnef->attachments);
        }
      w->data[i] = was;
    }
}

static void
rtf_gives_its_words (void)
{
  static const struct {
    const char *name, *rtf, *want;
    bool html;
  } rows[] = {
    { "paragraphs", "{\\rtf1\\ansi one\\par two\\tab three\\line}", "one\ntwo\tthree\n", false },
    { "what is no text", "{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\*\\generator X;}{\\pict 00ff}text}", "text", false },
    { "bytes of a code page", "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0}", "Пр", false },
    { "unicode and what stands in for it", "{\\rtf1\\uc1 \\u1055?\\u-10179?\\u-8704?!}", "П😀!", false },
    { "literal marks", "{\\rtf1 \\{a\\\\b\\}}", "{a\\b}", false },
    { "wrapped HTML", "{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 a{\\*\\htmltag84 &amp;}\\htmlrtf &\\htmlrtf0 b"
                      "\\htmlrtf }\\htmlrtf0 {\\*\\htmltag72 </p>}}", "<p>a&amp;b</p>", true },
    { "unbalanced", "{\\rtf1 a}}}b{{{", "ab", false },
    { "nothing", "", "", false },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bool html;
      g_autofree char *text = message_rtf_to_text (rows[i].rtf, strlen (rows[i].rtf), 1000, &html);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (text, ==, rows[i].want);
      g_assert_cmpint (html, ==, rows[i].html);
    }
}

static void
rtf_does_not_explode (void)
{
  guint8 bomb[16 + 9 * 64] = { 0 };
  g_autoptr (GBytes) out = NULL;

  /* References to what was just written, 17 bytes each. */
  bomb[0] = 0xff, bomb[1] = 0xff, bomb[4] = 0xff, bomb[5] = 0xff, bomb[6] = 0xff;
  memcpy (bomb + 8, "LZFu", 4);
  for (guint i = 16; i < sizeof bomb; i++)
    bomb[i] = 0xff;
  out = rtf_decompress (bomb, sizeof bomb, 4096);
  g_assert_null (out);
  out = rtf_decompress (hello_rtf, sizeof hello_rtf, 10);
  g_assert_null (out);
  out = rtf_decompress (hello_rtf, sizeof hello_rtf, 100);
  g_assert_nonnull (out);
  g_assert_cmpuint (g_bytes_get_size (out), ==, 43);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  message_preload ();
  g_test_add_func ("/tnef/parts", it_opens_into_parts);
  g_test_add_func ("/tnef/text", its_text_is_silent_where_the_mail_speaks);
  g_test_add_func ("/tnef/depth", depth_has_an_end);
  g_test_add_func ("/tnef/cut", it_may_end_anywhere);
  g_test_add_func ("/tnef/wrong", any_byte_may_be_wrong);
  g_test_add_func ("/tnef/rtf", rtf_gives_its_words);
  g_test_add_func ("/tnef/bomb", rtf_does_not_explode);
  return g_test_run ();
}
