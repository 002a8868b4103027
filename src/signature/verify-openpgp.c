/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict on OpenPGP signatures.  The keys a person named are trusted for the identities they
 * carry; nobody else is known.
 */
#include "signature/signature-private.h"

#include <string.h>

#include "base/clock.h"

static const GpgKey *
find_key (const Verifier *v, const char *fingerprint)
{
  for (guint i = 0; v->key_list != NULL && i < v->key_list->len; i++)
    {
      const GpgKey *k = v->key_list->pdata[i];

      if (fingerprint[0] != '\0' && g_ascii_strcasecmp (k->fingerprint, fingerprint) == 0)
        return k;
    }
  return NULL;
}

static void
describe (const GpgKey *key, Signature *s)
{
  g_free (s->signer.name);
  s->signer.name = g_strdup (key->name);
  g_free (s->signer.fingerprint);
  s->signer.fingerprint = g_strdup (key->primary);
  for (guint i = 0; i < key->emails->len; i++)
    g_ptr_array_add (s->signer.emails, g_strdup (key->emails->pdata[i]));
}

static void
judge_key (const GpgKey *key, gint64 now, Signature *s)
{
  g_autofree char *weak = strength_of_key (key->algorithm, key->bits, now);
  g_autofree char *when = clock_format (key->expires);

  if (weak != NULL)
    signature_say (s, VERDICT_WEAK, "%s", weak);
  if (key->revoked)
    signature_say (s, VERDICT_REVOKED, "the key was revoked");
  if (key->expires != 0 && now >= key->expires)
    signature_say (s, VERDICT_EXPIRED, "the key expired on %s", when);
}

static void
judge_state (const GpgSignature *g, Signature *s)
{
  switch (g->state)
    {
    case GPG_INTACT:
      break;
    case GPG_BAD:
      signature_say (s, VERDICT_INVALID, "the signature does not fit what it is over");
      break;
    case GPG_NO_KEY:
      signature_say (s, VERDICT_ERROR, "the key %s is not known here, so nothing can be checked",
                     g->fingerprint);
      break;
    default:
      signature_say (s, VERDICT_UNSUPPORTED, "the signature cannot be checked: %s", g->why);
    }
}

static void
judge (const Verifier *v, const GpgSignature *g, gint64 now, Signature *s)
{
  const GpgKey *key = find_key (v, g->fingerprint);
  g_autofree char *weak = g->state == GPG_INTACT ? strength_of_hash (g->hash, now) : NULL;

  judge_state (g, s);
  g_free (s->signer.fingerprint);
  s->signer.fingerprint = g_strdup (g->fingerprint);
  g_free (s->digest);
  s->digest = g_str_has_prefix (g->hash, "SHA") ? g_strdup_printf ("SHA-%s", g->hash + 3)
                                                : g_strdup (g->hash);
  s->signed_at = g->signed_at;
  s->signed_at_source = g->signed_at != 0 ? TIME_CLAIMED : TIME_NONE;
  if (weak != NULL)
    signature_say (s, VERDICT_WEAK, "%s", weak);
  if (g->state != GPG_INTACT)
    return;
  if (key == NULL)
    {
      signature_say (s, VERDICT_ERROR,
                     "the key of the signature is not among the ones that are known");
      return;
    }
  describe (key, s);
  judge_key (key, now, s);
  if (g->revoked)
    signature_say (s, VERDICT_REVOKED, "the key was revoked");
  /* Key times are judged above, at NOW; a signature's own end is not told to us as a time. */
  if (!g->accepted && s->verdict > VERDICT_UNTRUSTED)
    signature_say (s, VERDICT_UNTRUSTED, "gpg does not accept it: %s", g->why);
}

void
verify_openpgp (Verifier *v, GBytes *signature, const Covered *data, gint64 now, GPtrArray *to,
                GBytes **plain)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found =
    verifier_ready (v, &error) ? gpg_verify (v->gpg, true, signature, data, plain, &error) : NULL;
  guint first = to->len;

  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      Signature *s = signature_new ();

      g_ptr_array_add (to, s);
      judge (v, found->pdata[i], now, s);
    }
  if (to->len == first)
    {
      Signature *s = signature_new ();

      g_ptr_array_add (to, s);
      if (found == NULL)
        signature_say (s, VERDICT_ERROR, "%s", error->message);
      else
        signature_say (s, VERDICT_INVALID, "there is no signature in it");
    }
}
