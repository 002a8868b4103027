/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phrases of the closed vocabularies ("date release at least 60 days after today"): the row whose
 * shape one has, and whether what it names is there.
 */
#include "program/program-private.h"

#include <string.h>

/* --- shapes ---------------------------------------------------------------- */

static char **
words_of (const char *text)
{
  g_auto (GStrv) all = g_strsplit (text != NULL ? text : "", " ", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (char **word = all; *word != NULL; word++)
    if (**word != '\0')
      g_ptr_array_add (words, g_strdup (*word));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

static bool
is_literal (const char *kind)
{
  return kind[0] == '\'';
}

/* Whether WORD is the literal KIND. */
static bool
is_the_word (const char *kind, const char *word)
{
  gsize n = strlen (kind);

  return is_literal (kind) && strlen (word) == n - 2 && strncmp (kind + 1, word, n - 2) == 0;
}

static bool
takes_several (const char *kind)
{
  return strcmp (kind, "text") == 0 || strcmp (kind, "span") == 0 || strcmp (kind, "states") == 0;
}

char *
program_word_shape (const ProgramWord *word)
{
  GString *shape = g_string_new (word->name);
  g_auto (GStrv) kinds = words_of (word->argument);

  for (char **kind = kinds; *kind != NULL; kind++)
    {
      g_autofree char *one =
        is_literal (*kind) ? g_strndup (*kind + 1, strlen (*kind) - 2) : g_ascii_strup (*kind, -1);

      g_string_append_printf (shape, " %s", one);
    }
  return g_string_free (shape, FALSE);
}

/* How many of WORDS belong to a kind that may have several: all up to NEXT, the literal that
 * follows it. */
static guint
reach (char **words, const char *next)
{
  guint n = 0;

  while (words[n] != NULL && (next == NULL || !is_the_word (next, words[n])))
    n++;
  return n;
}

/* The values of WORDS in the shape KINDS, or NULL when they do not have it. */
static char **
fit (char **kinds, char **words)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (; *kinds != NULL; kinds++)
    {
      guint n = takes_several (*kinds) ? reach (words, kinds[1]) : 1;

      if (words[0] == NULL || n == 0 || (is_literal (*kinds) && !is_the_word (*kinds, words[0])))
        return NULL;
      if (!is_literal (*kinds))
        {
          char *next = g_steal_pointer (&words[n]); /* joined are the words up to a NULL */

          g_ptr_array_add (values, g_strjoinv (" ", words));
          words[n] = next;
        }
      words += n;
    }
  if (words[0] != NULL)
    return NULL;
  g_ptr_array_add (values, NULL);
  return (char **) g_ptr_array_steal (values, NULL);
}

/* --- names ----------------------------------------------------------------- */

/* The names a value of KIND may have; NULL: any. */
static const char *const *
known_for (const ProgramReader *r, const char *kind, const ProgramScope *scope)
{
  const struct {
    const char *kind;
    const char **known;
  } rows[] = {
    { "role", r->roles },         { "notice", r->notices },     { "form", r->forms },
    { "case-type", r->case_types },
    { "state", scope->states },   { "timer", scope->timers },   { "group", scope->groups },
    { "element", scope->elements }, { "document", scope->documents }, { "field", scope->fields },
    { "date", scope->dates },     { "day", scope->dates },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].kind, kind) == 0)
      return (const char *const *) rows[i].known;
  return NULL;
}

/* "03-31", a day that every year has. */
static bool
check_month_day (ProgramReader *r, const ConfNode *node, const char *option, const char *value)
{
  static const char digits[] = "0123456789";
  bool form = strlen (value) == 5 && strspn (value, digits) == 2 && value[2] == '-'
              && strspn (value + 3, digits) == 2;
  int month = form ? atoi (value) : 0, day = form ? atoi (value + 3) : 0;

  if (form && month <= 12 && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, 2001))
    return true;
  if (month == 2 && day == 29)
    program_mistake (r, node, option, "not every year has a 29 February; write 02-28 or 03-01");
  else
    program_mistake (r, node, option,
                     "'%s' is no day of the year; write month and day such as 03-31", value);
  return false;
}

/* False, with the mistake said, when VALUE is not what KIND wants. */
static bool
check_value (ProgramReader *r, const ConfNode *node, const char *option, const char *kind,
             const char *value, const ProgramScope *scope, Span *span)
{
  g_autoptr (GError) error = NULL;

  if (strcmp (kind, "span") == 0)
    {
      if (span_parse (value, span, &error) && span->n > 0)
        return true;
      program_mistake (r, node, option, "%s",
                       error != NULL ? error->message : "a span must be longer than nothing");
      return false;
    }
  if (strcmp (kind, "number") == 0
      && (strspn (value, "0123456789") != strlen (value) || strlen (value) > 6))
    {
      program_mistake (r, node, option, "'%s' is no number; write such as 1", value);
      return false;
    }
  if (strcmp (kind, "month-day") == 0)
    return check_month_day (r, node, option, value);
  if (strcmp (kind, "day") == 0 && strcmp (value, "today") == 0)
    return true;
  return program_refer (r, node, option, value, strcmp (kind, "day") == 0 ? "date" : kind,
                        known_for (r, kind, scope));
}

/* STATES, of the case type called TYPE. */
static bool
check_states (ProgramReader *r, const ConfNode *node, const char *option, const char *type,
              const char *states)
{
  g_auto (GStrv) names = words_of (states);
  const ConfNode *other;
  bool good = true;

  for (guint i = 0; (other = conf_section (r->root, "case-type", i)) != NULL; i++)
    {
      g_autofree const char **known =
        strcmp (conf_title (other), type) == 0 ? program_titles (other, "state") : NULL;

      for (char **name = names; known != NULL && *name != NULL; name++)
        good &= program_refer (r, node, option, *name, "state", known);
    }
  return good;
}

/* --- terms ----------------------------------------------------------------- */

int
program_word (const ProgramWord *table, const char *phrase, const char **argument)
{
  int best = -1;
  gsize longest = 0;

  for (int i = 0; table[i].name != NULL; i++)
    {
      gsize n = strlen (table[i].name);

      if (n > longest && strncmp (phrase, table[i].name, n) == 0
          && (phrase[n] == '\0' || phrase[n] == ' '))
        {
          best = i;
          longest = n;
          *argument = phrase + n + strspn (phrase + n, " ");
        }
    }
  return best;
}

static void
unknown_word (ProgramReader *r, const ConfNode *node, const char *option, const char *phrase,
              const ProgramWord *table, const char *what)
{
  guint n = 0;

  while (table[n].name != NULL)
    n++;

  g_autofree const char **names = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    names[i] = table[i].name;
  g_autofree char *suggestion = conf_suggest (phrase, names);
  program_mistake (r, node, option, "'%s' is no %s%s", phrase, what, suggestion);
}

/* A longer name begins like this one: "open clarificaton x" hardly means to open anything else. */
static bool
has_longer (const ProgramWord *table, const char *name)
{
  gsize n = strlen (name);

  for (; table->name != NULL; table++)
    if (strncmp (table->name, name, n) == 0 && table->name[n] == ' ')
      return true;
  return false;
}

/* PHRASE has none of the shapes of the rows called as TABLE[FIRST] is. */
static void
wrong_shape (ProgramReader *r, const ConfNode *node, const char *option, const char *phrase,
             const ProgramWord *table, int first, guint n_words)
{
  g_auto (GStrv) kinds = words_of (table[first].argument);
  guint wanted = g_strv_length (kinds);
  bool one =
    table[first + 1].name == NULL || strcmp (table[first].name, table[first + 1].name) != 0;
  g_autoptr (GString) shapes = g_string_new (NULL);

  for (int i = first; table[i].name != NULL && strcmp (table[i].name, table[first].name) == 0; i++)
    {
      g_autofree char *shape = program_word_shape (&table[i]);

      g_string_append_printf (shapes, "%s%s", i > first ? ", or " : "", shape);
    }
  program_mistake (r, node, option, "'%s' %s; write %s", phrase,
                   !one || n_words == wanted ? "does not read so"
                   : n_words < wanted        ? "is not complete"
                                             : "says too much",
                   shapes->str);
}

ProgramTerm *
program_read_term (ProgramReader *r, const ConfNode *node, const char *option, const char *phrase,
                   const ProgramWord *table, const char *what, const ProgramScope *scope)
{
  const char *argument = "";
  int first = program_word (table, phrase, &argument), index = first;
  g_auto (GStrv) words = words_of (argument), values = NULL, kinds = NULL;
  Span span = { 0 };

  if (first < 0)
    {
      unknown_word (r, node, option, phrase, table, what);
      return NULL;
    }
  for (; values == NULL && table[index].name != NULL
         && strcmp (table[index].name, table[first].name) == 0;
       index++)
    {
      g_strfreev (kinds);
      kinds = words_of (table[index].argument);
      values = words[0] == NULL && table[index].optional ? g_new0 (char *, 1) : fit (kinds, words);
    }
  if (values == NULL && g_strv_length (words) > g_strv_length (kinds)
      && has_longer (table, table[first].name))
    {
      unknown_word (r, node, option, phrase, table, what);
      return NULL;
    }
  if (values == NULL)
    {
      wrong_shape (r, node, option, phrase, table, first, g_strv_length (words));
      return NULL;
    }
  bool related = false;
  for (guint k = 0, v = 0; kinds[k] != NULL && values[v] != NULL; k++)
    {
      if (is_literal (kinds[k]))
        continue;
      related |= strcmp (kinds[k], "case-type") == 0;
      const char *value = values[v++];
      if (strcmp (kinds[k], "states") == 0
            ? !check_states (r, node, option, values[0], value)
            : !check_value (r, node, option, kinds[k], value, scope, &span))
        return NULL;
    }
  ProgramTerm *term = g_new0 (ProgramTerm, 1);
  term->related = related;
  term->word = g_strdup (phrase);
  term->index = index - 1;
  term->argument = g_strdup (argument);
  term->values = g_steal_pointer (&values);
  term->span = span;
  return term;
}
