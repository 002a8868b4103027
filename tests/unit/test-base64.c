/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Base64 decoded in groups of letters: the same as letter by letter, wherever the text is cut.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* TEXT written in pieces of up to PIECE bytes through the filter. */
static GByteArray *
decoded (const char *text, gsize n, gsize piece)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GMimeStream) memory = g_mime_stream_mem_new_with_byte_array (out);
  g_autoptr (GMimeStream) stream = g_mime_stream_filter_new (memory);
  g_autoptr (GMimeFilter) filter = base64_filter_new ();

  g_mime_stream_mem_set_owner (GMIME_STREAM_MEM (memory), FALSE);
  g_mime_stream_filter_add (GMIME_STREAM_FILTER (stream), filter);
  while (n > 0)
    {
      gsize now = 1 + (gsize) g_test_rand_int_range (0, (gint32) piece);

      now = MIN (now, n);
      g_assert_cmpint (g_mime_stream_write (stream, text, now), ==, (gssize) now);
      text += now;
      n -= now;
    }
  g_mime_stream_flush (stream);
  return out;
}

/* The N bytes at DATA as lines of LENGTH letters (0: one line). */
static GString *
encoded (const guint8 *data, gsize n, gsize length, const char *line_end)
{
  g_autofree char *letters = g_base64_encode (data, n);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; letters[i] != '\0'; i++)
    {
      g_string_append_c (out, letters[i]);
      if (length > 0 && (i + 1) % length == 0)
        g_string_append (out, line_end);
    }
  return out;
}

static void
what_was_encoded_comes_back (void)
{
  static const gsize lengths[] = { 76, 64, 60, 4, 77, 75, 1, 998, 0 };

  for (guint turn = 0; turn < 3000; turn++)
    {
      guint8 data[1500];
      gsize n = (gsize) g_test_rand_int_range (0, sizeof data);

      for (gsize i = 0; i < n; i++)
        data[i] = (guint8) g_test_rand_int ();
      g_autoptr (GString) text =
        encoded (data, n, lengths[turn % G_N_ELEMENTS (lengths)], turn % 2 ? "\r\n" : "\n");
      g_autoptr (GByteArray) out =
        decoded (text->str, text->len, turn % 3 ? 4096 : 1 + turn % 100);

      g_assert_cmpmem (out->data, out->len, data, n);
    }
}

/* Blanks, 8-bit letters, padding too early: gmime leaves out what is no letter and ends at padding,
 * and so it stays. */
static void
what_is_odd_is_decoded_as_by_gmime (void)
{
  static const char letters[] = "ABCDwxyz0189+/";
  static const char others[] = " \t\r\n-_!\xc3\x01\x7f=";

  for (guint turn = 0; turn < 6000; turn++)
    {
      char text[600], expected[sizeof text + 3];
      gsize n = (gsize) g_test_rand_int_range (0, sizeof text), expected_n;
      GMimeEncoding state;

      for (gsize i = 0; i < n; i++)
        text[i] = g_test_rand_int_range (0, 20) > 0
                    ? letters[g_test_rand_int_range (0, sizeof letters - 1)]
                    : others[g_test_rand_int_range (0, sizeof others - 1)];
      g_mime_encoding_init_decode (&state, GMIME_CONTENT_ENCODING_BASE64);
      expected_n = g_mime_encoding_step (&state, text, n, expected);
      g_autoptr (GByteArray) out = decoded (text, n, 1 + turn % 700);

      g_assert_cmpmem (out->data, out->len, expected, expected_n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_mime_init ();
  g_test_add_func ("/base64/what_was_encoded_comes_back", what_was_encoded_comes_back);
  g_test_add_func ("/base64/what_is_odd_is_decoded_as_by_gmime",
                   what_is_odd_is_decoded_as_by_gmime);
  return g_test_run ();
}
