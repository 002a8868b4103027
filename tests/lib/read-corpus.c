/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs mail that nobody here wrote through the reader, and compares with what others say is in it.
 * TAP on stdout.
 *
 *   read-corpus [--table] [--rows] CORPORA
 *
 * --table prints the figures as a table; --rows also what does not agree, file by file.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/corpus.h"

static gboolean table, rows;

/* --- every file has facts -------------------------------------------------------------- */

static void
check_all (Reader *reader, const char *corpora)
{
  static const struct {
    const char *folder, *suffix;
  } sets[] = {
    { "bounces/eml", ".eml" }, { "bounces/not-a-bounce", ".eml" }, { "mime-mail-parser/legacy", ".eml" },
    { "mime-mail-parser/rfc", ".eml" }, { "mime-mail-parser/thirdparty", ".eml" }, { "mime-mime4j/testmsgs", ".msg" },
    { "replies/emails", ".txt" }, { "smime-rfc4134", "" }, { "tnef", "" }, { "pdf/pyhanko", "" },
  };
  guint good = 0, all = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autofree char *folder = g_build_filename (corpora, sets[i].folder, NULL);
      g_autoptr (GPtrArray) files = corpus_files (folder, sets[i].suffix);

      for (guint k = 0; k < files->len; k++)
        {
          g_autoptr (Message) m = corpus_read (reader, g_ptr_array_index (files, k));

          all++;
          good += m != NULL;
        }
    }
  corpus_result (100, "every file has facts", good, all);
}

/* --- structure and headers ---------------------------------------------------------------- */

/* The value of the first header NAME of the root: {"Text": "..."} and the like, or NULL. */
static JsonNode *
expected_header (JsonObject *root, const char *name)
{
  JsonArray *headers = json_object_get_array_member (root, "headers");

  for (guint i = 0; i < json_array_get_length (headers); i++)
    {
      JsonObject *h = json_array_get_object_element (headers, i);
      JsonNode *n = json_object_get_member (h, "name");

      if (json_node_get_value_type (n) == G_TYPE_STRING
          && strcmp (json_node_get_string (n), name) == 0)
        return json_object_get_member (h, "value");
    }
  return NULL;
}

static char *
expected_text (JsonObject *root, const char *name)
{
  JsonNode *value = expected_header (root, name);

  if (value == NULL || !JSON_NODE_HOLDS_OBJECT (value)
      || !json_object_has_member (json_node_get_object (value), "Text"))
    return NULL;
  return clean_line (json_object_get_string_member (json_node_get_object (value), "Text"), -1);
}

static guint
expected_leaves (JsonArray *parts)
{
  guint leaves = 0;

  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonNode *body = json_object_get_member (json_array_get_object_element (parts, i), "body");

      leaves += !JSON_NODE_HOLDS_OBJECT (body)
                || !json_object_has_member (json_node_get_object (body), "Multipart");
    }
  return leaves;
}

typedef struct {
  guint files, leaves, subjects, subjects_all, ids, ids_all;
} Structure;

static void
compare_structure (Reader *reader, const char *file, Structure *s)
{
  g_autofree char *stem = g_strndup (file, strlen (file) - 4);
  g_autofree char *json = g_strconcat (stem, ".json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (Message) m = corpus_read (reader, file);

  if (m == NULL || !json_parser_load_from_file (parser, json, NULL))
    return;
  JsonArray *parts =
    json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "parts");
  JsonObject *root = json_array_get_object_element (parts, 0);
  g_autofree char *subject = expected_text (root, "subject");
  g_autofree char *id = expected_text (root, "message_id");

  s->files++;
  s->leaves += expected_leaves (parts) == m->parts->len;
  if (subject != NULL
      && strstr (subject, "\xef\xbf\xbd") == NULL) /* where they gave up, we need not */
    {
      s->subjects_all++;
      s->subjects += g_str_equal (subject, m->subject);
    }
  if (id != NULL)
    {
      s->ids_all++;
      s->ids += g_str_equal (id, m->message_id);
    }
}

static void
check_structure (Reader *reader, const char *corpora)
{
  static const char *const folders[] = { "legacy", "rfc", "thirdparty" };
  Structure s = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (corpora, "mime-mail-parser", folders[i], NULL);
      g_autoptr (GPtrArray) files = corpus_files (folder, ".eml");

      for (guint k = 0; k < files->len; k++)
        compare_structure (reader, g_ptr_array_index (files, k), &s);
    }
  corpus_result (98, "leaf parts agree", s.leaves, s.files);
  corpus_result (100, "subjects agree", s.subjects, s.subjects_all);
  corpus_result (100, "message identifiers agree", s.ids, s.ids_all);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "table", 0, 0, G_OPTION_ARG_NONE, &table, "The figures as a table for a page", NULL },
    { "rows", 0, 0, G_OPTION_ARG_NONE, &rows, "Also everything that does not agree", NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("CORPORA");
  g_autoptr (Reader) reader = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 ||
      (reader = reader_new (NULL, &error)) == NULL)
    {
      printf ("Bail out! %s\n",
              error != NULL ? error->message : "usage: read-corpus [--table] [--rows] CORPORA");
      return 1;
    }
  message_preload ();
  corpus_begin (table, rows);
  check_all (reader, argv[1]);
  check_structure (reader, argv[1]);
  corpus_bounces (reader, argv[1]);
  corpus_replies (argv[1]);
  corpus_documents (reader, argv[1]);
  corpus_tnef (reader, argv[1]);
  corpus_finish ();
  return 0;
}
