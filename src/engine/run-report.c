/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports that come back by mail.
 */
#include <string.h>

#include "engine/run.h"

/* The mail of ours a report is about: by the Message-ID it quotes or refers to. */
static OutboxItem *
item_of (Run *run, const MessageReport *report, GError **error)
{
  const Message *m = run->message;
  g_autoptr (GError) inner = NULL;
  OutboxItem *item = NULL;

  if (report->original_message_id[0] != '\0')
    item = outbox_by_message_id (run->office->store, report->original_message_id, &inner);
  for (guint i = m->in_reply_to->len; item == NULL && inner == NULL && i > 0; i--)
    item = outbox_by_message_id (run->office->store, m->in_reply_to->pdata[i - 1], &inner);
  for (guint i = m->references->len; item == NULL && inner == NULL && i > 0; i--)
    item = outbox_by_message_id (run->office->store, m->references->pdata[i - 1], &inner);
  if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return item;
}

bool
run_report (Run *run, GError **error)
{
  run_outcome (run, OUTCOME_FILED, "delivery report");
  for (guint i = 0; i < run->message->reports->len; i++)
    {
      const MessageReport *report = run->message->reports->pdata[i];
      g_autoptr (GError) inner = NULL;
      g_autoptr (OutboxItem) item = item_of (run, report, &inner);

      if (inner != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      /* Anybody can write a report about somebody else's address: it counts for the recipient of
       * the quoted mail alone. */
      if (item == NULL || g_ascii_strcasecmp (item->rcpt, report->recipient) != 0)
        continue;
      run->case_id = item->case_id;
      g_autofree char *reason =
        message_reason_text (report->reply_code, report->status, report->reason);
      /* Mail systems repeat themselves: what is known to have failed is no news. */
      if (strcmp (report->action, "failed") != 0 || strcmp (item->status, "failed") == 0)
        continue;
      if (!outbox_set_status (run->txn, item->id, "failed", 0, reason, error)
          || !run_undeliverable (run, item, reason, report->hard, error))
        return false;
    }
  return true;
}
