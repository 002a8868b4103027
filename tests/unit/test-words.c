/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program that is delivered is data: no word of it stands in the source.  The words come from
 * its rules (names that nobody would use by chance, numbers of cases, titles of more than one
 * word), and from a list of what everybody who knows the program says (not CMS, which is also a
 * syntax of signatures).
 */
#include "lib/lab.h"

static const char *const others[] = {
  "QECP", "Medicare", "Medicaid", "OEDA", "ResDAC", "QCDR", "HICN", "CBEC", "DUA", "PIA", "OMB", "qualified entity",
  "qualified entities", "certified entity", "quasi", "data use agreement", "letter of commitment", "claims data",
  "corrective action", "annual report", "reapplication", "recertification", "phase 1", "phase 2", "phase 3", "phase 4", "phase1",
  "phase2", "phase3", "phase4", "CFR 401",
};

typedef struct {
  GPtrArray *names;   /* matched as they are, whole */
  GPtrArray *phrases; /* matched without regard to case */
  GPtrArray *ids;     /* matched in quotation marks, where elements are spoken of */
} Words;

/* A name with a hyphen, a digit or a capital is nobody's everyday word. */
static void
add_name (Words *words, const char *name)
{
  if (name != NULL && (strpbrk (name, "-0123456789") != NULL || g_ascii_isupper (name[0])))
    g_ptr_array_add (words->names, (gpointer) name);
}

static void
add_title (Words *words, const char *title)
{
  if (title != NULL && strchr (title, ' ') != NULL)
    g_ptr_array_add (words->phrases, (gpointer) title);
}

static void
add_type (Words *words, const ProgramCaseType *type)
{
  add_name (words, type->name);
  add_name (words, type->prefix);
  add_title (words, type->title);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      add_name (words, state->name);
      add_title (words, state->title);
      for (guint k = 0; k < state->timers->len; k++)
        add_name (words, ((const ProgramTimer *) state->timers->pdata[k])->name);
    }
}

static void
add_edition (Words *words, const ProgramEdition *edition)
{
  add_title (words, edition->title);
  for (guint i = 0; i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      g_ptr_array_add (words->ids, element->name);
      add_title (words, element->title);
      for (guint k = 0; k < element->documents->len; k++)
        {
          add_name (words, ((const ProgramDocument *) element->documents->pdata[k])->name);
          add_title (words, ((const ProgramDocument *) element->documents->pdata[k])->title);
        }
    }
}

static Words
words_of (const Program *program)
{
  Words words = { g_ptr_array_new (), g_ptr_array_new (), g_ptr_array_new () };

  add_title (&words, program->title);
  for (guint i = 0; i < program->case_types->len; i++)
    add_type (&words, program->case_types->pdata[i]);
  for (guint i = 0; i < program->editions->len; i++)
    add_edition (&words, program->editions->pdata[i]);
  for (guint i = 0; i < program->roles->len; i++)
    add_name (&words, ((const ProgramRole *) program->roles->pdata[i])->name);
  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      add_name (&words, form->name);
      for (guint k = 0; k < form->fields->len; k++)
        add_name (&words, ((const ProgramField *) form->fields->pdata[k])->name);
    }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_ptr_array_add (strchr (others[i], ' ') != NULL ? words.phrases : words.names,
                     (gpointer) others[i]);
  return words;
}

/* One expression for all of WORDS. */
static GRegex *
any_of (const GPtrArray *words, const char *before, const char *after, GRegexCompileFlags flags)
{
  GString *pattern = g_string_new (before);
  g_autoptr (GError) error = NULL;

  g_string_append (pattern, "(?:");
  for (guint i = 0; i < words->len; i++)
    {
      g_autofree char *escaped = g_regex_escape_string (words->pdata[i], -1);

      g_string_append_printf (pattern, "%s%s", i > 0 ? "|" : "", escaped);
    }
  g_string_append_printf (pattern, ")%s", after);
  GRegex *regex = g_regex_new (pattern->str, flags, 0, &error);
  g_assert_no_error (error);
  g_string_free (pattern, TRUE);
  return regex;
}

static guint
report (const GRegex *regex, const char *name, const char *text)
{
  g_autoptr (GMatchInfo) match = NULL;
  guint n = 0;

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *word = g_match_info_fetch (match, 0);
      int start, line = 1;

      g_match_info_fetch_pos (match, 0, &start, NULL);
      for (int i = 0; i < start; i++)
        line += text[i] == '\n';
      g_test_message ("%s:%d: '%s' is a word of the program: it belongs into rules/", name, line,
                      word);
      n++;
    }
  return n;
}

typedef struct {
  GRegex *names, *phrases, *ids;
  guint files, found;
} Search;

/* Elsewhere "1.1" is the status of a bounce or the version of a protocol. */
static bool
speaks_of_elements (const char *folder)
{
  static const char *const folders[] = { "case",     "engine", "outbox", "program",
                                         "simulate", "triage", NULL };

  return g_strv_contains (folders, folder);
}

static void
search_folder (Search *s, const char *path, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL), *text = NULL;

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        search_folder (s, file, name);
      else if ((g_str_has_suffix (name, ".c") || g_str_has_suffix (name, ".h")
                || g_str_has_suffix (name, ".sql"))
               && g_file_get_contents (file, &text, NULL, NULL))
        {
          s->files++;
          s->found += report (s->names, file, text) + report (s->phrases, file, text);
          s->found += speaks_of_elements (folder) ? report (s->ids, file, text) : 0;
        }
    }
}

static void
no_word_of_the_program_stands_in_the_source (void)
{
  g_autoptr (Program) program = lab_program ();
  Words words = words_of (program);
  Search s = { any_of (words.names, "(?<![\\w.-])", "(?![\\w-]|\\.\\w)", 0),
               any_of (words.phrases, "(?<!\\w)", "(?!\\w)", G_REGEX_CASELESS),
               any_of (words.ids, "\"", "[ \":]", 0), 0, 0 };
  g_autofree char *src = lab_file ("src");

  g_assert_cmpuint (words.names->len + words.phrases->len + words.ids->len, >, 60);
  search_folder (&s, src, "src");
  g_assert_cmpuint (s.files, >, 150);
  g_assert_cmpuint (s.found, ==, 0);
  g_regex_unref (s.names);
  g_regex_unref (s.phrases);
  g_regex_unref (s.ids);
  g_ptr_array_unref (words.names);
  g_ptr_array_unref (words.phrases);
  g_ptr_array_unref (words.ids);
}

/* The search finds what it looks for. */
static void
a_word_is_found_where_it_stands (void)
{
  g_autoptr (Program) program = lab_program ();
  Words words = words_of (program);
  g_autoptr (GRegex) names = any_of (words.names, "(?<![\\w.-])", "(?![\\w-]|\\.\\w)", 0);
  g_autoptr (GRegex) ids = any_of (words.ids, "\"", "[ \":]", 0);

  g_assert_cmpuint (report (names, "x", "strcmp (prefix, \"APP\") // a QECP thing\nphase2"), ==, 3);
  g_assert_cmpuint (report (names, "x", "APPLY qecp phases program-managers"), ==, 0);
  g_assert_cmpuint (report (ids, "x", "strcmp (element, \"1.1\")"), ==, 1);
  g_ptr_array_unref (words.names);
  g_ptr_array_unref (words.phrases);
  g_ptr_array_unref (words.ids);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/none-in-the-source", no_word_of_the_program_stands_in_the_source);
  g_test_add_func ("/words/the-search-finds", a_word_is_found_where_it_stands);
  return g_test_run ();
}
