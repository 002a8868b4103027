/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reader: the only place where bytes from outside are parsed.
 *
 * reader_new() starts a prepared process, the program qecp-reader, that shuts itself in (Landlock,
 * seccomp, resource limits: no network, no writing, no files but the system's read-only libraries)
 * and then waits.  For each message it forks one child of its own, so that a hostile message cannot
 * colour the facts of the next.  The child gets the message as an open file and gives back facts.
 * When it dies, takes too long or wants too much, that message has an error and the reader goes
 * on. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "document/pdf-signed.h"
#include "message/message.h"
#include "message/message-signed.h"

typedef enum { SANDBOX_BEST_EFFORT, SANDBOX_REQUIRED, SANDBOX_OFF } SandboxMode;

typedef struct {
  SandboxMode sandbox;     /* OFF is for fuzzing and sanitizers only */
  guint max_depth;         /* nested parts, 0 = the default 32 */
  guint max_parts;         /* 1000 */
  guint max_headers;       /* 2000, in all parts together */
  guint64 max_decoded;     /* 256 MiB decoded bytes in all */
  guint64 max_text;        /* 2 MiB of readable text kept */
  guint seconds;           /* CPU and wall clock for a message: 20 */
  guint64 memory;          /* address space: 512 MiB */
} ReaderLimits;

typedef struct Reader Reader;

/* Start the prepared process: $QECP_READER, or qecp-reader beside this program (a build tree), or
 * the installed one.  With SANDBOX_REQUIRED a kernel that cannot confine it, or no qecp-reader of
 * this version, is an error (QEC_ERROR_CONFIG). */
Reader *reader_new (const ReaderLimits *limits, GError **error);
void reader_free (Reader *reader);
/* What confines it, for the log: "landlock-7 seccomp". */
const char *reader_sandbox (const Reader *reader);

/* The facts of the message in FD (read from its start; FD stays the caller's).  INVALID: this
 * message cannot be read within the limits or killed its reader; say so and hold it.  TRANSIENT: no
 * process could be made. A prepared process that died is started again. */
Message *reader_read (Reader *reader, int fd, GError **error);

/* The same by the same child, and of each signed PDF document that is not too large what
 * reader_read_pdf() would say, and its bytes: `signatures` and `content` of its part.  Where they
 * are missing they are to be asked for. */
Message *reader_read_with_signatures (Reader *reader, int fd, GError **error);

/* The decoded content of part PATH of the message in FD, at most MAX bytes (INVALID when it is
 * larger or not there). */
GBytes *reader_extract (Reader *reader, int fd, const char *path, guint64 max, GError **error);

/* The signatures of the PDF document in FD, by its structure alone.  Errors as of reader_read(). */
PdfSigned *reader_read_pdf (Reader *reader, int fd, GError **error);

/* How the message (or signed entity) in FD is signed, by its structure alone.  Errors as of
 * reader_read(). */
MailSigned *reader_read_signed (Reader *reader, int fd, GError **error);

/* For fuzz targets and the child itself: parse in this process, no limits on time or memory.  FD is
 * closed. */
Message *message_parse_fd (int fd, const ReaderLimits *limits);
Message *message_parse_bytes (const guint8 *bytes, gsize n, const ReaderLimits *limits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)
