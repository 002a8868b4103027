/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The administrator's configuration, qecp.conf: where things are and which servers to speak to.
 * What the program does is not here but in rules/.
 *
 * A relative path means: relative to the folder of the configuration file.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config/conf.h"

typedef struct {
  char *name;          /* "program", "support": what triage rules call it */
  char *address;       /* the address people write to */
  char *kind;          /* "maildir", "imap" */
  char *path;          /* maildir */
  char *host, *folder, *tls, *ca_file, *auth, *user, *secret_file, *token_command;
  char *filed, *held;
  int port, timeout;
} OptionsMailbox;

typedef struct {
  char *kind;          /* "maildir", "smtp" */
  char *path;
  char *host, *tls, *ca_file, *user, *secret_file, *token_command, *helo;
  int port, timeout, parallel, give_up_days;
  char *key_home;      /* folder of the keys mail is signed with and encrypted for, or NULL */
  char *signing_key;   /* "openpgp:FINGERPRINT", "smime:FINGERPRINT", or NULL */
  bool signing_required;
} OptionsDelivery;

typedef struct {
  char **trust, **crls, **keys; /* files; NULL-terminated, never NULL */
  int timeout;                  /* seconds, for one signature */
} OptionsSignatures;

typedef struct {
  char *file;          /* the configuration itself */
  char *dir;           /* its folder */
  char *name;          /* display name of the office in From */
  char *domain;        /* for Message-IDs */
  char *database, *archive, *rules, *templates, *roster, *key_file;
  char *subaddress;    /* "+" or "" when the mail server knows no address extensions */
  char *authserv_id;   /* whose Authentication-Results to believe, "" = nobody's */
  char **trace_hosts;  /* our mail servers, the one that delivers first; empty: one, whatever its
                        * name */
  char *sandbox;       /* "best-effort", "required" */
  char *admin;         /* address for alarms, or "" */
  bool clear_log;      /* personal data in the log as it is */
  gint64 max_message;  /* octets; a larger mail is answered and held, never read */
  gint64 max_attach;   /* octets of an original that is sent along to staff */
  int poll_seconds, alarm_minutes, clock_grace_minutes;
  GPtrArray *mailboxes; /* OptionsMailbox; the first is the program's own */
  OptionsSignatures signatures;
  OptionsDelivery delivery;
} Options;

/* QEC_ERROR_CONFIG with every mistake, a line each. */
Options *options_read (const char *file, GError **error);
void options_free (Options *options);
const OptionsMailbox *options_mailbox (const Options *options, const char *name);
/* Whether ADDRESS (with or without an address extension) is one of ours. */
bool options_is_own (const Options *options, const char *address);

/* The schema, for help and the manual page. */
extern const ConfOption options_schema[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)
