/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mail that does not arrive, or an address that fails for good: who takes its place, and who must
 * know.
 */
#include <string.h>

#include "engine/run.h"
#include "store/journal.h"

static bool
note_failure (Run *run, const OutboxItem *item, const char *reason, bool for_good, GError **error)
{
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "outbox", item->id);
  json_object_set_string_member (detail, "rcpt", item->rcpt);
  json_object_set_string_member (detail, "reason", reason);
  return journal_event (run->txn, run->input, item->case_id, run->at,
                        for_good ? "address.failed" : "mail.failed", detail, error);
}

/* NAME to whoever holds the case; a mail to staff that failed is for the lead; about itself it
 * would go round in circles. */
static bool
tell_staff (Run *run, const OutboxNotice *notice, const OutboxItem *item, const char *name,
            GError **error)
{
  const Case *c = notice->c;

  if (c != NULL && g_strcmp0 (c->owner, item->rcpt) != 0 && c->owner[0] != '\0')
    {
      const ProgramPerson *owner = program_person (notice->program, c->owner);

      return outbox_write (run->txn, notice, name, c->owner, owner != NULL ? owner->name : NULL,
                           error);
    }
  return outbox_write_role (run->txn, notice, name, notice->program->escalate, error);
}

/* All people of C whom no mail reaches (CaseContact), borrowed from it. */
static GPtrArray *
unreachable_of (Run *run, const Case *c, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  for (guint i = 0; i < c->contacts->len; i++)
    {
      const CaseContact *contact = c->contacts->pdata[i];
      g_autofree char *rcpt = g_ascii_strdown (contact->email, -1);
      bool failed;

      if (!outbox_is_suppressed (run->office->store, rcpt, &failed, error))
        return NULL;
      if (failed)
        g_ptr_array_add (list, (gpointer) contact);
    }
  return g_steal_pointer (&list);
}

/* The mail was for one of the people of NOTICE's case: the next one is asked about the address,
 * once (KNOWN: it was), and gets what must not wait; then staff hear of it. */
static bool
go_to_next (Run *run, OutboxNotice *notice, const OutboxItem *item, bool known, GError **error)
{
  const Case *c = notice->c;
  const CaseContact *next;
  g_autoptr (GPtrArray) unreachable = unreachable_of (run, c, error);

  if (unreachable == NULL || !outbox_next_contact (run->office->store, c, NULL, &next, error))
    return false;
  notice->unreachable = unreachable;
  notice->next_contact = next;
  notice->failed_subject = item->subject;
  if (next == NULL)
    return tell_staff (run, notice, item,
                       program_notice (notice->program, "nobody-reached") != NULL
                         ? "nobody-reached"
                         : "delivery-failed-staff",
                       error);
  if (!known && program_notice (notice->program, "contact-unreachable") != NULL
      && !outbox_write (run->txn, notice, "contact-unreachable", next->email, next->name, error))
    return false;
  return outbox_send_again (run->txn, notice, item, next, false, &notice->sent_again, error)
         && tell_staff (run, notice, item, "delivery-failed-staff", error);
}

/* A mailbox that is full today, or a filter: one of the others gets what must not wait, and nobody
 * is asked for another address. */
static bool
go_round (Run *run, OutboxNotice *notice, const OutboxItem *item, GError **error)
{
  const CaseContact *next;

  notice->failed_subject = item->subject;
  if (!outbox_next_contact (run->office->store, notice->c, item->rcpt, &next, error)
      || (next != NULL
          && !outbox_send_again (run->txn, notice, item, next, false, &notice->sent_again, error)))
    return false;
  notice->next_contact = notice->sent_again ? next : NULL;
  return tell_staff (run, notice, item, "delivery-failed-staff", error);
}

/* RCPT is who hears of failures: told by mail that a mail to them failed, at an address that stays,
 * they would be told for ever. */
static bool
hears_of_failures (const Program *program, const char *rcpt)
{
  const ProgramPerson *person = program_person (program, rcpt);

  return person != NULL && program_person_has_role (person, program->escalate);
}

bool
run_undeliverable (Run *run, const OutboxItem *item, const char *reason, bool for_good,
                   GError **error)
{
  g_autoptr (Case) c =
    item->case_id != 0 ? case_load (run->office->store, item->case_id, error) : NULL;
  const Program *program = run->office->definition->program;
  bool known = false;

  if (item->case_id != 0 && c == NULL)
    return false;
  if (c != NULL)
    program = office_program (run->office, c->definition, error);
  if (program == NULL || !outbox_is_suppressed (run->office->store, item->rcpt, &known, error)
      || (for_good && !outbox_suppress (run->txn, item->rcpt, run->at, reason, error))
      || !note_failure (run, item, reason, for_good, error))
    return false;
  if (!for_good && hears_of_failures (program, item->rcpt))
    return true;

  OutboxNotice notice = run_notice (run, program, c);
  notice.cause = NULL;
  notice.sender = item->rcpt;
  notice.sender_name = item->rcpt;
  notice.reason = reason;
  notice.address_stays = !for_good;
  if (c == NULL || case_contact (c, item->rcpt) == NULL)
    return tell_staff (run, &notice, item, "delivery-failed-staff", error);
  return for_good ? go_to_next (run, &notice, item, known, error)
                  : go_round (run, &notice, item, error);
}

/* --- somebody new speaks for the organization ------------------------------------------------- */

/* What reached nobody, and still stands, goes to CONTACT of C, who has just come. */
static bool
catch_up (Run *run, const Case *c, const CaseContact *contact, GError **error)
{
  g_autoptr (GArray) items = outbox_unreached (run->office->store, c->organization, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (OutboxItem) item =
        outbox_load (run->office->store, g_array_index (items, gint64, i), error);
      const Program *program;
      g_autoptr (Case) about = item != NULL ? run_load (run, item->case_id, &program, error) : NULL;
      bool sent;

      if (about == NULL)
        return false;
      OutboxNotice notice = run_notice (run, program, about);
      if (!outbox_send_again (run->txn, &notice, item, contact, false, &sent, error))
        return false;
    }
  return items != NULL;
}

/* What failed at RCPT, or was not written to it, and still stands goes there; *OUTDATED: how much
 * does not. */
static bool
make_up (Run *run, const char *rcpt, guint *outdated, GError **error)
{
  g_autoptr (GArray) failed = outbox_failed_to (run->office->store, rcpt, error);
  g_autoptr (GPtrArray) missed =
    failed != NULL ? outbox_missed (run->office->store, rcpt, error) : NULL;

  for (guint i = 0; missed != NULL && i < failed->len + missed->len; i++)
    {
      const OutboxMissed *one = i < failed->len ? NULL : missed->pdata[i - failed->len];
      g_autoptr (OutboxItem) item =
        one == NULL ? outbox_load (run->office->store, g_array_index (failed, gint64, i), error)
                    : NULL;
      const Program *program;
      g_autoptr (Case) about =
        one != NULL || item != NULL
          ? run_load (run, one != NULL ? one->case_id : item->case_id, &program, error)
          : NULL;
      const CaseContact *contact = about != NULL ? case_contact (about, rcpt) : NULL;
      bool sent = false;

      if (about == NULL)
        return false;
      OutboxNotice notice = run_notice (run, program, about);
      if (contact != NULL
          && !(one != NULL
                 ? outbox_send_missed (run->txn, &notice, one, contact, &sent, error)
                 : outbox_send_again (run->txn, &notice, item, contact, true, &sent, error)))
        return false;
      *outdated += !sent;
    }
  return missed != NULL && outbox_missed_forget (run->txn, rcpt, error);
}

/* Staff read that ADDRESS is written to again, because of WHY, and what went there at once. */
static bool
tell_works (Run *run, const Case *c, const char *rcpt, const char *why, guint outdated,
            GError **error)
{
  g_autoptr (GPtrArray) went = outbox_written_again (run->office->store, run->input, rcpt, error);
  OutboxNotice notice = run_notice (run, run->office->definition->program, c);

  if (went == NULL || program_notice (notice.program, "address-works") == NULL)
    return went != NULL;
  notice.cause = NULL;
  notice.sender = rcpt;
  notice.sender_name = rcpt;
  notice.reason = why;
  notice.went = went;
  notice.outdated = outdated;
  return outbox_notice (run->txn, &notice, "address-works", error);
}

static bool
is_given_up (Run *run, const char *address, bool *is, GError **error)
{
  g_autofree char *rcpt = g_ascii_strdown (address, -1);

  return outbox_is_suppressed (run->office->store, rcpt, is, error);
}

/* Mail to ADDRESS, if it had failed for good, is written again, because of WHY; C: a case it is
 * about. */
static bool
take_up (Run *run, const Case *c, const char *address, const char *why, GError **error)
{
  g_autofree char *rcpt = g_ascii_strdown (address, -1);
  const CaseContact *contact = case_contact (c, rcpt);
  guint outdated = 0;
  bool was;

  if (!outbox_is_suppressed (run->office->store, rcpt, &was, error))
    return false;
  if (!was)
    return true;
  JsonObject *detail = json_object_new ();
  json_object_set_string_member (detail, "rcpt", rcpt);
  json_object_set_string_member (detail, "reason", why);
  return outbox_take_up (run->txn, rcpt, error)
         && journal_event (run->txn, run->input, c->id, run->at, "address.works", detail, error)
         && make_up (run, rcpt, &outdated, error)
         && (contact == NULL || catch_up (run, c, contact, error))
         && tell_works (run, c, rcpt, why, outdated, error);
}

bool
run_sender_works (Run *run, const GArray *cases, GError **error)
{
  const Identity *sender = run->identity;
  bool given_up;

  /* Strangers may write all day from an address that takes no mail: each time would be told, and
   * tried. */
  if (cases->len == 0 || sender->forged || sender->assurance < ASSURE_TOKEN
      || run->message->machine != MACHINE_NONE)
    return true;
  /* Hardly anybody's is, and then no case need be read. */
  if (!is_given_up (run, sender->address, &given_up, error))
    return false;
  if (!given_up)
    return true;
  g_autoptr (Case) c = case_load (run->office->store, g_array_index (cases, gint64, 0), error);
  return c != NULL
         && take_up (run, c, sender->address, "A message came that is surely from this address.",
                     error);
}

bool
run_contacts (Run *run, const Case *c, const GPtrArray *changes, GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];
      const CaseContact *contact = change->kind == CHANGE_CONTACT && change->value != NULL
                                     ? case_contact (c, change->name)
                                     : NULL;

      if (contact != NULL
          && (!take_up (run, c, contact->email,
                        "It is the address of somebody who now speaks for the organization.", error)
              || !catch_up (run, c, contact, error)))
        return false;
    }
  return true;
}
