/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parties of a case: organizations that work with the one whose case it is.  What is asked "per party" is asked of that one,
 * the lead, and of each party that has access.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

#define ACCESS    "access"
#define NO_ACCESS "no-access"

CaseParty *
case_party_new (const char *name, const char *role, bool access)
{
  CaseParty *party = g_new0 (CaseParty, 1);

  party->name = g_strdup (name);
  party->role = g_strdup (role);
  party->access = access;
  return party;
}

void
case_party_free (gpointer data)
{
  CaseParty *party = data;

  g_free (party->name);
  g_free (party->role);
  g_free (party);
}

static CaseParty *
find (const Case *c, const char *name)
{
  for (guint i = 0; i < c->parties->len; i++)
    {
      CaseParty *party = c->parties->pdata[i];

      if (g_ascii_strcasecmp (party->name, name) == 0)
        return party;
    }
  return NULL;
}

const char *
case_party_title (const Case *c, const char *party)
{
  return party == NULL || party[0] == '\0' ? c->organization_name : party;
}

void
case_add_missing (const Case *c, const ProgramElement *element, const ProgramDocument *document, GArray *missing)
{
  CaseMissing gap = { element, document, NULL, document->per_party ? "" : NULL };

  if (case_current_document (c, element->name, document->name, gap.party) == NULL)
    g_array_append_val (missing, gap);
  for (guint i = 0; document->per_party && i < c->parties->len; i++)
    {
      const CaseParty *party = c->parties->pdata[i];

      gap.party = party->name;
      if (party->access && case_current_document (c, element->name, document->name, party->name) == NULL)
        g_array_append_val (missing, gap);
    }
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const CaseParty *const *) a)->name, (*(const CaseParty *const *) b)->name);
}

/* "/party NAME access ROLE": a new one, or what is known of it is another now. */
bool
case_record_party (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *name = step->event->value, *access = step->event->element;
  const char *role = step->event->text != NULL ? step->event->text : "";
  bool known = g_strcmp0 (access, ACCESS) == 0 || g_strcmp0 (access, NO_ACCESS) == 0;

  if (name == NULL || name[0] == '\0' || !known)
    return case_refuse (error, "names no party: write its name, and access or no-access", name != NULL ? name : "it", "");
  if (step->c->organization_name != NULL && g_ascii_strcasecmp (name, step->c->organization_name) == 0)
    return case_refuse (error, "is the organization whose case this is", name, "");
  CaseParty *party = find (step->c, name);
  if (party == NULL)
    {
      party = case_party_new (name, role, false);
      g_ptr_array_add (step->c->parties, party);
      g_ptr_array_sort (step->c->parties, by_name);
    }
  party->access = strcmp (access, ACCESS) == 0;
  if (role[0] != '\0')
    {
      g_free (party->role);
      party->role = g_strdup (role);
    }
  CaseChange *change = case_change (step, CHANGE_PARTY);
  change->name = g_strdup (party->name);
  change->value = g_strdup (access);
  change->text = g_strdup (party->role);
  change->who = g_strdup (case_who (step));
  change->number = party->access;
  return true;
}

bool
case_parties_complete (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  g_autoptr (GArray) missing = case_missing (step->program, step->c, case_value (term, 0));
  bool good = true;

  for (guint i = 0; i < missing->len; i++)
    {
      const CaseMissing *m = &g_array_index (missing, CaseMissing, i);

      if (m->party == NULL)
        continue;
      good = false;
      g_ptr_array_add (obstacles, g_strdup_printf ("%s %s of %s: %s is missing", m->element->name, m->element->title,
                                                   case_party_title (step->c, m->party), m->document->title));
    }
  return good;
}
