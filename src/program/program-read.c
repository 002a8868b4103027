/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads a program definition: the files, their version, and the parts in an order
 * in which each reference can be checked on the line where it stands.
 */
#include "program/program-private.h"

#include "base/digest.h"
#include "base/error.h"

#include <string.h>

ProgramPlace
program_place (const ConfNode *node)
{
  return (ProgramPlace){ g_intern_string (conf_file (node)), conf_line (node) };
}

void
program_mistake (ProgramReader *r, const ConfNode *node, const char *option, const char *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  conf_mistake (r->mistakes, conf_file (node),
                option != NULL ? conf_option_line (node, option) : conf_line (node), "%s", text);
}

const char **
program_titles (const ConfNode *node, const char *name)
{
  guint n = node != NULL ? conf_n_sections (node, name) : 0;
  const char **titles = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    titles[i] = conf_title (conf_section (node, name, i));
  return titles;
}

bool
program_refer (ProgramReader *r, const ConfNode *node, const char *option, const char *value,
               const char *what, const char *const *known)
{
  if (value == NULL || known == NULL || g_strv_contains (known, value))
    return true;

  g_autofree char *suggestion = conf_suggest (value, known);

  program_mistake (r, node, option, "there is no %s '%s'%s", what, value, suggestion);
  return false;
}

void
program_refer_all (ProgramReader *r, const ConfNode *node, const char *option, const char *what,
                   const char *const *known)
{
  for (const char *const *value = conf_list (node, option); *value != NULL; value++)
    program_refer (r, node, option, *value, what, known);
}

/* --- the program ----------------------------------------------------------- */

static void
read_program (ProgramReader *r)
{
  const ConfNode *node = conf_section (r->root, "program", 0),
                 *second = conf_section (r->root, "program", 1);
  Program *p = r->program;

  if (second != NULL)
    program_mistake (r, second, NULL, "this is a second program; keep one");
  p->place = program_place (node);
  p->name = g_strdup (conf_title (node));
  p->title = g_strdup (conf_string (node, "title"));
  p->language = g_strdup (conf_string (node, "language"));
  p->owner = g_strdup (conf_string (node, "owner"));
  p->escalate =
      g_strdup (conf_is_set (node, "escalate") ? conf_string (node, "escalate") : p->owner);
  p->split_opens = g_strdup (conf_string (node, "split-opens"));
  program_refer (r, node, "split-opens", p->split_opens, "case type", r->case_types);
  p->quota_address_day = conf_int (node, "quota-per-address-and-day");
  p->quota_case_day = conf_int (node, "quota-per-case-and-day");
  if (!span_parse (conf_string (node, "answers-cross-within"), &p->crossing, NULL)
      || p->crossing.n < 0)
    program_mistake (r, node, "answers-cross-within",
                     "\"%s\" is no time; write such as \"1 business day\"",
                     conf_string (node, "answers-cross-within"));
  program_refer (r, node, "owner", p->owner, "role", r->roles);
  program_refer (r, node, "escalate", conf_string (node, "escalate"), "role", r->roles);
  program_read_calendar (r, node);
}

/* Names of all timers, of all case types. */
static const char **
all_timers (const ConfNode *root)
{
  GPtrArray *names = g_ptr_array_new ();
  const ConfNode *type, *state, *timer;

  for (guint i = 0; (type = conf_section (root, "case-type", i)) != NULL; i++)
    {
      for (guint k = 0; (timer = conf_section (type, "timer", k)) != NULL; k++)
        g_ptr_array_add (names, (gpointer) conf_title (timer));
      for (guint j = 0; (state = conf_section (type, "state", j)) != NULL; j++)
        for (guint k = 0; (timer = conf_section (state, "timer", k)) != NULL; k++)
          g_ptr_array_add (names, (gpointer) conf_title (timer));
    }
  for (guint i = 0; (type = conf_section (root, EVERY_CASE, i)) != NULL; i++)
    for (guint k = 0; (timer = conf_section (type, "timer", k)) != NULL; k++)
      g_ptr_array_add (names, (gpointer) conf_title (timer));
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}

/* Rows of TABLE, then WORDS. */
static const char **
names_and (const ProgramWord *table, const char **words)
{
  GPtrArray *names = g_ptr_array_new ();

  for (; table->name != NULL; table++)
    g_ptr_array_add (names, (gpointer) table->name);
  for (; words != NULL && *words != NULL; words++)
    g_ptr_array_add (names, (gpointer) *words);
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}

void
program_check_template (ProgramReader *r, const ConfNode *node, const char *option,
                        const char *file)
{
  if (file != NULL && (file[0] == '/' || strstr (file, "..") != NULL))
    program_mistake (r, node, option,
                     "\"%s\" is not below templates/; write such as \"forms/letter.txt\"", file);
}

static void
read_parts (ProgramReader *r)
{
  g_autofree const char **roles = program_titles (r->root, "role");
  g_autofree const char **editions = program_titles (r->root, "edition");
  g_autofree const char **types = program_titles (r->root, "case-type");
  g_autofree const char **notices = program_titles (r->root, "notice");
  g_autofree const char **timers = all_timers (r->root);
  g_autofree const char **forms = program_titles (r->root, "form");
  g_autofree const char **audiences = names_and (r->words->audiences, roles);
  g_autofree const char **events = names_and (r->words->events, NULL);
  g_autofree const char **commands = names_and (r->words->commands, events);

  r->roles = roles;
  r->editions = editions;
  r->case_types = types;
  r->notices = notices;
  r->timers = timers;
  r->forms = forms;
  r->audiences = audiences;
  r->event_words = events;
  r->command_words = commands;
  read_program (r);
  program_read_languages (r);
  program_read_people (r);
  program_read_editions (r);
  program_read_cases (r);
  program_read_mail (r);
  program_read_knowledge (r);
  program_read_sorting (r);
  program_read_rounds (r);
}

/* --- files ----------------------------------------------------------------- */

static void
file_free (gpointer data)
{
  ProgramFile *file = data;

  g_free (file->name);
  g_bytes_unref (file->bytes);
  g_free (file);
}

/* Keep the files of CONF under the names they have below PREFIX. */
static void
keep_files (Program *program, const Conf *conf, const char *prefix, const char *only_name)
{
  const char *const *names = conf_files (conf);

  for (guint i = 0; names[i] != NULL; i++)
    {
      ProgramFile *file = g_new0 (ProgramFile, 1);
      const char *name =
          g_str_has_prefix (names[i], prefix) ? names[i] + strlen (prefix) : names[i];

      file->name = g_strdup (i == 0 && only_name != NULL ? only_name : name);
      file->bytes = g_bytes_ref (conf_file_bytes (conf, i));
      g_ptr_array_add (program->files, file);
    }
}

static void
set_version (Program *program)
{
  Digest sum;

  digest_begin (&sum);
  for (guint i = 0; i < program->files->len; i++)
    {
      const ProgramFile *file = program->files->pdata[i];
      gsize size;
      const void *bytes = g_bytes_get_data (file->bytes, &size);
      guint64 length = GUINT64_TO_BE ((guint64) size);

      digest_add (&sum, file->name, strlen (file->name) + 1);
      digest_add (&sum, &length, sizeof length);
      if (size > 0)
        digest_add (&sum, bytes, size);
    }
  digest_end (&sum, program->version);
}

/* From the trees, when both could be read; ROSTER may be NULL. */
static Program *
from_trees (const Conf *rules, const char *prefix, const Conf *roster,
            const ProgramVocabulary *words, GError **error)
{
  g_autoptr (Program) program = g_new0 (Program, 1);
  g_autoptr (GPtrArray) mistakes = g_ptr_array_new_with_free_func (g_free);
  ProgramReader r = { .program = program,
                      .words = words,
                      .mistakes = mistakes,
                      .root = conf_root (rules),
                      .roster = roster != NULL ? conf_root (roster) : NULL };

  program->files = g_ptr_array_new_with_free_func (file_free);
  program->has_roster = roster != NULL;
  keep_files (program, rules, prefix, NULL);
  if (roster != NULL)
    keep_files (program, roster, "", "roster.conf");
  set_version (program);
  read_parts (&r);
  return conf_no_mistakes (mistakes, error) ? g_steal_pointer (&program) : NULL;
}

/* Both errors in one; either may be NULL, and both are taken. */
static void
join_errors (GError *first, GError *second, GError **error)
{
  g_autoptr (GError) a = first, b = second;

  if (a != NULL && b != NULL)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s\n%s", a->message, b->message);
  else
    g_propagate_error (error, a != NULL ? g_steal_pointer (&a) : g_steal_pointer (&b));
}

Program *
program_read (const char *rules_dir, const char *roster, const ProgramVocabulary *words,
              GError **error)
{
  GError *bad_rules = NULL, *bad_roster = NULL;
  g_autofree char *file = g_build_filename (rules_dir, "program.conf", NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autofree char *prefix =
      g_str_has_suffix (folder, "/") ? g_strdup (folder) : g_strconcat (folder, "/", NULL);
  g_autoptr (Conf) main = conf_read (file, program_schema, &bad_rules);
  g_autoptr (Conf) people = roster != NULL ? conf_read (roster, roster_schema, &bad_roster) : NULL;

  if (bad_rules != NULL || bad_roster != NULL)
    {
      join_errors (bad_rules, bad_roster, error);
      return NULL;
    }
  return from_trees (main, prefix, people, words, error);
}

Program *
program_read_files (const char *const *names, GBytes *const *texts, const ProgramVocabulary *words,
                    GError **error)
{
  GError *bad_rules = NULL, *bad_roster = NULL;
  g_autoptr (Conf) main = conf_read_files (names, texts, program_schema, &bad_rules);
  g_autoptr (Conf) people = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    if (i > 0 && people == NULL && bad_roster == NULL && strcmp (names[i], "roster.conf") == 0)
      people = conf_read_files ((const char *const[]){ names[i], NULL }, texts + i, roster_schema,
                                &bad_roster);
  if (bad_rules != NULL || bad_roster != NULL)
    {
      join_errors (bad_rules, bad_roster, error);
      return NULL;
    }
  return from_trees (main, "", people, words, error);
}
