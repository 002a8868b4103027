/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of verbs and what all of them need.
 */
#include "admin/admin.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin-check.h"
#include "admin/admin-program.h"
#include "admin/admin-read.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "engine/roster.h"
#include "case/case.h"
#include "outbox/outbox.h"

static int
verb_read (int argc, char **argv, const char *config)
{
  return admin_read (argc, argv);
}

static int
verb_verify (int argc, char **argv, const char *config)
{
  return admin_verify (argc, argv);
}

static gpointer
open_templates (const char *dir, const char *language, GError **error)
{
  g_autoptr (TemplateSet) set = template_set_read (dir, language, error);

  return set != NULL && template_set_prove (set, error) ? g_steal_pointer (&set) : NULL;
}

static bool
has_template (const char *name, gpointer templates)
{
  return template_set_has (templates, name);
}

static void
close_templates (gpointer templates)
{
  template_set_free (templates);
}

static void
check_templates (const Program *program, gpointer templates, const char *dir, GPtrArray *findings)
{
  admin_check_mail (program, templates, dir, findings);
}

static int
verb_program (int argc, char **argv, const char *config)
{
  AdminProgramHost host = { &case_vocabulary, open_templates, has_template, close_templates,
                            check_templates,  outbox_words,   NULL };
  /* In the folder of a definition there need be no office; where there is one, it counts. */
  bool none = strcmp (config, "qecp.conf") == 0 && !g_file_test (config, G_FILE_TEST_EXISTS);
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) options = none ? NULL : options_read (config, &error);

  if (error != NULL)
    return admin_error (error);
  if (options == NULL)
    return admin_program (argc, argv, &host, "rules", NULL, NULL);
  host.config = config;
  return admin_program (argc, argv, &host, options->rules, options->roster, options->templates);
}

const AdminVerb admin_verbs[] = {
  { "init", "DIR", "make a new office: configuration, empty database, archive, key, rules, templates, roster", admin_init },
  { "read", "FILE.eml|-", "show what the reader makes of a message", verb_read },
  { "verify", "FILE.pdf|FILE.eml", "say what the signatures of a document or message are worth", verb_verify },
  { "explain", "MESSAGE", "show why a message was treated as it was", admin_explain },
  { "case", "list|show|timeline|export [REF]", "look at cases; write all about one into a folder or zip", admin_case },
  { "held", "[release|refile MESSAGE]", "list what waits for a person, or answer for who was asked", admin_held },
  { "outbox", "[retry ID|--all]", "list what waits for the network, or try it again now", admin_outbox },
  { "keys", "list|introduce|pin|retire", "list keys; make somebody's key one that mail is encrypted for", admin_keys },
  { "roster", "", "list the people of the office, and who changed what", admin_roster },
  { "timers", "[REF]", "list what waits for a date, and why that date", admin_timers },
  { "knowledge", "", "list the knowledge articles: sent, helped, did not help, review dates", admin_knowledge },
  { "program", "check|graph|simulate|diff|show", "look at the program definition", verb_program },
  { "replay", "--all", "recompute the journal from the stored messages and compare", admin_replay },
  { "fsck", "", "check the journal's chain and the archive's hashes", admin_fsck },
  { "backup", "DIR", "copy the whole office, while it runs", admin_backup },
  { "restore", "DIR", "put a backup back in place, and check it", admin_restore },
  { "rebuild", "--from MAILBOX", "make a lost database again from the mail store", admin_rebuild },
  { "status", "", "show how the office is", admin_status },
  { NULL }
};

int
admin_error (const GError *error)
{
  fprintf (stderr, "qecp: %s\n", error->message);
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_STORE)
             || g_error_matches (error, QEC_ERROR, QEC_ERROR_TRANSIENT)
           ? ADMIN_STORE
           : ADMIN_CALL;
}

bool
admin_options (int *argc, char ***argv, const GOptionEntry *entries, const char *arguments,
               const char *summary, int *status)
{
  g_autofree char *line = g_strconcat (arguments, NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (line);
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;
  const GOptionEntry own[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    { NULL }
  };

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, own, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_summary (context, summary);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      fprintf (stderr, "qecp: %s\n", error->message);
      *status = ADMIN_CALL;
      return false;
    }
  if (!help)
    return true;
  g_autofree char *text = g_option_context_get_help (context, FALSE, NULL);
  fputs (text, stdout);
  *status = ADMIN_YES;
  return false;
}

Office *
admin_office (const char *config, bool with_reader, GError **error)
{
  g_autoptr (Office) office = NULL;
  g_autoptr (GError) inner = NULL;

  log_set_least (LOG_ERR);
  office = office_open (config, with_reader, error);
  if (office == NULL)
    return NULL;
  g_autofree char *version = office_fact (office->store, "definition", &inner);
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  office->definition = version != NULL
                         ? definition_load_rules (office->store, office->archive, version, error)
                         : definition_read (office->options->rules, office->options->roster,
                                            office->options->templates, error);
  return office->definition != NULL && roster_refresh (office, clock_now (), error)
           ? g_steal_pointer (&office)
           : NULL;
}

void
admin_progress (const char *what, gint64 done, gint64 of)
{
  static gint64 shown;
  gint64 tenth = g_get_monotonic_time () / (G_USEC_PER_SEC / 10);

  if (tenth == shown || !isatty (fileno (stderr)))
    return;
  shown = tenth;
  fprintf (stderr, "\r%s %" G_GINT64_FORMAT "%% of %" G_GINT64_FORMAT "   ", what,
           of > 0 ? 100 * done / of : 0, of);
}

void
admin_progress_end (void)
{
  if (isatty (fileno (stderr)))
    fputs ("\r\033[K", stderr);
}

char *
admin_table_text (const char *const *head, guint n, const GPtrArray *cells)
{
  g_autofree glong *width = g_new0 (glong, n);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    width[i] = g_utf8_strlen (head[i], -1);
  for (guint i = 0; i < cells->len; i++)
    width[i % n] = MAX (width[i % n], g_utf8_strlen (cells->pdata[i], -1));
  for (guint i = 0; i < n + cells->len; i++)
    {
      const char *text = i < n ? head[i] : cells->pdata[i - n];
      guint column = i % n;
      glong pad = column + 1 < n ? width[column] - g_utf8_strlen (text, -1) + 2 : 0;

      g_string_append_printf (out, "%s%*s%s", text, (int) pad, "", column + 1 < n ? "" : "\n");
    }
  return g_string_free (out, FALSE);
}

void
admin_table (const char *const *head, guint n, const GPtrArray *cells)
{
  g_autofree char *text = admin_table_text (head, n, cells);

  fputs (text, stdout);
}

void
admin_print_json (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  puts (text);
}

void
admin_print_list (JsonArray *array, bool json, const char *const *head, guint n,
                  const GPtrArray *cells, const char *nothing)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_set_array (node, array);
  if (json)
    admin_print_json (node);
  else if (cells->len > 0)
    admin_table (head, n, cells);
  else if (nothing != NULL)
    puts (nothing);
}
