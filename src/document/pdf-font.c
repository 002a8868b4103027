/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fonts, as far as the words need them: what a code means, and how far it moves (ISO 32000-1, 9.5
 * to 9.10).
 *
 * A code means what the font's ToUnicode map says.  Without one, a simple font's encoding names its
 * characters; a composite font, or one with an encoding inside its own program, cannot be read
 * without that program, which nobody here looks into.
 */
#include <stdlib.h>
#include <string.h>

#include "document/pdf-content.h"

#define MAX_RAW (1024 * 1024)    /* of one stream, as it is stored */
#define MAX_WIDTHS 70000
#define FLAG_SYMBOLIC (1 << 2)   /* table 123 */

struct PdfFont {
  bool composite;
  PdfCmap *cmap;                 /* NULL: it has none */
  char *texts[256];              /* of a simple font; NULL: nobody can tell */
  double widths[256];            /* of a simple font */
  double otherwise;              /* of all other codes */
  GHashTable *cid_widths;        /* code -> double *; of a composite font */
};

guint8 *
pdf_stream_bytes (qpdf_data q, qpdf_oh stream, gsize *n)
{
  unsigned char *bytes = NULL;
  long long length;
  size_t size = 0;

  *n = 0;
  if (!qpdf_oh_is_stream (q, stream)
      || !qpdf_oh_get_value_as_longlong (
        q, qpdf_oh_get_key (q, qpdf_oh_get_dict (q, stream), "/Length"), &length)
      || length < 0 || length > MAX_RAW)
    return NULL;
  /* What came in spite of a warning is what a viewer would show.  Of a stream that holds nothing
   * there are no bytes. */
  if ((qpdf_oh_get_stream_data (q, stream, qpdf_dl_generalized, NULL, &bytes, &size) & QPDF_ERRORS)
      == 0)
    {
      *n = bytes != NULL ? size : 0;
      return bytes != NULL ? bytes : calloc (1, 1);
    }
  free (bytes);
  return NULL;
}

static qpdf_oh
key (qpdf_data q, qpdf_oh dictionary, const char *name)
{
  return dictionary != 0 && qpdf_oh_is_dictionary (q, dictionary)
             && qpdf_oh_has_key (q, dictionary, name)
           ? qpdf_oh_get_key (q, dictionary, name)
           : 0;
}

static bool
is_name (qpdf_data q, qpdf_oh object, const char *name)
{
  return object != 0 && qpdf_oh_is_name (q, object)
         && strcmp (qpdf_oh_get_name (q, object), name) == 0;
}

static double
number (qpdf_data q, qpdf_oh object, double otherwise)
{
  double value;

  return object != 0 && qpdf_oh_get_value_as_number (q, object, &value) ? value : otherwise;
}

static int
length (qpdf_data q, qpdf_oh array)
{
  return array != 0 && qpdf_oh_is_array (q, array)
           ? CLAMP (qpdf_oh_get_array_n_items (q, array), 0, MAX_WIDTHS)
           : 0;
}

/* --- encodings -------------------------------------------------------------------------------- */

/* Adobe's names of the characters that are no letters; letters are their own. */
static const struct {
  const char *name, *text;
} glyphs[] = {
  { "space", " " }, { "exclam", "!" }, { "quotedbl", "\"" }, { "numbersign", "#" }, { "dollar", "$" }, { "percent", "%" }, { "ampersand", "&" },
  { "quotesingle", "'" }, { "quoteright", "’" }, { "quoteleft", "‘" }, { "parenleft", "(" }, { "parenright", ")" }, { "asterisk", "*" }, { "plus", "+" },
  { "comma", "," }, { "hyphen", "-" }, { "minus", "-" }, { "sfthyphen", "-" }, { "period", "." }, { "slash", "/" }, { "zero", "0" }, { "one", "1" },
  { "two", "2" }, { "three", "3" }, { "four", "4" }, { "five", "5" }, { "six", "6" }, { "seven", "7" }, { "eight", "8" }, { "nine", "9" },
  { "colon", ":" }, { "semicolon", ";" }, { "less", "<" }, { "equal", "=" }, { "greater", ">" }, { "question", "?" }, { "at", "@" },
  { "bracketleft", "[" }, { "backslash", "\\" }, { "bracketright", "]" }, { "asciicircum", "^" }, { "underscore", "_" }, { "grave", "`" },
  { "braceleft", "{" }, { "bar", "|" }, { "braceright", "}" }, { "asciitilde", "~" }, { "quotedblleft", "“" }, { "quotedblright", "”" },
  { "endash", "–" }, { "emdash", "—" }, { "bullet", "•" }, { "ellipsis", "…" }, { "fi", "fi" }, { "fl", "fl" }, { "ff", "ff" }, { "ffi", "ffi" },
  { "ffl", "ffl" }, { "nbspace", " " }, { "nonbreakingspace", " " }, { "section", "§" }, { "copyright", "©" }, { "registered", "®" },
};

/* "uni0041", "u1F600" */
static char *
text_of_number (const char *name)
{
  const char *digits = g_str_has_prefix (name, "uni") ? name + 3 : name[0] == 'u' ? name + 1 : NULL;
  guint64 value;
  char utf8[8] = "";

  if (digits == NULL || strlen (digits) < 4 || strlen (digits) > 6
      || !g_ascii_string_to_unsigned (digits, 16, 1, 0x10FFFF, &value, NULL)
      || !g_unichar_validate ((gunichar) value))
    return NULL;
  utf8[g_unichar_to_utf8 ((gunichar) value, utf8)] = '\0';
  return g_strdup (utf8);
}

static char *
text_of_glyph (const char *name)
{
  /* "a.small" is another shape of "a". */
  g_autofree char *base = name[0] != '.' ? g_strndup (name, strcspn (name, ".")) : g_strdup (name);

  if (g_ascii_isalpha (base[0]) && base[1] == '\0')
    return g_strdup (base);
  for (guint i = 0; i < G_N_ELEMENTS (glyphs); i++)
    if (strcmp (glyphs[i].name, base) == 0)
      return g_strdup (glyphs[i].text);
  return text_of_number (base);
}

/* What all of the standard encodings agree on; LATIN: the upper half as Windows has it. */
static void
encode_base (PdfFont *font, bool latin)
{
  char utf8[8];

  for (guint code = 32; code < 256; code++)
    {
      if (code == 127 || (code > 127 && (!latin || code < 160)))
        continue;
      utf8[g_unichar_to_utf8 (code, utf8)] = '\0';
      font->texts[code] = g_strdup (utf8);
    }
  /* Printed by careless programs, and shown as nothing. */
  for (const char *blank = "\t\n\r"; *blank != '\0'; blank++)
    font->texts[(guint8) *blank] = g_strdup (" ");
}

static void
encode_differences (PdfFont *font, qpdf_data q, qpdf_oh differences)
{
  guint code = 0;

  for (int i = 0; i < length (q, differences); i++)
    {
      qpdf_oh item = qpdf_oh_get_array_item (q, differences, i);

      if (qpdf_oh_is_number (q, item))
        code = (guint) CLAMP (number (q, item, 0), 0, 256);
      else if (qpdf_oh_is_name (q, item) && code < 256)
        {
          g_free (font->texts[code]);
          font->texts[code++] = text_of_glyph (qpdf_oh_get_name (q, item) + 1);
        }
    }
}

/* Which codes are which characters when nothing else says so is written in the font's own
 * program. */
static bool
has_own_encoding (qpdf_data q, qpdf_oh dictionary)
{
  qpdf_oh descriptor = key (q, dictionary, "/FontDescriptor");
  bool embedded = key (q, descriptor, "/FontFile") != 0 || key (q, descriptor, "/FontFile2") != 0
                  || key (q, descriptor, "/FontFile3") != 0;

  return is_name (q, key (q, dictionary, "/Subtype"), "/Type3")
         || (embedded && ((int) number (q, key (q, descriptor, "/Flags"), 0) & FLAG_SYMBOLIC) != 0);
}

static void
read_encoding (PdfFont *font, qpdf_data q, qpdf_oh dictionary)
{
  qpdf_oh encoding = key (q, dictionary, "/Encoding"), base = key (q, encoding, "/BaseEncoding");
  bool is_dictionary = encoding != 0 && qpdf_oh_is_dictionary (q, encoding);
  bool named = base != 0 || (encoding != 0 && !is_dictionary);

  if (named || !has_own_encoding (q, dictionary))
    encode_base (font, is_name (q, named && is_dictionary ? base : encoding, "/WinAnsiEncoding"));
  if (is_dictionary)
    encode_differences (font, q, key (q, encoding, "/Differences"));
}

/* --- widths ----------------------------------------------------------------------------------- */

static void
read_widths (PdfFont *font, qpdf_data q, qpdf_oh dictionary)
{
  qpdf_oh widths = key (q, dictionary, "/Widths"), matrix = key (q, dictionary, "/FontMatrix");
  int first = (int) number (q, key (q, dictionary, "/FirstChar"), 0);
  double unit =
    length (q, matrix) == 6 ? number (q, qpdf_oh_get_array_item (q, matrix, 0), 0.001) : 0.001;

  /* The standard fonts have widths that every viewer knows: half of the size is near enough for
   * where a word ends. */
  font->otherwise = number (q, key (q, key (q, dictionary, "/FontDescriptor"), "/MissingWidth"),
                            widths != 0 ? 0 : 500)
                    * unit;
  for (int code = 0; code < 256; code++)
    font->widths[code] = font->otherwise;
  for (int i = 0; i < length (q, widths); i++)
    if (first >= 0 && first + i < 256)
      font->widths[first + i] = number (q, qpdf_oh_get_array_item (q, widths, i), 0) * unit;
}

static void
set_width (PdfFont *font, int code, double width)
{
  double *value = g_new (double, 1);

  *value = width / 1000;
  g_hash_table_insert (font->cid_widths, GINT_TO_POINTER (code), value);
}

/* /W: "first [w ...]" and "first last w". */
static void
read_cid_widths (PdfFont *font, qpdf_data q, qpdf_oh descendant)
{
  qpdf_oh w = key (q, descendant, "/W");
  int n = length (q, w);

  font->otherwise = number (q, key (q, descendant, "/DW"), 1000) / 1000;
  for (int i = 0; i + 1 < n && g_hash_table_size (font->cid_widths) < MAX_WIDTHS;)
    {
      int first = (int) CLAMP (number (q, qpdf_oh_get_array_item (q, w, i), 0), 0, 65535);
      qpdf_oh second = qpdf_oh_get_array_item (q, w, i + 1);

      if (qpdf_oh_is_array (q, second))
        {
          for (int k = 0; k < length (q, second); k++)
            set_width (font, first + k, number (q, qpdf_oh_get_array_item (q, second, k), 0));
          i += 2;
          continue;
        }
      if (i + 2 >= n)
        return;
      int last = (int) CLAMP (number (q, second, 0), 0, 65535);
      double width = number (q, qpdf_oh_get_array_item (q, w, i + 2), 0);
      for (int code = first; code <= last && g_hash_table_size (font->cid_widths) < MAX_WIDTHS;
           code++)
        set_width (font, code, width);
      i += 3;
    }
}

/* --- a font ----------------------------------------------------------------------------------- */

PdfFont *
pdf_font_new (qpdf_data q, qpdf_oh dictionary)
{
  PdfFont *font = g_new0 (PdfFont, 1);
  qpdf_oh descendants = key (q, dictionary, "/DescendantFonts"),
          map = key (q, dictionary, "/ToUnicode");
  gsize n;
  guint8 *bytes = map != 0 ? pdf_stream_bytes (q, map, &n) : NULL;

  if (bytes != NULL)
    font->cmap = pdf_cmap_read (bytes, n);
  free (bytes);
  font->composite = is_name (q, key (q, dictionary, "/Subtype"), "/Type0");
  font->cid_widths = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (font->composite && length (q, descendants) > 0)
    read_cid_widths (font, q, qpdf_oh_get_array_item (q, descendants, 0));
  else if (!font->composite)
    {
      read_encoding (font, q, dictionary);
      read_widths (font, q, dictionary);
    }
  return font;
}

void
pdf_font_free (PdfFont *font)
{
  if (font == NULL)
    return;
  pdf_cmap_free (font->cmap);
  for (guint i = 0; i < G_N_ELEMENTS (font->texts); i++)
    g_free (font->texts[i]);
  g_hash_table_unref (font->cid_widths);
  g_free (font);
}

guint
pdf_font_width_of_code (const PdfFont *font)
{
  return !font->composite ? 1 : font->cmap != NULL && font->cmap->width == 1 ? 1 : 2;
}

const char *
pdf_font_text (const PdfFont *font, guint code)
{
  const char *text =
    font->cmap != NULL ? g_hash_table_lookup (font->cmap->texts, GUINT_TO_POINTER (code)) : NULL;

  return text != NULL || font->composite || code > 255 ? text : font->texts[code];
}

double
pdf_font_advance (const PdfFont *font, guint code)
{
  const double *width =
    font->composite ? g_hash_table_lookup (font->cid_widths, GUINT_TO_POINTER (code)) : NULL;

  if (width != NULL)
    return *width;
  return font->composite || code > 255 ? font->otherwise : font->widths[code];
}
