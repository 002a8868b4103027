/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An entity from its raw bytes, and where readers may not agree on what it says.
 */
#include "config.h"

#include <string.h>

#include "message/message-author.h"
#include "message/message-entity.h"
#include "message/message-private.h"

/* As many as message_parse_bytes() reads, so that what is judged here is what is shown. */
#define MAX_HEADERS 2000

/* Headers of which there can be one (RFC 5322, 3.6; RFC 2045), and which change what a reader
 * sees. */
static const char *const single[] = { "from",        "sender",       "date",
                                      "subject",     "to",           "cc",
                                      "reply-to",    "content-type", "content-transfer-encoding",
                                      "mime-version" };

/* --- lines ------------------------------------------------------------------------------------ */

/* The line at AT without its end; *NEXT is where the next one begins.  False at the end. */
bool
entity_line (Span s, gsize at, Span *line, gsize *next)
{
  const guint8 *end;

  if (at >= s.n)
    return false;
  end = memchr (s.bytes + at, '\n', s.n - at);
  *next = end != NULL ? (gsize) (end - s.bytes) + 1 : s.n;
  *line = (Span){ s.bytes + at, (end != NULL ? (gsize) (end - s.bytes) : s.n) - at };
  if (line->n > 0 && end != NULL && line->bytes[line->n - 1] == '\r')
    line->n--;
  return true;
}

static void
split_entity (Span all, Entity *e)
{
  Span line;
  gsize at = 0, next;

  e->head = (Span){ all.bytes, all.n };
  e->body = (Span){ all.bytes + all.n, 0 };
  for (; entity_line (all, at, &line, &next); at = next)
    if (line.n == 0)
      {
        e->head.n = at;
        e->body = (Span){ all.bytes + next, all.n - next };
        return;
      }
}

/* --- headers ---------------------------------------------------------------------------------- */

static void
take_header (Entity *e, const char *name, const char *value)
{
  if (strcmp (name, "content-type") == 0)
    {
      gsize n = strcspn (value, ";");
      g_autofree char *type = g_strndup (value, n);

      g_free (e->type_raw);
      g_free (e->type);
      e->type_raw = g_strdup (value);
      e->type = g_ascii_strdown (g_strstrip (type), -1);
    }
  else if (strcmp (name, "content-transfer-encoding") == 0)
    {
      g_free (e->encoding);
      e->encoding = g_ascii_strdown (value, -1);
      g_strstrip (e->encoding);
    }
  else if (strcmp (name, "from") == 0 || strcmp (name, "sender") == 0)
    {
      const char *why = author_problem (value);

      e->problem = why != NULL ? why : e->problem;
    }
}

static void
count_header (Entity *e, const char *name, guint *seen)
{
  for (guint i = 0; i < G_N_ELEMENTS (single); i++)
    if (strcmp (name, single[i]) == 0 && ++seen[i] > 1)
      e->problem =
        "a header stands twice that can stand once, so readers may be shown different things";
}

/* One header with its folded lines, as LINE_ENDs were. */
static void
read_header (Entity *e, const char *text, guint *seen)
{
  const char *colon = strchr (text, ':');
  g_autofree char *name = NULL, *value = NULL;

  if (colon == NULL)
    {
      e->problem = "a line among the headers is none";
      return;
    }
  name = g_ascii_strdown (text, colon - text);
  /* Some readers take it for the beginning of the body, already for a blank before the colon. */
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      e->problem = "a line among the headers is none";
  g_strstrip (name);
  if (strlen (colon) > MAX_FIELD)
    {
      e->problem = "a header is longer than is read";
      return;
    }
  value = header_unfold (colon + 1);
  count_header (e, name, seen);
  take_header (e, name, g_strstrip (value));
}

/* Escapes begin words of ISO-2022, which some programs do not encode. */
static bool
has_controls (Span line)
{
  for (gsize i = 0; i < line.n; i++)
    if (line.bytes[i] < 0x20 && line.bytes[i] != '\t' && line.bytes[i] != '\033')
      return true;
  return false;
}

/* A mailbox file's own first line is no header; "From : ann@example.org" is none of those. */
static bool
is_mailbox_line (Span line)
{
  gsize at = 5;

  if (line.n <= at || memcmp (line.bytes, "From ", at) != 0)
    return false;
  while (at < line.n && (line.bytes[at] == ' ' || line.bytes[at] == '\t'))
    at++;
  return at < line.n && line.bytes[at] != ':';
}

static void
read_headers (Entity *e)
{
  guint count = 0;
  guint seen[G_N_ELEMENTS (single)] = { 0 };
  g_autoptr (GString) header = g_string_new (NULL);
  Span line;
  gsize at = 0, next;

  for (; entity_line (e->head, at, &line, &next); at = next)
    {
      if (has_controls (line))
        e->problem = "control characters stand among the headers";
      if (line.n > 0 && line.bytes[0] != ' ' && line.bytes[0] != '\t')
        {
          if (header->len > 0)
            read_header (e, header->str, seen);
          g_string_truncate (header, 0);
          if (++count > MAX_HEADERS)
            e->problem = "it has more headers than are read";
        }
      else if (header->len > 0)
        g_string_append_c (header, '\n');
      if (at > 0 || !is_mailbox_line (line))
        g_string_append_len (header, (const char *) line.bytes, (gssize) line.n);
    }
  if (header->len > 0)
    read_header (e, header->str, seen);
}

void
entity_read (Span all, Entity *e)
{
  memset (e, 0, sizeof *e);
  e->type = g_strdup ("text/plain");
  e->type_raw = g_strdup ("");
  e->encoding = g_strdup ("");
  split_entity (all, e);
  read_headers (e);
}

void
entity_clear (Entity *e)
{
  g_free (e->type);
  g_free (e->type_raw);
  g_free (e->encoding);
}

char *
entity_parameter (const Entity *e, const char *name)
{
  guint flaws = 0;

  return param_decode (e->type_raw, name, &flaws);
}

/* NAME is given more than one value, of which each reader takes another.  Pieces (NAME*0=, NAME*1=)
 * are one. */
bool
entity_says_twice (const Entity *e, const char *name)
{
  gsize n = strlen (name);
  guint whole = 0, pieces = 0;
  bool quoted = false;

  for (const char *s = e->type_raw; *s != '\0'; s++)
    if (*s == '"')
      quoted = !quoted;
    else if (*s == '\\' && quoted && s[1] != '\0')
      s++;
    else if (*s == ';' && !quoted)
      {
        const char *found = s + 1 + strspn (s + 1, " \t");

        if (g_ascii_strncasecmp (found, name, n) != 0)
          continue;
        whole += found[n + strspn (found + n, " \t")] == '=' || strncmp (found + n, "*=", 2) == 0;
        pieces += found[n] == '*' && g_ascii_isdigit (found[n + 1]);
      }
  return whole + (pieces > 0) > 1;
}

typedef struct {
  const char *name, *value; /* the value without its quotes */
  gsize n_name, n_value;
} Written;

/* The next parameter at *S, as RFC 2045, 5.1 wants it, without the comments it allows; a name of
 * no letters is one semicolon too many, which is common.  False when it is anything else. */
static bool
next_written (const char **at, Written *w)
{
  static const char blank[] = " \t", ends_name[] = " \t;=\"(),<>@:\\/[]?",
                    ends_value[] = " \t;\"(),<>@\\[]";
  const char *s = *at + 1 + strspn (*at + 1, blank);

  *w = (Written){ s, s, strcspn (s, ends_name), 0 };
  *at = s;
  if (*s == ';' || *s == '\0')
    return true;
  s += w->n_name + strspn (s + w->n_name, blank);
  if (w->n_name == 0 || *s != '=')
    return false;
  s += 1 + strspn (s + 1, blank);
  bool quoted = *s == '"';
  w->value = s + quoted;
  w->n_value = strcspn (w->value, quoted ? "\"\\" : ends_value);
  if (quoted ? w->value[w->n_value] != '"' : w->n_value == 0)
    return false;
  s = w->value + w->n_value + quoted;
  *at = s + strspn (s, blank);
  return true;
}

/* Readers do not agree on what anything else says. */
bool
entity_has_plain_type (const Entity *e)
{
  const char *s = e->type_raw + strcspn (e->type_raw, ";");
  Written w;

  while (*s == ';')
    if (!next_written (&s, &w))
      return false;
  return *s == '\0';
}

char *
entity_written_parameter (const Entity *e, const char *name)
{
  const char *s = e->type_raw + strcspn (e->type_raw, ";");
  Written w;

  while (*s == ';' && next_written (&s, &w))
    if (w.n_name == strlen (name) && g_ascii_strncasecmp (w.name, name, w.n_name) == 0)
      return g_strndup (w.value, w.n_value);
  return NULL;
}

/* Readers go on behind the padding of base64, or they do not. */
bool
entity_goes_on_behind_padding (const Entity *e)
{
  const guint8 *padding = e->body.n > 0 ? memchr (e->body.bytes, '=', e->body.n) : NULL;
  const guint8 *end = e->body.bytes + e->body.n;

  if (padding == NULL
      || g_mime_content_encoding_from_string (e->encoding) != GMIME_CONTENT_ENCODING_BASE64)
    return false;
  while (padding < end && (*padding == '=' || g_ascii_isspace (*padding)))
    padding++;
  return padding < end;
}

/* Of others (uuencode) each reader makes something else. */
bool
entity_is_known_encoding (const Entity *e)
{
  static const char *const known[] = { "",  "7bit", "8bit", "binary", "base64", "quoted-printable",
                                       NULL };

  return g_strv_contains (known, e->encoding);
}

GBytes *
entity_body (const Entity *e)
{
  GMimeContentEncoding kind = g_mime_content_encoding_from_string (e->encoding);
  GMimeEncoding state;
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (kind != GMIME_CONTENT_ENCODING_BASE64 && kind != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
    return g_bytes_new (e->body.bytes, e->body.n);
  g_mime_encoding_init_decode (&state, kind);
  g_byte_array_set_size (out, (guint) g_mime_encoding_outlen (&state, e->body.n));
  gsize n =
    g_mime_encoding_flush (&state, (const char *) e->body.bytes, e->body.n, (char *) out->data);
  g_byte_array_set_size (out, (guint) n);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}
