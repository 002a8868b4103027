/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The people who speak for a case's organization, and the language each of them gets mail in.
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

static bool
end_contact (CaseStep *step, const char *email, GError **error)
{
  GPtrArray *contacts = step->c->contacts;

  for (guint i = 0; i < contacts->len; i++)
    if (g_ascii_strcasecmp (((const CaseContact *) contacts->pdata[i])->email, email) == 0)
      {
        if (contacts->len == 1)
          return case_refuse (error, "is the only one who speaks for the organization: name the next one first", email, "");
        CaseChange *change = case_change (step, CHANGE_CONTACT);
        change->name = g_ascii_strdown (email, -1);
        change->who = g_strdup (case_who (step));
        g_ptr_array_remove_index (contacts, i);
        return true;
      }
  return case_refuse (error, "is not one of the people of this case", email, "");
}

/* "/contact ADDRESS [NAME]" has a value, "/contact end ADDRESS" none: whoever ends has no access at all from that moment. */
bool
case_record_contact (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *email = step->event->element, *name = step->event->value;

  if (email == NULL)
    return case_refuse (error, "needs an address", "contact", "");
  if (name == NULL)
    return end_contact (step, email, error);
  if (case_contact (step->c, email) != NULL)
    return case_refuse (error, "is one of the people of this case already", email, "");
  if (program_person (step->program, email) != NULL)
    return case_refuse (error, "works for the office", email, "");
  CaseChange *change = case_change (step, CHANGE_CONTACT);
  change->name = g_ascii_strdown (email, -1);
  change->value = g_strdup (name);
  change->who = g_strdup (case_who (step));
  g_ptr_array_add (step->c->contacts, case_contact_new (change->name, name, "", ""));
  return true;
}
