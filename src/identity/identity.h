/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who wrote a message, and how sure we are.  Identity is evidence, never a yes or no from one header.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "base/token.h"
#include "config/options.h"
#include "message/message.h"
#include "program/program.h"

typedef enum {
  WHO_NOBODY,    /* no From, several, or none that is an address */
  WHO_OWN,       /* we ourselves */
  WHO_STRANGER,
  WHO_MEMBER,    /* a contact of an organization */
  WHO_STAFF,
} Who;

typedef struct {
  Who who;
  char *address;               /* canonical: lower case; "" for nobody */
  char *name;                  /* as the roster or the header says it */
  const ProgramPerson *person; /* staff; borrowed from the Program */
  Assurance assurance;
  bool forged;                 /* our own mail server says the sender is not who it claims (dmarc=fail) */
  gint64 token_case;           /* cases.id of a mail of ours, to this address, that this message answers; or 0 */
  char *token_ref;             /* the same from the reply address, "APP-2026-0001"; or NULL */
  char *why;                   /* the evidence, in words */
} Identity;

/* IS_CONTACT: the author's address is a contact somewhere. */
Identity *identity_of (const Message *message, const Program *program, const Options *options,
                       const OfficeKey *key, bool is_contact);
void identity_free (Identity *identity);
const char *identity_who_name (Who who);

/* What Authentication-Results say (RFC 8601), our own server's only: the topmost field that carries AUTHSERV_ID and
 * stands before any other server's.  PASS needs DMARC, or DKIM of the From domain itself. */
typedef enum { AUTH_NONE, AUTH_PASS, AUTH_FAIL } AuthVerdict;
AuthVerdict identity_auth_results (const GPtrArray *auth_results, const char *authserv_id, const char *from);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Identity, identity_free)
