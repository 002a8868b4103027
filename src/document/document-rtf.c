/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compressed RTF (MS-OXRTFCP): references into the last 4096 bytes, which begin with words that
 * every RTF has.
 */
#include "config.h"

#include <string.h>

#include "document/tnef.h"

#define WINDOW 4096
#define HEADER 16

/* MS-OXRTFCP 2.1.2.1 */
static const char first_words[] =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
  "\\fscript \\fdecor "
  "MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
  "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct {
  guint8 window[WINDOW];
  guint at;             /* where the next byte goes */
  GByteArray *out;
  gsize max;
} Expansion;

static bool
put (Expansion *e, guint8 byte)
{
  if (e->out->len >= e->max)
    return false;
  g_byte_array_append (e->out, &byte, 1);
  e->window[e->at] = byte;
  e->at = (e->at + 1) % WINDOW;
  return true;
}

/* A reference: 12 bits where, 4 bits how long.  One to the place of writing ends the text. */
static bool
put_reference (Expansion *e, guint reference, bool *end)
{
  guint from = reference >> 4, n = (reference & 15) + 2;

  *end = from == e->at;
  for (guint i = 0; i < n && !*end; i++)
    if (!put (e, e->window[(from + i) % WINDOW]))
      return false;
  return true;
}

static bool
expand (Expansion *e, const guint8 *b, gsize n)
{
  bool end = false;

  for (gsize i = 0; i < n && !end;)
    {
      guint control = b[i++];

      for (guint bit = 0; bit < 8 && i < n && !end; bit++)
        if ((control >> bit & 1) == 0)
          {
            if (!put (e, b[i++]))
              return false;
          }
        else if (i + 1 < n)
          {
            if (!put_reference (e, (guint) b[i] << 8 | b[i + 1], &end))
              return false;
            i += 2;
          }
        else
          return true; /* it ended early; what is there can be read */
    }
  return true;
}

static guint32
number_at (const guint8 *b)
{
  return (guint32) b[0] | (guint32) b[1] << 8 | (guint32) b[2] << 16 | (guint32) b[3] << 24;
}

GBytes *
rtf_decompress (const guint8 *bytes, gsize n, gsize max)
{
  g_autofree Expansion *e = NULL;
  gsize packed, size;

  if (n < HEADER)
    return NULL;
  packed = MIN ((gsize) number_at (bytes), n - 4); /* counts from behind itself */
  packed = packed > HEADER - 4 ? packed - (HEADER - 4) : 0;
  size = number_at (bytes + 4);
  if (size > max)
    return NULL;
  if (memcmp (bytes + 8, "MELA", 4) == 0)
    return g_bytes_new (bytes + HEADER, MIN (size, n - HEADER));
  if (memcmp (bytes + 8, "LZFu", 4) != 0)
    return NULL;
  e = g_new0 (Expansion, 1);
  e->at = sizeof first_words - 1;
  memcpy (e->window, first_words, sizeof first_words - 1);
  e->out = g_byte_array_new ();
  e->max = max;
  if (!expand (e, bytes + HEADER, packed))
    {
      g_byte_array_unref (e->out);
      return NULL;
    }
  if (e->out->len > size)
    g_byte_array_set_size (e->out, (guint) size);
  return g_byte_array_free_to_bytes (e->out);
}
