/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the signature on a message, or on a document in it, was worth on the day it came.
 *
 * It is observed once: trust, revocation and the clock are of that day.  So the journal keeps it
 * with the input, and everybody who decides by it reads what the journal has.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "signature/signature.h"

typedef struct {
  Verdict verdict;         /* of this signature alone */
  char *name, *organization, *issuer;
  char *fingerprint;       /* "" when it is not known */
  GPtrArray *emails;       /* char * */
  gint64 signed_at;        /* 0 */
  char *content;           /* a message's: SHA-256 of what was signed; "" */
  bool outermost;          /* a message's: no other signature lies around it */
} EvidenceSigner;

typedef struct {
  char *part;              /* of the message; "": the message itself */
  char *file;              /* what the part is called; "" */
  char *sha256;            /* of what was verified */
  gint64 at;               /* when it was */
  Verdict verdict;
  GPtrArray *reasons;      /* char *: of the whole and of each signature, worst or not */
  bool signer_is_sender;   /* a message's */
  GPtrArray *signers;      /* EvidenceSigner; timestamps are none */
  JsonNode *result;        /* the whole verification, as `qecp verify --json` has it */
} Evidence;

/* RESULT is taken. */
Evidence *evidence_new (const char *part, const char *file, const char *sha256, gint64 at,
                        JsonNode *result);
void evidence_free (Evidence *evidence);
/* For the journal, and back. */
JsonObject *evidence_to_json (const Evidence *evidence);
Evidence *evidence_from_json (JsonObject *object);
/* The one about PART in a list of Evidence, or NULL. */
const Evidence *evidence_about (const GPtrArray *list, const char *part);
/* Who signed, "Ann Author <ann@a.example> and ..."; the fingerprints of their certificates,
 * separated by spaces. */
char *evidence_signers (const Evidence *evidence);
char *evidence_fingerprints (const Evidence *evidence);
/* "valid: Ann Author <ann@a.example>", "invalid: nobody signed it; ...". */
char *evidence_text (const Evidence *evidence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Evidence, evidence_free)
