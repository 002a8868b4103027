/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What may stand in a field of a form: by its kind, by its limits, by what the case says.  Each
 * refusal is a sentence for the sender that names the field and says what to write.
 */
#include "triage/triage-form-private.h"

#include <string.h>

#include "base/fold.h"
#include "base/words.h"

/* --- kinds ----------------------------------------------------------------------- */

static bool
is_email (const char *value, char **canonical)
{
  static const char pattern[] =
    "^(?:mailto:)?<?([^@\\s<>\"(),;:]+@[A-Za-z0-9](?:[A-Za-z0-9-]*\\.)+[A-Za-z]{2,})>?";
  static GRegex *regex;
  g_autoptr (GMatchInfo) match = NULL;

  if (regex == NULL)
    regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  if (!g_regex_match (regex, value, 0, &match))
    return false;
  g_autofree char *found = g_match_info_fetch (match, 1);
  *canonical = g_ascii_strdown (found, -1);
  return true;
}

static bool
is_phone (const char *value, char **canonical)
{
  int digits = 0;

  for (const char *p = value; *p != '\0'; p++)
    digits += g_ascii_isdigit (*p);
  *canonical = g_strdup (value);
  return digits >= 7 && digits <= 20;
}

bool
form_is_yes_no (const char *value, char **canonical)
{
  static const struct { const char *word, *means; } words[] = {
    { "yes", "yes" }, { "y", "yes" }, { "true", "yes" }, { "x", "yes" }, { "ja", "yes" }, { "s\303\255", "yes" },
    { "oui", "yes" }, { "no", "no" }, { "n", "no" }, { "false", "no" }, { "nein", "no" }, { "non", "no" },
  };
  g_autofree char *lower = g_utf8_strdown (value, -1);
  gsize n = strcspn (lower, " ,.;!/");

  if (g_str_has_prefix (lower + n, " or ")) /* the hint left standing */
    return false;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].word) == n && strncmp (lower, words[i].word, n) == 0 && lower[n] != '/')
      {
        *canonical = g_strdup (words[i].means);
        return true;
      }
  return false;
}

/* "1,234.5", "-3", "25%": commas only where thousands are, so that "12,5" is asked about and not
 * taken for 125. */
static bool
is_number (const char *value, char **canonical)
{
  static GRegex *regex;

  if (regex == NULL)
    regex = g_regex_new ("^-?(?:\\d+|\\d{1,3}(?:[,' ]\\d{3})+)(?:\\.\\d+)?\\s*%?$",
                         G_REGEX_OPTIMIZE, 0, NULL);
  if (!g_regex_match (regex, value, 0, NULL))
    return false;
  GString *digits = g_string_new (NULL);
  for (const char *p = value; *p != '\0'; p++)
    if (g_ascii_isdigit (*p) || *p == '.' || *p == '-')
      g_string_append_c (digits, *p);
  *canonical = g_string_free (digits, FALSE);
  return true;
}

static bool
is_text (const char *value, char **canonical)
{
  *canonical = g_strdup (value);
  return true;
}

static const struct {
  bool (*check) (const char *value, char **canonical);
  const char *wanted;
} kinds[] = {
  [FIELD_TEXT] = { is_text, "" },
  [FIELD_EMAIL] = { is_email, "an email address such as name@example.org" },
  [FIELD_PHONE] = { is_phone, "a phone number with area code" },
  [FIELD_YES_NO] = { form_is_yes_no, "yes or no" },
  [FIELD_DATE] = { is_text, "" }, /* check_date(): it depends on the calendar */
  [FIELD_NUMBER] = { is_number, "a number such as 1,250 or 12.5" },
  [FIELD_LANGUAGE] = { is_text, "" }, /* check_language(): the program says which there are */
  [FIELD_BLOCK] = { is_text, "" },
  [FIELD_PARTIES] = { is_text, "" }, /* check_parties(): it says more than one thing */
};

/* --- values that must agree with something ----------------------------------------- */

/* Without case and with one blank where several are. */
static char *
fold (const char *text)
{
  g_autofree char *folded = fold_case (text);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_ptr_array_add (kept, *word);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv (" ", (char **) kept->pdata);
}

static bool
same_text (const char *a, const char *b)
{
  g_autofree char *one = fold (a), *two = fold (b);

  return strcmp (one, two) == 0;
}

static char *
digits_of (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text))
      g_string_append_c (digits, *text);
  return g_string_free (digits, FALSE);
}

bool
form_same (const ProgramField *field, const char *a, const char *b)
{
  if (field->kind == FIELD_PHONE)
    {
      g_autofree char *one = digits_of (a), *two = digits_of (b);

      return strcmp (one, two) == 0;
    }
  if (field->kind == FIELD_NUMBER)
    return g_ascii_strtod (a, NULL) == g_ascii_strtod (b, NULL);
  return same_text (a, b);
}

static char *
choose (const ProgramField *field, const char *value, const char *where, char **problem)
{
  for (char **choice = field->choices; *choice != NULL; choice++)
    if (same_text (*choice, value))
      return g_strdup (*choice);
  g_autofree char *all = g_strjoinv (", ", field->choices);
  *problem = words_say ("\"%s\" is not one of: %s (%s).", value, all, where);
  return NULL;
}

/* Whether NUMBER is within the limits of FIELD; else *PROBLEM. */
static bool
within (const ProgramField *field, const char *value, const char *where, char **problem)
{
  double number = g_ascii_strtod (value, NULL);
  char limit[G_ASCII_DTOSTR_BUF_SIZE];

  if (field->has_min && number < field->min)
    *problem = words_say ("\"%s\" is less than %s (%s).", value,
                                g_ascii_formatd (limit, sizeof limit, "%.15g", field->min), where);
  else if (field->has_max && number > field->max)
    *problem = words_say ("\"%s\" is more than %s (%s).", value,
                                g_ascii_formatd (limit, sizeof limit, "%.15g", field->max), where);
  return *problem == NULL;
}

/* What the case says where FIELD must agree with it; NULL: nothing, or there is no case. */
static const char *
said_by_case (const ProgramField *field, const FormContext *context)
{
  const Case *c = context->c;
  const char *value;

  if (c == NULL || field->equals == NULL)
    return NULL;
  value = strcmp (field->equals, "organization") == 0
            ? c->organization_name
            : g_hash_table_lookup (c->fields, field->equals + strlen ("case "));
  return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool
agrees (const ProgramField *field, const FormContext *context, const char *value, const char *where,
        char **problem)
{
  const char *said = said_by_case (field, context);

  if (said == NULL || form_same (field, said, value))
    return true;
  g_autofree char *shown = form_shown (value);
  *problem = words_say ("\"%s\" does not belong to this case, which is about \"%s\" (%s).", shown,
                        said, where);
  return false;
}

static char *
check_date (const char *value, const FormContext *context, const char *where, char **problem)
{
  g_autoptr (GError) error = NULL;
  gint64 at;

  if (calendar_parse_date (context->program->calendar, value, &at, &error))
    return calendar_day_text (context->program->calendar, at);
  *problem = words_say ("%s (%s).", error->message, where);
  return NULL;
}

/* All that is wrong with the lines of organizations, and where they say otherwise than what is
 * recorded. */
static char *
check_parties (const char *value, const FormContext *context, const char *where, char **problem)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) parties = case_parties_read (value, problems);

  for (guint i = 0; context->c != NULL && i < parties->len; i++)
    {
      const CaseParty *party = parties->pdata[i], *known = case_party (context->c, party->name);

      if (g_ascii_strcasecmp (party->name, context->c->organization_name) == 0)
        g_ptr_array_add (problems,
                         words_say ("\"%s\" is your own organization: leave it out", party->name));
      else if (known != NULL && known->access != party->access)
        g_ptr_array_add (
          problems,
          known->access ? words_say (
            "\"%s\" is recorded here with access, and your line says no. If that changed, ask your "
            "program manager to record it",
            known->name)
                        : words_say ("\"%s\" is recorded here without access, and your line says "
                                     "yes. If that changed, ask "
                                     "your program manager to record it",
                                     known->name));
    }
  if (problems->len == 0)
    return case_parties_text (parties);
  g_ptr_array_add (problems, NULL);
  g_autofree char *all = g_strjoinv (". ", (char **) problems->pdata);
  *problem = g_strdup_printf ("%s (%s).", all, where);
  return NULL;
}

static char *
check_language (const char *value, const FormContext *context, const char *where, char **problem)
{
  const GPtrArray *all = context->program->languages;
  const ProgramLanguage *language = program_language (context->program, value);

  if (language != NULL)
    return g_strdup (language->tag);
  g_autoptr (GString) titles = g_string_new (NULL);
  for (guint i = 0; i < all->len; i++)
    {
      g_autofree char *title = words_term (((const ProgramLanguage *) all->pdata[i])->title);

      g_string_append_printf (titles, "%s%s", i > 0 ? ", " : "", title);
    }
  *problem = words_say ("\"%s\" is not one of: %s (%s).", value, titles->str, where);
  return NULL;
}

char *
form_where (const FormSource *source, const FormSlot *slot)
{
  g_autofree char *label = words_term (slot->field->label);

  if (source->file == NULL)
    return g_steal_pointer (&label);
  return g_strdup_printf ("%s, %s%s%s", label, source->file, slot->place != NULL ? " " : "",
                          slot->place != NULL ? slot->place : "");
}

bool
form_is_free_text (const ProgramField *field)
{
  return field->kind == FIELD_TEXT || form_has_lines (field);
}

bool
form_has_lines (const ProgramField *field)
{
  return field->kind == FIELD_BLOCK || field->kind == FIELD_PARTIES;
}

char *
form_shown (const char *value)
{
  if (g_utf8_strlen (value, -1) <= FORM_SHOWN)
    return g_strdup (value);
  g_autofree char *start = g_utf8_substring (value, 0, FORM_SHOWN);
  return g_strconcat (start, "...", NULL);
}

char *
form_check (const FormSource *source, const FormSlot *slot, const FormContext *context,
            char **problem)
{
  const ProgramField *field = slot->field;
  g_autofree char *where = form_where (source, slot),
                  *wanted = words_term (kinds[field->kind].wanted), *canonical = NULL;

  *problem = NULL;
  if (g_utf8_strlen (slot->value, -1) > FORM_SHOWN
      && (field->choices[0] != NULL || !form_is_free_text (field)))
    *problem = words_say ("The answer is far too long (%s).", where);
  else if (field->kind == FIELD_DATE)
    canonical = check_date (slot->value, context, where, problem);
  else if (field->kind == FIELD_PARTIES)
    canonical = check_parties (slot->value, context, where, problem);
  else if (field->kind == FIELD_LANGUAGE)
    canonical = check_language (slot->value, context, where, problem);
  else if (field->choices[0] != NULL)
    canonical = choose (field, slot->value, where, problem);
  else if (!kinds[field->kind].check (slot->value, &canonical))
    /* People quote this sentence when they reply: it must not look like a filled line of the
     * form. */
    *problem = words_say ("\"%s\" is not %s (%s).", slot->value, wanted, where);
  else if (field->kind == FIELD_EMAIL && context->options != NULL
           && options_is_own (context->options, canonical))
    *problem = words_say ("\"%s\" is our own address, not yours (%s).", slot->value, where);
  if (*problem != NULL
      || (field->kind == FIELD_NUMBER && !within (field, canonical, where, problem))
      || !agrees (field, context, canonical, where, problem))
    return NULL;
  return g_steal_pointer (&canonical);
}

/* --- days ------------------------------------------------------------------------------ */

/* The day LIMIT means and what to call it; NULL: it is not known. */
static char *
day_meant (const ProgramForm *form, const char *limit, const FormContext *context,
           const FormReading *reading, char **called)
{
  if (!g_str_has_prefix (limit, "field "))
    {
      char *day = strcmp (limit, "today") == 0
                    ? calendar_day_text (context->program->calendar, context->at)
                    : g_strdup (limit);

      *called = strcmp (limit, "today") == 0 ? words_say ("today, %s", day) : g_strdup (day);
      return day;
    }
  const char *name = limit + strlen ("field "),
             *value = g_hash_table_lookup (reading->values, name);
  const ProgramField *field = value != NULL ? program_form_field (form, name) : NULL;
  if (field != NULL)
    {
      g_autofree char *label = words_term (field->label);

      *called = g_strdup_printf ("%s, %s", label, value);
    }
  return g_strdup (value);
}

/* SIGN: -1 when the answer must not come before LIMIT, 1 when not after. */
static void
check_day (const ProgramForm *form, const ProgramField *field, const char *limit, int sign,
           const FormContext *context, FormReading *reading)
{
  const char *value = g_hash_table_lookup (reading->values, field->name);
  g_autofree char *called = NULL;
  g_autofree char *day =
    limit != NULL && value != NULL ? day_meant (form, limit, context, reading, &called) : NULL;

  if (day == NULL || strcmp (value, day) * sign <= 0)
    return;
  g_autofree char *label = words_term (field->label);
  g_ptr_array_add (reading->problems,
                   sign < 0 ? words_say ("\"%s\" is before %s (%s).", value, called, label)
                            : words_say ("\"%s\" is after %s (%s).", value, called, label));
  g_hash_table_remove (reading->values, field->name);
}

void
form_check_days (const ProgramForm *form, const FormContext *context, FormReading *reading)
{
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];

      check_day (form, field, field->not_before, -1, context, reading);
      check_day (form, field, field->not_after, 1, context, reading);
    }
}
