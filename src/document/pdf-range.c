/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The range rules: what /ByteRange must be for a signature to mean anything (ISO 32000-2, 12.8.1,
 * and the published attacks on readers that were more generous).  Pure: bytes and numbers in, an
 * answer out.
 */
#include <string.h>

#include "base/ber.h"
#include "document/pdf-private.h"

static int
hex_value (guint8 c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

static const char *
check_numbers (gsize n, const gint64 *range, guint n_range)
{
  if (n_range != 4)
    return "its byte range has not exactly four numbers";
  if (range[0] != 0)
    return "its byte range does not begin with the file";
  if (range[1] <= 0 || range[2] <= range[1] || range[3] <= 0)
    return "its byte range is not in order";
  if ((guint64) range[2] > n || (guint64) range[3] > n - (guint64) range[2])
    return "its byte range goes beyond the file";
  return NULL;
}

/* The one place left out must be the value of /Contents and nothing else. */
static const char *
check_gap (const guint8 *bytes, gsize from, gsize to, const guint8 *contents, gsize n_contents)
{
  static const char key[] = "/Contents";
  gsize before = from;

  if (to - from < 4 || bytes[from] != '<' || bytes[to - 1] != '>' || (to - from) % 2 != 0)
    return "what its byte range leaves out is not one string";
  if ((to - from - 2) / 2 != n_contents)
    return "what its byte range leaves out is not as long as its /Contents";
  for (gsize i = 0; i < n_contents; i++)
    {
      int high = hex_value (bytes[from + 1 + 2 * i]), low = hex_value (bytes[from + 2 + 2 * i]);

      if (high < 0 || low < 0 || (high << 4 | low) != contents[i])
        return "what its byte range leaves out is not its /Contents";
    }
  while (before > 0 && pdf_is_space (bytes[before - 1]))
    before--;
  if (before < sizeof key - 1
      || memcmp (bytes + before - (sizeof key - 1), key, sizeof key - 1) != 0)
    return "what its byte range leaves out is not the value of /Contents";
  return NULL;
}

/* A revision ends with %%EOF and at most one end of line. */
static bool
ends_a_revision (const guint8 *bytes, gsize end)
{
  static const char mark[] = "%%EOF";

  if (end > 0 && bytes[end - 1] == '\n')
    end--;
  if (end > 0 && bytes[end - 1] == '\r')
    end--;
  return end >= sizeof mark - 1
         && memcmp (bytes + end - (sizeof mark - 1), mark, sizeof mark - 1) == 0;
}

static const char *
cut_cms (const guint8 *contents, gsize n, PdfCut *cut)
{
  Ber cms;

  if (!ber_read (contents, n, &cms) || cms.tag != 0x30)
    return "its /Contents is no signed data";
  if (cms.whole > PDF_MAX_CMS)
    return "its /Contents is larger than any signature";
  for (gsize i = cms.whole; i < n; i++)
    if (contents[i] != 0)
      return "something follows the signed data in its /Contents";
  cut->cms = g_bytes_new (contents, cms.whole);
  return NULL;
}

const char *
pdf_range_check (const guint8 *bytes, gsize n, const gint64 *range, guint n_range,
                 const guint8 *contents, gsize n_contents, PdfCut *cut)
{
  const char *why = check_numbers (n, range, n_range);

  if (why == NULL)
    why = check_gap (bytes, (gsize) range[1], (gsize) range[2], contents, n_contents);
  if (why == NULL && !ends_a_revision (bytes, (gsize) (range[2] + range[3])))
    why = "its byte range does not end where a revision of the file ends";
  if (why != NULL)
    return why;
  cut->end = (gsize) (range[2] + range[3]);
  return cut_cms (contents, n_contents, cut);
}

/* --- revisions -------------------------------------------------------------------------------- */

/* Of all that is space (7.2.3) what every viewer passes by there. */
static gsize
pass_lines (const guint8 *bytes, gsize n, gsize at)
{
  while (at < n && bytes[at] != '\0' && strchr (" \t\r\n", bytes[at]) != NULL)
    at++;
  return at;
}

/* "startxref", a number other than 0 (a linearized file has a 0 in the middle), "%%EOF", one end of
 * line. */
static bool
read_end (const guint8 *bytes, gsize n, gsize at, PdfRevision *revision)
{
  gsize table = 0, from = at;

  at = pass_lines (bytes, n, at);
  if (at == from)
    return false;
  for (; at < n && g_ascii_isdigit (bytes[at]); at++)
    table = MIN (table * 10 + (gsize) (bytes[at] - '0'), G_MAXSIZE / 100);
  at = pass_lines (bytes, n, at);
  if (table == 0 || n - at < 5 || memcmp (bytes + at, "%%EOF", 5) != 0)
    return false;
  at += 5;
  if (at < n && bytes[at] == '\r')
    at++;
  if (at < n && bytes[at] == '\n')
    at++;
  *revision = (PdfRevision){ at, table };
  return true;
}

/* Where two letters lie side by side, from AT on; N: nowhere.  By blocks of a fixed size, because
 * those a compiler compares in vectors: in megabytes of packed data that is twice as quick as
 * memchr(), which stops at every 256th octet, and four times as quick as memmem(). */
static gsize
find_pair (const guint8 *bytes, gsize n, gsize at, guint8 first, guint8 second)
{
  enum { BLOCK = 64 };

  for (; at + BLOCK < n; at += BLOCK)
    {
      const guint8 *block = bytes + at;
      guint8 any = 0;

      for (int i = 0; i < BLOCK; i++)
        any |= (guint8) ((block[i] == first) & (block[i + 1] == second));
      if (any)
        break;
    }
  for (; at + 1 < n; at++)
    if (bytes[at] == first && bytes[at + 1] == second)
      return at;
  return n;
}

GArray *
pdf_revisions (const guint8 *bytes, gsize n)
{
  static const char key[] = "startxref";
  enum { LENGTH = sizeof key - 1, RARE = 4 /* "tx" */ };
  GArray *revisions = g_array_new (FALSE, FALSE, sizeof (PdfRevision));

  for (gsize at = 0; (at = find_pair (bytes, n, at, key[RARE], key[RARE + 1])) < n; at++)
    {
      bool is =
        at >= RARE && n - at >= LENGTH - RARE && memcmp (bytes + at - RARE, key, LENGTH) == 0;
      PdfRevision one;

      if (is && read_end (bytes, n, at - RARE + LENGTH, &one))
        g_array_append_val (revisions, one);
    }
  return revisions;
}

guint
pdf_revision_at (const GArray *revisions, gsize end)
{
  for (guint i = 0; i < revisions->len; i++)
    {
      gsize here = g_array_index (revisions, PdfRevision, i).end;

      /* The signature may leave the end of line out. */
      if (end == here || (end < here && here - end <= 2))
        return i + 1;
    }
  return 0;
}
