/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Base64 in groups of four letters.  Attachments are most of the bytes of mail, and gmime, which
 * looks at each letter alone, spent a quarter of all reading on them.  Padding and whatever is odd
 * stay gmime's.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* What a letter is worth at each of the four places of a group (RFC 2045 6.8), as the three octets
 * stand at the top of a word; NO_LETTER is in what is below them. */
enum { NO_LETTER = 1 };

static guint32 worth[4][256];

static void
fill_worth (void)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  for (guint place = 0; place < 4; place++)
    {
      for (guint c = 0; c < 256; c++)
        worth[place][c] = NO_LETTER;
      for (guint i = 0; i < 64; i++)
        worth[place][(guchar) letters[i]] = i << (26 - 6 * place);
    }
}

struct _Base64Filter {
  GMimeFilter parent;
  GMimeEncoding state;
};

G_DECLARE_FINAL_TYPE (Base64Filter, base64_filter, QEC, BASE64_FILTER, GMimeFilter)
G_DEFINE_TYPE (Base64Filter, base64_filter, GMIME_TYPE_FILTER)

/* Whole groups at the start of the N bytes at IN, decoded to OUT, where one byte behind them is
 * written, too; how many there were. */
static gsize
whole_groups (const guint8 *in, gsize n, char *out)
{
  gsize groups = 0;

  for (; n >= 4; n -= 4, in += 4, out += 3, groups++)
    {
      guint32 group = worth[0][in[0]] | worth[1][in[1]] | worth[2][in[2]] | worth[3][in[3]];

      if (group & NO_LETTER)
        break;
      group = GUINT32_TO_BE (group);
      memcpy (out, &group, sizeof group);
    }
  return groups;
}

/* What gmime is to see of the N bytes at IN before groups can be whole again: the rest of the group
 * that was begun, or all up to the end of the line. */
static gsize
up_to_groups (const GMimeEncoding *state, const char *in, gsize n)
{
  const char *end;

  if (state->state > 0 && state->state < 4)
    return MIN (n, 4 - (gsize) state->state);
  end = memchr (in, '\n', n);
  return end != NULL ? (gsize) (end - in) + 1 : n;
}

/* The N bytes at IN decoded to OUT, which has room for N + 3; how many they are. */
static gsize
decode (GMimeEncoding *state, const char *in, gsize n, char *out)
{
  gsize done = 0;

  while (n > 0)
    {
      /* 0: no group is begun, and no padding has ended it all. */
      gsize groups =
        state->state == 0 ? whole_groups ((const guint8 *) in, n, out + done) : 0;
      gsize odd;

      in += 4 * groups;
      n -= 4 * groups;
      done += 3 * groups;
      if (state->state == 0 && n > 0 && (*in == '\r' || *in == '\n'))
        { /* the end of a line between groups means nothing */
          in++;
          n--;
          continue;
        }
      odd = up_to_groups (state, in, n);
      done += g_mime_encoding_step (state, in, odd, out + done);
      in += odd;
      n -= odd;
    }
  return done;
}

/* --- as a filter of gmime's streams --------------------------------------------------- */

static void
filter (GMimeFilter *base, char *in, size_t n, size_t prespace, char **out, size_t *out_n,
        size_t *out_prespace)
{
  g_mime_filter_set_size (base, n + 3, FALSE);
  *out_n = decode (&QEC_BASE64_FILTER (base)->state, in, n, base->outbuf);
  *out = base->outbuf;
  *out_prespace = base->outpre;
}

static void
reset (GMimeFilter *base)
{
  g_mime_encoding_reset (&QEC_BASE64_FILTER (base)->state);
}

static GMimeFilter *
copy (GMimeFilter *base)
{
  return base64_filter_new ();
}

static void
base64_filter_init (Base64Filter *f)
{
  g_mime_encoding_init_decode (&f->state, GMIME_CONTENT_ENCODING_BASE64);
}

static void
base64_filter_class_init (Base64FilterClass *class)
{
  GMimeFilterClass *of_filter = GMIME_FILTER_CLASS (class);

  fill_worth ();
  of_filter->copy = copy;
  of_filter->filter = filter;
  of_filter->complete = filter;
  of_filter->reset = reset;
}

GMimeFilter *
base64_filter_new (void)
{
  return g_object_new (base64_filter_get_type (), NULL);
}
