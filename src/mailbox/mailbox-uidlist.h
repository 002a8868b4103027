/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * UIDs for a Maildir, which has none: a file "qecp-uidlist" in it,
 *
 *   qecp-uidlist 1 <uidvalidity> <next uid>
 *   <uid> <file name up to ':'>
 *
 * that only grows until compaction.  UIDVALIDITY is the time the list was made; a list that
 * cannot be read is replaced by a new one with a later UIDVALIDITY.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct UidList UidList;

/* Read the list of the Maildir PATH, or begin one at time NOW (written by the first
 * uidlist_save()). */
UidList *uidlist_open (const char *path, gint64 now, GError **error);
void uidlist_free (UidList *list);

guint32 uidlist_validity (const UidList *list);

/* The UID of the file BASE; a new one when it has none yet. */
guint32 uidlist_uid (UidList *list, const char *base);

/* Is BASE known? */
bool uidlist_knows (const UidList *list, const char *base);

/* Make durable what was added; no UID may be told to anybody before.  After a failure the list
 * is to be freed and opened anew. */
bool uidlist_save (UidList *list, GError **error);

/* Forget files that are gone, when they are the most of the list.  LIVE is a set of bases. */
bool uidlist_compact (UidList *list, GHashTable *live, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UidList, uidlist_free)
