/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files of message/ only: the pass over one message, and the small steps it is made
 * of.
 *
 * Every step is total: it takes any bytes and gives a value; what was wrong becomes a defect.
 */
#pragma once

#include "message/gmime-auto.h"
#include "message/message.h"
#include "message/reader.h"

/* Not limits on messages but on facts: more than this of one kind is noise. */
#define MAX_DEFECTS 200
#define MAX_ADDRESSES 1000
#define MAX_IDS 200
#define THREAD_HEAD 22        /* bytes of a Thread-Index that name the conversation */
#define MAX_THREAD_INDEX 4096 /* its characters: some 600 replies */
#define MAX_LANGUAGE_TAG 35 /* RFC 5646, 4.4.1 */
#define MAX_LINE_TEXT 16384  /* bytes of a one-line field */
#define MAX_REPORTS 500
#define MAX_QUOTE_DEPTH 32
#define SNIFF_BYTES 8192
/* Of a buffer on the stack: each page that a child touches is a fault. */
#define READ_CHUNK 8192

typedef struct {
  Message *message;
  ReaderLimits limits;     /* no zeros */
  GMimeMessage *mime;
  GMimeParserOptions *options;
  GMimeStream *stream;     /* the message's bytes */
  guint headers;           /* counted so far */
  guint64 decoded;         /* bytes decoded so far */
  GHashTable *seen_defects;
  /* What the walk over the parts found for message-machine.c. */
  char *report_type;       /* of a multipart/report, or NULL */
  char *calendar_method;   /* of a text/calendar part, upper case, or NULL */
  bool has_reaction;
  bool has_html;           /* an HTML part was seen: then "-- " is not the only signature */
  GString *status_text;    /* message/delivery-status, decoded */
  GString *feedback_text;  /* message/feedback-report, decoded */
  GString *original_text;  /* header block of the returned message */
  GString *other_text;     /* of a winmail.dat or an invitation, where nothing else speaks; or
                            * NULL */
  GString *aside;          /* for Message.aside; NULL: nothing yet */
  /* For reader_extract(): the part wanted, and its bytes. */
  const char *wanted;
  GByteArray *extracted;
  guint64 extract_max;
  bool too_large;
  /* For documents: the bytes of parts that may be one, a GBytes or NULL for each part; NULL: not
   * wanted. */
  GPtrArray *contents;
} Parse;

/* message-parse.c */
void parse_defect (Parse *parse, const char *where, const char *what);
/* As message_parse_fd(); CONTENTS gets the bytes of every part that is a document and small enough:
 * a GBytes at the part's index, or NULL. */
Message *message_parse_with_documents (int fd, const ReaderLimits *limits, GPtrArray *contents);
/* The decoded content of part PATH; NULL when it is not there; *TOO_LARGE when it is above MAX. */
GBytes *message_extract_fd (int fd, const ReaderLimits *limits, const char *path, guint64 max,
                            bool *too_large);
/* Load what parsing needs later, while files can still be opened. */
void message_preload (void);
/* Parse a mail of our own, so that types and tables are ready in every fork from here on. */
void message_warm_up (void);
void reader_limits_resolve (const ReaderLimits *limits, ReaderLimits *resolved);

/* message-document.c: what a child reads and packs, and the office asks for and unpacks. */
#define DOCUMENT_MAX_SIZE (32 * 1024 * 1024)
#define DOCUMENT_MAX_COUNT 20   /* in a message */
/* What PART is to be read as. */
DocumentKind message_document_kind (const MessagePart *part);
Document *message_read_document (DocumentKind kind, GBytes *bytes);
GVariant *message_document_to_variant (const Document *document);
/* NULL when the child's answer breaks its own rules. */
Document *message_document_from_bytes (DocumentKind kind, GBytes *bytes);
/* Give every part that is one its document: out of ANSWERS (part index -> GBytes), or read by a
 * child of its own.  False: try again later. */
bool message_read_documents (Reader *reader, int fd, Message *message, GHashTable *answers,
                             GError **error);

/* message-content.c */
typedef struct {
  guint64 size;
  char sha256[65];
  guint8 head[SNIFF_BYTES];
  gsize head_n;
  GByteArray *kept;     /* the bytes, when asked for, up to their limit */
} Content;

void part_defect (Parse *parse, const char *path, const char *what);
/* What stands at PATH ("": in the message) is not read, because WHAT; see Message.partial. */
void part_left_out (Parse *parse, const char *path, const char *what);
/* Reads STREAM (NULL: nothing) to its end; at most KEEP bytes stay in CONTENT->kept, which the
 * caller frees. */
void read_content (Parse *parse, const char *path, GMimeStream *stream, gsize keep,
                   Content *content);
/* The decoded bytes of a leaf; NULL when it has none. */
GMimeStream *decoded_stream (GMimePart *part);
/* The bytes of an attached message inside of BOUNDARIES, whether or not gmime can make sense of
 * them. */
GMimeStream *embedded_stream (Parse *parse, GMimeObject *part, const GPtrArray *boundaries);

/* message-walk.c */
void body_facts (Parse *parse);

/* message-walk-part.c: part_new() adds a part to the message, part_fill() says what is in it. */
MessagePart *part_new (Parse *parse, const char *path, GMimeObject *object);
void part_fill (MessagePart *p, const Content *content);
bool part_has_disposition (GMimeObject *object, const char *what);
/* What machine-readable parts say is kept for message-machine.c. */
void part_note (Parse *parse, GMimeObject *object, const MessagePart *p, const Content *content);

/* message-walk-text.c */
typedef struct {
  GString *text;    /* of a subtree; NULL: none that can be read */
  bool html;        /* it came from HTML */
} BodyText;

/* Its characters; the caller's. */
char *body_decode (Parse *parse, const char *path, GMimeObject *object, const Content *content,
                   bool html, MessagePart *facts);
GString *body_read (Parse *parse, const char *path, GMimeObject *object, const Content *content,
                    bool html, MessagePart *facts);
bool body_is_blank (const char *text);
void body_clear (BodyText *body);
/* BODY (taken over) is no part of the text of the whole, and can be read all the same. */
void body_aside (Parse *parse, BodyText *body);
/* Plain text, unless it is no answer to what the HTML says; the other one is put aside.  NEXT is
 * taken over. */
void body_choose (Parse *parse, BodyText *best, BodyText next);
void body_append (Parse *parse, BodyText *to, BodyText next);
/* What holds parts is read in one piece up to here. */
#define MAX_ENVELOPE (64 * 1024 * 1024)

/* message-aside.c: the text of OBJECT, BYTES of it, is put aside; all texts in an attached mail. */
void aside_text (Parse *parse, GMimeObject *object, const GByteArray *bytes);
void aside_file (Parse *parse, GMimeObject *object, const GByteArray *bytes);
void aside_message (Parse *parse, GMimeMessagePart *part, guint depth);

/* message-opaque.c: the mail that CMS SignedData carries; NULL when BYTES are none.  The
 * caller's. */
GBytes *opaque_content (const guint8 *bytes, gsize n);
/* That is all of what is signed there. */
bool opaque_is_whole (const guint8 *bytes, gsize n);

/* message-inline.c: TEXT[N] is signed text from its first line to its last, and nothing else; where
 * its frame is, and the words in it. */
typedef struct {
  const char *frame, *words;
  gsize n_frame, n_words;
} InlineSigned;
bool inline_read (const char *text, gsize n, InlineSigned *s);
/* The words begin with a header of MIME. */
bool inline_is_part (const InlineSigned *s);
/* The words of such a TEXT as they were before they were signed; NULL: it is none.  The
 * caller's. */
char *inline_words (const char *text);

/* message-tnef.c: the parts in a winmail.dat, numbered below PATH; its text, if any, is the
 * caller's. */
/* The words in RTF, UTF-8; *HTML when they are HTML.  The caller's. */
char *message_rtf_to_text (const char *rtf, gsize n, gsize max, bool *html);
BodyText tnef_parts (Parse *parse, const char *path, const Content *content);

/* Text that no structure holds, as a part of its own. */
GString *loose_text (Parse *parse, const char *path, GMimeStream *stream);
/* TEXT (taken over) is the text of the whole. */
void take_text (Parse *parse, GString *text);

/* message.c */
MessageAddress *message_address_new (const char *name, const char *address);
void message_address_free (MessageAddress *address);
void message_report_free (MessageReport *report);
void message_part_free (MessagePart *part);
void message_defect_free (MessageDefect *defect);

/* message-facts.c: Message as one GVariant, to travel from the child.  Reading believes nothing. */
GVariantType *message_variant_type (void);
GVariant *message_to_variant (const Message *message);
Message *message_from_variant (GVariant *variant, GError **error);

/* message-clean.c: valid UTF-8, NFC, no control characters. */
char *clean_line (const char *text, gssize n);
/* The same, however long: where the end decides what is meant. */
char *clean_whole_line (const char *text, gssize n);
char *clean_text (const char *text, gssize n);
char *clean_utf8 (const char *valid); /* the same of what is valid already */
char *clean_file_name (const char *name);
/* TEXT is UTF-8, which what comes out of a GVariant always is. */
bool text_is_clean (const char *text, bool one_line);

/* message-charset.c: bytes of a claimed charset (or NULL) as valid UTF-8.  *DAMAGED: something was
 * replaced or guessed otherwise than claimed; *USED is a static name of what was used. */
char *charset_decode (const char *claimed, const guint8 *bytes, gsize n, const char **used,
                      bool *damaged);
bool charset_is_ascii (const guint8 *bytes, gsize n);
void charset_preload (void);

/* message-header.c */
typedef enum { HEADER_OK = 0, HEADER_RAW_8BIT = 1, HEADER_BAD_WORD = 2 } HeaderFlaw;
/* No header field of the stream that is longer than MAX_FIELD has a name that is read. */
#define MAX_FIELD 65536
void fields_shorten (Parse *parse);
char *header_unfold (const char *raw);
char *header_raw (GMimeObject *object, const char *name);
void header_facts (Parse *parse);

/* message-header-words.c */
char *header_decode (const char *raw, guint *flaws);
/* RAW with each run of encoded words as one word: of several whose base64 is padded gmime decodes
 * the first. */
char *header_join_words (const char *raw);

/* message-header-address.c */
void header_addresses (Parse *parse, const char *where, const char *raw, GPtrArray *to);
char *address_normalise (const char *address);

/* message-header-ids.c */
void message_ids_scan (const char *raw, GPtrArray *ids);
void message_ids_add (GPtrArray *ids, const char *s, gsize n);

/* message-param.c: parameter NAME of a structured header value: RFC 2231, RFC 2047 and raw forms.
 * NULL: not there. */
char *param_decode (const char *raw, const char *name, guint *flaws);

/* message-base64.c: decodes, whatever comes, to what gmime's own filter would. */
GMimeFilter *base64_filter_new (void);

/* message-sniff.c: the type of content by its first bytes.  SIZE is of the whole. */
const char *sniff_type (const guint8 *head, gsize n, guint64 size);

/* message-html.c */
char *html_to_text (const char *html, gsize n, gsize max);

/* message-flowed.c: RFC 3676. */
char *flowed_to_text (const char *text, bool delsp);

/* message-quote.c: cut TEXT into the sender's own words and the rest. */
void quote_split (const char *text, char **new_text, char **quoted_text);

/* message-quote-line.c: what each line is.  The lines borrow TEXT; ALL->lines is the caller's to
 * free. */
typedef enum {
  LINE_TEXT,
  LINE_EMPTY,
  LINE_QUOTE,        /* "> ..." */
  LINE_ATTRIBUTION,  /* "On ..., ... wrote:", over N lines */
  LINE_DELIMITER,    /* "-----Original Message-----" */
  LINE_HEADERS,      /* From:, Sent:, To:, Subject:, over N lines */
  LINE_SIGNATURE,    /* "-- " */
  LINE_DEVICE,       /* "Sent from my ..." */
} QuoteLineKind;

typedef struct {
  const char *s;
  gsize n;
  QuoteLineKind kind;
  guint span;        /* lines of an attribution or a header block */
  bool strong;       /* an attribution that names an address or an exact time */
  bool cut;
  bool mixed;        /* quotation with answers in it that nothing marks: kept, as a quotation */
} QuoteLine;

typedef struct {
  QuoteLine *lines;
  guint n;
} QuoteLines;

void quote_lines_read (const char *text, QuoteLines *all);
void quote_find_kinds (const QuoteLines *all);
bool quote_line_is_quote (const QuoteLine *line);
bool quote_line_is_empty (const QuoteLine *line);
/* "From:", in any language that header blocks are read in. */
bool quote_line_names_sender (const QuoteLine *line);
/* A row of AT_LEAST dashes or underscores. */
bool quote_line_is_row (const QuoteLine *line, gsize at_least);
char *quote_lower (const char *s, gsize n);
/* Behind the blanks and the marks of emphasis that S begins with. */
const char *quote_skip_marks (const char *s);
bool quote_starts_any (const char *s, const char *const *table, guint n);
bool quote_holds_any (const char *s, const char *const *table, guint n);

/* message-quote-attribution.c: how many lines the attribution that begins at line I has, 0 when
 * none does. */
guint quote_attribution (const QuoteLines *all, guint i, bool *strong);

/* message-forward.c: who wrote what is forwarded; INNER (or NULL) is attached. */
void forward_attached (Parse *parse, GMimeMessage *inner);
void forward_facts (Parse *parse);

/* message-calendar.c: the first method of the mail's invitations, and what an invitation says, for
 * a mail that says nothing else; the caller's. */
void calendar_note (Parse *parse, GMimeObject *object, const Content *content);
GString *calendar_text (const char *ics);

/* message-machine.c and message-report.c */
void machine_facts (Parse *parse);
bool report_facts (Parse *parse, bool certain);
/* message-report-stage.c: STAGE_ACCEPTED: the reporting system itself had taken the mail before its
 * own rules refused it. */
typedef enum {
  STAGE_UNKNOWN,
  STAGE_CONNECT,
  STAGE_SENDER,
  STAGE_RECIPIENT,
  STAGE_DATA,
  STAGE_ACCEPTED
} ReportStage;
/* At which step of the dialogue the server refused, as far as the TEXT tells. */
ReportStage report_stage (const char *text);
/* The same by what is known of the system whose report has these FIELDS, and BLOCK about one
 * recipient. */
ReportStage report_stage_of_system (const Parse *parse, const char *fields, const char *block);

/* A report about RECIPIENT: ACTION and STATUS as its fields say (NULL: no such field), the server's
 * ANSWER, and what the report says in WORDS besides (both may be ""); STAGE, where its words do not
 * tell. */
typedef struct {
  const char *recipient, *action, *status, *answer, *words;
  ReportStage stage;
} ReportClaim;
void report_add (Parse *parse, const ReportClaim *claim);

/* The Message-ID of the mail that came back, or "". */
char *report_original_id (const Parse *parse);

/* message-report-fields.c: the recipients of RFC 3464 fields in TEXT. */
void report_fields (Parse *parse, const char *text, const char *words);
/* Field NAME of a block of header-like lines, unfolded; NULL when it is not there. */
char *report_field (const char *block, const char *name);
/* "rfc822; a@b" without the type and brackets. */
char *report_typed_value (const char *value);

/* message-report-text.c: reports in free form. */
void report_text_facts (Parse *parse, const char *words);
/* Nobody is named: then it is the mail that came back that says whom it was for. */
void report_original_recipients (Parse *parse, const char *words);
/* The report's own words: TEXT without the returned message that follows in it. */
char *report_words (const char *text);
/* What WORDS say about RECIPIENT alone, when they name OTHERS (char *) too. */
char *report_own_words (const char *words, const char *recipient, const GPtrArray *others);

/* message-report-other.c: what is reported in other shapes: complaints, and absences. */
void report_add_person (Parse *parse, const char *address, const char *reason);
void report_feedback (Parse *parse);
void report_absence (Parse *parse);

/* message-report-ses.c: notifications of Amazon SES.  False: it is none.  *COMPLAINT: about a mail,
 * not about a delivery. */
bool report_ses (Parse *parse, bool *complaint);

/* message-report-words.c: what servers say. */
typedef struct {
  const char *reason, *phrases;
  bool at_any_stage;           /* means the same at every step of the dialogue */
} ReportWords;
typedef struct {
  const char *number, *reason; /* of an enhanced status, without its class */
} ReportNumber;
extern const ReportWords report_words_strong[], report_words_weak[];
extern const ReportNumber report_numbers[];
extern const guint report_words_strong_n, report_words_weak_n, report_numbers_n;

/* message-report-codes.c: "5.1.1" and "550" in TEXT, or "". */
char *report_find_status (const char *text);
char *report_find_reply_code (const char *text);

/* message-report-reason.c */
const char *report_reason (const char *status, const char *answer, const char *words,
                           ReportStage stage);
/* For good: writing there again cannot succeed. */
bool report_is_hard (const char *action, const char *reason);
