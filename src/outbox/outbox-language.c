/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of a mail is its reader's: what is known of the contact, else what the message that
 * is answered is written in. And what is said in it that is no template.
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

OutboxVoice
outbox_voice (const OutboxNotice *n, const char *lang)
{
  return (OutboxVoice){ n->program->calendar, lang, template_set_words (n->templates, lang) };
}

char *
outbox_moment (const OutboxVoice *voice, gint64 at)
{
  return calendar_long_in (voice->calendar, voice->lang, at);
}

char *
outbox_day (const OutboxVoice *voice, gint64 at)
{
  return calendar_short_in (voice->calendar, voice->lang, at);
}

static char *
write_when (char style, gint64 at, gpointer data)
{
  return style == CALENDAR_LONG    ? outbox_moment (data, at)
         : style == CALENDAR_SHORT ? outbox_day (data, at)
                                   : NULL;
}

char *
outbox_say (const OutboxVoice *voice, const char *sentence)
{
  return words_in (voice->words, sentence, voice->words != NULL ? write_when : NULL,
                   (gpointer) voice);
}

const char *
outbox_term (const OutboxVoice *voice, const char *text)
{
  const char *translated = words_find (voice->words, text);

  return translated != NULL ? translated : text;
}
