/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict on a PDF document: what the reader found out about its structure, and the
 * cryptography of each signature.
 *
 * Timestamps of the document are judged first, the latest before the others: each proves when
 * everything before it existed.
 */
#include "signature/signature-private.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/error.h"

#define MAX_SIGNERS_OF_ONE 4

/* Where the document is: in BYTES, or else in the file FD. */
typedef struct {
  GBytes *bytes;
  int fd;
} Source;

typedef enum {
  SUBFILTER_UNKNOWN,
  SUBFILTER_DETACHED,
  SUBFILTER_TIMESTAMP,
  SUBFILTER_SHA1
} SubFilter;

static const struct {
  const char *name;
  SubFilter kind;
} subfilters[] = {
  { "adbe.pkcs7.detached", SUBFILTER_DETACHED },
  { "ETSI.CAdES.detached", SUBFILTER_DETACHED },
  { "ETSI.RFC3161", SUBFILTER_TIMESTAMP },
  { "adbe.pkcs7.sha1", SUBFILTER_SHA1 },
};

static SubFilter
subfilter_of (const PdfSignature *p)
{
  for (guint i = 0; i < G_N_ELEMENTS (subfilters); i++)
    if (g_str_equal (p->subfilter, subfilters[i].name))
      return subfilters[i].kind;
  return SUBFILTER_UNKNOWN;
}

/* --- one signature ---------------------------------------------------------------------------- */

/* Several SignerInfos by one certificate say one thing. */
static void
take_over (Signature *s, GPtrArray *found)
{
  for (guint i = 0; i < found->len; i++)
    {
      Signature *one = found->pdata[i];

      s->verdict = MIN (s->verdict, one->verdict);
      for (guint k = 0; k < one->reasons->len; k++)
        signature_note (s, "%s", (char *) one->reasons->pdata[k]);
    }
  Signature *first = found->pdata[0];
  Signer signer = s->signer;
  s->signer = first->signer;
  first->signer = signer;
  g_free (s->digest);
  s->digest = g_strdup (first->digest);
  if (first->signed_at != 0)
    {
      s->signed_at = first->signed_at;
      s->signed_at_source = first->signed_at_source;
    }
}

/* adbe.pkcs7.sha1: what is signed is the SHA-1 of the ranges. */
static void
compare_sha1 (GBytes *plain, const Covered *data, Signature *s)
{
  g_autoptr (GBytes) covered = covered_join (data);
  gsize n;
  const void *bytes = covered != NULL ? g_bytes_get_data (covered, &n) : NULL;
  guint8 sha1[20];

  if (covered == NULL || plain == NULL || gnutls_hash_fast (GNUTLS_DIG_SHA1, bytes, n, sha1) != 0)
    signature_say (s, VERDICT_ERROR, "what it covers cannot be read");
  else if (g_bytes_get_size (plain) != sizeof sha1
           || memcmp (g_bytes_get_data (plain, NULL), sha1, sizeof sha1) != 0)
    signature_say (s, VERDICT_INVALID, "the signature does not fit what it is over");
  signature_say (s, VERDICT_WEAK, "it signs a SHA-1 hash only (adbe.pkcs7.sha1)");
}

static void
verify_document_timestamp (Verifier *v, GBytes *token, const Covered *data, gint64 proved,
                           gint64 now, Signature *s)
{
  Imprints imprints;

  s->is_timestamp = true;
  if (imprints_of_covered (data, &imprints))
    verify_timestamp (v, token, &imprints, proved, now, s);
  else
    signature_say (s, VERDICT_ERROR, "what it covers cannot be read");
}

static void
verify_one (Verifier *v, const PdfSignature *p, const Covered *data, gint64 proved, gint64 now,
            Signature *s)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) signature_free);
  g_autoptr (GBytes) plain = NULL;
  SubFilter kind = subfilter_of (p);
  CmsCase c = { .cms = p->cms,
                .data = data,
                .max_signers = MAX_SIGNERS_OF_ONE,
                .same_signer = true,
                .proved = proved,
                .now = now };

  switch (kind)
    {
    case SUBFILTER_TIMESTAMP:
      verify_document_timestamp (v, p->cms, data, proved, now, s);
      return;
    case SUBFILTER_SHA1:
      c.data = NULL;
      verify_cms (v, &c, found, &plain);
      take_over (s, found);
      compare_sha1 (plain, data, s);
      return;
    case SUBFILTER_DETACHED:
      verify_cms (v, &c, found, NULL);
      take_over (s, found);
      return;
    default:
      signature_say (s, VERDICT_UNSUPPORTED, "its kind (%s) is not known here", p->subfilter);
    }
}

static void
take_changes (const PdfSignature *p, Signature *s)
{
  for (guint i = 0; i < p->later->len; i++)
    {
      const PdfChange *change = p->later->pdata[i];

      g_ptr_array_add (s->later_changes, g_strdup_printf ("%s%s", change->what,
                                                          change->allowed ? "" : " (not allowed)"));
      if (!change->allowed)
        signature_say (s, VERDICT_CHANGED, "changed afterwards: %s", change->what);
    }
}

static Signature *
judge (Verifier *v, const Source *from, const PdfSigned *all, const PdfSignature *p, gint64 proved,
       gint64 now)
{
  Signature *s = signature_new ();

  g_free (s->field);
  g_free (s->subfilter);
  s->field = g_strdup (p->field);
  s->subfilter = g_strdup (p->subfilter);
  s->signed_at = p->claimed_at;
  s->signed_at_source = p->claimed_at != 0 ? TIME_CLAIMED : TIME_NONE;
  memcpy (s->range, p->range, sizeof s->range);
  s->revision = p->revision;
  s->revisions = all->revisions;
  s->covers_whole = p->whole;
  if (p->unknown != NULL)
    signature_say (s, VERDICT_UNSUPPORTED, "%s", p->unknown);
  if (p->broken != NULL)
    signature_say (s, VERDICT_INVALID, "%s", p->broken);
  if (p->broken != NULL || p->cms == NULL)
    return s;
  Covered data = { from->bytes, from->fd, { 0 } };
  memcpy (data.range, p->range, sizeof data.range);
  verify_one (v, p, &data, proved, now, s);
  take_changes (p, s);
  return s;
}

/* --- the document ----------------------------------------------------------------------------- */

static void
judge_all (Verifier *v, const Source *from, const PdfSigned *all, gint64 now, Verification *result)
{
  gint64 proved = 0;
  bool signs = false;

  for (guint i = all->signatures->len; i > 0; i--)
    {
      const PdfSignature *p = all->signatures->pdata[i - 1];
      Signature *s = judge (v, from, all, p, proved, now);

      if (s->is_timestamp && s->verdict == VERDICT_VALID)
        proved = proved != 0 ? MIN (proved, s->signed_at) : s->signed_at;
      signs |= !s->is_timestamp;
      result->covers_whole |= s->covers_whole && p->broken == NULL;
      g_ptr_array_insert (result->signatures, 0, s);
    }
  verification_sum_up (result);
  if (all->signatures->len > 0 && !signs)
    verification_say (result, VERDICT_INVALID, "it is timestamped, but nobody signed it");
}

static Verification *
judge_document (Verifier *v, const Source *from, const PdfSigned *all, gint64 now)
{
  Verification *result = verification_new (SIGNED_PDF);

  if (all->unreadable != NULL)
    verification_say (result, VERDICT_ERROR, "%s", all->unreadable);
  else
    {
      if (all->unsupported != NULL)
        verification_say (result, VERDICT_UNSUPPORTED, "%s", all->unsupported);
      for (guint i = 0; i < all->notes->len; i++)
        g_ptr_array_add (result->notes, g_strdup (all->notes->pdata[i]));
      judge_all (v, from, all, now, result);
    }
  return result;
}

Verification *
verifier_pdf_as_read (Verifier *v, const PdfSigned *all, GBytes *document, gint64 now)
{
  const Source from = { document, -1 };

  return judge_document (v, &from, all, now);
}

Verification *
verifier_pdf (Verifier *v, Reader *reader, int fd, gint64 now)
{
  const Source from = { NULL, fd };
  g_autoptr (GError) error = NULL;
  g_autoptr (PdfSigned) all = reader_read_pdf (reader, fd, &error);

  if (all != NULL)
    return judge_document (v, &from, all, now);
  Verification *result = verification_new (SIGNED_PDF);
  verification_say (result, VERDICT_ERROR, "the document cannot be read: %s", error->message);
  return result;
}
