/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files that know GPGME share.
 */
#pragma once

#include <gpgme.h>

#include "signature/signature-private.h"

/* The context of a protocol, with its deadline begun; NULL: it cannot be run (TRANSIENT). */
gpgme_ctx_t gpg_context (Gpg *gpg, bool openpgp, GError **error);
/* The end of what was STARTED.  False: it took too long; the context is gone. */
bool gpg_finish (Gpg *gpg, bool openpgp, gpgme_error_t started, gpgme_error_t *result,
                 GError **error);
void gpg_drop_context (Gpg *gpg, bool openpgp);
/* What the loop of gpg_finish() serves besides gpgme's own: CALL with DATA whenever something can
 * be written to FD.  NULL: too many. */
void *gpg_watch_writable (Gpg *gpg, int fd, gpgme_io_cb_t call, void *data);
void gpg_unwatch (void *tag);
/* Begin and end the deadline of calls outside of those. */
void gpg_watch (Gpg *gpg, bool on);
const char *gpg_home (const Gpg *gpg);
gpgme_data_t gpg_data (GBytes *bytes);
/* What was written into DATA, which is released. */
GBytes *gpg_take (gpgme_data_t data);
