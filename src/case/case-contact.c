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

  *contact =
    (CaseContact){ g_strdup (email), g_strdup (name), g_strdup (phone), g_strdup (language) };
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
  const char *named = step->event->value != NULL ? step->event->value : "",
             *email = step->event->element;
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
  return n > 0
         || case_refuse (error, "is not one of the people of this case",
                         email != NULL ? email : "nobody", "");
}

static bool
end_contact (CaseStep *step, const char *email, GError **error)
{
  GPtrArray *contacts = step->c->contacts;

  for (guint i = 0; i < contacts->len; i++)
    if (g_ascii_strcasecmp (((const CaseContact *) contacts->pdata[i])->email, email) == 0)
      {
        if (contacts->len == 1)
          return case_refuse (
            error, "is the only one who speaks for the organization: name the next one first",
            email, "");
        CaseChange *change = case_change (step, CHANGE_CONTACT);
        change->name = g_ascii_strdown (email, -1);
        change->who = g_strdup (case_who (step));
        g_ptr_array_remove_index (contacts, i);
        return true;
      }
  return case_refuse (error, "is not one of the people of this case", email, "");
}

static bool
may_join (const CaseStep *step, const char *email, GError **error)
{
  if (case_contact (step->c, email) != NULL)
    return case_refuse (error, "is one of the people of this case already", email, "");
  return program_person (step->program, email) == NULL
         || case_refuse (error, "works for the office", email, "");
}

static bool
add_contact (CaseStep *step, const char *email, const char *name, GError **error)
{
  if (!may_join (step, email, error))
    return false;
  CaseChange *change = case_change (step, CHANGE_CONTACT);
  change->name = g_ascii_strdown (email, -1);
  change->value = g_strdup (name);
  change->who = g_strdup (case_who (step));
  g_ptr_array_add (step->c->contacts, case_contact_new (change->name, name, "", ""));
  return true;
}

/* "/contact ADDRESS [NAME]" has a value, "/contact end ADDRESS" none: whoever ends has no access at
 * all from that moment. */
bool
case_record_contact (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *email = step->event->element, *name = step->event->value;

  if (email == NULL)
    return case_refuse (error, "needs an address", "contact", "");
  return name == NULL ? end_contact (step, email, error) : add_contact (step, email, name, error);
}

/* --- asked first ------------------------------------------------------------------------------ */

/* What the field that TERM names at place N holds; "" for nothing. */
static const char *
field (const CaseStep *step, const ProgramTerm *term, guint n)
{
  const char *value = g_hash_table_lookup (step->c->fields, case_value (term, n));

  return value != NULL ? value : "";
}

/* Of a command the person is named in it, and replaces nobody; of a form the fields have it
 * already, and what an earlier one said of a line that is empty now is not meant. */
bool
case_propose_contact (CaseStep *step, const ProgramTerm *term, GError **error)
{
  GHashTable *values = step->event->values;

  if (values != NULL && !g_hash_table_contains (values, case_value (term, 2)))
    case_set_field (step, case_value (term, 2), "");
  if (step->event->element != NULL)
    {
      case_set_field (step, case_value (term, 0), step->event->element);
      case_set_field (step, case_value (term, 1),
                      step->event->value != NULL ? step->event->value : "");
      case_set_field (step, case_value (term, 2), "");
    }
  const char *email = field (step, term, 0), *leaves = field (step, term, 2);
  if (step->type->confidential)
    return case_refuse (
      error,
      "cannot be asked about here, because the case is confidential: write it in another one",
      email, "");
  if (email[0] == '\0')
    return case_refuse (error, "needs an address", "contact", "");
  if (leaves[0] != '\0' && case_contact (step->c, leaves) == NULL)
    return case_refuse (error, "is not one of the people of this case", leaves, "");
  return may_join (step, email, error);
}

bool
case_confirm_contact (CaseStep *step, const ProgramTerm *term, GError **error)
{
  g_autofree char *email = g_strdup (field (step, term, 0)),
                  *name = g_strdup (field (step, term, 1)),
                  *leaves = g_strdup (field (step, term, 2));

  if (email[0] == '\0')
    return case_refuse (error, "needs an address", "contact", "");
  /* Who has left meanwhile need not be told to. */
  return add_contact (step, email, name, error)
         && (leaves[0] == '\0' || case_contact (step->c, leaves) == NULL
             || end_contact (step, leaves, error));
}

/* What the form that came says of PROPERTY; NULL: nothing. */
static const char *
said_by_form (const CaseStep *step, const char *property)
{
  const char *name = step->event->name;
  const ProgramForm *form =
    g_str_has_prefix (name, "form ") ? program_form (step->program, name + strlen ("form ")) : NULL;

  for (guint i = 0; form != NULL && step->event->values != NULL && i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];

      if (g_strcmp0 (field->maps, property) == 0)
        return g_hash_table_lookup (step->event->values, field->name);
    }
  return NULL;
}

/* People correct what is recorded of themselves, and of nobody else. */
bool
case_correct_contact (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *name = said_by_form (step, "contact.name"),
             *phone = said_by_form (step, "contact.phone"), *who = case_who (step);
  CaseContact *contact = (CaseContact *) case_contact (step->c, who);

  if (contact == NULL)
    return case_refuse (error, "is not one of the people of this case", who, "");
  if (name == NULL && phone == NULL)
    return case_refuse (error, "needs something to correct", "the form", "");
  CaseChange *change = case_change (step, CHANGE_CONTACT_DATA);
  change->name = g_ascii_strdown (who, -1);
  change->value = g_strdup (name != NULL ? name : contact->name);
  change->text = g_strdup (phone != NULL ? phone : contact->phone);
  change->who = g_strdup (who);
  g_free (contact->name);
  g_free (contact->phone);
  contact->name = g_strdup (change->value);
  contact->phone = g_strdup (change->text);
  return true;
}
