/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keyed hashes over what a token says and whom it was made for; 16 hexadecimal digits are 64 bits,
 * and a guess costs a mail.
 */
#include "base/token.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/error.h"

enum { MAC_DIGITS = 16, SERIAL_DIGITS = 12, KEY_LEAST = 32 };

struct OfficeKey {
  char *text;
};

OfficeKey *
office_key_new (const char *text)
{
  OfficeKey *key = g_new0 (OfficeKey, 1);

  key->text = g_strdup (text);
  return key;
}

OfficeKey *
office_key_read (const char *file, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) inner = NULL;

  if (!g_file_get_contents (file, &text, NULL, &inner))
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG, inner->message);
      return NULL;
    }
  if (strlen (g_strstrip (text)) < KEY_LEAST)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: a key has at least %d characters", file,
                   KEY_LEAST);
      return NULL;
    }
  return office_key_new (text);
}

void
office_key_free (OfficeKey *key)
{
  if (key == NULL)
    return;
  explicit_bzero (key->text, strlen (key->text));
  g_free (key->text);
  g_free (key);
}

const char *
office_key_text (const OfficeKey *key)
{
  return key->text;
}

bool
office_key_create (const char *file, GError **error)
{
  guint8 random[32];
  GString *text = g_string_new (NULL);
  int fd = open (file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0 || getrandom (random, sizeof random, 0) != sizeof random)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot make %s: %s", file,
                   g_strerror (errno));
      g_string_free (text, TRUE);
      return false;
    }
  for (guint i = 0; i < sizeof random; i++)
    g_string_append_printf (text, "%02x", random[i]);
  g_string_append_c (text, '\n');
  bool good = write (fd, text->str, text->len) == (ssize_t) text->len && fsync (fd) == 0;
  close (fd);
  g_string_free (text, TRUE);
  if (!good)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot write %s", file);
  return good;
}

/* The first DIGITS of the hash. */
static char *
mac_of (const OfficeKey *key, const char *kind, const char *said, const char *rcpt, gsize digits)
{
  g_autofree char *lower = g_ascii_strdown (rcpt, -1);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%s", kind, said, lower);
  char *hash = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) key->text,
                                          strlen (key->text), text, -1);
  hash[digits] = '\0';
  return hash;
}

static char *
mac (const OfficeKey *key, const char *kind, const char *said, const char *rcpt)
{
  return mac_of (key, kind, said, rcpt, MAC_DIGITS);
}

/* Takes the same time wherever the first difference is. */
static bool
same (const char *a, const char *b)
{
  int difference = 0;

  for (int i = 0; i < MAC_DIGITS; i++)
    difference |= g_ascii_tolower (a[i]) ^ b[i];
  return difference == 0;
}

gint64
token_serial (const OfficeKey *key, const char *what)
{
  g_autofree char *hash = mac_of (key, "serial", what, "", SERIAL_DIGITS);

  return (gint64) g_ascii_strtoull (hash, NULL, 16);
}

char *
token_message_id (const OfficeKey *key, gint64 serial, gint64 case_id, const char *rcpt,
                  const char *domain)
{
  g_autofree char *said =
    g_strdup_printf ("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, serial, case_id);
  g_autofree char *proof = mac (key, "message-id", said, rcpt);

  return g_strdup_printf ("%s.%s@%s", said, proof, domain);
}

/* "SAID.MAC@DOMAIN" cut apart. */
static bool
cut_message_id (const char *message_id, const char *domain, char **said, char **proof)
{
  const char *at = strrchr (message_id, '@');
  const char *dot = at != NULL ? g_strrstr_len (message_id, at - message_id, ".") : NULL;

  if (dot == NULL || at - dot - 1 != MAC_DIGITS || g_ascii_strcasecmp (at + 1, domain) != 0
      || strspn (message_id, "0123456789.") < (gsize) (dot - message_id))
    return false;
  *said = g_strndup (message_id, dot - message_id);
  *proof = g_strndup (dot + 1, MAC_DIGITS);
  return true;
}

bool
token_is_ours (const char *message_id, const char *domain)
{
  g_autofree char *said = NULL, *proof = NULL;

  return cut_message_id (message_id, domain, &said, &proof);
}

bool
token_check_message_id (const OfficeKey *key, const char *message_id, const char *rcpt,
                        const char *domain, gint64 *case_id)
{
  g_autofree char *said = NULL, *proof = NULL;

  if (!cut_message_id (message_id, domain, &said, &proof))
    return false;
  g_autofree char *want = mac (key, "message-id", said, rcpt);
  const char *dot = strchr (said, '.');
  if (dot == NULL || !same (proof, want))
    return false;
  *case_id = g_ascii_strtoll (dot + 1, NULL, 10);
  return true;
}

char *
token_extension (const OfficeKey *key, const char *ref, const char *rcpt)
{
  g_autofree char *lower = g_ascii_strdown (ref, -1);
  g_autofree char *proof = mac (key, "reply", lower, rcpt);

  return g_strdup_printf ("%s.%s", lower, proof);
}

bool
token_check_extension (const OfficeKey *key, const char *extension, const char *rcpt, char **ref)
{
  const char *dot = strrchr (extension, '.');

  if (dot == NULL || strlen (dot + 1) != MAC_DIGITS)
    return false;
  g_autofree char *said = g_ascii_strdown (extension, dot - extension);
  g_autofree char *want = mac (key, "reply", said, rcpt);
  if (!same (dot + 1, want))
    return false;
  *ref = g_ascii_strup (said, -1);
  return true;
}

/* --- conversations ---------------------------------------------------------------------------- */

enum { OF_TIME = 6, OF_CASE = 6, OF_PROOF = TOKEN_CONVERSATION - OF_TIME - OF_CASE };

static void
put (guint8 *to, int n, guint64 value)
{
  for (int i = n - 1; i >= 0; i--, value >>= 8)
    to[i] = (guint8) (value & 0xff);
}

/* What stands behind the first bytes of CONVERSATION: the proof of them. */
static void
prove (const OfficeKey *key, const guint8 conversation[TOKEN_CONVERSATION], guint8 proof[OF_PROOF])
{
  g_autofree char *said = g_base64_encode (conversation, OF_TIME + OF_CASE);
  g_autofree char *hash = mac_of (key, "conversation", said, "", 2 * OF_PROOF);

  for (int i = 0; i < OF_PROOF; i++)
    proof[i] =
      (guint8) (g_ascii_xdigit_value (hash[2 * i]) << 4 | g_ascii_xdigit_value (hash[2 * i + 1]));
}

char *
token_conversation (const OfficeKey *key, gint64 case_id, gint64 at)
{
  /* The first bytes of a FILETIME: 100 nanoseconds since 1601. */
  const guint64 ticks = ((guint64) at + 11644473600) * 10000000;
  guint8 bytes[TOKEN_CONVERSATION];

  put (bytes, OF_TIME, ticks >> 16);
  put (bytes + OF_TIME, OF_CASE, (guint64) case_id);
  prove (key, bytes, bytes + OF_TIME + OF_CASE);
  return g_base64_encode (bytes, sizeof bytes);
}

bool
token_check_conversation (const OfficeKey *key, const char *conversation, gint64 *case_id)
{
  gsize n;
  g_autofree guint8 *bytes = g_base64_decode (conversation, &n);
  guint8 proof[OF_PROOF];
  int difference = 0;
  gint64 id = 0;

  if (n != TOKEN_CONVERSATION)
    return false;
  prove (key, bytes, proof);
  for (int i = 0; i < OF_PROOF; i++)
    difference |= proof[i] ^ bytes[OF_TIME + OF_CASE + i];
  for (int i = 0; i < OF_CASE; i++)
    id = id << 8 | bytes[OF_TIME + i];
  if (difference != 0 || id == 0)
    return false;
  *case_id = id;
  return true;
}
