/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as BER, at every depth, and as the signed data they may be.
 */
#include "config.h"

#include "base/ber.h"
#include "signature/signature-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
walk (const Ber *outer, guint depth)
{
  gsize at = 0, before = 0;
  Ber inner;

  while (ber_next (outer, &at, &inner))
    {
      g_assert_true (at > before && at <= outer->n);
      g_assert_true (inner.value >= outer->value
                     && inner.value + inner.n <= outer->value + outer->n);
      if (depth < 8 && (inner.tag & 0x20) != 0)
        walk (&inner, depth + 1);
      before = at;
    }
}

static void
look_at_signer (const Cms *cms, GBytes *bytes, guint i)
{
  CmsSigner signer;
  CmsPss pss;
  bool is_pss = cms_pss_read (bytes, i, &pss);
  g_autofree char *name = is_pss ? cms_pss_name (&pss) : NULL, *type = NULL;
  g_autoptr (GBytes) content = cms_content (cms, &type);

  g_assert_true (!is_pss || name != NULL);
  cms_signer (cms, i, NULL, &signer);
  if (signer.certificate != NULL)
    {
      Signature *s = signature_new ();

      chain_describe (signer.certificate, &s->signer);
      cms_attributes_judge (bytes, i, signer.certificate, s);
      if (is_pss)
        cms_pss_check (&pss, signer.certificate, content);
      signature_free (s);
    }
  cms_signer_clear (&signer);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Ber ber;

  if (ber_read (data, size, &ber))
    {
      g_assert_true (ber.whole <= size && ber.value + ber.n <= data + ber.whole);
      walk (&ber, 0);
      g_autoptr (GBytes) bytes = g_bytes_new (data, ber.whole);
      Cms *cms = cms_new (bytes);
      for (guint i = 0; cms != NULL && i < cms->n_signers; i++)
        look_at_signer (cms, bytes, i);
      cms_free (cms);
    }
  return 0;
}
