/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What content is, whatever its sender calls it: a small table of magic numbers for what applicants
 * send.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

static const struct {
  const char *bytes;
  gsize n;
  const char *type;
} magics[] = {
  { "%PDF-", 5, "application/pdf" },
  { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "application/x-ole-storage" },
  { "\x89PNG\r\n\x1a\n", 8, "image/png" },
  { "\xff\xd8\xff", 3, "image/jpeg" },
  { "GIF87a", 6, "image/gif" },
  { "GIF89a", 6, "image/gif" },
  { "II*\0", 4, "image/tiff" },
  { "MM\0*", 4, "image/tiff" },
  { "BM", 2, "image/bmp" },
  { "{\\rtf", 5, "application/rtf" },
  { "\x78\x9f\x3e\x22", 4, "application/vnd.ms-tnef" },
  { "\x1f\x8b", 2, "application/gzip" },
  { "BZh", 3, "application/x-bzip2" },
  { "\xfd" "7zXZ\0", 6, "application/x-xz" },
  { "7z\xbc\xaf\x27\x1c", 6, "application/x-7z-compressed" },
  { "Rar!\x1a\x07", 6, "application/vnd.rar" },
  { "\x7f" "ELF", 4, "application/x-executable" },
  { "MZ", 2, "application/x-msdownload" },
  { "%!PS", 4, "application/postscript" },
  { "BEGIN:VCALENDAR", 15, "text/calendar" },
  { "BEGIN:VCARD", 11, "text/vcard" },
  { "-----BEGIN PGP SIGNATURE", 24, "application/pgp-signature" },
  { "-----BEGIN PGP MESSAGE", 22, "application/pgp-encrypted" },
  { "-----BEGIN PGP PUBLIC KEY", 25, "application/pgp-keys" },
};

/* The names of a zip's first members tell what it is a box for. */
static const struct {
  const char *inside, *type;
} boxes[] = {
  { "word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
  { "xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  { "ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
  { "mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text" },
  { "mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet" },
};

static const char *
sniff_zip (const guint8 *head, gsize n)
{
  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
    if (memmem (head, n, boxes[i].inside, strlen (boxes[i].inside)) != NULL)
      return boxes[i].type;
  return "application/zip";
}

static bool
starts_with_tag (const char *s, gsize n, const char *tag)
{
  gsize length = strlen (tag);

  return n >= length && g_ascii_strncasecmp (s, tag, length) == 0;
}

static bool
is_text (const guint8 *head, gsize n)
{
  gsize odd = 0;
  const char *end;

  for (gsize i = 0; i < n; i++)
    {
      if (head[i] == 0)
        return false;
      if (head[i] < 0x20 && strchr ("\t\n\r\f\033", head[i]) == NULL)
        odd++;
    }
  if (odd * 50 > n)
    return false;
  if (g_utf8_validate ((const char *) head, (gssize) n, &end)
      || n - (gsize) (end - (const char *) head) < 4)
    return true;
  /* Not UTF-8: text in an 8-bit charset is mostly ASCII. */
  for (gsize i = 0; i < n; i++)
    odd += head[i] >= 0x80;
  return odd * 3 < n;
}

static const char *
sniff_markup (const char *s, gsize n)
{
  static const char *const html[] = { "<!doctype html", "<html", "<head", "<body", "<div", "<table",
                                      "<p>", "<p ", "<meta", "<font", "<!--" };

  if (starts_with_tag (s, n, "<?xml"))
    return memmem (s, MIN (n, 1024), "<html", 5) != NULL ? "text/html" : "text/xml";
  for (guint i = 0; i < G_N_ELEMENTS (html); i++)
    if (starts_with_tag (s, n, html[i]))
      return "text/html";
  return "text/plain";
}

const char *
sniff_type (const guint8 *head, gsize n, guint64 size)
{
  const char *text = (const char *) head;

  if (size == 0)
    return "application/x-empty";
  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (n >= magics[i].n && memcmp (head, magics[i].bytes, magics[i].n) == 0 &&
        (magics[i].n > 2 || !is_text (head, n)))
      return magics[i].type;
  if (n >= 4 && memcmp (head, "PK\3\4", 4) == 0)
    return sniff_zip (head, n);
  if (n >= 12 && memcmp (head, "RIFF", 4) == 0 && memcmp (head + 8, "WEBP", 4) == 0)
    return "image/webp";
  /* ISO 32000 lets up to 1024 bytes stand before a PDF's header. */
  if (memmem (head, MIN (n, 1024), "%PDF-", 5) != NULL)
    return "application/pdf";
  if (n >= 2 && ((head[0] == 0xff && head[1] == 0xfe) || (head[0] == 0xfe && head[1] == 0xff)))
    return "text/plain";
  if (!is_text (head, n))
    return "application/octet-stream";
  if (n >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      n -= 3;
    }
  while (n > 0 && g_ascii_isspace (*text))
    {
      text++;
      n--;
    }
  return sniff_markup (text, n);
}
