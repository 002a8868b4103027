/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of a mail is its reader's: what is known of the contact, else what the message that is answered is written in.
 */
#include "outbox/outbox-private.h"

#include "case/case-store.h"

bool
outbox_language (Store *store, const OutboxNotice *n, const char *rcpt, char **lang, GError **error)
{
  const CaseContact *contact = n->c != NULL ? case_contact (n->c, rcpt) : NULL;
  bool answers = n->sender != NULL && g_ascii_strcasecmp (n->sender, rcpt) == 0;
  g_autofree char *known = NULL;

  *lang = NULL;
  if (program_person (n->program, rcpt) != NULL)
    return true;
  if (contact != NULL)
    known = g_strdup (contact->language);
  else if (!case_language_of (store, rcpt, &known, error))
    return false;
  if (known != NULL && known[0] != '\0')
    *lang = g_steal_pointer (&known);
  else if (answers)
    *lang = g_strdup (n->language);
  return true;
}
