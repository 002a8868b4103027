/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Verdicts and what they are put together from.
 */
#include "signature/signature-private.h"

#include <string.h>

static const struct {
  const char *name, *meaning;
} verdicts[] = {
  [VERDICT_ERROR] = { "error", "It could not be checked." },
  [VERDICT_UNSUPPORTED] = { "unsupported", "It is not fully understood, so nothing is said for it." },
  [VERDICT_INVALID] = { "invalid", "It does not hold." },
  [VERDICT_CHANGED] = { "changed", "What was signed is intact, but it was altered afterwards." },
  [VERDICT_WEAK] = { "weak", "It was made with an algorithm or a key that was too weak." },
  [VERDICT_REVOKED] = { "revoked", "The certificate or key was revoked." },
  [VERDICT_EXPIRED] = { "expired", "It was made outside of the time its certificate or key is good for." },
  [VERDICT_UNTRUSTED] = { "untrusted", "It is intact and whole, but nobody trusted vouches for the signer." },
  [VERDICT_VALID] = { "valid", "It is intact, whole, trusted, in time and strong." },
  [VERDICT_UNSIGNED] = { "unsigned", "There is no signature." },
};

static const char *const kinds[] = { "none", "pdf", "smime", "openpgp" };

const char *
verdict_name (Verdict verdict)
{
  return verdicts[verdict].name;
}

bool
verdict_read (const char *name, Verdict *verdict)
{
  *verdict = VERDICT_ERROR;
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_strcmp0 (verdicts[i].name, name) == 0)
      {
        *verdict = i;
        return true;
      }
  return false;
}

const char *
verdict_meaning (Verdict verdict)
{
  return verdicts[verdict].meaning;
}

const char *
signed_kind_name (SignedKind kind)
{
  return kinds[kind];
}

/* --- one signature ---------------------------------------------------------------------------- */

Signature *
signature_new (void)
{
  Signature *s = g_new0 (Signature, 1);

  s->verdict = VERDICT_VALID;
  s->reasons = g_ptr_array_new_with_free_func (g_free);
  s->later_changes = g_ptr_array_new_with_free_func (g_free);
  s->field = g_strdup ("");
  s->subfilter = g_strdup ("");
  s->digest = g_strdup ("");
  s->signer.name = g_strdup ("");
  s->signer.organization = g_strdup ("");
  s->signer.issuer = g_strdup ("");
  s->signer.serial = g_strdup ("");
  s->signer.fingerprint = g_strdup ("");
  s->signer.emails = g_ptr_array_new_with_free_func (g_free);
  return s;
}

void
signature_free (Signature *s)
{
  if (s == NULL)
    return;
  g_ptr_array_unref (s->reasons);
  g_ptr_array_unref (s->later_changes);
  g_free (s->field);
  g_free (s->subfilter);
  g_free (s->digest);
  g_free (s->signer.name);
  g_free (s->signer.organization);
  g_free (s->signer.issuer);
  g_free (s->signer.serial);
  g_free (s->signer.fingerprint);
  g_ptr_array_unref (s->signer.emails);
  g_free (s);
}

/* A reason stands once, however many paths lead to it. */
static void
add_reason (GPtrArray *reasons, char *what)
{
  if (g_ptr_array_find_with_equal_func (reasons, what, g_str_equal, NULL))
    g_free (what);
  else
    g_ptr_array_add (reasons, what);
}

void
signature_say (Signature *s, Verdict verdict, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_reason (s->reasons, g_strdup_vprintf (format, arguments));
  va_end (arguments);
  s->verdict = MIN (s->verdict, verdict);
}

void
signature_note (Signature *s, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_reason (s->reasons, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* Names in certificates are whatever their makers wrote: no control characters, valid UTF-8. */
char *
signature_text (const void *bytes, gsize n)
{
  char *text = g_utf8_make_valid (bytes, (gssize) MIN (n, 1024));
  GString *clean = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
          || type == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_c (clean, ' ');
      else
        g_string_append_unichar (clean, c);
    }
  g_free (text);
  return g_string_free (clean, FALSE);
}

/* --- the whole -------------------------------------------------------------------------------- */

Verification *
verification_new (SignedKind kind)
{
  Verification *v = g_new0 (Verification, 1);

  v->kind = kind;
  v->verdict = VERDICT_UNSIGNED;
  v->reasons = g_ptr_array_new_with_free_func (g_free);
  v->notes = g_ptr_array_new_with_free_func (g_free);
  v->signatures = g_ptr_array_new_with_free_func ((GDestroyNotify) signature_free);
  v->from = g_strdup ("");
  return v;
}

void
verification_free (Verification *v)
{
  if (v == NULL)
    return;
  g_ptr_array_unref (v->reasons);
  g_ptr_array_unref (v->notes);
  g_ptr_array_unref (v->signatures);
  g_free (v->from);
  g_free (v);
}

void
verification_say (Verification *v, Verdict verdict, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  add_reason (v->reasons, g_strdup_vprintf (format, arguments));
  va_end (arguments);
  v->verdict = MIN (v->verdict, verdict);
}

void
verification_sum_up (Verification *v)
{
  for (guint i = 0; i < v->signatures->len; i++)
    v->verdict = MIN (v->verdict, ((const Signature *) v->signatures->pdata[i])->verdict);
}
