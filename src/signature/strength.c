/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How strong a signature had to be, and since when.  Dates from NIST SP 800-131A (what no longer
 * protects signatures) and SP 800-57; a hash or key that is not in the table is too weak: it was
 * never listed as strong.
 */
#include "signature/signature-private.h"

#define ALWAYS G_MININT64
#define YEAR_2014                                                                                  \
  G_GINT64_CONSTANT (                                                                              \
    1388534400) /* 2014-01-01: SHA-1, and RSA and DSA below 2048 bits, disallowed */
#define YEAR_2031 G_GINT64_CONSTANT (1924992000)   /* 2031-01-01: 112 bits of strength disallowed */
#define NEVER G_MAXINT64

static const struct {
  const char *name;
  gint64 until;
} hashes[] = {
  { "MD5", ALWAYS },
  { "SHA1", YEAR_2014 },
  { "SHA224", YEAR_2031 },
  { "SHA256", NEVER }, { "SHA384", NEVER }, { "SHA512", NEVER },
  { "SHA3-256", NEVER }, { "SHA3-384", NEVER }, { "SHA3-512", NEVER },
};

/* The strongest first; a key shorter than every row of its kind is always too weak. */
static const struct {
  const char *algorithm;
  guint bits;
  gint64 until;
} keys[] = {
  { "RSA", 3072, NEVER }, { "RSA", 2048, YEAR_2031 }, { "RSA", 1024, YEAR_2014 },
  { "DSA", 3072, NEVER }, { "DSA", 2048, YEAR_2031 }, { "DSA", 1024, YEAR_2014 },
  { "EC", 252, NEVER }, { "EC", 224, YEAR_2031 }, { "EC", 160, YEAR_2014 },
};

static char *
plain_name (const char *hash)
{
  GString *name = g_string_new (NULL);

  for (; *hash != '\0'; hash++)
    if (*hash != '-' || g_str_has_prefix (name->str, "SHA3"))
      g_string_append_c (name, g_ascii_toupper (*hash));
  return g_string_free (name, FALSE);
}

char *
strength_of_hash (const char *hash, gint64 at)
{
  g_autofree char *name = plain_name (hash);

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_str_equal (name, hashes[i].name))
      return at < hashes[i].until ? NULL : g_strdup_printf ("the hash %s is too weak", hash);
  return g_strdup_printf ("the hash %s is not known to be strong",
                          hash[0] != '\0' ? hash : "it uses");
}

char *
strength_of_key (const char *algorithm, guint bits, gint64 at)
{
  bool known = false;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (!g_str_equal (algorithm, keys[i].algorithm))
        continue;
      known = true;
      if (bits >= keys[i].bits)
        return at < keys[i].until
                 ? NULL
                 : g_strdup_printf ("an %s key of %u bits is too weak", algorithm, bits);
    }
  return known ? g_strdup_printf ("an %s key of %u bits is too weak", algorithm, bits)
               : g_strdup ("the kind of key is not known to be strong");
}
