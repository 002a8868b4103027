/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signing and encrypting what is about to leave.
 */
#pragma once

#include "engine/engine.h"
#include "outbox/outbox.h"

/* What became of it. */
typedef struct {
  const char *sha256;    /* of the bytes that leave; "": it is kept back */
  bool is_signed;
  const char *key;       /* fingerprint of the key it is encrypted for; "" */
  const char *why;       /* it is kept back, or not signed; "" */
} EngineSealed;

/* Seal each of DUE (OutboxItem) that needs it; those that may not leave are taken out. */
bool engine_seal (Office *office, GPtrArray *due, gint64 now, GError **error);
/* The same as an input. */
bool engine_sealed (Office *office, gint64 outbox, const EngineSealed *sealed, gint64 now,
                    GError **error);
/* The office's own key, borrowed until the next call of any of these; NULL: it is not there. */
const SealKey *engine_seal_key (Office *office, GError **error);
/* The keys were changed since they were read, or not read yet. */
bool engine_seal_is_stale (const Office *office);

/* What is to be said of the office's own key. */
typedef struct {
  const char *fingerprint, *step; /* "month", "week": so much is left of it; "ended", "revoked" */
  gint64 until;
  bool required;         /* no mail leaves without it */
} EngineKey;

/* Once a day: tell the administrator when the key ends, or has ended. */
bool engine_look_at_key (Office *office, gint64 now, GError **error);
/* The same as an input. */
bool engine_key (Office *office, const EngineKey *key, gint64 now, GError **error);

/* The sealer of OFFICE ends; the next one reads the keys anew. */
void engine_seal_forget (Office *office);
