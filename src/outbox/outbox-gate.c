/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one gate every mail passes, whatever it is and whoever gets it: two automatons that answer
 * each other stop here.
 */
#include <string.h>

#include "outbox/outbox-private.h"

/* Staff get mail from every case.  Of each kind of notice about what belongs to none they get as
 * many as others get in all, and find the rest in their digest, which no flood of the other kinds
 * may keep from them. */
enum { STAFF_FACTOR = 50 };

const char *
outbox_gate (Store *store, const OutboxNotice *notice, const char *name, const char *rcpt,
             GError **error, bool *failed)
{
  const Program *program = notice->program;
  bool staff = program_person (program, rcpt) != NULL, suppressed = false;
  gint64 to_rcpt = 0, in_case = 0, case_id = notice->c != NULL ? notice->c->id : 0;
  int day = calendar_day_number (program->calendar, notice->now);

  *failed = false;
  if (strchr (rcpt, '@') == NULL)
    return "not an address";
  if (options_is_own (notice->options, rcpt))
    return "one of our own addresses";
  if (!outbox_is_suppressed (store, rcpt, &suppressed, error)
      || !outbox_count_day (store, rcpt, staff && case_id == 0 ? name : NULL, case_id, day,
                            &to_rcpt, &in_case, error))
    {
      *failed = true;
      return NULL;
    }
  if (suppressed)
    return GATE_FAILED;
  if (to_rcpt >= (gint64) program->quota_address_day * (staff && case_id != 0 ? STAFF_FACTOR : 1))
    return "the address has had its mails for today";
  if (case_id != 0 && in_case >= program->quota_case_day)
    return "the case has had its mails for today";
  return NULL;
}
