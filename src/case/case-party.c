/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parties of a case: organizations that work with the one whose case it is.  What is asked "per
 * party" is asked of that one, the lead, and of each party that has access.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

#define ACCESS    "access"
#define NO_ACCESS "no-access"
#define END       "end"

CaseParty *
case_party_new (const char *name, const char *role, bool access)
{
  CaseParty *party = g_new0 (CaseParty, 1);

  party->name = g_strdup (name);
  party->role = g_strdup (role);
  party->since = g_strdup ("");
  party->until = g_strdup ("");
  party->access = access;
  return party;
}

CaseParty *
case_party_copy (const CaseParty *party)
{
  CaseParty *copy = g_new0 (CaseParty, 1);

  *copy = (CaseParty){ g_strdup (party->name), g_strdup (party->role), g_strdup (party->since),
                       g_strdup (party->until), party->access };
  return copy;
}

void
case_party_free (gpointer data)
{
  CaseParty *party = data;

  if (party == NULL)
    return;
  g_free (party->name);
  g_free (party->role);
  g_free (party->since);
  g_free (party->until);
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

const CaseParty *
case_party (const Case *c, const char *name)
{
  return find (c, name);
}

bool
case_party_is_current (const Program *program, const CaseParty *party, gint64 now)
{
  if (party->until[0] == '\0')
    return true;
  g_autofree char *today = calendar_day_text (program->calendar, now);
  return strcmp (today, party->until) <= 0;
}

bool
case_party_is_asked (const Program *program, const CaseParty *party, gint64 now)
{
  return party->access && case_party_is_current (program, party, now);
}

const char *
case_party_title (const Case *c, const char *party)
{
  return party == NULL || party[0] == '\0' ? c->organization_name : party;
}

/* --- what is asked of each ------------------------------------------------- */

void
case_add_missing (const Program *program, const Case *c, const ProgramElement *element,
                  const ProgramDocument *document, gint64 now, GArray *missing)
{
  CaseMissing gap = { element, document, NULL, document->per_party ? "" : NULL };

  if (case_current_document (c, element->name, document->name, gap.party) == NULL)
    g_array_append_val (missing, gap);
  for (guint i = 0; document->per_party && i < c->parties->len; i++)
    {
      const CaseParty *party = c->parties->pdata[i];

      gap.party = party->name;
      if (case_party_is_asked (program, party, now)
          && case_current_document (c, element->name, document->name, party->name) == NULL)
        g_array_append_val (missing, gap);
    }
}

bool
case_parties_complete (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  g_autoptr (GArray) missing =
    case_missing (step->program, step->c, case_value (term, 0), step->now);
  bool good = true;

  for (guint i = 0; i < missing->len; i++)
    {
      const CaseMissing *m = &g_array_index (missing, CaseMissing, i);

      if (m->party == NULL)
        continue;
      g_autofree char *title = words_term (m->element->title),
                      *document = words_term (m->document->title);
      good = false;
      g_ptr_array_add (obstacles, words_say ("%s %s of %s: %s is missing", m->element->name, title,
                                             case_party_title (step->c, m->party), document));
    }
  return good;
}

/* --- fields kept per party ------------------------------------------------- */

/* No field that anybody declares has a name with a blank in it. */
char *
case_party_field (const char *field, const char *party)
{
  return g_strconcat (field, " of ", party, NULL);
}

static bool
is_kept_per_party (const CaseStep *step, const char *field)
{
  const ProgramCaseField *def = program_case_field (step->type, field);

  return def != NULL && def->per_party;
}

bool
case_parties_have (const CaseStep *step, const char *field, GPtrArray *obstacles)
{
  bool good = true;

  for (guint i = 0; is_kept_per_party (step, field) && i < step->c->parties->len; i++)
    {
      const CaseParty *party = step->c->parties->pdata[i];
      g_autofree char *name = case_party_field (field, party->name);
      const char *value = g_hash_table_lookup (step->c->fields, name);

      if (!case_party_is_asked (step->program, party, step->now)
          || (value != NULL && value[0] != '\0'))
        continue;
      g_autofree char *label = words_term (case_label (step, field));
      g_ptr_array_add (obstacles, words_say ("'%s' is not known yet of %s", label, party->name));
      good = false;
    }
  return good;
}

static char *
names_of (const Case *c)
{
  GString *names = g_string_new (c->organization_name);

  for (guint i = 0; i < c->parties->len; i++)
    g_string_append_printf (names, ", %s", ((const CaseParty *) c->parties->pdata[i])->name);
  return g_string_free (names, FALSE);
}

static bool
refuse_unknown (const Case *c, const char *name, GError **error)
{
  g_autofree char *known = names_of (c);

  return case_refuse (error, "is no organization of this case; there are:", name, known);
}

bool
case_party_named (const CaseStep *step, const ProgramTerm *term, const char **party, GError **error)
{
  const char *name = step->event->party;

  *party = NULL;
  if (name == NULL
      || (step->c->organization_name != NULL
          && g_ascii_strcasecmp (name, step->c->organization_name) == 0))
    return true;
  if (!is_kept_per_party (step, case_value (term, 0)))
    return case_refuse (error, "is one date for the whole case: leave away of",
                        case_label (step, case_value (term, 0)), name);
  const CaseParty *known = find (step->c, name);
  if (known == NULL)
    return refuse_unknown (step->c, name, error);
  *party = known->name;
  return true;
}

/* --- who they are ---------------------------------------------------------- */

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const CaseParty *const *) a)->name, (*(const CaseParty *const *) b)->name);
}

static void
put (char **text, const char *value)
{
  if (value == NULL)
    return;
  g_free (*text);
  *text = g_strdup (value);
}

static CaseParty *
find_or_add (CaseStep *step, const char *name)
{
  CaseParty *party = find (step->c, name);

  if (party == NULL)
    {
      party = case_party_new (name, "", false);
      g_ptr_array_add (step->c->parties, party);
      g_ptr_array_sort (step->c->parties, by_name);
    }
  return party;
}

static void
say_changed (CaseStep *step, const CaseParty *party, const char *what)
{
  CaseChange *change = case_change (step, CHANGE_PARTY);

  change->name = g_strdup (party->name);
  change->value = g_strdup (what);
  change->who = g_strdup (case_who (step));
  change->party = case_party_copy (party);
}

/* "/party end NAME 2027-06-30" */
static bool
end (CaseStep *step, const char *name, GError **error)
{
  CaseParty *party = name != NULL ? find (step->c, name) : NULL;
  g_autofree char *today = calendar_day_text (step->program->calendar, step->now);
  const char *until = step->event->until != NULL ? step->event->until : today;

  if (party == NULL)
    return refuse_unknown (step->c, name != NULL ? name : "it", error);
  if (party->since[0] != '\0' && strcmp (until, party->since) < 0)
    return case_refuse (error, "began later, on", party->name, party->since);
  put (&party->until, until);
  say_changed (step, party, "ended");
  return true;
}

/* "/party NAME access from 2027-03-01 ROLE": a new one, or what is known of it is another now; one
 * that ended goes on. */
bool
case_record_party (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const CaseEvent *event = step->event;
  const char *name = event->value, *access = event->element;
  bool known = g_strcmp0 (access, ACCESS) == 0 || g_strcmp0 (access, NO_ACCESS) == 0;

  if (g_strcmp0 (access, END) == 0)
    return end (step, name, error);
  if (name == NULL || name[0] == '\0' || !known)
    return case_refuse (error, "names no party: write its name, and access or no-access",
                        name != NULL ? name : "it", "");
  if (step->c->organization_name != NULL
      && g_ascii_strcasecmp (name, step->c->organization_name) == 0)
    return case_refuse (error, "is the organization whose case this is", name, "");
  if (event->since != NULL && event->until != NULL && strcmp (event->until, event->since) < 0)
    return case_refuse (error, "would end before it begins, on", name, event->since);
  CaseParty *party = find_or_add (step, name);
  party->access = strcmp (access, ACCESS) == 0;
  put (&party->role, event->text != NULL && event->text[0] != '\0' ? event->text : NULL);
  put (&party->since, event->since);
  put (&party->until, event->until != NULL ? event->until : "");
  say_changed (step, party, access);
  return true;
}

/* --- what a form says ------------------------------------------------------ */

/* A form never changes what is recorded of a party: that its reader refused, and people decide. */
void
case_take_parties (CaseStep *step, const char *value)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) parties = case_parties_read (value, problems);

  for (guint i = 0; i < parties->len; i++)
    {
      const CaseParty *said = parties->pdata[i];

      if (find (step->c, said->name) != NULL
          || g_strcmp0 (said->name, step->c->organization_name) == 0)
        continue;
      CaseParty *party = find_or_add (step, said->name);
      party->access = said->access;
      put (&party->role, said->role);
      say_changed (step, party, party->access ? ACCESS : NO_ACCESS);
    }
}

static gint
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

void
case_take_all_parties (CaseStep *step)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (step->c->fields), by_text);

  for (const GList *name = names; name != NULL; name = name->next)
    if (program_field_kind (step->program, step->type, name->data) == FIELD_PARTIES)
      case_take_parties (step, g_hash_table_lookup (step->c->fields, name->data));
}
