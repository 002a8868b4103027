/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who wrote a message, and how sure we are.  Identity is evidence, never a yes or no from one
 * header.
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
  bool forged;                 /* our own mail server says the sender is not who it claims
                                * (dmarc=fail) */
  bool answers;                /* it answers a mail of ours to this address */
  gint64 token_case;           /* cases.id of a mail of ours, to this address, that this message
                                * answers; or 0 */
  char *token_ref;             /* the same from the reply address, "APP-2026-0001"; or NULL */
  char *why;                   /* the evidence, in words */
} Identity;

/* What our own mail servers found out about the author of a message (RFC 8601). */
typedef enum { AUTH_NONE, AUTH_PASS, AUTH_FAIL } AuthVerdict;
typedef struct {
  AuthVerdict verdict;
  const char *why;             /* in words; lives for ever */
} MailAuth;

/* Only fields of the configured authserv-id count, and of these only the ones above our trace
 * boundary; all of those.  One DMARC failure is a FAIL; PASS needs DMARC, or DKIM of the From
 * domain itself.  It depends on the configuration of the day, so the journal keeps it. */
MailAuth identity_authentication (const Message *message, const Options *options);
const char *mail_auth_name (AuthVerdict verdict);
/* What the journal kept. */
MailAuth mail_auth_again (const char *verdict, const char *why);

/* IS_CONTACT: the author's address is a contact somewhere. */
Identity *identity_of (const Message *message, MailAuth auth, const Program *program,
                       const Options *options, const OfficeKey *key, bool is_contact);
void identity_free (Identity *identity);
const char *identity_who_name (Who who);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Identity, identity_free)
