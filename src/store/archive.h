/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The archive: files named by the SHA-256 of their content, written once and never changed.
 *
 * A transaction that names a file is committed only after archive_sync(): then the bytes, and the
 * name, would survive a power cut. What a power cut left half written has its name all the same; it
 * is written again when the same content comes again, which it does, because its message still lies
 * in its mailbox.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Archive Archive;

/* DIR is made when it is not there; leftovers of a writer that died are removed. */
Archive *archive_open (const char *dir, GError **error);
void archive_free (Archive *archive);

/* Whether nothing has been written yet. */
bool archive_is_empty (const Archive *archive);

/* Write one file piece by piece.  One writer at a time. */
bool archive_begin (Archive *archive, GError **error);
bool archive_write (Archive *archive, const void *bytes, gsize n, GError **error);
/* SHA256 gets 64 hexadecimal digits and a NUL.  *SIZE the octets. */
bool archive_end (Archive *archive, char sha256[65], guint64 *size, GError **error);
void archive_abandon (Archive *archive);
/* All that ended so far is durable, and has left the page cache.  On an error what was new of it is
 * gone. */
bool archive_sync (Archive *archive, GError **error);

/* All at once, and durable. */
bool archive_put (Archive *archive, GBytes *bytes, char sha256[65], GError **error);

/* An open file descriptor for reading, the caller's; -1 with QEC_ERROR_STORE when it is not
 * there. */
int archive_fd (const Archive *archive, const char *sha256, GError **error);
GBytes *archive_get (const Archive *archive, const char *sha256, GError **error);
char *archive_path (const Archive *archive, const char *sha256);
/* Whether the file is there and its content has its name's hash. */
bool archive_verify (const Archive *archive, const char *sha256, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_free)
