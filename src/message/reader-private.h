/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the reader's three parts: the office's side (reader.c, reader-start.c), the prepared
 * process and its children (reader-child.c), and what shuts them in (reader-sandbox.c).
 */
#pragma once

#include "config.h"

#include <glib.h>
#include <linux/filter.h>
#include <sys/types.h>

#include "message/reader.h"

#define READER_MAX_PATH 256

/* Fixed descriptors: the prepared process talks on 3, a child reads its message from 4 and answers
 * on 5. */
enum { READER_SOCKET = 3, READER_MESSAGE = 4, READER_ANSWER = 5 };

typedef enum {
  ORDER_READ,
  ORDER_EXTRACT,
  ORDER_DOCUMENT,
  ORDER_PDF_SIGNATURES,
  ORDER_MAIL_SIGNATURE,
#ifdef ENABLE_FAULT_POINTS
  ORDER_CRASH, ORDER_HANG, ORDER_HOARD, ORDER_FLOOD, ORDER_SPIN, ORDER_ESCAPE, ORDER_DIE,
#endif
} ReaderOrder;

/* Comes with two descriptors: the message and the answer's writing end. */
typedef struct {
  guint32 order;
  guint32 kind;                 /* ORDER_DOCUMENT: DocumentKind; ORDER_READ in tests: what to do
                                 * at the first document */
  guint64 max;                  /* ORDER_EXTRACT, ORDER_DOCUMENT: bytes of the part; ORDER_READ:
                                 * of signed documents and their signatures, 0: none */
  char path[READER_MAX_PATH];
} ReaderRequest;

typedef enum {
  END_ANSWERED,
  END_KILLED,
  END_SLOW,
  END_NO_PROCESS,
  END_TOO_LARGE,
  END_NOT_THERE,
  END_FAILED
} ReaderEnd;

/* The answer to ORDER_READ is a row of blocks, each with this head and padded to eight octets:
 * first the message's facts, then those of its documents, then, where that was asked for, of each
 * signed PDF document its signatures and its bytes, as far as the child lives to read them. */
#define READER_MESSAGE_FACTS G_MAXUINT32
#define READER_SIGNATURES 0x40000000u
#define READER_CONTENT 0x20000000u
#define READER_SIGNED_ROOM (8 * 1024 * 1024)
typedef struct {
  guint32 part;                 /* index of the document's part, with a bit for which block of
                                 * it; or READER_MESSAGE_FACTS */
  guint32 size;
} ReaderBlock;

/* What facts may weigh: three times the text, and lists that all have limits. */
#define READER_FACTS_BASE (16 * 1024 * 1024)

/* The last octets of an answer that is whole: then nobody waits for the child to be gone. */
#define READER_WHOLE "\nwhole.\n"
#define READER_WHOLE_SIZE (sizeof READER_WHOLE - 1)

/* How the child ended. */
typedef struct {
  guint32 end;
  gint32 signal;
} ReaderReply;

/* The packed facts of part PATH read as a document (message-document.c); errors as of
 * reader_extract(). */
GBytes *reader_document (Reader *reader, int fd, const char *path, DocumentKind kind, guint64 max,
                         GError **error);
/* All signatures with their certificates, and what changed after each. */
#define PDF_MAX_ANSWER (PDF_MAX_SIGNATURES * (PDF_MAX_CMS + 256 * 1024))

/* The answer to ORDER about the whole file in FD, at most MAX bytes.  Errors as of
 * reader_read(). */
GBytes *reader_order (Reader *reader, ReaderOrder order, int fd, gsize max, GError **error);

/* reader-mail.c and reader-pdf.c: the answers, made in the child.  SIZE: of the file. */
GVariant *reader_answer_mail (int fd);
GVariant *mail_signed_to_variant (const MailSigned *m);
MailSigned *mail_signed_from_variant (GVariant *facts, guint64 size, GError **error);
GVariant *reader_answer_pdf (int fd);
GVariant *pdf_signed_to_variant (const PdfSigned *all);
/* What the message's own child said of the signatures in its documents. */
void reader_take_signatures (Message *message, GHashTable *answers);
PdfSigned *pdf_signed_from_variant (GVariant *facts, guint64 size, GError **error);

#define READER_SHAPE_SIZE 64

/* The first word of the office to the prepared process, which answers with the shape of its sandbox
 * (READER_SHAPE_SIZE bytes).  SIZE and VERSION first: they tell a reader of another release, say
 * while a package is replaced. */
typedef struct {
  guint32 size;
  char version[28];
  ReaderLimits limits;
} ReaderHello;

/* Runs the prepared process; never returns. */
G_NORETURN void reader_main (void);

/* Close this process in.  SHAPE gets "landlock-7 seccomp"; false when nothing could be done and it
 * is required. */
bool sandbox_enter (SandboxMode mode, char *shape, gsize size);
/* The narrower filter of a child, made beforehand because making it needs memory and time; NULL:
 * none. */
struct sock_fprog *sandbox_child_filter (SandboxMode mode);
bool sandbox_narrow (const struct sock_fprog *filter);

#ifdef ENABLE_FAULT_POINTS
/* For tests: let the next reader_read() give this order instead. */
void reader_misbehave (Reader *reader, ReaderOrder order);
/* The same for the first document of the next message. */
void reader_misbehave_at_document (Reader *reader, ReaderOrder order);
/* What a child that tries to get out reports: "shut", "reads" (files, without Landlock) or
 * "out". */
char *reader_try_escape (Reader *reader, int fd, GError **error);
pid_t reader_pid (const Reader *reader);
#endif

/* The office's side. */
struct Reader {
  ReaderLimits limits;
  pid_t pid;
  int socket;
  bool owed;               /* how the last child ended has not been read yet */
  char shape[READER_SHAPE_SIZE];
#ifdef ENABLE_FAULT_POINTS
  ReaderOrder misbehave, misbehave_at_document;
#endif
};

/* Also to be called when the prepared process is gone. */
bool reader_start (Reader *reader, GError **error);
void reader_stop (Reader *reader);
/* False: not all of it came by DEADLINE (clock_monotonic_ms()). */
bool reader_read_exactly (int fd, void *data, gsize n, gint64 deadline);
