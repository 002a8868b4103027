/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mail is taken apart at its header's end and put together again as text: nothing is parsed that
 * somebody outside wrote, and nothing is written anew.  One exception: a message that is attached
 * as it came may hold octets beyond ASCII, which relays re-encode, and that would break the
 * signature; it becomes a file in base64.
 */
#define _GNU_SOURCE
#include "message/seal.h"

#include <string.h>

#include "base/digest.h"
#include "base/error.h"

#define HIDDEN_SUBJECT "[...]"

/* --- a mail as text --------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *fields;   /* char *: each as it stands, folds included, without its last CRLF */
  const char *body;
  gsize n_body;
} Parts;

static void
parts_clear (Parts *p)
{
  g_clear_pointer (&p->fields, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static const char *
find (const char *in, gsize n, const char *what)
{
  return memmem (in, n, what, strlen (what));
}

/* BYTES[N] is a header, an empty line and a body. */
static bool
take_apart (const char *bytes, gsize n, Parts *p, GError **error)
{
  const char *end = find (bytes, n, "\r\n\r\n");

  p->fields = g_ptr_array_new_with_free_func (g_free);
  if (end == NULL)
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_INVALID,
                           "the mail to be signed has no body");
      return false;
    }
  for (const char *field = bytes; field < end + 2;)
    {
      const char *next = field;

      do
        next = find (next, (gsize) (end + 2 - next), "\r\n") + 2;
      while (next < end + 2 && (*next == ' ' || *next == '\t'));
      g_ptr_array_add (p->fields, g_strndup (field, (gsize) (next - 2 - field)));
      field = next;
    }
  p->body = end + 4;
  p->n_body = n - (gsize) (p->body - bytes);
  return true;
}

static bool
is_field (const char *field, const char *name)
{
  gsize n = strlen (name);

  return g_ascii_strncasecmp (field, name, n) == 0 && field[n] == ':';
}

/* RFC 9788 1.1.1: what says how the body is to be read, and not what the message is. */
static bool
is_structural (const char *field)
{
  return g_ascii_strncasecmp (field, "Content-", 8) == 0 || is_field (field, "MIME-Version");
}

/* What everybody sees of FIELD when the rest is encrypted: the subject not, and what names the case
 * not either. */
static char *
outer_field (const char *field, bool hidden)
{
  if (hidden && is_field (field, "X-Case"))
    return NULL;
  return g_strdup (hidden && is_field (field, "Subject") ? "Subject: " HIDDEN_SUBJECT : field);
}

static void
add_line (GString *to, const char *line)
{
  g_string_append (to, line);
  g_string_append (to, "\r\n");
}

static GBytes *
to_bytes (GString *text)
{
  return g_string_free_to_bytes (text);
}

/* --- seven bits ------------------------------------------------------------------------------- */

static bool
is_seven_bit (const char *s, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if ((guchar) s[i] >= 0x80)
      return false;
  return true;
}

static void
append_base64 (GString *to, const char *data, gsize n)
{
  g_autofree char *text = g_base64_encode ((const guchar *) data, n);

  for (const char *s = text; *s != '\0';)
    {
      gsize line = MIN (strlen (s), 76);

      g_string_append_len (to, s, (gssize) line);
      g_string_append (to, "\r\n");
      s += line;
    }
}

/* A part of a multipart; what is an attached message with octets beyond ASCII is written as a
 * file. */
static bool
append_part (GString *to, const char *bytes, gsize n, GError **error)
{
  g_auto (Parts) part = { 0 };

  if (is_seven_bit (bytes, n))
    {
      g_string_append_len (to, bytes, (gssize) n);
      return true;
    }
  if (!take_apart (bytes, n, &part, error))
    return false;
  for (guint i = 0; i < part.fields->len; i++)
    if (!is_field (part.fields->pdata[i], "Content-Type")
        && !is_field (part.fields->pdata[i], "Content-Transfer-Encoding"))
      add_line (to, part.fields->pdata[i]);
  add_line (to, "Content-Type: application/octet-stream");
  add_line (to, "Content-Transfer-Encoding: base64\r\n");
  append_base64 (to, part.body, part.n_body);
  g_string_truncate (to, to->len - 2); /* that line end belongs to the boundary */
  return true;
}

static char *
boundary_of (const Parts *mail)
{
  for (guint i = 0; i < mail->fields->len; i++)
    {
      const char *field = mail->fields->pdata[i];
      const char *at = is_field (field, "Content-Type") ? strstr (field, "boundary=\"") : NULL;

      if (at != NULL)
        return g_strdup_printf ("--%.*s", (int) strcspn (at + 10, "\""), at + 10);
    }
  return NULL;
}

/* The body, of ASCII alone. */
static bool
append_body (GString *to, const Parts *mail, GError **error)
{
  g_autofree char *boundary = boundary_of (mail);
  const char *at = mail->body, *end = mail->body + mail->n_body;

  if (is_seven_bit (mail->body, mail->n_body) || boundary == NULL)
    {
      g_string_append_len (to, mail->body, (gssize) mail->n_body);
      return true;
    }
  g_autofree char *between = g_strconcat ("\r\n", boundary, NULL);
  for (const char *next; at < end; at = next)
    {
      /* From a boundary's line to the next one's. */
      const char *line = g_str_has_prefix (at, boundary) || at[0] == '\r'
                           ? find (at + 2, (gsize) (end - at - 2), "\r\n")
                           : NULL;

      next = find (at + 1, (gsize) (end - at - 1), between);
      next = next != NULL ? next : end;
      if (line == NULL || line >= next)
        {
          g_string_append_len (to, at, next - at);
          continue;
        }
      g_string_append_len (to, at, line + 2 - at);
      if (!append_part (to, line + 2, (gsize) (next - line - 2), error))
        return false;
    }
  return true;
}

/* --- what is made of it ----------------------------------------------------------------------- */

GBytes *
seal_payload (GBytes *mail, bool hidden, GError **error)
{
  g_auto (Parts) parts = { 0 };
  gsize n;
  const char *bytes = g_bytes_get_data (mail, &n);

  if (!take_apart (bytes, n, &parts, error))
    return NULL;
  g_autoptr (GString) out = g_string_sized_new (n + 1024);
  for (guint i = 0; i < parts.fields->len; i++)
    {
      const char *field = parts.fields->pdata[i];

      if (is_structural (field))
        continue;
      add_line (out, field);
      g_autofree char *outer = hidden ? outer_field (field, true) : NULL;
      if (outer != NULL)
        g_string_append_printf (out, "HP-Outer: %s\r\n", outer);
    }
  for (guint i = 0; i < parts.fields->len; i++)
    {
      const char *field = parts.fields->pdata[i];

      if (!is_structural (field) || is_field (field, "MIME-Version"))
        continue;
      g_string_append (out, field);
      /* The second word is what mail programs looked for before there was a standard. */
      if (is_field (field, "Content-Type"))
        g_string_append_printf (out, ";\r\n hp=\"%s\"; protected-headers=\"v1\"",
                                hidden ? "cipher" : "clear");
      g_string_append (out, "\r\n");
    }
  g_string_append (out, "\r\n");
  return append_body (out, &parts, error) ? to_bytes (g_steal_pointer (&out)) : NULL;
}

static char *
boundary_for (const char *what, const char *seed)
{
  g_autofree char *text = g_strdup_printf ("%s %s", what, seed);
  char hash[65];

  digest_of (text, -1, hash);
  return g_strdup_printf ("=_%.40s", hash);
}

static void
append_bytes (GString *to, GBytes *bytes)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);

  g_string_append_len (to, data, (gssize) n);
}

/* Armored text with the line ends of mail. */
static void
append_armored (GString *to, GBytes *bytes)
{
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);

  for (gsize i = 0; i < n; i++)
    if (data[i] == '\n')
      g_string_append (to, "\r\n");
    else if (data[i] != '\r')
      g_string_append_c (to, data[i]);
}

GBytes *
seal_signed (GBytes *payload, bool openpgp, const char *micalg, GBytes *signature, const char *seed)
{
  g_autofree char *boundary = boundary_for ("signed", seed);
  GString *out = g_string_sized_new (g_bytes_get_size (payload) + 8192);

  g_string_append_printf (out,
                          "Content-Type: multipart/signed; micalg=%s;\r\n "
                          "protocol=\"application/%s\";\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
                          micalg, openpgp ? "pgp-signature" : "pkcs7-signature", boundary,
                          boundary);
  append_bytes (out, payload);
  g_string_append_printf (out, "\r\n--%s\r\n", boundary);
  if (openpgp)
    {
      g_string_append (out, "Content-Type: application/pgp-signature; name=signature.asc\r\n"
                            "Content-Disposition: attachment; filename=signature.asc\r\n\r\n");
      append_armored (out, signature);
    }
  else
    {
      gsize n;
      const char *data = g_bytes_get_data (signature, &n);

      g_string_append (out, "Content-Type: application/pkcs7-signature; "
                            "name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n"
                            "Content-Disposition: attachment; filename=smime.p7s\r\n\r\n");
      append_base64 (out, data, n);
    }
  g_string_append_printf (out, "\r\n--%s--\r\n", boundary);
  return to_bytes (out);
}

GBytes *
seal_encrypted (GBytes *cipher, bool openpgp, const char *seed)
{
  g_autofree char *boundary = boundary_for ("encrypted", seed);
  GString *out = g_string_sized_new (g_bytes_get_size (cipher) * 3 / 2 + 1024);
  gsize n;
  const char *data = g_bytes_get_data (cipher, &n);

  if (!openpgp)
    {
      g_string_append (
        out, "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
             "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; "
             "filename=smime.p7m\r\n\r\n");
      append_base64 (out, data, n);
      return to_bytes (out);
    }
  g_string_append_printf (
    out,
    "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";\r\n "
    "boundary=\"%s\"\r\n\r\n"
    "--%s\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--%s\r\n"
    "Content-Type: application/octet-stream; name=encrypted.asc\r\n"
    "Content-Disposition: inline; filename=encrypted.asc\r\n\r\n",
    boundary, boundary, boundary);
  append_armored (out, cipher);
  g_string_append_printf (out, "\r\n--%s--\r\n", boundary);
  return to_bytes (out);
}

GBytes *
seal_mail (GBytes *mail, GBytes *entity, bool hidden, GError **error)
{
  g_auto (Parts) parts = { 0 };
  gsize n;
  const char *bytes = g_bytes_get_data (mail, &n);

  if (!take_apart (bytes, n, &parts, error))
    return NULL;
  GString *out = g_string_sized_new (g_bytes_get_size (entity) + 2048);
  for (guint i = 0; i < parts.fields->len; i++)
    {
      const char *field = parts.fields->pdata[i];
      g_autofree char *outer = is_structural (field) && !is_field (field, "MIME-Version")
                                 ? NULL
                                 : outer_field (field, hidden);

      if (outer != NULL)
        add_line (out, outer);
    }
  append_bytes (out, entity);
  return to_bytes (out);
}
