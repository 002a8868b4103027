/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message as the rest of the program knows it: the facts the reader found in its bytes.
 *
 * All text is valid UTF-8, NFC, without control characters other than LF and TAB in bodies (none in
 * one-line fields).  Addresses are lower-cased in the domain only.  Facts come out of a sandboxed
 * child (message/reader.h) and are plain data from there on: nothing outside message/ sees MIME.
 */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "base/marks.h"
#include "document/document.h"
#include "document/pdf-signed.h"

typedef struct {
  char *name;    /* "" when there is none */
  char *address; /* local@domain */
} MessageAddress;

/* Mail that a machine wrote, by the headers and shapes that tell (RFC 3834, 3464, 5965, 8098, 2369,
 * 9078). */
typedef enum {
  MACHINE_NONE,
  MACHINE_AUTO_REPLY,
  MACHINE_DELIVERY_REPORT,
  MACHINE_FEEDBACK_REPORT,
  MACHINE_READ_RECEIPT,
  MACHINE_LIST,
  MACHINE_CALENDAR,
  MACHINE_INVITATION, /* a person's, written by their calendar: not answered, but for people to
                       * read */
  MACHINE_REACTION,
} MessageMachine;

typedef struct {
  char *recipient;
  char *action;      /* failed delayed delivered relayed expanded */
  char *status;      /* enhanced status "5.1.1", "" when unknown */
  char *reply_code;  /* "550" or "" */
  char *reason;      /* userunknown, mailboxfull, ... or "" */
  bool hard;
  char *original_message_id;
} MessageReport;

/* A report's reason for people who read no codes: "the mailbox is full". */
const char *message_reason_words (const char *reason);
/* "552 5.2.2: the mailbox is full"; CODE and STATUS may be "".  g_free(). */
char *message_reason_text (const char *code, const char *status, const char *reason);

/* What a server answered to us ourselves: the same question as of a report, and the same answer. */
typedef struct {
  const char *step;   /* what it refused: "sender", "recipient", "data", or before that
                       * "connect"; "": nobody knows */
  int code;           /* 0: it said nothing */
  const char *status; /* "5.1.1" or "" */
  const char *text;
} MessageRefusal;

/* Why it was; *HARD tells whether the address will never take mail. */
const char *message_refusal_reason (const MessageRefusal *refusal, bool *hard);

typedef struct {
  char *path;        /* "1.2": IMAP-like part number */
  char *type;        /* declared, lower case */
  char *sniffed;     /* by content */
  char *name;        /* decoded file name without path, or "" */
  char *disposition; /* attachment or inline */
  char *charset;
  guint64 size;      /* of the decoded content */
  char sha256[65];   /* of the decoded content */
  bool from_tnef;
  Document *document; /* what it says as a form; NULL when it is no PDF, workbook or .csv */
  struct Message *mail; /* an attached mail, where somebody asked for what is in it; or NULL */
  /* Of a signed PDF document, where reader_read_with_signatures() was asked and it is not too
   * large; else NULL. */
  GBytes *content;
  PdfSigned *signatures;
} MessagePart;

typedef struct {
  char *where, *what;
} MessageDefect;

/* An Authentication-Results field.  What a server writes stands above what it got, so its place
 * says who may have written it. */
typedef struct {
  char *value;       /* unfolded */
  guint received;    /* how many Received fields stand above it */
} MessageAuth;

typedef struct Message {
  char sha256[65];           /* set by whoever has the bytes: the reader leaves it empty */
  guint64 size;
  char *message_id;          /* without angle brackets; "" when missing */
  GPtrArray *in_reply_to;    /* char * */
  GPtrArray *references;     /* char * */
  char *conversation;        /* the first 22 bytes of Thread-Index, base64; "" when missing */
  gint64 date;               /* a claim; 0 when missing or unreadable */
  int date_offset;           /* minutes east of UTC, as claimed */
  char *subject;
  GPtrArray *from, *sender, *reply_to, *to, *cc; /* MessageAddress */
  GPtrArray *forwarded_from; /* MessageAddress: who wrote what is forwarded here, as it says: a
                              * proposal, no proof */
  GPtrArray *delivered_to;   /* char *: addresses of Delivered-To, X-Original-To, Envelope-To */
  char *language;            /* tag its sender's program put on it ("es-US"), "" when it did not
                              * say */
  char *return_path;         /* NULL: no such header; "": the null path */
  MessageMachine machine;
  char *machine_why;
  GPtrArray *reports;        /* MessageReport */
  char *text;                /* whole readable text */
  char *new_text;            /* without quotation and signature */
  char *quoted_text;
  char *aside;               /* what else can be read: the other alternative, files of text, mails
                              * that are attached */
  GPtrArray *parts;          /* MessagePart: leaves, and message/rfc822 as one part each */
  bool protected_present;
  char *protected_subject;
  GPtrArray *auth_results;   /* MessageAuth, topmost first */
  GPtrArray *received;       /* char *: Received values, topmost first, unfolded */
  GPtrArray *defects;        /* MessageDefect */
  bool partial;              /* parts of it are beyond what is read: nobody knows what they hold */
  struct MessageWords *words; /* see message_words() */
} Message;

/* What a message says, made comparable: word by word (fold_words()), and as phrases are looked for
 * (fold_case()). */
typedef struct MessageWords {
  char *subject, *text; /* text: the new one */
  char *folded_subject, *folded_text;
  Marks subject_pairs, text_pairs; /* of the folded ones, see marks_may_hold() */
} MessageWords;

Message *message_new (void);
void message_free (Message *message);

const char *message_machine_name (MessageMachine machine);
/* What is kept of PART for a look at its signatures is not needed any more. */
void message_part_drop_content (MessagePart *part);
/* Whether what PART holds stands as parts of its own below it: a winmail.dat, an opaque
 * signature. */
bool message_part_is_envelope (const MessagePart *part);
/* Made when first asked for: rules, language, categories and articles are all found by them.
 * MESSAGE must not be changed any more. Lives as long as it. */
const MessageWords *message_words (const Message *message);
/* Its words are another's, which it passes on or answers: its sender wrote nothing above them. */
bool message_passes_on (const Message *message);
/* First From address, or NULL. */
const MessageAddress *message_author (const Message *message);

/* The contract's `qecp read --json` document.  Owned by the caller (json_node_unref). */
JsonNode *message_to_json (const Message *message);
/* The same for a person. */
char *message_to_text (const Message *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Message, message_free)
