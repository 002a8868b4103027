/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Somebody's calendar invites us, moves that, or takes it back: the machine does not answer it, and
 * whoever holds the case has to know.
 */
#include "engine/run.h"

/* The case that a mail of a calendar is about: that of its thread, by its number, or the only one
 * its sender, a contact, has; 0: none of theirs. */
static gint64
case_of (const Decision *decision, const TriageFacts *facts)
{
  gint64 about = decision->case_id != 0 ? decision->case_id : facts->tag_case;

  for (guint i = 0; i < facts->member_cases->len; i++)
    if (g_array_index (facts->member_cases, gint64, i) == about)
      return about;
  return about == 0 && facts->member_cases->len == 1
           ? g_array_index (facts->member_cases, gint64, 0)
           : 0;
}

bool
run_invitation (Run *run, const Decision *decision, const TriageFacts *facts, GError **error)
{
  const Program *program;
  gint64 case_id = case_of (decision, facts);
  g_autoptr (Case) c = case_id != 0 ? run_load (run, case_id, &program, error) : NULL;

  if (c == NULL)
    return case_id == 0;
  run->case_id = case_id;
  if (program_notice (program, "staff-notice") == NULL)
    return true;
  OutboxNotice notice = run_notice (run, program, c);
  notice.words = run->message->new_text;
  notice.invitation = true;
  return outbox_notice (run->txn, &notice, "staff-notice", error);
}
