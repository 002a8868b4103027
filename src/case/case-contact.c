/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The people of a case's organization, and the language each of them gets mail in.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

CaseContact *
case_contact_new (const char *email, const char *name, const char *phone, const char *language)
{
  CaseContact *contact = g_new0 (CaseContact, 1);

  *contact = (CaseContact){ g_strdup (email), g_strdup (name), g_strdup (phone), g_strdup (language) };
  return contact;
}

CaseContact *
case_contact_copy (const CaseContact *from)
{
  return case_contact_new (from->email, from->name, from->phone, from->language);
}

void
case_contact_free (gpointer data)
{
  CaseContact *contact = data;

  g_free (contact->email);
  g_free (contact->name);
  g_free (contact->phone);
  g_free (contact->language);
  g_free (contact);
}

const CaseContact *
case_contact (const Case *c, const char *email)
{
  for (guint i = 0; i < c->contacts->len; i++)
    {
      const CaseContact *contact = c->contacts->pdata[i];

      if (g_ascii_strcasecmp (contact->email, email) == 0)
        return contact;
    }
  return NULL;
}

static void
set_language (CaseStep *step, CaseContact *contact, const char *tag)
{
  CaseChange *change = case_change (step, CHANGE_LANGUAGE);

  g_free (contact->language);
  contact->language = g_strdup (tag);
  change->name = g_strdup (contact->email);
  change->value = g_strdup (tag);
  change->who = g_strdup (case_who (step));
}

/* "/language es [ADDRESS]": of one of the people, or of all. */
bool
case_record_language (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *named = step->event->value != NULL ? step->event->value : "", *email = step->event->element;
  const ProgramLanguage *language = program_language (step->program, named);
  guint n = 0;

  if (language == NULL)
    return case_refuse (error, "is not a language of the program", named, "");
  for (guint i = 0; i < step->c->contacts->len; i++)
    {
      CaseContact *contact = step->c->contacts->pdata[i];

      if (email != NULL && g_ascii_strcasecmp (contact->email, email) != 0)
        continue;
      set_language (step, contact, language->tag);
      n++;
    }
  return n > 0 || case_refuse (error, "is not one of the people of this case", email != NULL ? email : "nobody", "");
}
