/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of `qecp case` share.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "case/case.h"

/* What OTHER is to C: "parent", "child" or "beside". */
const char *admin_relation (const Case *c, const CaseRelative *other);
/* The members of C, into an object that is open in B. */
void admin_add_case (JsonBuilder *b, const Case *c);
