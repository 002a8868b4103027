/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Header fields that are longer than any: gmime takes minutes for them, or as much stack as they
 * are long.
 */
#include "config.h"

#include <string.h>
#include <sys/mman.h>

#include "message/message-private.h"

typedef struct {
  Parse *parse;
  char *bytes;
  gsize n;
  bool writable;
} Fields;

/* What is read of a header, here or by gmime. */
static bool
is_read (const char *field)
{
  static const char *const names[] = { "from:",        "sender:",      "reply-to:",
                                       "to:",          "cc:",          "bcc:",
                                       "subject:",     "date:",        "message-id:",
                                       "in-reply-to",  "references:",  "received:",
                                       "thread-index", "resent-",      "content-",
                                       "return-path",  "delivered-to", "authentication-results" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strncasecmp (field, names[i], strlen (names[i])) == 0)
      return true;
  return false;
}

/* Another name for the field, which nobody reads; all else stays where it is. */
static void
rename_field (Fields *f, gsize at)
{
  if (!is_read (f->bytes + at))
    return;
  if (!f->writable && mprotect (f->bytes, f->n, PROT_READ | PROT_WRITE) != 0)
    return;
  f->writable = true;
  f->bytes[at] = '_';
  parse_defect (f->parse, "message", "a header is longer than is read");
}

/* What the line at AT ends or begins: an empty line is the end of a header, a delimiter perhaps the
 * beginning of one, and so is a first line behind an empty one that looks like a field (a mail in a
 * mail). */
static bool
is_in_header (const char *line, gsize n, bool in_header, bool after_empty)
{
  gsize name = 0;

  if (n >= 2 && line[0] == '-' && line[1] == '-')
    return true;
  if (!after_empty)
    return in_header;
  while (name < n && g_ascii_isgraph (line[name]) && line[name] != ':')
    name++;
  return name > 0 && name < n && line[name] == ':';
}

static void
shorten_all (Fields *f)
{
  bool in_header = true, after_empty = false;
  gsize begin = 0;

  for (gsize at = 0; at < f->n;)
    {
      const char *line = f->bytes + at, *end = memchr (line, '\n', f->n - at);
      gsize n = end != NULL ? (gsize) (end - line) + 1 : f->n - at;
      bool empty = line[0] == '\n' || (line[0] == '\r' && n == 2);

      in_header = !empty && is_in_header (line, n, in_header, after_empty);
      after_empty = empty;
      if (line[0] != ' ' && line[0] != '\t')
        begin = at;
      if (in_header && at + n - begin > MAX_FIELD && at - begin <= MAX_FIELD)
        rename_field (f, begin);
      at += n;
    }
}

void
fields_shorten (Parse *parse)
{
  Fields f = { parse, NULL, 0, false };

  if (GMIME_IS_STREAM_MEM (parse->stream))
    {
      GByteArray *all = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (parse->stream));

      f = (Fields){ parse, (char *) all->data, all->len, true };
    }
  else if (GMIME_IS_STREAM_MMAP (parse->stream))
    {
      GMimeStreamMmap *map = GMIME_STREAM_MMAP (parse->stream);

      f = (Fields){ parse, map->map, map->maplen, false };
    }
  if (f.n > MAX_FIELD)
    shorten_all (&f);
}
