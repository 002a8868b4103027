/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields of a case and the dates among them, "2027-03-01": set, computed, compared.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

const char *
case_label (const CaseStep *step, const char *name)
{
  return program_field_label (step->program, step->type, name);
}

void
case_set_field (CaseStep *step, const char *name, const char *value)
{
  const char *before = g_hash_table_lookup (step->c->fields, name);
  bool same = g_strcmp0 (before, value) == 0;
  CaseChange *change = case_change (step, CHANGE_FIELD);

  change->name = g_strdup (name);
  change->value = g_strdup (value);
  g_hash_table_insert (step->c->fields, g_strdup (name), g_strdup (value));
  if (!same)
    case_timers_follow (step, FROM_FIELD, name);
}

bool
case_set_field_action (CaseStep *step, const ProgramTerm *term, GError **error)
{
  case_set_field (step, case_value (term, 0), case_value (term, 1));
  return true;
}

bool
case_clear_field (CaseStep *step, const ProgramTerm *term, GError **error)
{
  case_set_field (step, case_value (term, 0), "");
  return true;
}

/* --- dates ----------------------------------------------------------------- */

gint64
case_date (const Program *program, const Case *c, const char *name)
{
  const char *text = g_hash_table_lookup (c->fields, name);
  gint64 at = 0;

  return text != NULL && text[0] != '\0' && calendar_parse_date (program->calendar, text, &at, NULL)
           ? at
           : 0;
}

/* A field, or "today"; 0 when the field has no date. */
static gint64
day_of (const CaseStep *step, const char *day)
{
  if (strcmp (day, "today") != 0)
    return case_date (step->program, step->c, day);
  return calendar_close_of_day (step->program->calendar,
                                calendar_day_number (step->program->calendar, step->now));
}

static void
set_date (CaseStep *step, const char *name, gint64 at)
{
  g_autofree char *text = calendar_day_text (step->program->calendar, at);

  case_set_field (step, name, text);
}

bool
case_date_named (CaseStep *step, const ProgramTerm *term, GError **error)
{
  const char *party;

  if (!case_party_named (step, term, &party, error))
    return false;
  g_autofree char *name = party != NULL ? case_party_field (case_value (term, 0), party)
                                        : g_strdup (case_value (term, 0));
  set_date (step, name, step->event->date != 0 ? step->event->date : step->now);
  return true;
}

static bool
compute (CaseStep *step, const ProgramTerm *term, int sign, GError **error)
{
  gint64 from = day_of (step, case_value (term, 1));

  if (from == 0)
    return case_refuse (error, "is not known yet", case_label (step, case_value (term, 1)), "");
  set_date (step, case_value (term, 0),
            calendar_add (step->program->calendar, from,
                          (Span){ sign * term->span.n, term->span.unit }, NULL));
  return true;
}

bool
case_date_plus (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return compute (step, term, 1, error);
}

bool
case_date_minus (CaseStep *step, const ProgramTerm *term, GError **error)
{
  return compute (step, term, -1, error);
}

bool
case_date_next (CaseStep *step, const ProgramTerm *term, GError **error)
{
  gint64 from = day_of (step, case_value (term, 1));
  const char *day = case_value (term, 2); /* "03-31", as program_read() found */

  if (from == 0)
    return case_refuse (error, "is not known yet", case_label (step, case_value (term, 1)), "");
  set_date (step, case_value (term, 0),
            calendar_next (step->program->calendar, from, atoi (day), atoi (day + 3)));
  return true;
}

/* Of what began and ended in a year, people and forms name the year. */
bool
case_year_of (CaseStep *step, const ProgramTerm *term, GError **error)
{
  gint64 day = day_of (step, case_value (term, 1));

  if (day == 0)
    return case_refuse (error, "is not known yet", case_label (step, case_value (term, 1)), "");
  g_autofree char *year = g_strdup_printf ("%d", calendar_year (step->program->calendar, day));
  case_set_field (step, case_value (term, 0), year);
  return true;
}

/* --- guards ---------------------------------------------------------------- */

static bool
is_known (const CaseStep *step, const char *day, gint64 at, GPtrArray *obstacles)
{
  g_autofree char *label = words_term (case_label (step, day));

  if (at == 0)
    g_ptr_array_add (obstacles, words_say ("'%s' is not known yet", label));
  return at != 0;
}

bool
case_date_reached (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  const Calendar *calendar = step->program->calendar;
  const char *name = case_value (term, 0);
  gint64 at = day_of (step, name);

  if (!is_known (step, name, at, obstacles))
    return false;
  if (calendar_day_number (calendar, at) <= calendar_day_number (calendar, step->now))
    return true;
  g_autofree char *day = calendar_say (calendar, at), *label = words_term (case_label (step, name));
  g_ptr_array_add (obstacles, words_say ("'%s' is %s, which has not come yet", label, day));
  return false;
}

/* "'Release' is Mon 1 Mar 2027; at least 60 days after 'Reports sent' (Mon 4 Jan 2027) is Fri 5 Mar
 * 2027 or later" */
static char *
too_close (const CaseStep *step, const ProgramTerm *term, gint64 at, gint64 other, gint64 limit,
           bool after)
{
  const Calendar *calendar = step->program->calendar;
  const char *day = case_value (term, 2);
  bool today = strcmp (day, "today") == 0;
  g_autofree char *is = calendar_say (calendar, at), *from = calendar_say (calendar, other);
  g_autofree char *end = calendar_say (calendar, limit),
                  *label = words_term (case_label (step, case_value (term, 0)));
  g_autofree char *other_label = words_term (case_label (step, day)), *span = span_say (term->span);
  g_autofree char *whence =
    today ? words_say ("today (%s)", from) : words_say ("'%s' (%s)", other_label, from);

  return after ? words_say ("'%s' is %s; at least %s after %s means %s or later", label, is, span,
                            whence, end)
               : words_say ("'%s' is %s; at least %s before %s means %s or earlier", label, is,
                            span, whence, end);
}

static bool
is_apart (const CaseStep *step, const ProgramTerm *term, bool after, GPtrArray *obstacles)
{
  const Calendar *calendar = step->program->calendar;
  gint64 at = day_of (step, case_value (term, 0)), other = day_of (step, case_value (term, 2));
  bool known = is_known (step, case_value (term, 0), at, obstacles);

  if (!is_known (step, case_value (term, 2), other, obstacles) || !known)
    return false;
  gint64 limit = calendar_add (
    calendar, other, (Span){ after ? term->span.n : -term->span.n, term->span.unit }, NULL);
  int have = calendar_day_number (calendar, at), need = calendar_day_number (calendar, limit);

  if (after ? have >= need : have <= need)
    return true;
  g_ptr_array_add (obstacles, too_close (step, term, at, other, limit, after));
  return false;
}

bool
case_date_after (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  return is_apart (step, term, true, obstacles);
}

bool
case_date_before (const CaseStep *step, const ProgramTerm *term, GPtrArray *obstacles)
{
  return is_apart (step, term, false, obstacles);
}

/* --- what an event brings -------------------------------------------------- */

static bool
is_yes_or_no (const char *value)
{
  return g_ascii_strcasecmp (value, "yes") == 0 || g_ascii_strcasecmp (value, "no") == 0;
}

/* VALUE as the field's kind keeps it; NULL with ERROR when it is none. */
static char *
canonical (const CaseStep *step, const ProgramCaseField *field, const char *value, GError **error)
{
  g_autoptr (GError) inner = NULL;
  gint64 at;

  switch (field->kind)
    {
    case FIELD_DATE:
      if (calendar_parse_date (step->program->calendar, value, &at, &inner))
        return calendar_day_text (step->program->calendar, at);
      case_refuse (error, "is a date:", field->label, inner->message);
      return NULL;
    case FIELD_YES_NO:
      if (is_yes_or_no (value))
        return g_ascii_strdown (value, -1);
      case_refuse (error, "is yes or no, not", field->label, value);
      return NULL;
    case FIELD_NUMBER:
      if (value[0] != '\0' && strspn (value, "0123456789.") == strlen (value))
        return g_strdup (value);
      case_refuse (error, "is a number such as 1200, not", field->label, value);
      return NULL;
    case FIELD_EMAIL:
      return g_ascii_strdown (value, -1);
    case FIELD_LANGUAGE:
      if (program_language (step->program, value) != NULL)
        return g_strdup (program_language (step->program, value)->tag);
      case_refuse (error, "is a language people may write in, not", field->label, value);
      return NULL;
    case FIELD_TEXT: case FIELD_PHONE: case FIELD_BLOCK: case FIELD_PARTIES:
      return g_strdup (value);
    }
  g_assert_not_reached ();
}

static bool
take_set (CaseStep *step, const char *name, GError **error)
{
  const ProgramCaseField *field = program_case_field (step->type, name);

  if (field == NULL)
    return case_refuse (error, "is not a field that can be set here", name, "");
  g_autofree char *value =
    canonical (step, field, step->event->value != NULL ? step->event->value : "", error);
  if (value == NULL)
    return false;
  case_set_field (step, name, value);
  return true;
}

static gint
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* What a field of FORM says of a person or an organization is not the case's. */
static bool
is_of_a_person (const ProgramForm *form, const char *name)
{
  const ProgramField *field = form != NULL ? program_form_field (form, name) : NULL;

  return field != NULL && field->maps != NULL;
}

static void
take_form (CaseStep *step)
{
  GHashTable *values = step->event->values;
  const ProgramForm *form = program_form (step->program, step->event->name + strlen ("form "));
  g_autoptr (GList) names =
    values != NULL ? g_list_sort (g_hash_table_get_keys (values), by_name) : NULL;

  for (const GList *name = names; name != NULL; name = name->next)
    {
      if (is_of_a_person (form, name->data))
        continue;
      case_set_field (step, name->data, g_hash_table_lookup (values, name->data));
      if (program_field_kind (step->program, step->type, name->data) == FIELD_PARTIES)
        case_take_parties (step, g_hash_table_lookup (values, name->data));
    }
  /* No field that anybody declares has a name with a blank in it. */
  set_date (step, step->event->name, step->now);
}

bool
case_take_values (CaseStep *step, GError **error)
{
  if (g_str_has_prefix (step->event->name, "form "))
    take_form (step);
  return !g_str_has_prefix (step->event->name, "set ")
         || take_set (step, step->event->name + strlen ("set "), error);
}
