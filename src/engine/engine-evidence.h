/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signatures of a message that arrives, and of the documents in it, judged as it comes in.
 */
#pragma once

#include "engine/engine.h"

/* GPtrArray of Evidence about message M, of digest SHA256, in FD (stays the caller's) as of NOW;
 * NULL when nothing in it is signed, which costs nothing. Whatever goes wrong is a verdict: intake
 * never depends on it. */
GPtrArray *engine_evidence (Office *office, const Message *m, const char *sha256, int fd,
                            gint64 now);
/* The verifier is made anew at the next signature: files it read may be others now. */
void engine_evidence_forget (Office *office);
/* As a member of the input's detail; nothing when LIST is NULL.  And back: NULL when there is
 * none. */
void engine_evidence_keep (const GPtrArray *list, JsonObject *said);
GPtrArray *engine_evidence_again (const char *detail);
