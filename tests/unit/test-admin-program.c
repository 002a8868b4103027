/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp program`: what it prints where, and with which exit status.
 */
#include "admin/admin-program.h"
#include "lib/definition.h"
#include "outbox/outbox.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

static GString *printed, *complained;

static void
keep_print (const char *text)
{
  g_string_append (printed, text);
}

static void
keep_complaint (const char *text)
{
  g_string_append (complained, text);
}

/* Templates: DIR "none" cannot be opened, "few" has all but "vorlage". */
static gpointer
open_templates (const char *dir, const char *language, GError **error)
{
  if (strcmp (dir, "none") == 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s: there are no templates", dir);
      return NULL;
    }
  return g_strdup (dir);
}

static bool
has_template (const char *name, gpointer dir)
{
  return strcmp (dir, "few") != 0 || strcmp (name, "vorlage") != 0;
}

static const AdminProgramHost host = {
  &case_vocabulary, open_templates, has_template, g_free, NULL, outbox_words, NULL
};

/* Call `program WORDS` on the grants program. */
static int
call (const char *words)
{
  g_autofree char *line = g_strconcat ("program ", words, NULL);
  g_autofree char *dir = definition_dir ();
  g_autofree char *roster = g_build_filename (dir, "roster.conf.example", NULL);
  g_auto (GStrv) argv = NULL;
  int argc;

  g_assert_true (g_shell_parse_argv (line, &argc, &argv, NULL));
  g_string_truncate (printed, 0);
  g_string_truncate (complained, 0);
  GPrintFunc out = g_set_print_handler (keep_print), err = g_set_printerr_handler (keep_complaint);
  int status = admin_program (argc, argv, &host, dir, roster, NULL);
  g_set_print_handler (out);
  g_set_printerr_handler (err);
  return status;
}

static void
a_good_definition_is_said_to_be_good (void)
{
  g_assert_cmpint (call ("check --templates all"), ==, 0);
  g_assert_true (g_str_has_prefix (printed->str, "Kleinprojekte is good: version "));
  g_assert_cmpstr (complained->str, ==, "");
}

static void
findings_are_listed_on_stdout (void)
{
  g_assert_cmpint (call ("check --templates few"), ==, 1);
  g_assert_true (
    g_pattern_match_simple ("*program.conf:*: notice \"vorlage\" has no template*", printed->str));
  g_assert_cmpstr (complained->str, ==, "");
}

static void
findings_can_be_had_as_json (void)
{
  g_assert_cmpint (call ("check --json --templates few"), ==, 1);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, printed->str, -1, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonObject *finding =
    json_array_get_object_element (json_object_get_array_member (root, "findings"), 0);

  g_assert_false (json_object_get_boolean_member (root, "good"));
  g_assert_cmpuint (strlen (json_object_get_string_member (root, "version")), ==, 64);
  g_assert_true (
    g_str_has_suffix (json_object_get_string_member (finding, "file"), "program.conf"));
  g_assert_cmpint (json_object_get_int_member (finding, "line"), >, 50);
  g_assert_true (
    g_str_has_prefix (json_object_get_string_member (finding, "text"), "notice \"vorlage\""));
}

static void
forms_can_be_had_as_json (void)
{
  g_assert_cmpint (call ("show forms --json"), ==, 0);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, printed->str, -1, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonObject *form =
    json_array_get_object_element (json_object_get_array_member (root, "forms"), 0);
  JsonObject *field =
    json_array_get_object_element (json_object_get_array_member (form, "fields"), 2);

  g_assert_cmpstr (json_object_get_string_member (form, "name"), ==, "antrag");
  g_assert_cmpstr (json_object_get_string_member (field, "label"), ==, "Beantragte Summe");
  g_assert_cmpstr (json_object_get_string_member (field, "kind"), ==, "number");
  g_assert_true (json_object_get_boolean_member (field, "required"));
  g_assert_true (json_object_get_null_member (field, "min"));
}

static void
a_wrong_definition_is_refused_on_stderr (void)
{
  g_autofree char *dir = g_dir_make_tmp ("program-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, "program.conf", NULL);
  g_autofree char *words = g_strdup_printf ("check --rules %s", dir);

  g_assert_true (g_file_set_contents (file, "program \"P\" {\n titel = x }", -1, NULL));
  g_assert_cmpint (call (words), ==, 2);
  g_assert_nonnull (
    strstr (complained->str, "program.conf:2: unknown option 'titel'; did you mean 'title'?"));
  g_assert_cmpstr (printed->str, ==, "");
  g_unlink (file);
  g_assert_cmpint (call (words), ==, 2);
  g_rmdir (dir);
}

static void
the_language_can_be_shown_without_a_definition (void)
{
  g_assert_cmpint (call ("show language --rules /nonexistent"), ==, 0);
  g_assert_cmpint (call ("show guards --rules /nonexistent"), ==, 0);
  g_assert_cmpint (call ("show states --rules /nonexistent"), ==, 2);
}

static void
a_wrong_call_is_refused_on_stderr (void)
{
  static const char *const calls[] = { "",
                                       "chek",
                                       "check --nonsense",
                                       "check --templates none",
                                       "graph nothing",
                                       "simulate --years 0",
                                       "diff",
                                       "diff one",
                                       "diff a b c",
                                       "diff /nonexistent /nonexistent",
                                       "simulate --entities 1000000",
                                       "show nothing",
                                       "show" };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_assert_cmpint (call (calls[i]), ==, 2);
      g_assert_cmpstr (printed->str, ==, "");
      g_assert_cmpstr (complained->str, !=, "");
    }
}

static void
a_graph_is_drawn (void)
{
  g_assert_cmpint (call ("graph"), ==, 0);
  g_assert_true (g_str_has_prefix (printed->str, "digraph \"grant\" {"));
  g_assert_cmpint (call ("graph grant"), ==, 0);
}

static void
a_graph_is_drawn_as_svg (void)
{
  g_autofree char *dot = g_find_program_in_path ("dot");

  if (dot == NULL)
    {
      g_test_skip ("graphviz is not installed");
      return;
    }
  g_autofree char *dir = g_dir_make_tmp ("program-XXXXXX", NULL),
                  *file = g_build_filename (dir, "grant.svg", NULL);
  g_autofree char *words = g_strdup_printf ("graph --svg %s", dir), *svg = NULL;

  g_assert_cmpint (call (words), ==, 0);
  g_assert_true (g_str_has_prefix (printed->str, file));
  g_assert_true (g_file_get_contents (file, &svg, NULL, NULL));
  g_assert_nonnull (strstr (svg, "<svg"));
  g_unlink (file);
  g_rmdir (dir);
}

static void
topics_are_shown (void)
{
  static const char *const topics[] = { "states", "guards",        "actions",
                                        "events", "audiences",     "language",
                                        "fields", "holidays 2026", "timers" };

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    {
      g_autofree char *plain = g_strconcat ("show ", topics[i], NULL),
                      *json = g_strconcat (plain, " --json", NULL);
      g_autoptr (JsonParser) parser = json_parser_new ();

      g_assert_cmpint (call (plain), ==, 0);
      g_assert_cmpuint (printed->len, >, 20);
      g_assert_cmpint (call (json), ==, 0);
      g_assert_true (json_parser_load_from_data (parser, printed->str, -1, NULL));
    }
  g_assert_cmpint (call ("show events"), ==, 0);
  g_assert_nonnull (strstr (printed->str, "recommend TEXT "));
}

static void
years_are_lived_through (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_cmpint (call ("simulate --years 2 --entities 10 --json"), ==, 0);
  g_assert_true (json_parser_load_from_data (parser, printed->str, -1, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  g_autofree char *first = g_strdup (printed->str);

  g_assert_cmpint (json_object_get_int_member (root, "law_missed"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (root, "events"), >, 20);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (root, "states")), ==, 7);
  g_assert_cmpint (call ("simulate --years 2 --entities 10 --json"), ==, 0);
  g_assert_cmpstr (printed->str, ==, first);
  g_assert_cmpint (call ("simulate --years 2 --entities 10 --seed 2"), ==, 0);
  g_assert_nonnull (strstr (printed->str, "\nTime in each state\n"));
  g_assert_nonnull (strstr (printed->str, "Law clocks missed: 0.  Cases stuck: 0.  Defects: 0.\n"));
}

/* The grants program in DIR, with FIND replaced by INSTEAD. */
static void
write_changed (const char *dir, const char *find, const char *instead)
{
  g_auto (Definition) d = definition_read ();
  g_autofree char *cases = g_build_filename (dir, "cases", NULL);
  char place[64];

  definition_change (&d, find, instead, place);
  g_assert_cmpint (g_mkdir (cases, 0700), ==, 0);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *name = g_build_filename (dir, definition_names[i], NULL);

      g_assert_true (g_file_set_contents (name, d.texts[i], -1, NULL));
    }
}

static void
remove_changed (const char *dir)
{
  g_autofree char *program = g_build_filename (dir, definition_names[0], NULL);
  g_autofree char *grant = g_build_filename (dir, definition_names[1], NULL),
                  *cases = g_path_get_dirname (grant);

  g_unlink (program);
  g_unlink (grant);
  g_rmdir (cases);
  g_rmdir (dir);
}

static void
two_folders_are_compared (void)
{
  g_autofree char *dir = g_dir_make_tmp ("program-XXXXXX", NULL), *own = definition_dir ();
  g_autofree char *same = g_strdup_printf ("diff %s %s", own, own),
                  *other = g_strdup_printf ("diff %s %s", own, dir);
  g_autofree char *json = g_strconcat (other, " --json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();

  write_changed (dir, "after = \"4 weeks\"", "after = \"5 weeks\"");
  g_assert_cmpint (call (same), ==, 0);
  g_assert_cmpstr (printed->str, ==, "The definitions are the same.\n");
  g_assert_cmpint (call (other), ==, 1);
  g_assert_true (g_pattern_match_simple (
    "cases/grant.conf:*: case-type \"grant\", state \"eingegangen\", timer \"pruefung\": "
    "after is now \"5 weeks\", was \"4 weeks\"\n",
    printed->str));
  g_assert_cmpint (call (json), ==, 1);
  g_assert_true (json_parser_load_from_data (parser, printed->str, -1, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonObject *change =
    json_array_get_object_element (json_object_get_array_member (root, "changes"), 0);

  g_assert_false (json_object_get_boolean_member (root, "same"));
  g_assert_cmpstr (json_object_get_string_member (change, "change"), ==, "changed");
  g_assert_cmpstr (json_object_get_string_member (change, "option"), ==, "after");
  g_assert_cmpstr (
    json_array_get_string_element (json_object_get_array_member (change, "before"), 0), ==,
    "4 weeks");
  remove_changed (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  printed = g_string_new (NULL);
  complained = g_string_new (NULL);
  g_test_add_func ("/admin-program/a-good-definition-is-said-to-be-good",
                   a_good_definition_is_said_to_be_good);
  g_test_add_func ("/admin-program/findings-are-listed-on-stdout", findings_are_listed_on_stdout);
  g_test_add_func ("/admin-program/findings-can-be-had-as-json", findings_can_be_had_as_json);
  g_test_add_func ("/admin-program/forms-json", forms_can_be_had_as_json);
  g_test_add_func ("/admin-program/a-wrong-definition-is-refused-on-stderr",
                   a_wrong_definition_is_refused_on_stderr);
  g_test_add_func ("/admin-program/a-wrong-call-is-refused-on-stderr",
                   a_wrong_call_is_refused_on_stderr);
  g_test_add_func ("/admin-program/the-language-can-be-shown-without-a-definition",
                   the_language_can_be_shown_without_a_definition);
  g_test_add_func ("/admin-program/a-graph-is-drawn", a_graph_is_drawn);
  g_test_add_func ("/admin-program/a-graph-is-drawn-as-svg", a_graph_is_drawn_as_svg);
  g_test_add_func ("/admin-program/topics-are-shown", topics_are_shown);
  g_test_add_func ("/admin-program/years-are-lived-through", years_are_lived_through);
  g_test_add_func ("/admin-program/two-folders-are-compared", two_folders_are_compared);
  int status = g_test_run ();
  g_string_free (printed, TRUE);
  g_string_free (complained, TRUE);
  return status;
}
