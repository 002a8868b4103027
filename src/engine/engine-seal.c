/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Before a mail leaves for the first time: it is signed, and encrypted where its notice is
 * confidential.
 *
 * A signature holds time and randomness, so this is no part of rendering.  It is done once, by the
 * process that delivers; the bytes are in the archive and the journal before the first attempt, so
 * that every attempt sends the same.  What could not be sealed is an input of its own, too: keys
 * and clocks of that day cannot be observed again.
 */
#include "engine/engine-seal.h"

#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/run.h"
#include "message/seal.h"
#include "store/journal.h"

/* The notices that tell of mail that is kept back, and why: they leave unsigned when they must, or
 * nobody would know. */
#define TELLS_OF_IT "mail-withheld"
#define TELLS_ADMIN "alarm-admin"

typedef struct {
  GBytes *bytes;         /* as they leave */
  bool is_signed;
  char *key;             /* of the recipient, when it is encrypted */
} Sealed;

static void
sealed_clear (Sealed *s)
{
  g_clear_pointer (&s->bytes, g_bytes_unref);
  g_free (s->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sealed, sealed_clear)

void
engine_seal_forget (Office *office)
{
  g_clear_pointer (&office->sealer, sealer_free);
}

static Sealer *
sealer_of (Office *office, GError **error)
{
  const OptionsDelivery *d = &office->options->delivery;
  const SealerOptions options = { d->key_home, d->signing_key,
                                  (const char *const *) office->options->signatures.trust,
                                  (guint) office->options->signatures.timeout };

  if (office->sealer != NULL && sealer_is_stale (office->sealer))
    engine_seal_forget (office);
  if (office->sealer == NULL)
    office->sealer = sealer_new (&options, error);
  return office->sealer;
}

const SealKey *
engine_seal_key (Office *office, GError **error)
{
  Sealer *sealer = sealer_of (office, error);

  return sealer != NULL ? sealer_own_key (sealer, error) : NULL;
}

bool
engine_seal_is_stale (const Office *office)
{
  return office->sealer == NULL || sealer_is_stale (office->sealer);
}

/* --- one mail --------------------------------------------------------------------------------- */

/* PAYLOAD with a signature around it. */
static GBytes *
sign (Sealer *sealer, GBytes *payload, const OutboxItem *item, gint64 now, GError **error)
{
  bool openpgp;
  g_autofree char *micalg = NULL;
  g_autoptr (GBytes) signature = sealer_sign (sealer, payload, now, &openpgp, &micalg, error);

  return signature != NULL ? seal_signed (payload, openpgp, micalg, signature, item->message_id)
                           : NULL;
}

/* NULL without an error: it leaves as it was rendered, *UNSIGNED says why. */
static bool
seal (Office *office, const OutboxItem *item, bool encrypt, gint64 now, Sealed *sealed,
      char **unsigned_why, GError **error)
{
  const OptionsDelivery *d = &office->options->delivery;
  bool must_sign = d->signing_required && strcmp (item->notice, TELLS_OF_IT) != 0
                   && strcmp (item->notice, TELLS_ADMIN) != 0;
  g_autoptr (GError) inner = NULL;
  g_autoptr (GBytes) mail = outbox_bytes (office->store, office->archive, item, error);
  Sealer *sealer = mail != NULL ? sealer_of (office, &inner) : NULL;
  g_autoptr (GBytes) payload = mail != NULL ? seal_payload (mail, encrypt, error) : NULL;

  if (payload == NULL)
    return false;
  g_autoptr (GBytes) entity =
    sealer != NULL && d->signing_key != NULL ? sign (sealer, payload, item, now, &inner) : NULL;
  sealed->is_signed = entity != NULL;
  if (inner != NULL && (encrypt ? sealer == NULL || must_sign : must_sign))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  *unsigned_why = inner != NULL ? g_strdup (inner->message) : NULL;
  if (encrypt)
    {
      bool openpgp;
      g_autoptr (GBytes) cipher = sealer_encrypt (
        sealer, item->rcpt, entity != NULL ? entity : payload, now, &openpgp, &sealed->key, error);

      if (cipher == NULL)
        return false;
      g_clear_pointer (&entity, g_bytes_unref);
      entity = seal_encrypted (cipher, openpgp, item->message_id);
    }
  if (entity != NULL)
    sealed->bytes = seal_mail (mail, entity, encrypt, error);
  return entity == NULL || sealed->bytes != NULL;
}

/* --- what came of it -------------------------------------------------------------------------- */

/* Staff are told when the first mail is kept back for a reason; while it is, others with the same
 * one are in the list. */
static bool
tell (Run *run, const OutboxItem *item, const char *why, GError **error)
{
  g_autoptr (Case) c =
    item->case_id != 0 ? case_load (run->office->store, item->case_id, error) : NULL;
  const Program *program = run->office->definition->program;
  gint64 n = 0;

  if ((item->case_id != 0 && c == NULL)
      || !outbox_count_withheld (run->office->store, why, &n, error))
    return false;
  if (c != NULL)
    program = office_program (run->office, c->definition, error);
  if (program == NULL)
    return false;
  if (n > 1 || strcmp (item->notice, TELLS_OF_IT) == 0
      || program_notice (program, TELLS_OF_IT) == NULL)
    return true;
  OutboxNotice notice = run_notice (run, program, c);
  notice.sender = item->rcpt;
  notice.reason = why;
  return outbox_notice (run->txn, &notice, TELLS_OF_IT, error);
}

static JsonObject *
said_of (const OutboxItem *item, const EngineSealed *s)
{
  JsonObject *object = json_object_new ();

  if (item != NULL)
    json_object_set_int_member (object, "outbox", item->id);
  json_object_set_string_member (object, "sha256", s->sha256);
  json_object_set_boolean_member (object, "signed", s->is_signed);
  json_object_set_string_member (object, "encrypted-for", s->key);
  json_object_set_string_member (object, "why", s->why);
  return object;
}

static bool
record (Run *run, const OutboxItem *item, const EngineSealed *s, GError **error)
{
  bool leaves = s->sha256[0] != '\0';

  if (!office_affirm (run->office, run->txn, run->now, error)
      || !journal_input (run->txn, "seal", run->at, item->id, said_of (NULL, s), &run->input, error)
      || !journal_event (run->txn, run->input, item->case_id, run->at,
                         leaves ? "outbox.sealed" : "outbox.withheld", said_of (item, s), error))
    return false;
  if (leaves)
    return outbox_seal (run->txn, item->id, s->sha256, error);
  return outbox_withhold (run->txn, item->id, run->now, run->now + outbox_back_off (item->attempts),
                          s->why, error)
         && tell (run, item, s->why, error);
}

bool
engine_sealed (Office *office, gint64 outbox, const EngineSealed *s, gint64 now, GError **error)
{
  g_autoptr (OutboxItem) item = outbox_load (office->store, outbox, error);
  g_autoptr (StoreTxn) txn = item != NULL ? store_begin (office->store, error) : NULL;
  Run run = { .office = office, .txn = txn, .at = now, .now = now };

  if (txn == NULL || !record (&run, item, s, error))
    return false;
  fault_point ("seal.before-commit");
  if (!store_commit (txn, error))
    return false;
  log_event (s->why[0] == '\0'      ? LOG_INFO
             : s->sha256[0] != '\0' ? LOG_WARNING
                                    : LOG_ERR,
             s->sha256[0] == '\0'                ? "seal.withheld"
             : s->is_signed || s->key[0] != '\0' ? "seal.done"
                                                 : "seal.unsigned",
             LOG_INT ("outbox", outbox), LOG_INT ("case", item->case_id),
             LOG_STR ("encrypted", s->key[0] != '\0' ? "yes" : "no"));
  return true;
}

/* --- a batch ---------------------------------------------------------------------------------- */

/* Whether ITEM is to be encrypted. */
static bool
to_encrypt (Office *office, const OutboxItem *item)
{
  Sealer *sealer;

  if (strcmp (item->confidential, "required") == 0)
    return true;
  if (strcmp (item->confidential, "wanted") != 0 || office->options->delivery.key_home == NULL)
    return false;
  sealer = sealer_of (office, NULL);
  /* Where it cannot be looked up whose key is pinned, it may be theirs. */
  return sealer == NULL || sealer_knows (sealer, item->rcpt);
}

/* *LEAVES: it does, with the bytes item->sealed, or as it was rendered when that is "". */
static bool
seal_item (Office *office, OutboxItem *item, gint64 now, bool *leaves, GError **error)
{
  g_auto (Sealed) sealed = { 0 };
  g_autofree char *unsigned_why = NULL;
  g_autoptr (GError) inner = NULL;
  char sha256[65] = "";
  bool encrypt = to_encrypt (office, item);

  *leaves = true;
  if (!encrypt && office->options->delivery.signing_key == NULL)
    return true;
  if (office->options->delivery.key_home == NULL)
    g_set_error_literal (
      &inner, QEC_ERROR, QEC_ERROR_PERMANENT,
      "it is confidential, and this office has no key-home in its configuration");
  else if (seal (office, item, encrypt, now, &sealed, &unsigned_why, &inner)
           && sealed.bytes != NULL && !archive_put (office->archive, sealed.bytes, sha256, error))
    return false;
  fault_point ("seal.archived");
  if (g_error_matches (inner, QEC_ERROR, QEC_ERROR_STORE))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  /* Whatever it was may be put right meanwhile: begin anew the next time. */
  if (inner != NULL || unsigned_why != NULL)
    engine_seal_forget (office);
  const EngineSealed s = { inner != NULL       ? ""
                           : sha256[0] != '\0' ? sha256
                                               : item->sha256,
                           sealed.is_signed && inner == NULL,
                           sealed.key != NULL && inner == NULL ? sealed.key : "",
                           inner != NULL          ? inner->message
                           : unsigned_why != NULL ? unsigned_why
                                                  : "" };
  g_free (item->sealed);
  item->sealed = g_strdup (s.sha256);
  *leaves = s.sha256[0] != '\0';
  return engine_sealed (office, item->id, &s, now, error);
}

bool
engine_seal (Office *office, GPtrArray *due, gint64 now, GError **error)
{
  for (guint i = 0; i < due->len;)
    {
      OutboxItem *item = due->pdata[i];
      /* What was tried already leaves as it did then. */
      bool settled = item->sealed[0] != '\0' || (item->attempts > 0 && item->withheld == 0),
           leaves = true;

      if (!settled && !seal_item (office, item, now, &leaves, error))
        return false;
      if (leaves)
        i++;
      else
        g_ptr_array_remove_index (due, i);
    }
  return true;
}
