/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who signed what, and what that is worth: the verdict on a PDF document or a message.
 *
 * A verdict is never a yes or no from one call.  The structure (what is covered, what came later)
 * is found by the reader; GPGME says whether the cryptography holds; the chain to a trusted root,
 * key usage, strength, time and revocation are judged here, and both sides must agree.  What could
 * not be checked is said so and is never `valid`.
 *
 * Nothing here opens a network connection because of what was signed.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "message/reader.h"

/* In the order of the contract: where several apply, the first is the verdict. */
typedef enum {
  VERDICT_ERROR,        /* it could not be checked here and now */
  VERDICT_UNSUPPORTED,  /* it is not fully understood */
  VERDICT_INVALID,      /* it does not hold */
  VERDICT_CHANGED,      /* intact for an earlier revision, altered since */
  VERDICT_WEAK,         /* an algorithm or key that was too weak at the time */
  VERDICT_REVOKED,
  VERDICT_EXPIRED,
  VERDICT_UNTRUSTED,    /* intact and whole, chain not known */
  VERDICT_VALID,
  VERDICT_UNSIGNED,
} Verdict;

typedef struct {
  char *name, *organization;
  GPtrArray *emails;       /* char *: certified by the certificate, or identities of the key */
  char *issuer, *serial;   /* "" for OpenPGP */
  char *fingerprint;       /* SHA-256 of the certificate; of the key as OpenPGP has it.  "" when
                            * it is not known */
} Signer;

typedef enum { TIME_NONE, TIME_CLAIMED, TIME_CMS, TIME_STAMPED } TimeSource;

typedef struct {
  Verdict verdict;
  GPtrArray *reasons;      /* char *: every reason, worst or not, and what was not checked */
  char *field;             /* PDF: the signature field; mail: which layer, "1" is the outermost */
  char *subfilter;
  bool is_timestamp;       /* a document timestamp: its signer is a time stamping authority */
  Signer signer;
  gint64 signed_at;        /* 0: not known */
  TimeSource signed_at_source;
  char *digest;            /* "SHA-256"; "" */
  char content[65];        /* mail: SHA-256 of what was signed, whatever it is wrapped in; "" */
  gint64 range[4];         /* PDF */
  guint revision, revisions;
  bool covers_whole;
  GPtrArray *later_changes; /* char * */
} Signature;

typedef enum { SIGNED_NONE, SIGNED_PDF, SIGNED_SMIME, SIGNED_OPENPGP } SignedKind;

typedef struct {
  SignedKind kind;
  Verdict verdict;
  GPtrArray *reasons;      /* char *, of the whole */
  bool covers_whole;
  GPtrArray *signatures;   /* Signature */
  GPtrArray *notes;        /* char *: what the document does or hides; what the headers do not
                            * agree on */
  char *from;              /* of a message: its author, from the signed headers when there are
                            * such; "" */
  bool signer_is_sender;
} Verification;

/* --- a verifier ------------------------------------------------------------------------------- */

typedef struct {
  const char *const *trust;  /* PEM files of root certificates (and authorities below them), ends
                              * with NULL; or NULL */
  const char *const *crls;   /* PEM or DER files */
  const char *const *keys;   /* files of OpenPGP keys that are trusted */
  guint seconds;             /* for one signature; 0: 20 */
} VerifierOptions;

/* Holds a private key home on memory, a process of gpgsm that stays, and the trusted certificates.
 * For one thread. */
typedef struct Verifier Verifier;

/* CONFIG: a file of OPTIONS cannot be read or is not what it should be.  Nothing is started before
 * the first signature. */
Verifier *verifier_new (const VerifierOptions *options, GError **error);
/* Ends every process it started. */
void verifier_free (Verifier *verifier);

/* The verdict on the PDF or message in FD (read from its start; FD stays the caller's) as of NOW:
 * expiry and revocation count at that time, or at the time a trusted timestamp proves.  Always a
 * verdict: what goes wrong is one. */
Verification *verifier_pdf (Verifier *verifier, Reader *reader, int fd, gint64 now);
/* The same of DOCUMENT, in which the reader has found ALL. */
Verification *verifier_pdf_as_read (Verifier *verifier, const PdfSigned *all, GBytes *document,
                                    gint64 now);
Verification *verifier_mail (Verifier *verifier, Reader *reader, int fd, gint64 now);

/* --- the result ------------------------------------------------------------------------------- */

const char *verdict_name (Verdict verdict);
/* False: NAME is none; then *VERDICT is VERDICT_ERROR. */
bool verdict_read (const char *name, Verdict *verdict);
/* One sentence for a person. */
const char *verdict_meaning (Verdict verdict);
const char *signed_kind_name (SignedKind kind);

Verification *verification_new (SignedKind kind);
void verification_free (Verification *verification);
/* The contract's document.  Owned by the caller. */
JsonNode *verification_to_json (const Verification *verification);
/* A page for a person.  FILE is what to call it. */
char *verification_to_text (const Verification *verification, const char *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Verifier, verifier_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Verification, verification_free)
