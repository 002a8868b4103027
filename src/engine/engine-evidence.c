/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signatures of a message that arrives, and of the documents in it, judged as it comes in.
 *
 * This is done before the transaction, once: what the engines, the certificates and the clock of
 * that day said is an input of its own, and replay takes it from the journal.
 */
#include "engine/engine-evidence.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory-file.h"

enum {
  MAX_DOCUMENTS = 20,
  MAX_SIZE = 32 * 1024 * 1024,
  MAX_TIME_MS = 30 * 1000,     /* for one message, all signatures together: the mail behind it
                                * waits */
  REMEMBER_S = 600,            /* the same document sent again: a verdict is of its day, so not
                                * for long */
  MAX_REMEMBERED = 1000,
};

/* What is remembered of a document. */
typedef struct {
  gint64 at;
  JsonNode *result;
} Remembered;

static void
remembered_free (gpointer data)
{
  Remembered *r = data;

  json_node_unref (r->result);
  g_free (r);
}

void
engine_evidence_forget (Office *office)
{
  g_clear_pointer (&office->verifier, verifier_free);
  g_clear_pointer (&office->verdicts, g_hash_table_unref);
}

/* --- what is signed --------------------------------------------------------------------------- */

/* Some part is a signature, or a text has one around it; whether it is a good one, and over what,
 * is asked later. */
static bool
is_signed (const Message *m)
{
  static const char *const types[] = { "application/pkcs7-signature",
                                       "application/x-pkcs7-signature", "application/pkcs7-mime",
                                       "application/x-pkcs7-mime", "application/pgp-signature" };

  for (guint i = 0; i < m->parts->len; i++)
    {
      const MessagePart *part = m->parts->pdata[i];

      for (guint k = 0; k < G_N_ELEMENTS (types); k++)
        if (g_str_equal (part->type, types[k]) || g_str_equal (part->sniffed, types[k]))
          return true;
      if (g_str_has_suffix (part->name, ".p7m") || g_str_has_suffix (part->name, ".p7s"))
        return true;
    }
  return strstr (m->text, "-----BEGIN PGP SIGNED MESSAGE-----") != NULL;
}

static bool
is_signed_document (const MessagePart *part)
{
  return part->document != NULL && part->document->kind == DOCUMENT_PDF
         && part->document->is_signed;
}

/* --- verdicts --------------------------------------------------------------------------------- */

static JsonNode *
trouble (SignedKind kind, const char *why)
{
  Verification *v = verification_new (kind);

  v->verdict = VERDICT_ERROR;
  g_ptr_array_add (v->reasons, g_strdup (why));
  JsonNode *result = verification_to_json (v);
  verification_free (v);
  return result;
}

/* NULL: there is none, and *WHY says so. */
static Verifier *
verifier_of (Office *office, char **why)
{
  const OptionsSignatures *s = &office->options->signatures;
  const VerifierOptions options = { (const char *const *) s->trust, (const char *const *) s->crls,
                                    (const char *const *) s->keys, (guint) s->timeout };
  g_autoptr (GError) error = NULL;

  if (office->verifier == NULL)
    office->verifier = verifier_new (&options, &error);
  if (office->verifier != NULL)
    return office->verifier;
  log_event (LOG_ERR, "signature.no-verifier", LOG_STR ("why", error->message));
  *why = g_strdup_printf ("it could not be checked: %s", error->message);
  return NULL;
}

/* PART: the document in FD (or which the reader gave with its signatures), or NULL. */
static JsonNode *
judge (Office *office, const MessagePart *part, int fd, gint64 now, gint64 until)
{
  g_autofree char *why = NULL;
  Verifier *verifier = clock_monotonic_ms () < until ? verifier_of (office, &why) : NULL;

  if (verifier == NULL)
    return trouble (part != NULL ? SIGNED_PDF : SIGNED_NONE,
                    why != NULL ? why
                                : "it was not checked: the signatures before it took too long");
  g_autoptr (Verification) v =
    part == NULL ? verifier_mail (verifier, office->reader, fd, now)
    : part->signatures != NULL
      ? verifier_pdf_as_read (verifier, part->signatures, part->content, now)
      : verifier_pdf (verifier, office->reader, fd, now);
  return verification_to_json (v);
}

static JsonNode *
judge_document (Office *office, const MessagePart *part, int fd, gint64 now, gint64 until)
{
  g_autoptr (GError) error = NULL;

  if (part->signatures != NULL)
    return judge (office, part, -1, now, until);
  g_autoptr (GBytes) bytes = reader_extract (office->reader, fd, part->path, MAX_SIZE, &error);
  int document = bytes != NULL ? memory_file (bytes) : -1;

  if (document < 0)
    return trouble (SIGNED_PDF, error != NULL ? error->message : "there is no memory to read it");
  JsonNode *result = judge (office, part, document, now, until);
  close (document);
  return result;
}

static JsonNode *
document_verdict (Office *office, const MessagePart *part, int fd, gint64 now, gint64 until)
{
  if (office->verdicts == NULL)
    office->verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remembered_free);
  const Remembered *known = g_hash_table_lookup (office->verdicts, part->sha256);
  if (known != NULL && ABS (now - known->at) <= REMEMBER_S)
    return json_node_copy (known->result);

  JsonNode *result = judge_document (office, part, fd, now, until);
  Verdict verdict;
  verdict_read (json_object_get_string_member (json_node_get_object (result), "verdict"), &verdict);
  if (verdict != VERDICT_ERROR)
    {
      Remembered *r = g_new0 (Remembered, 1);

      *r = (Remembered){ now, json_node_copy (result) };
      if (g_hash_table_size (office->verdicts) >= MAX_REMEMBERED)
        g_hash_table_remove_all (office->verdicts);
      g_hash_table_insert (office->verdicts, g_strdup (part->sha256), r);
    }
  return result;
}

GPtrArray *
engine_evidence (Office *office, const Message *m, const char *sha256, int fd, gint64 now)
{
  gint64 until = 0;
  GPtrArray *list = NULL;
  guint n = 0;

  for (guint i = 0; i <= m->parts->len; i++)
    {
      const MessagePart *part = i < m->parts->len ? m->parts->pdata[i] : NULL;

      if (part != NULL ? !is_signed_document (part) : !is_signed (m))
        continue;
      if (list == NULL)
        {
          list = g_ptr_array_new_with_free_func ((GDestroyNotify) evidence_free);
          until = clock_monotonic_ms () + MAX_TIME_MS;
        }
      JsonNode *result =
        part == NULL          ? judge (office, NULL, fd, now, until)
        : ++n > MAX_DOCUMENTS ? trouble (
            SIGNED_PDF, "it was not checked: there are too many signed documents in the message")
                              : document_verdict (office, part, fd, now, until);
      g_ptr_array_add (list, part != NULL
                               ? evidence_new (part->path, part->name, part->sha256, now, result)
                               : evidence_new ("", "", sha256, now, result));
    }
  return list;
}

/* --- in the journal --------------------------------------------------------------------------- */

void
engine_evidence_keep (const GPtrArray *list, JsonObject *said)
{
  JsonArray *array = list != NULL ? json_array_new () : NULL;

  for (guint i = 0; list != NULL && i < list->len; i++)
    json_array_add_object_element (array, evidence_to_json (list->pdata[i]));
  if (array != NULL)
    json_object_set_array_member (said, "signatures", array);
}

GPtrArray *
engine_evidence_again (const char *detail)
{
  g_autoptr (JsonNode) node = json_from_string (detail, NULL);
  JsonObject *object =
    node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *array = object != NULL && json_object_has_member (object, "signatures")
                       ? json_object_get_array_member (object, "signatures") : NULL;
  GPtrArray *list =
    array != NULL ? g_ptr_array_new_with_free_func ((GDestroyNotify) evidence_free) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (list, evidence_from_json (json_array_get_object_element (array, i)));
  return list;
}
