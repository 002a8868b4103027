/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An alarm: something about the office itself that the administrator must know.  It is an input
 * like any other, because nobody could observe it again.
 */
#include "engine/run.h"
#include "store/journal.h"

static bool
write_alarm (Run *run, const char *mailbox, gint64 minutes, GError **error)
{
  const Program *program = run->office->definition->program;
  const char *admin = run->office->options->admin;
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autofree char *reason = g_strdup_printf (
    "The mailbox \"%s\" could not be read for %" G_GINT64_FORMAT " minutes.", mailbox, minutes);
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "mailbox", mailbox);
  json_object_set_int_member (detail, "minutes", minutes);
  notice.reason = reason;
  return journal_event (run->txn, run->input, 0, run->at, "office.alarm", detail, error)
         && (admin[0] == '\0'
             || outbox_write (run->txn, &notice, "alarm-admin", admin, NULL, error));
}

bool
engine_alarm (Office *office, const char *mailbox, gint64 minutes, gint64 now, GError **error)
{
  g_autoptr (StoreTxn) txn = store_begin (office->store, error);
  Run run = { .office = office, .txn = txn, .at = now, .now = now };
  JsonObject *said;

  if (txn == NULL)
    return false;
  said = json_object_new ();
  json_object_set_string_member (said, "mailbox", mailbox);
  json_object_set_int_member (said, "minutes", minutes);
  return journal_input (txn, "alarm", now, 0, said, &run.input, error)
         && write_alarm (&run, mailbox, minutes, error) && store_commit (txn, error);
}
