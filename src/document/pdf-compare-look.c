/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the appearance of a field (/AP) draws.
 *
 * By the standard its box cuts off what lies beside it, and the box is laid into the field.  Some
 * viewers cut nothing off where there is no box, others no more once a stream has restored more
 * graphics states than it saved: from then on the field covers the whole page.
 */
#include <stdlib.h>
#include <string.h>

#include "document/pdf-content.h"
#include "document/pdf-private.h"

/* Streams that one appearance may be made of. */
#define MAX_FORMS 200

typedef bool (*Test) (const PdfDoc *doc, qpdf_oh stream);

/* Each appearance, of each state, is a stream that passes. */
static bool
is_each (const PdfDoc *doc, qpdf_oh looks, Test test, guint depth)
{
  g_autoptr (GPtrArray) keys = pdf_keys (doc, looks);
  bool each = qpdf_oh_is_dictionary (doc->q, looks) && depth > 0;

  for (guint i = 0; i < keys->len && each; i++)
    {
      qpdf_oh one = pdf_get (doc, looks, keys->pdata[i]);

      each =
        qpdf_oh_is_stream (doc->q, one) ? test (doc, one) : is_each (doc, one, test, depth - 1);
    }
  return each;
}

static bool
has_each (const PdfDoc *doc, qpdf_oh annotation, Test test)
{
  qpdf_oh looks = pdf_get (doc, annotation, "/AP");

  return looks == 0 || is_each (doc, looks, test, 2);
}

/* --- nothing is drawn ------------------------------------------------------------------------- */

/* NULL: it cannot be decoded.  Free it. */
static guint8 *
content_of (const PdfDoc *doc, qpdf_oh stream, size_t *n)
{
  unsigned char *bytes = NULL;
  QPDF_ERROR_CODE code =
    qpdf_oh_get_stream_data (doc->q, stream, qpdf_dl_generalized, NULL, &bytes, n);

  if (code == QPDF_SUCCESS && bytes == NULL)
    return calloc (1, 1);
  if (code != QPDF_SUCCESS)
    g_clear_pointer (&bytes, free);
  return bytes;
}

static bool
is_blank (const PdfDoc *doc, qpdf_oh stream)
{
  size_t n = 0;
  guint8 *bytes = content_of (doc, stream, &n);
  PdfLexer lexer;
  bool blank;

  if (bytes == NULL)
    return false;
  pdf_lexer_init (&lexer, bytes, n);
  blank = pdf_lexer_next (&lexer).kind == PDF_END;
  pdf_lexer_clear (&lexer);
  free (bytes);
  return blank;
}

bool
pdf_draws_nothing (const PdfDoc *doc, qpdf_oh annotation)
{
  return has_each (doc, annotation, is_blank);
}

/* --- nothing is drawn beside it --------------------------------------------------------------- */

static bool
has_box (const PdfDoc *doc, qpdf_oh stream)
{
  qpdf_oh box = pdf_get (doc, stream, "/BBox");
  bool whole = pdf_length (doc, box) == 4;

  for (guint i = 0; i < 4 && whole; i++)
    whole = qpdf_oh_is_number (doc->q, pdf_item (doc, box, i));
  return whole;
}

static bool
is_word (const PdfToken *token, bool in_list)
{
  static const char *const operators[] = {
    "b",  "B",  "b*",  "B*",  "BDC", "BMC", "BT", "BX", "c",  "cm", "CS", "cs", "d",  "d0", "d1",
    "Do", "DP", "EMC", "ET",  "EX",  "f",   "F",  "f*", "G",  "g",  "gs", "h",  "i",  "j",  "J",
    "K",  "k",  "l",   "m",   "M",   "MP",  "n",  "q",  "Q",  "re", "RG", "rg", "ri", "s",  "S",
    "sc", "SC", "scn", "SCN", "sh",  "T*",  "Tc", "Td", "TD", "Tf", "Tj", "TJ", "TL", "Tm", "Tr",
    "Ts", "Tw", "Tz",  "v",   "w",   "W",   "W*", "y",  "'",  "\"", NULL
  };
  static const char *const values[] = { "true", "false", "null", NULL };

  return strlen (token->bytes) == token->n
         && (g_strv_contains (values, token->bytes)
             || (!in_list && g_strv_contains (operators, token->bytes)));
}

/* Viewers take a word that no standard knows for several, and none for an operator in a list.
 * OPEN: what it stands in, the first character of each. */
static bool
is_understood (const PdfToken *token, GString *open)
{
  gsize n = open->len;
  bool begins = token->kind == PDF_ARRAY || strcmp (token->bytes, "<<") == 0;
  char end = n == 0 ? '\0' : open->str[n - 1] == '<' ? '>' : ']';

  switch (token->kind)
    {
    case PDF_WORD:
      return is_word (token, n > 0);
    case PDF_ARRAY:
    case PDF_ARRAY_END:
    case PDF_OTHER:
      if (begins)
        g_string_append_c (open, token->bytes[0]);
      else
        g_string_truncate (open, n > 0 ? n - 1 : 0);
      return begins || (token->bytes[0] == end && token->n == (end == '>' ? 2 : 1));
    default:
      return true;
    }
}

/* It restores as many graphics states as it saved, and never more. */
static bool
is_balanced (const guint8 *bytes, gsize n)
{
  g_autoptr (GString) open = g_string_new (NULL);
  PdfLexer lexer;
  PdfToken token;
  gint64 saved = 0;
  bool clear = true;

  pdf_lexer_init (&lexer, bytes, n);
  while (clear && saved >= 0 && (token = pdf_lexer_next (&lexer)).kind != PDF_END)
    {
      clear = is_understood (&token, open);
      if (token.kind == PDF_WORD && strcmp (token.bytes, "q") == 0)
        saved++;
      else if (token.kind == PDF_WORD && strcmp (token.bytes, "Q") == 0)
        saved--;
    }
  pdf_lexer_clear (&lexer);
  return clear && saved == 0 && open->len == 0;
}

static bool
is_balanced_stream (const PdfDoc *doc, qpdf_oh stream)
{
  size_t n = 0;
  guint8 *bytes = content_of (doc, stream, &n);
  bool balanced = bytes != NULL && is_balanced (bytes, n);

  free (bytes);
  return balanced;
}

/* It, and what it is made of. */
static bool
are_balanced (const PdfDoc *doc, qpdf_oh stream, GHashTable *seen)
{
  guint64 id = pdf_id (doc, stream);
  qpdf_oh forms = pdf_get (doc, pdf_get (doc, stream, "/Resources"), "/XObject");
  g_autoptr (GPtrArray) names = pdf_keys (doc, forms);
  bool balanced;

  if (!g_hash_table_add (seen, g_memdup2 (&id, sizeof id)))
    return true;
  balanced = g_hash_table_size (seen) <= MAX_FORMS && is_balanced_stream (doc, stream);
  for (guint i = 0; i < names->len && balanced; i++)
    {
      qpdf_oh one = pdf_get (doc, forms, names->pdata[i]);

      if (!pdf_is_name (doc, pdf_get (doc, one, "/Subtype"), "/Image"))
        balanced = are_balanced (doc, one, seen);
    }
  return balanced;
}

static bool
is_inside (const PdfDoc *doc, qpdf_oh stream)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return has_box (doc, stream) && are_balanced (doc, stream, seen);
}

bool
pdf_draws_inside (const PdfDoc *doc, qpdf_oh annotation)
{
  return has_each (doc, annotation, is_inside);
}

bool
pdf_writes_inside (const PdfDoc *doc, qpdf_oh text)
{
  const char *bytes;
  size_t n = 0;

  if (text == 0 || !qpdf_oh_is_string (doc->q, text))
    return text == 0;
  bytes = qpdf_oh_get_binary_string_value (doc->q, text, &n);
  return is_balanced ((const guint8 *) bytes, n);
}
