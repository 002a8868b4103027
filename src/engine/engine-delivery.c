/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Mail on its way out: what is due is tried, what came of it is an input like any other.
 */
#include <string.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "engine/engine-seal.h"
#include "engine/run.h"
#include "store/journal.h"

enum { BATCH = 32, DAY = 24 * 60 * 60 };

Delivery *
engine_delivery (const OptionsDelivery *o, GError **error)
{
  DeliveryOptions options = {
    .kind = strcmp (o->kind, "smtp") == 0 ? DELIVERY_SMTP : DELIVERY_MAILDIR,
    .path = o->path, .host = o->host, .port = o->port,
    .tls = strcmp (o->tls, "starttls") == 0 ? DELIVERY_TLS_STARTTLS
           : strcmp (o->tls, "none") == 0 ? DELIVERY_TLS_NONE : DELIVERY_TLS_IMPLICIT,
    .ca_file = o->ca_file, .user = o->user, .secret_file = o->secret_file, .token_command = o->token_command,
    .helo = o->helo, .parallel = (guint) o->parallel, .timeout_s = (guint) o->timeout,
  };

  return delivery_new (&options, error);
}

static const char *const statuses[] = {
  [DELIVERY_ACCEPTED] = "accepted", [DELIVERY_DEFERRED] = "deferred", [DELIVERY_FAILED] = "failed",
  [DELIVERY_BLOCKED] = "blocked",
};

/* What the outcome means for the row: deferred too long is failed. */
static const char *
status_after (const Office *office, const OutboxItem *item, const DeliveryResult *result,
              gint64 now)
{
  bool late = now - item->at > (gint64) office->options->delivery.give_up_days * DAY;

  if (result->status == DELIVERY_ACCEPTED || result->status == DELIVERY_FAILED)
    return statuses[result->status];
  return late ? "failed" : "deferred";
}

static bool
record (Run *run, const OutboxItem *item, const DeliveryResult *result, const char *status,
        GError **error)
{
  JsonObject *said = json_object_new (), *event = json_object_new ();
  gint64 next = strcmp (status, "deferred") == 0 ? run->now + outbox_back_off (item->attempts) : 0;

  json_object_set_string_member (said, "status", statuses[result->status]);
  json_object_set_int_member (said, "code", result->code);
  json_object_set_string_member (said, "enhanced", result->enhanced);
  json_object_set_string_member (said, "step", result->step != NULL ? result->step : "");
  json_object_set_string_member (said, "reply", result->reply != NULL ? result->reply : "");
  json_object_set_int_member (event, "outbox", item->id);
  json_object_set_string_member (event, "status", status);
  json_object_set_string_member (event, "reply", result->reply != NULL ? result->reply : "");
  if (!office_affirm (run->office, run->txn, run->now, error))
    {
      json_object_unref (said);
      json_object_unref (event);
      return false;
    }
  if (!journal_input (run->txn, "delivery", run->at, item->id, said, &run->input, error))
    {
      json_object_unref (event);
      return false;
    }
  return journal_event (run->txn, run->input, item->case_id, run->at, "delivery", event, error)
         && outbox_set_status (run->txn, item->id, status, next, result->reply, error);
}

typedef struct {
  const OutboxItem *item;
  const DeliveryResult *result;
} Tried;

/* For people, with what was said; *HARD: the address fails for good.  What was tried until it was
 * too late says nothing of its address. */
static char *
why_failed (const DeliveryResult *result, bool *hard)
{
  const MessageRefusal refusal = { result->step != NULL ? result->step : "", result->code,
                                   result->enhanced, result->reply != NULL ? result->reply : "" };
  g_autofree char *code = result->code != 0 ? g_strdup_printf ("%d", result->code) : g_strdup ("");
  const char *reason =
    result->status == DELIVERY_FAILED ? message_refusal_reason (&refusal, hard) : "expired";
  g_autofree char *text = message_reason_text (code, result->enhanced, reason);

  return refusal.text[0] != '\0' ? g_strdup_printf ("%s (\"%s\")", text, refusal.text)
                                 : g_steal_pointer (&text);
}

/* What became of the mail is written down even when the notice about it cannot be. */
static bool
note_outcome (Run *run, const char *trouble, gpointer data, GError **error)
{
  const Tried *o = data;
  const char *status = status_after (run->office, o->item, o->result, run->now);
  bool hard = false;
  g_autofree char *why = why_failed (o->result, &hard);

  return record (run, o->item, o->result, status, error)
         && (trouble != NULL || strcmp (status, "failed") != 0
             || run_undeliverable (run, o->item, why, hard, error));
}

bool
engine_delivered (Office *office, gint64 outbox, const DeliveryResult *result, gint64 now,
                  GError **error)
{
  g_autoptr (OutboxItem) item = outbox_load (office->store, outbox, error);

  if (item == NULL)
    return false;
  const char *status = status_after (office, item, result, now);
  Run run = { .office = office, .at = now, .now = now };
  Tried tried = { item, result };
  if (!run_attempt (&run, "delivery", note_outcome, &tried, error))
    return false;
  log_event (strcmp (status, "accepted") == 0 ? LOG_NOTICE : LOG_WARNING, "delivery.done",
             LOG_INT ("outbox", item->id), LOG_INT ("case", item->case_id),
             LOG_STR ("status", status), LOG_INT ("code", result->code),
             LOG_STR ("enhanced", result->enhanced), LOG_PERSON ("rcpt", item->rcpt));
  return true;
}

static JsonObject *
outbox_named (gint64 outbox)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "outbox", outbox);
  return object;
}

bool
engine_sent_before (Office *office, gint64 outbox, gint64 at, GError **error)
{
  g_autoptr (OutboxItem) item = outbox_load (office->store, outbox, error);
  g_autoptr (StoreTxn) txn = item != NULL ? store_begin (office->store, error) : NULL;
  gint64 input;

  return txn != NULL && office_affirm (office, txn, at, error)
         && journal_input (txn, "sent-before", at, outbox, outbox_named (outbox), &input, error)
         && journal_event (txn, input, item->case_id, at, "outbox.sent-before",
                           outbox_named (outbox), error)
         && outbox_set_status (txn, outbox, "sent-before", 0, "", error)
         && store_commit (txn, error);
}

typedef struct {
  Office *office;
  gint64 now;
  guint n;
  bool blocked;
  GError *error;
} Round;

static void
done (gint64 id, const DeliveryResult *result, gpointer data)
{
  Round *round = data;

  fault_point ("delivery.accepted");
  round->n++;
  round->blocked |= result->status == DELIVERY_BLOCKED;
  if (round->error == NULL)
    engine_delivered (round->office, id, result, round->now, &round->error);
}

/* What leaves: sealed, or as it was rendered. */
static bool
take_mail (Office *office, const OutboxItem *item, DeliveryItem *to, GPtrArray *paths,
           GError **error)
{
  if (item->sealed[0] == '\0' || strcmp (item->sealed, item->sha256) == 0)
    {
      if (!outbox_row_bytes (office->store, item->id, &to->bytes, error))
        return false;
      if (to->bytes != NULL)
        return true;
    }
  char *path =
    archive_path (office->archive, item->sealed[0] != '\0' ? item->sealed : item->sha256);

  g_ptr_array_add (paths, path);
  to->path = path;
  return true;
}

static bool
send_items (Round *round, Delivery *delivery, const GPtrArray *due, DeliveryItem *items,
            GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const OptionsMailbox *program = round->office->options->mailboxes->pdata[0];

  for (guint i = 0; i < due->len; i++)
    {
      const OutboxItem *item = due->pdata[i];

      items[i] = (DeliveryItem){ item->id, program->address, item->rcpt, NULL, NULL };
      if (!take_mail (round->office, item, &items[i], paths, error))
        return false;
    }
  if (!delivery_send (delivery, items, due->len, done, round, error))
    return false;
  if (round->error == NULL)
    return true;
  g_propagate_error (error, round->error);
  round->error = NULL;
  return false;
}

static bool
send_batch (Round *round, Delivery *delivery, const GPtrArray *due, GError **error)
{
  DeliveryItem *items = g_new0 (DeliveryItem, due->len);
  bool good = send_items (round, delivery, due, items, error);

  for (guint i = 0; i < due->len; i++)
    g_clear_pointer (&items[i].bytes, g_bytes_unref);
  g_free (items);
  return good;
}

/* Where nothing can be written, the outcome could not be noted either, and the mail would be sent
 * again and again. */
static bool
can_note (Office *office, gint64 now, GError **error)
{
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, now);
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);

  return txn != NULL && office_set_fact (txn, "sending", value, error) && store_commit (txn, error);
}

bool
engine_deliver (Office *office, Delivery *delivery, gint64 now, guint *n, GError **error)
{
  Round round = { .office = office, .now = now };

  if (!engine_look_at_key (office, now, error))
    return false;
  for (;;)
    {
      g_autoptr (GPtrArray) due = outbox_due (office->store, now, BATCH, error);

      bool any = due != NULL && due->len > 0; /* those kept back are taken out of it */

      if (due == NULL
          || (any
              && (!can_note (office, now, error) || !engine_seal (office, due, now, error)
                  || !send_batch (&round, delivery, due, error))))
        return false;
      *n = round.n;
      if (!any || round.blocked || (office->go_on != NULL && !office->go_on (office->go_on_data)))
        return true;
    }
}
