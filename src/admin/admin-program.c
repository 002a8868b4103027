/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verbs of `qecp program`: one function a verb, a row each.
 */
#include "admin/admin-program.h"

#include "admin/admin-diff.h"
#include "admin/admin-simulate.h"
#include "base/error.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

typedef struct {
  const AdminProgramHost *host;
  char *rules, *roster, *templates, *svg;
  gboolean json;
  AdminSimulate simulate;
  char **words; /* after the verb */
  Program *program;
} Call;

static bool
open_program (Call *call, GError **error)
{
  call->program = program_read (call->rules, call->roster, call->host->words, error);
  return call->program != NULL;
}

/* --- check ----------------------------------------------------------------- */

static void
print_node (JsonNode *root)
{
  g_autofree char *text = json_to_string (root, TRUE);

  g_print ("%s\n", text);
}

static void
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  print_node (root);
}

/* FINDING, "FILE:LINE: [warning: ]TEXT", in its parts. */
static void
add_finding (JsonBuilder *b, const char *finding)
{
  const char *text = strstr (finding, ": ");
  g_autofree char *file = g_strndup (finding, text - finding);
  char *line = strrchr (file, ':');
  bool warning = program_finding_is_warning (finding);

  if (line != NULL)
    *line++ = '\0';
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "file");
  json_builder_add_string_value (b, file);
  json_builder_set_member_name (b, "line");
  json_builder_add_int_value (b, line != NULL ? g_ascii_strtoll (line, NULL, 10) : 0);
  json_builder_set_member_name (b, "warning");
  json_builder_add_boolean_value (b, warning);
  json_builder_set_member_name (b, "text");
  json_builder_add_string_value (b, text + 2 + (warning ? strlen ("warning: ") : 0));
  json_builder_end_object (b);
}

static void
print_findings_json (const Program *program, const GPtrArray *findings, bool good)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "program");
  json_builder_add_string_value (b, program->name);
  json_builder_set_member_name (b, "version");
  json_builder_add_string_value (b, program->version);
  json_builder_set_member_name (b, "good");
  json_builder_add_boolean_value (b, good);
  json_builder_set_member_name (b, "findings");
  json_builder_begin_array (b);
  for (guint i = 0; i < findings->len; i++)
    add_finding (b, findings->pdata[i]);
  json_builder_end_array (b);
  json_builder_end_object (b);
  print_json (b);
}

static int
report_findings (const Call *call, const GPtrArray *findings)
{
  guint bad = 0;

  for (guint i = 0; i < findings->len; i++)
    bad += !program_finding_is_warning (findings->pdata[i]);
  if (call->json)
    print_findings_json (call->program, findings, bad == 0);
  else
    {
      for (guint i = 0; i < findings->len; i++)
        g_print ("%s\n", (char *) findings->pdata[i]);
      if (bad == 0)
        g_print ("%s is good: version %.12s\n", call->program->name, call->program->version);
    }
  return bad == 0 ? 0 : 1;
}

static int
do_check (Call *call, GError **error)
{
  const AdminProgramHost *host = call->host;
  gpointer templates = NULL;

  if (!open_program (call, error))
    return 2;
  if (call->templates != NULL && host->open_templates != NULL)
    {
      templates = host->open_templates (call->templates, call->program->language, error);
      if (templates == NULL)
        return 2;
    }
  g_autoptr (GPtrArray) findings =
      program_check (call->program, templates != NULL ? host->has_template : NULL, templates);
  if (templates != NULL && host->check_templates != NULL)
    host->check_templates (call->program, templates, call->templates, findings);
  int status = report_findings (call, findings);

  if (templates != NULL && host->close_templates != NULL)
    host->close_templates (templates);
  return status;
}

/* --- graph ----------------------------------------------------------------- */

/* Let Graphviz draw DOT into FILE. */
static bool
draw (const char *dot, const char *file, GError **error)
{
  g_autofree char *option = g_strconcat ("-o", file, NULL);
  g_autoptr (GSubprocess) child =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, error, "dot", "-Tsvg", option, NULL);

  if (child == NULL)
    {
      g_prefix_error (error, "cannot run dot (install graphviz, or leave out --svg): ");
      return false;
    }
  if (!g_subprocess_communicate_utf8 (child, dot, NULL, NULL, NULL, error))
    return false;
  if (g_subprocess_get_successful (child))
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "dot could not draw %s", file);
  return false;
}

/* TYPE as DIR/TYPE.svg, or for dot on stdout when DIR is NULL. */
static bool
draw_type (const Call *call, const ProgramCaseType *type, GError **error)
{
  g_autofree char *dot = program_graph (call->program, type);

  if (call->svg == NULL)
    {
      g_print ("%s", dot);
      return true;
    }
  g_autofree char *name = g_strconcat (type->name, ".svg", NULL),
                  *file = g_build_filename (call->svg, name, NULL);
  if (!draw (dot, file, error))
    return false;
  g_print ("%s\n", file);
  return true;
}

static int
do_graph (Call *call, GError **error)
{
  if (!open_program (call, error))
    return 2;

  const GPtrArray *types = call->program->case_types;
  const ProgramCaseType *only =
    call->words[0] != NULL ? program_case_type (call->program, call->words[0]) : NULL;

  if (call->words[0] != NULL && only == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "there is no case type '%s'; see qecp program show states", call->words[0]);
      return 2;
    }
  if (call->svg != NULL && g_mkdir_with_parents (call->svg, 0755) != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "cannot make %s: %s", call->svg,
                   g_strerror (errno));
      return 2;
    }
  for (guint i = 0; i < types->len; i++)
    if ((only == NULL || only == types->pdata[i]) && !draw_type (call, types->pdata[i], error))
      return 2;
  return 0;
}

/* --- show ------------------------------------------------------------------ */

static void
print_words (const Call *call, const ProgramWord *table)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_array (b);
  for (; table->name != NULL; table++)
    {
      g_autofree char *whole = program_word_shape (table);
      const char *argument = whole + strlen (table->name);
      g_autofree char *shape =
        table->optional ? g_strdup_printf ("%s [%s]", table->name, argument + 1) : g_strdup (whole);

      if (!call->json)
        g_print ("%-45s %s\n", shape, table->help);
      json_builder_begin_object (b);
      json_builder_set_member_name (b, "name");
      json_builder_add_string_value (b, table->name);
      json_builder_set_member_name (b, "argument");
      json_builder_add_string_value (b, table->argument != NULL ? table->argument : "");
      json_builder_set_member_name (b, "optional");
      json_builder_add_boolean_value (b, table->optional);
      json_builder_set_member_name (b, "help");
      json_builder_add_string_value (b, table->help);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  if (call->json)
    print_json (b);
}

static void
print_fields (const Call *call)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_array (b);
  for (const TemplateWord *field = call->host->fields; field != NULL && field->name != NULL;
       field++)
    {
      if (!call->json)
        g_print ("%-30s %s%s\n", field->name, field->list ? "list: " : "", field->help);
      json_builder_begin_object (b);
      json_builder_set_member_name (b, "name");
      json_builder_add_string_value (b, field->name);
      json_builder_set_member_name (b, "list");
      json_builder_add_boolean_value (b, field->list);
      json_builder_set_member_name (b, "help");
      json_builder_add_string_value (b, field->help);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  if (call->json)
    print_json (b);
}

/* The vocabulary called TOPIC, or NULL. */
static const ProgramWord *
vocabulary (const ProgramVocabulary *words, const char *topic)
{
  const struct {
    const char *name;
    const ProgramWord *table;
  } rows[] = {
    { "guards", words->guards },
    { "commands", words->commands },
    { "actions", words->actions },
    { "events", words->events },
    { "audiences", words->audiences },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].name, topic) == 0)
      return rows[i].table;
  return NULL;
}

/* The lines of TEXT, for a script. */
static void
print_lines (const char *topic, const char *text)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  json_builder_begin_object (b);
  json_builder_set_member_name (b, "topic");
  json_builder_add_string_value (b, topic);
  json_builder_set_member_name (b, "lines");
  json_builder_begin_array (b);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      json_builder_add_string_value (b, *line);
  json_builder_end_array (b);
  json_builder_end_object (b);
  print_json (b);
}

/* What can be said without a definition, so that somebody who writes one can ask. */
static char *
show_topic (Call *call, const char *topic, GError **error)
{
  if (strcmp (topic, "language") == 0)
    return program_describe ();
  if (!open_program (call, error))
    return NULL;

  char *text = program_show (call->program, topic, error);

  if (text == NULL)
    g_prefix_error (error,
                    "besides guards, actions, events, commands, audiences, fields and language, ");
  return text;
}

static int
do_show (Call *call, GError **error)
{
  g_autofree char *topic = g_strjoinv (" ", call->words);
  const ProgramWord *table = vocabulary (call->host->words, topic);

  if (table != NULL)
    {
      print_words (call, table);
      return 0;
    }
  if (strcmp (topic, "fields") == 0)
    {
      print_fields (call);
      return 0;
    }
  g_autofree char *text = show_topic (call, topic, error);

  if (text == NULL)
    return 2;
  if (call->json && strcmp (topic, "forms") == 0)
    {
      g_autoptr (JsonNode) forms = program_forms_to_json (call->program);

      print_node (forms);
    }
  else if (call->json)
    print_lines (topic, text);
  else
    g_print ("%s", text);
  return 0;
}

/* --- simulate -------------------------------------------------------------- */

static int
do_simulate (Call *call, GError **error)
{
  if (!open_program (call, error))
    return 2;
  return admin_simulate (call->program, &call->simulate, call->json, error);
}

/* --- diff -------------------------------------------------------------------- */

/* OLD NEW, or NEW alone against what is in force in the office, or nothing: the office's own folder
 * against that. */
static int
do_diff (Call *call, GError **error)
{
  const AdminProgramHost *host = call->host;
  guint n = g_strv_length (call->words);
  const char *later = n == 0 ? call->rules : call->words[n - 1];

  if (n > 2 || (n < 2 && host->config == NULL))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
                   "write two folders of rules, or --config with an office and the later folder");
      return 2;
    }
  call->program = program_read (later, call->roster, host->words, error);
  if (call->program == NULL)
    return 2;
  g_autoptr (Program) before =
    n == 2 ? program_read (call->words[0], call->roster, host->words, error) : NULL;
  if (n == 2 && before == NULL)
    return 2;
  return admin_diff (before, call->program, host->config, call->json, error);
}

/* --- the call -------------------------------------------------------------- */

static const struct {
  const char *name;
  int (*run) (Call *call, GError **error);
  const char *help;
} verbs[] = {
  { "check", do_check, "prove the definition before it is used" },
  { "graph", do_graph, "draw the case types, or one, for Graphviz or as SVG" },
  { "simulate", do_simulate, "live through years of it, with organizations and staff who act by chance" },
  { "diff", do_diff, "diff [OLD] NEW: what changes from one folder of rules to another, and for which open cases" },
  { "show", do_show,
    "show TOPIC: states, timers, roles, holidays YEAR, guards, actions, events, fields, language, ..." },
};

static int
run_verb (Call *call, const char *name, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_strcmp0 (name, verbs[i].name) == 0)
      return verbs[i].run (call, error);
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
               "qecp program: write check, graph, simulate, diff or show; --help says more");
  return 2;
}

static char *
verbs_help (void)
{
  GString *text = g_string_new ("Verbs:\n");

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_string_append_printf (text, "  %-8s %s\n", verbs[i].name, verbs[i].help);
  return g_string_free (text, FALSE);
}

/* Take the options out of the call; what is left are words. */
static bool
parse_options (Call *call, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &call->json, "For a script", NULL },
    { "svg", 0, 0, G_OPTION_ARG_FILENAME, &call->svg, "graph: as DIR/CASE-TYPE.svg (runs dot)", "DIR" },
    { "years", 0, 0, G_OPTION_ARG_INT, &call->simulate.years, "simulate: how long (6)", "N" },
    { "entities", 0, 0, G_OPTION_ARG_INT, &call->simulate.entities, "simulate: how many organizations (500)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &call->simulate.seed, "simulate: another course of events (1)", "N" },
    { "rules", 0, 0, G_OPTION_ARG_FILENAME, &call->rules, "Folder of the definition", "DIR" },
    { "roster", 0, 0, G_OPTION_ARG_FILENAME, &call->roster, "People of the office", "FILE" },
    { "templates", 0, 0, G_OPTION_ARG_FILENAME, &call->templates, "Folder of the templates",
      "DIR" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &call->words, NULL, NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context =
    g_option_context_new ("check|graph [CASE-TYPE]|simulate|diff [OLD] NEW|show TOPIC");
  g_autofree char *help = verbs_help ();
  g_autofree char **copy = g_memdup2 (argv, (argc + 1) * sizeof *argv); /* GLib reorders it */

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, help);
  return g_option_context_parse (context, &argc, &copy, error);
}

static void
take_default (char **option, const char *value)
{
  if (*option == NULL)
    *option = g_strdup (value);
}

int
admin_program (int argc, char **argv, const AdminProgramHost *host, const char *rules,
               const char *roster, const char *templates)
{
  g_autoptr (GError) error = NULL;
  Call call = { .host = host, .simulate = { .years = 6, .entities = 500, .seed = 1 } };
  int status = 2;

  if (parse_options (&call, argc, argv, &error))
    {
      take_default (&call.rules, rules);
      take_default (&call.roster, roster);
      take_default (&call.templates, templates);

      char **all = call.words != NULL ? call.words : g_new0 (char *, 1);

      call.words = all[0] != NULL ? all + 1 : all;
      status = run_verb (&call, all[0], &error);
      call.words = all;
    }
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  program_free (call.program);
  g_strfreev (call.words);
  g_free (call.rules);
  g_free (call.roster);
  g_free (call.templates);
  g_free (call.svg);
  return status;
}
