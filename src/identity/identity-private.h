/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files of identity/ only.
 */
#pragma once

#include "identity/identity.h"

/* Whether AUTHSERV_ID wrote the Authentication-Results FIELD, as it says. */
bool auth_field_is_of (const char *field, const char *authserv_id);
/* What FIELD says of mail whose author is of DOMAIN: FAIL when DMARC failed; PASS when DMARC passed
 * for the domain, or DKIM did with its own key, and the field is well formed to its end. */
AuthVerdict auth_field_judge (const char *field, const char *domain);
