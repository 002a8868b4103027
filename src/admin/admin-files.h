/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files and folders as backup, restore and export need them: whole or not at all, and hashed while
 * they are copied.
 *
 * Errors: TRANSIENT where the disk is full, STORE where a file cannot be read or written.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The folder a file lies in is made when it is missing, for its owner alone. */
bool files_make_folder_of (const char *path, GError **error);
/* Copy FROM to TO, which becomes exactly that file, with FROM's permissions; not yet durable.
 * SHA256 and *SIZE (octets, may be NULL) of what was copied. */
bool files_copy (const char *from, const char *to, char sha256[65], guint64 *size, GError **error);
bool files_write (const char *path, const char *bytes, gsize n, GError **error);
bool files_hash (const char *path, char sha256[65], guint64 *size, GError **error);
/* Every file below DIR by its name there ("a/b.conf"), sorted; char *.  Hidden files and editors'
 * copies are left out. A DIR that is not there has none. */
GPtrArray *files_below (const char *dir, GError **error);
/* All that was written to the file system of PATH is durable; so is a folder's list of names. */
bool files_sync (const char *path, GError **error);
/* DIR and all in it; what cannot be removed stays, as does what a symbolic link points to. */
void files_remove (const char *dir);

/* A folder in the making: PATH.incomplete, which becomes PATH in one step. */
typedef struct {
  char *path, *incomplete;
  int lock;
} FilesDraft;

/* Begin it.  PATH must not exist, or be an empty folder (CONFIG).  What an earlier one that died
 * left is removed; one that is at work is not (TRANSIENT). */
bool files_draft_begin (FilesDraft *draft, const char *path, GError **error);
/* All of it is durable, and then has its name. */
bool files_draft_finish (FilesDraft *draft, GError **error);
/* Forget it; an unfinished one is removed. */
void files_draft_clear (FilesDraft *draft);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FilesDraft, files_draft_clear)
