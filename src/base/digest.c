/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place that knows libnettle.
 */
#include "base/digest.h"

#include <nettle/sha2.h>
#include <string.h>

G_STATIC_ASSERT (sizeof (struct sha256_ctx) <= sizeof (Digest));

static struct sha256_ctx *
context (Digest *digest)
{
  return (struct sha256_ctx *) (gpointer) digest->state;
}

void
digest_begin (Digest *digest)
{
  sha256_init (context (digest));
}

void
digest_add (Digest *digest, const void *bytes, gsize n)
{
  sha256_update (context (digest), n, bytes);
}

void
digest_end (Digest *digest, char sha256[65])
{
  static const char digits[] = "0123456789abcdef";
  guint8 raw[SHA256_DIGEST_SIZE];

  sha256_digest (context (digest), sizeof raw, raw);
  for (guint i = 0; i < sizeof raw; i++)
    {
      sha256[2 * i] = digits[raw[i] >> 4];
      sha256[2 * i + 1] = digits[raw[i] & 15];
    }
  sha256[64] = '\0';
}

void
digest_of (const void *bytes, gssize n, char sha256[65])
{
  Digest digest;

  digest_begin (&digest);
  digest_add (&digest, bytes, n < 0 ? strlen (bytes) : (gsize) n);
  digest_end (&digest, sha256);
}
