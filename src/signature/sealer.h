/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signing and encrypting what leaves, with the keys of one folder, the key home:
 *
 *     pubring.kbx, private-keys-v1.d/    a GnuPG home with the office's own keys, made with gpg or
 * gpgsm people/                            other people's keys and certificates, and what became of
 * each (person-keys.c)
 *
 * The folder is only read here: engines work in a home in memory, so no agent of theirs stays
 * behind, nobody is asked for a passphrase, and nothing an engine learns changes what the
 * administrator put there.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* --- people's keys ---------------------------------------------------------------------------- */

typedef enum {
  PERSON_KEY_INTRODUCED,   /* it is there, and nobody has compared its fingerprint yet */
  PERSON_KEY_PINNED,       /* mail to its owner is encrypted for it */
  PERSON_KEY_RETIRED,
} PersonKeyState;

typedef struct {
  char *fingerprint;       /* of an OpenPGP key; SHA-256 of a certificate */
  bool openpgp;
  char *address, *name;    /* whose it is; as the key says */
  PersonKeyState state;
  gint64 introduced_at, since; /* since when it is in its state */
  char *by;                /* who did that last */
} PersonKey;

void person_key_free (PersonKey *key);
const char *person_key_state_name (PersonKeyState state);
/* PersonKey of every one in the key home HOME, in the order of introduction. */
GPtrArray *person_keys_read (const char *home, GError **error);
bool person_keys_write (const char *home, const GPtrArray *keys, GError **error);
/* The file with the key itself. */
char *person_key_file (const char *home, const char *fingerprint);
/* The one that mail to ADDRESS is encrypted for, or NULL. */
const PersonKey *person_key_of (const GPtrArray *keys, const char *address);

/* --- a sealer --------------------------------------------------------------------------------- */

/* A key or certificate. */
typedef struct {
  bool openpgp, secret, revoked;
  char *fingerprint, *name;
  GPtrArray *emails;       /* char * */
  gint64 created;
  gint64 signs_until, encrypts_until; /* 0: it cannot; G_MAXINT64: for ever */
  void *handle;
} SealKey;

typedef struct {
  const char *home;
  const char *key;           /* "openpgp:FPR", "smime:FPR"; NULL: nothing is signed */
  const char *const *trust;  /* PEM files: the authorities of people's certificates; NULL */
  guint seconds;             /* for one operation */
} SealerOptions;

typedef struct Sealer Sealer;

/* CONFIG: HOME is no folder of ours alone.  Nothing is started before the first use. */
Sealer *sealer_new (const SealerOptions *options, GError **error);
/* Ends every process it started. */
void sealer_free (Sealer *sealer);
/* Somebody changed the key home since. */
bool sealer_is_stale (const Sealer *sealer);
/* SealKey of every one in the home and of pinned people; borrowed. */
const GPtrArray *sealer_keys (Sealer *sealer, GError **error);
/* The office's own key; NULL: it is not there (PERMANENT). */
const SealKey *sealer_own_key (Sealer *sealer, GError **error);
/* Whether mail to ADDRESS is to be encrypted where that is wanted. */
bool sealer_knows (const Sealer *sealer, const char *address);

/* A detached signature over BYTES; *MICALG as mail names the hash.  PERMANENT: the key is missing,
 * has expired, is locked; TRANSIENT. */
GBytes *sealer_sign (Sealer *sealer, GBytes *bytes, gint64 now, bool *openpgp, char **micalg,
                     GError **error);
/* For the pinned key of ADDRESS. */
GBytes *sealer_encrypt (Sealer *sealer, const char *address, GBytes *bytes, gint64 now,
                        bool *openpgp, char **fingerprint, GError **error);

/* The key of ADDRESS in BYTES, which must be the only one of that address there and able to be
 * encrypted for. TRUST as of SealerOptions. INVALID says why not. */
PersonKey *person_key_new (GBytes *bytes, const char *address, const char *const *trust, gint64 now,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PersonKey, person_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sealer, sealer_free)
