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
bool engine_sealed (Office *office, gint64 outbox, const EngineSealed *sealed, gint64 now, GError **error);
/* The sealer of OFFICE ends; the next one reads the keys anew. */
void engine_seal_forget (Office *office);
