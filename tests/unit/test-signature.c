/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What verdicts are made of: the order of the contract, strength by date, BER values, byte
 * ranges. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/ber.h"
#include "base/memory-file.h"
#include "document/pdf-private.h"
#include "signature/signature-private.h"

#define YEAR(y) (((gint64) (y) -1970) * 31556952 + 86400)

static void
the_worst_verdict_stays (void)
{
  Signature *s = signature_new ();

  g_assert_cmpint (s->verdict, ==, VERDICT_VALID);
  signature_say (s, VERDICT_UNTRUSTED, "nobody vouches");
  signature_say (s, VERDICT_INVALID, "broken");
  signature_say (s, VERDICT_EXPIRED, "late");
  signature_say (s, VERDICT_EXPIRED, "late");
  signature_note (s, "by the way");
  g_assert_cmpint (s->verdict, ==, VERDICT_INVALID);
  g_assert_cmpuint (s->reasons->len, ==, 4);
  signature_free (s);
}

static void
the_order_is_the_contract_s (void)
{
  static const char *const order[] = {
    "error",   "unsupported", "invalid",   "changed", "weak",
    "revoked", "expired",     "untrusted", "valid",   "unsigned"
  };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpstr (verdict_name (i), ==, order[i]);
}

static void
strength_goes_with_the_time (void)
{
  static const struct {
    const char *hash, *algorithm;
    guint bits;
    gint64 at;
    bool hash_good, key_good;
  } rows[] = {
    { "SHA-256", "RSA", 2048, YEAR (2026), true, true },
    { "SHA-256", "RSA", 2048, YEAR (2031), true, false },
    { "SHA512", "RSA", 4096, YEAR (2040), true, true },
    { "SHA3-256", "EC", 256, YEAR (2040), true, true },
    { "SHA-1", "RSA", 1024, YEAR (2010), true, true },
    { "SHA1", "RSA", 1024, YEAR (2014), false, false },
    { "MD5", "RSA", 512, YEAR (1999), false, false },
    { "SHA-224", "EC", 224, YEAR (2026), true, true },
    { "SHAKE-256", "unknown", 8192, YEAR (2026), false, false },
    { "", "DSA", 1024, YEAR (2026), false, false },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hash = strength_of_hash (rows[i].hash, rows[i].at);
      g_autofree char *key = strength_of_key (rows[i].algorithm, rows[i].bits, rows[i].at);

      g_test_message ("%s, %s %u: %s; %s", rows[i].hash, rows[i].algorithm, rows[i].bits, hash,
                      key);
      g_assert_true ((hash == NULL) == rows[i].hash_good);
      g_assert_true ((key == NULL) == rows[i].key_good);
    }
}

static void
one_ber_value_is_cut_exactly (void)
{
  static const struct {
    const char *name, *bytes;
    gsize n, whole; /* WHOLE 0: it is none */
  } rows[] = {
    { "short", "\x02\x01\x05\xff", 4, 3 },
    { "long length", "\x04\x81\x02\x61\x62\x00", 6, 5 },
    { "indefinite", "\x30\x80\x02\x01\x05\x00\x00\x00\x00", 9, 7 },
    { "indefinite in indefinite", "\x30\x80\x30\x80\x00\x00\x00\x00\x00", 9, 8 },
    { "long tag", "\x1f\x81\x01\x01\x00", 5, 5 },
    { "empty", "", 0, 0 },
    { "only a tag", "\x30", 1, 0 },
    { "longer than there is", "\x30\x05\x00", 3, 0 },
    { "a length of five octets", "\x30\x85\x00\x00\x00\x00\x01\x00", 8, 0 },
    { "indefinite without end", "\x30\x80\x02\x01\x05", 5, 0 },
    { "indefinite of a primitive", "\x04\x80\x00\x00", 4, 0 },
    { "a tag without end", "\x1f\xff\xff\xff\xff\xff\xff\xff", 8, 0 },
  };
  g_autoptr (GString) deep = g_string_new (NULL);
  Ber ber;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bool read = ber_read ((const guint8 *) rows[i].bytes, rows[i].n, &ber);

      g_test_message ("%s", rows[i].name);
      g_assert_true (read == (rows[i].whole != 0));
      if (read)
        g_assert_cmpuint (ber.whole, ==, rows[i].whole);
    }
  for (guint i = 0; i < 10000; i++)
    g_string_append_len (deep, "\x30\x80", 2);
  g_assert_false (ber_read ((const guint8 *) deep->str, deep->len, &ber));
}

static void
byte_ranges_are_strict (void)
{
  static const char file[] = "%PDF-1.7\n/Contents <30030201050000>\n%%EOF\n";
  static const guint8 contents[] = { 0x30, 0x03, 0x02, 0x01, 0x05, 0x00, 0x00 };
  const gint64 size = sizeof file - 1, begin = strchr (file, '<') - file,
               end = strchr (file, '>') - file + 1;
  const struct {
    gint64 range[4];
    guint n;
    bool good;
  } rows[] = {
    { { 0, begin, end, size - end }, 4, true },
    { { 0, begin, end, size - end - 1 }, 4, true }, /* without the end of line */
    { { 0, begin, end, size - end }, 3, false },
    { { 0, begin, end, size - end }, 5, false },
    { { 1, begin, end, size - end }, 4, false },
    { { 0, 0, end, size - end }, 4, false },
    { { 0, -1, end, size - end }, 4, false },
    { { 0, begin - 1, end, size - end }, 4, false },
    { { 0, begin + 1, end, size - end }, 4, false },
    { { 0, begin, end + 1, size - end - 1 }, 4, false },
    { { 0, begin, end, size - end + 1 }, 4, false },
    { { 0, begin, end, G_MAXINT64 }, 4, false },
    { { 0, begin, G_MAXINT64, 1 }, 4, false },
    { { 0, begin, end, 0 }, 4, false },
    { { 0, begin, end, size - end - 3 }, 4, false },
    { { 0, end, begin, size - end }, 4, false },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      PdfCut cut = { 0 };
      const char *why = pdf_range_check ((const guint8 *) file, (gsize) size, rows[i].range,
                                         rows[i].n, contents, sizeof contents, &cut);

      g_test_message ("%u: %s", i, why != NULL ? why : "good");
      g_assert_true ((why == NULL) == rows[i].good);
      if (why == NULL)
        g_assert_cmpuint (g_bytes_get_size (cut.cms), ==, 5);
      g_clear_pointer (&cut.cms, g_bytes_unref);
    }
}

/* Wherever it lies among the blocks that are compared at once. */
static void
ends_of_revisions_are_found_anywhere (void)
{
  static const char end[] = "startxref\n9\n%%EOF\n";

  for (guint at = 0; at < 200; at++)
    for (guint after = 0; after < 70; after++)
      {
        g_autoptr (GString) file = g_string_new (NULL);

        for (guint i = 0; i < at; i++)
          g_string_append_c (file, "tx"[i % 2]);
        g_string_append (file, end);
        for (guint i = 0; i < after; i++)
          g_string_append_c (file, 't');
        g_autoptr (GArray) found = pdf_revisions ((const guint8 *) file->str, file->len);
        g_assert_cmpuint (found->len, ==, 1);
        g_assert_cmpuint (g_array_index (found, PdfRevision, 0).end, ==, at + sizeof end - 1);
      }
}

/* --- what a signature is over ----------------------------------------------------------------- */

static GBytes *
some_megabytes (void)
{
  enum { N = 3000000 };
  guint8 *bytes = g_malloc (N);

  for (guint i = 0; i < N; i++)
    bytes[i] = (guint8) (i * 2654435761u >> 13);
  return g_bytes_new_take (bytes, N);
}

/* All of it that comes out of a pipe which holds little. */
static GBytes *
through_a_pipe (const Covered *c)
{
  static guint8 some[10000];
  GByteArray *out = g_byte_array_new ();
  gint64 done = 0;
  gssize got;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
  while (done < covered_size (c))
    {
      g_assert_true (covered_pour (c, &done, ends[1]));
      while ((got = read (ends[0], some, sizeof some)) > 0)
        g_byte_array_append (out, some, (guint) got);
    }
  close (ends[0]);
  close (ends[1]);
  return g_byte_array_free_to_bytes (out);
}

static void
a_document_is_poured_without_its_gap (void)
{
  g_autoptr (GBytes) document = some_megabytes ();
  int fd = memory_file (document);
  const Covered from[] = { { document, -1, { 0, 1000001, 1500000, 1500000 } },
                           { NULL, fd, { 0, 1000001, 1500000, 1500000 } } };

  for (guint i = 0; i < G_N_ELEMENTS (from); i++)
    {
      g_autoptr (GBytes) joined = covered_join (&from[i]);
      g_autoptr (GBytes) poured = through_a_pipe (&from[i]);
      const char *start = g_bytes_get_data (joined, NULL), *all = g_bytes_get_data (document, NULL);

      g_assert_true (g_bytes_equal (joined, poured));
      g_assert_cmpuint (g_bytes_get_size (joined), ==, 2500001);
      g_assert_cmpmem (start, 1000001, all, 1000001);
      g_assert_cmpmem (start + 1000001, 1500000, all + 1500000, 1500000);
    }
  close (fd);
}

static void
what_is_not_there_is_not_covered (void)
{
  g_autoptr (GBytes) document = g_bytes_new_static ("0123456789", 10);
  int fd = memory_file (document);
  const gint64 ranges[][4] = { { 0, 5, 6, 5 }, { 0, 11, 0, 0 }, { 11, 0, 0, 1 }, { 3, 1, 20, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    for (guint in_file = 0; in_file < 2; in_file++)
      {
        Covered c = { in_file ? NULL : document, fd, { 0 } };

        memcpy (c.range, ranges[i], sizeof c.range);
        g_assert_null (covered_join (&c));
      }
  close (fd);
}

/* It ends before it has read what it was given; the next one is answered as ever. */
static void
an_engine_that_stops_reading_harms_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr (GBytes) document = some_megabytes ();
  g_autoptr (GBytes) junk = g_bytes_new_static ("\x30\x03\x02\x01\x05", 5);
  const Covered data = covered_all (document);
  KeyHome *home = key_home_new (nobody);
  Gpg *gpg = gpg_new (home, 20);

  g_assert_true (key_home_make (home, &error));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GPtrArray) found = gpg_verify (gpg, false, junk, &data, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (found->len, ==, 0);
    }
  gpg_free (gpg);
  key_home_free (home);
}

/* --- what is remembered of chains ------------------------------------------------------------- */

typedef struct {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} Party;

static Party
certified (const char *name, const Party *issuer)
{
  static guint8 serial;
  Party p;

  gnutls_x509_privkey_init (&p.key);
  gnutls_x509_privkey_generate (p.key, GNUTLS_PK_ECDSA,
                                GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
  gnutls_x509_crt_init (&p.certificate);
  gnutls_x509_crt_set_version (p.certificate, 3);
  gnutls_x509_crt_set_dn_by_oid (p.certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                 (unsigned) strlen (name));
  serial++;
  gnutls_x509_crt_set_serial (p.certificate, &serial, 1);
  gnutls_x509_crt_set_activation_time (p.certificate, 1700000000);
  gnutls_x509_crt_set_expiration_time (p.certificate, 2000000000);
  gnutls_x509_crt_set_basic_constraints (p.certificate, !g_str_equal (name, "Leaf"), -1);
  gnutls_x509_crt_set_key (p.certificate, p.key);
  g_assert_cmpint (
    gnutls_x509_crt_sign2 (p.certificate, issuer != NULL ? issuer->certificate : p.certificate,
                           issuer != NULL ? issuer->key : p.key, GNUTLS_DIG_SHA256, 0),
    ==, 0);
  return p;
}

/* As if it came again with another signature. */
static gnutls_x509_crt_t
copy_of (const Party *p)
{
  gnutls_datum_t der;
  gnutls_x509_crt_t copy;

  gnutls_x509_crt_init (&copy);
  gnutls_x509_crt_export2 (p->certificate, GNUTLS_X509_FMT_DER, &der);
  gnutls_x509_crt_import (copy, &der, GNUTLS_X509_FMT_DER);
  gnutls_free (der.data);
  return copy;
}

static Trust *
trust_in (const Party *root)
{
  g_autofree char *file = NULL;
  const char *files[] = { NULL, NULL };
  gnutls_datum_t pem;
  Trust *trust;

  close (g_file_open_tmp (NULL, &file, NULL));
  gnutls_x509_crt_export2 (root->certificate, GNUTLS_X509_FMT_PEM, &pem);
  g_file_set_contents (file, (const char *) pem.data, (gssize) pem.size, NULL);
  gnutls_free (pem.data);
  files[0] = file;
  trust = trust_new (files, NULL, NULL);
  unlink (file);
  g_assert_nonnull (trust);
  return trust;
}

static void
a_chain_is_the_same_when_it_comes_again (void)
{
  Party root = certified ("Root", NULL), between = certified ("Between", &root),
        leaf = certified ("Leaf", &between), parties[] = { leaf, between, root };
  Trust *trust = trust_in (&root);
  const struct {
    const char *pool; /* letters of the parties that come along */
    guint n;
  } rows[] = { { "lb", 3 }, { "l", 1 }, { "bl", 3 }, { "lbr", 3 }, { "", 1 }, { "b", 3 } };

  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
      {
        g_autoptr (GPtrArray) pool =
          g_ptr_array_new_with_free_func ((GDestroyNotify) gnutls_x509_crt_deinit);
        gnutls_x509_crt_t own = copy_of (&leaf), expected = NULL;
        Chain chain = { 0 };

        for (const char *c = rows[i].pool; *c != '\0'; c++)
          {
            g_ptr_array_add (pool, copy_of (&parties[*c == 'l' ? 0 : *c == 'b' ? 1 : 2]));
            if (*c == 'b')
              expected = pool->pdata[pool->len - 1];
          }
        chain_build (trust, own, pool, &chain);
        g_assert_cmpuint (chain.n, ==, rows[i].n);
        g_assert_true (chain.path[0] == own);
        g_assert_true ((chain.broken == NULL) == (rows[i].n == 3));
        g_assert_true (chain.n < 3 || chain.path[1] == expected);
        g_assert_true (chain.n < 3 || chain.path[2] == trust->certificates->pdata[0]);
        chain_clear (&chain);
        gnutls_x509_crt_deinit (own);
      }
  g_assert_cmpuint (g_hash_table_size (trust->paths), ==, G_N_ELEMENTS (rows));
  trust_free (trust);
  for (guint i = 0; i < G_N_ELEMENTS (parties); i++)
    {
      gnutls_x509_crt_deinit (parties[i].certificate);
      gnutls_x509_privkey_deinit (parties[i].key);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signature/the-worst-verdict-stays", the_worst_verdict_stays);
  g_test_add_func ("/signature/the-order-is-the-contract-s", the_order_is_the_contract_s);
  g_test_add_func ("/signature/strength-goes-with-the-time", strength_goes_with_the_time);
  g_test_add_func ("/signature/one-ber-value-is-cut-exactly", one_ber_value_is_cut_exactly);
  g_test_add_func ("/signature/byte-ranges-are-strict", byte_ranges_are_strict);
  g_test_add_func ("/signature/ends-of-revisions-are-found-anywhere",
                   ends_of_revisions_are_found_anywhere);
  g_test_add_func ("/signature/a-document-is-poured-without-its-gap",
                   a_document_is_poured_without_its_gap);
  g_test_add_func ("/signature/what-is-not-there-is-not-covered", what_is_not_there_is_not_covered);
  g_test_add_func ("/signature/an-engine-that-stops-reading-harms-nothing",
                   an_engine_that_stops_reading_harms_nothing);
  g_test_add_func ("/signature/a-chain-is-the-same-when-it-comes-again",
                   a_chain_is_the_same_when_it_comes_again);
  return g_test_run ();
}
