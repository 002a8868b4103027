/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An office whose database is lost, lived through once more from the mail that it filed and
 * held. */
#pragma once

#include "engine/engine.h"

/* How far it is: DONE OF so many. */
typedef void (*RebuildProgress) (const char *what, gint64 done, gint64 of);

/* A message of the mail store, in the archive. */
typedef struct {
  guint mailbox;           /* index into those it was fetched from */
  MailboxFolder folder;
  MailboxItem item;
  char sha256[65];
  guint64 size;            /* as EngineArrival has it */
  bool header_only;
} KeptMessage;

typedef struct {
  GArray *kept;            /* KeptMessage, in the order in which they are to be taken in */
  GPtrArray *findings;     /* char *: what could not be read */
  gint64 waiting;          /* how many lie where mail arrives */
  gint64 first_waiting;    /* when the first of these arrived; G_MAXINT64: nobody knows */
} KeptMail;

/* All filed and held mail of FROM (OptionsMailbox) into the archive of OFFICE, as much of each
 * message as the daemon fetched (engine-rebuild-fetch.c). */
KeptMail *kept_fetch (Office *office, const GPtrArray *from, RebuildProgress progress,
                      GError **error);
void kept_mail_free (KeptMail *mail);
/* The name of FOLDER of mailbox O; NULL: where mail arrives. */
const char *kept_folder (const OptionsMailbox *o, MailboxFolder folder);

/* So many of what is not consistent are named. */
enum { REBUILT_SHOWN = 20 };

/* What became of it. */
typedef struct {
  gint64 filed, answered, held;   /* messages, by what became of them when they were taken in */
  gint64 copies;                  /* bytes that were there twice */
  gint64 waiting;                 /* what lies where mail arrives: it is the daemon's */
  gint64 mails;                   /* regarded as sent before */
  gint64 uncertain;               /* of them, those that came due after LAST */
  gint64 lost;                    /* messages that answer a mail of ours which did not come out
                                   * again */
  gint64 unknown;                 /* messages that answer what may be a mail of ours, and whose
                                   * token cannot be checked */
  gint64 first, last;             /* when the mail server accepted the first and the last
                                   * message; 0: there is none */
  gint64 until;                   /* the clock ran up to that time */
  GPtrArray *findings;            /* char *: what could not be read, and the first of LOST */
} EngineRebuilt;

void engine_rebuilt_clear (EngineRebuilt *rebuilt);

/* Into OFFICE (office_remake()): all that lies in the folders for filed and held mail of the
 * mailboxes FROM (OptionsMailbox), in the order in which the mail server accepted it, and the clock
 * up to UNTIL, NOW or the first message that waits, whichever is first: since then the lost office
 * did not run.  PROGRESS may be NULL.  INVALID: there is no such message. */
bool engine_rebuild (Office *office, const GPtrArray *from, gint64 until, gint64 now,
                     RebuildProgress progress, EngineRebuilt *rebuilt, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KeptMail, kept_mail_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EngineRebuilt, engine_rebuilt_clear)
