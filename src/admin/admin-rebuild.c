/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp rebuild --from MAILBOX`: a database that is lost, made again from the mail that the office
 * filed and held.
 *
 * Nothing is sent, and nothing in the mail store changes.  The database has its name when it is
 * whole, and not before.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json-add.h"
#include "base/log.h"
#include "case/case-store.h"
#include "engine/engine-rebuild.h"

typedef struct {
  Office *office;
  GPtrArray *from;         /* OptionsMailbox, in the order of the configuration; their text is
                            * borrowed */
  EngineRebuilt result;
  GPtrArray *gone;         /* char *: what could not be recovered */
  gint64 cases, open;
  gint64 events, files;
} Rebuild;

static void
rebuild_clear (Rebuild *r)
{
  g_clear_pointer (&r->from, g_ptr_array_unref);
  g_clear_pointer (&r->gone, g_ptr_array_unref);
  engine_rebuilt_clear (&r->result);
  g_clear_pointer (&r->office, office_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rebuild, rebuild_clear)

/* --- where from ------------------------------------------------------------------------------- */

static bool
no_such_mailbox (const Options *o, const char *text, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < o->mailboxes->len; i++)
    g_string_append_printf (names, "%s, ", ((const OptionsMailbox *) o->mailboxes->pdata[i])->name);
  return error_refuse (error,
                       "there is no mailbox '%s' in %s: write --from all, one of %sthe path of a "
                       "Maildir, or NAME=PATH",
                       text, o->file, names->str);
}

/* PATH (NULL: as configured) is mailbox N; a Maildir has to be there, because an empty one would
 * look like an office without mail. */
static bool
choose (const Options *o, OptionsMailbox *chosen, bool *is_chosen, guint n, const char *path,
        GError **error)
{
  chosen[n] = *(const OptionsMailbox *) o->mailboxes->pdata[n];
  is_chosen[n] = true;
  if (path != NULL)
    {
      chosen[n].kind = (char *) "maildir";
      chosen[n].path = (char *) path;
    }
  g_autofree char *cur =
    strcmp (chosen[n].kind, "maildir") == 0 ? g_build_filename (chosen[n].path, "cur", NULL) : NULL;
  return cur == NULL || g_file_test (cur, G_FILE_TEST_IS_DIR)
         || error_refuse (error, "%s: it is no Maildir", chosen[n].path);
}

static bool
choose_all (const Options *o, OptionsMailbox *chosen, bool *is_chosen, GError **error)
{
  for (guint i = 0; i < o->mailboxes->len; i++)
    if (!choose (o, chosen, is_chosen, i, NULL, error))
      return false;
  return true;
}

/* What TEXT of --from means. */
static bool
choose_named (const Options *o, OptionsMailbox *chosen, bool *is_chosen, const char *text,
              GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strndup (text, equals - text) : g_strdup (text);

  if (strcmp (text, "all") == 0)
    return choose_all (o, chosen, is_chosen, error);
  for (guint i = 0; i < o->mailboxes->len; i++)
    if (strcmp (((const OptionsMailbox *) o->mailboxes->pdata[i])->name, name) == 0)
      return choose (o, chosen, is_chosen, i, equals != NULL ? equals + 1 : NULL, error);
  if (strchr (text, '/') != NULL || g_file_test (text, G_FILE_TEST_IS_DIR))
    return choose (o, chosen, is_chosen, 0, text, error);
  return no_such_mailbox (o, text, error);
}

/* OptionsMailbox of its own each, from the configuration of R's office; what is left out is said to
 * be missing. */
static bool
find_sources (Rebuild *r, char *const *texts, GError **error)
{
  const Options *o = r->office->options;
  g_autofree OptionsMailbox *chosen = g_new0 (OptionsMailbox, o->mailboxes->len);
  g_autofree bool *is_chosen = g_new0 (bool, o->mailboxes->len);

  for (; *texts != NULL; texts++)
    if (!choose_named (o, chosen, is_chosen, *texts, error))
      return false;
  for (guint i = 0; i < o->mailboxes->len; i++)
    if (is_chosen[i])
      g_ptr_array_add (r->from, g_memdup2 (&chosen[i], sizeof chosen[i]));
    else
      g_ptr_array_add (r->gone,
                       g_strdup_printf ("What came to mailbox %s, which was not read.",
                                        ((const OptionsMailbox *) o->mailboxes->pdata[i])->name));
  return true;
}

/* --- before ----------------------------------------------------------------------------------- */

#define TOKENS "the Message-IDs and reply addresses of all mail that was sent are proven with it"
#define GO_BY  "go by who takes part in a case, or are held"

/* Without its key the office does not know its own mail any more. */
static bool
look_at_key (const Options *o, bool new_key, GPtrArray *gone, GError **error)
{
  bool there = g_file_test (o->key_file, G_FILE_TEST_EXISTS);

  if (there && new_key)
    return error_refuse (error, "%s: the key is there, and no other is needed; leave --new-key out",
                         o->key_file);
  if (there)
    return true;
  if (!new_key)
    return error_refuse (
      error,
      "%s: the office's key is missing, and " TOKENS
      ".  Put it back from a backup.  If there is none, --new-key "
      "makes another: answers to mail that was sent before then prove nothing, and " GO_BY,
      o->key_file);
  g_ptr_array_add (
    gone,
    g_strdup ("The office's key: answers to mail that was sent before prove nothing; they " GO_BY
              "."));
  return office_key_create (o->key_file, error);
}

/* --- afterwards ------------------------------------------------------------------------------- */

static bool
count_case (Store *store, gint64 id, gpointer data, GError **error)
{
  Rebuild *r = data;
  g_autoptr (Case) c = case_load (store, id, error);

  r->cases++;
  r->open += c != NULL && c->open;
  return c != NULL;
}

static void
say_what_is_gone (Rebuild *r)
{
  static const char *const always[] = {
    "What mail servers answered to our mail, but for reports that came back by mail.",
    "That rules, roster file and templates were others before: all that happened was decided anew by those of today.",
    "Alarms to the administrator, and mails because of what a mail server refused at once.",
    "What was done by hand and without a mail, such as qecp keys pin, as far as its files are lost.",
    NULL
  };

  if (r->result.unknown > 0)
    g_ptr_array_add (
      r->gone,
      g_strdup_printf ("What %" G_GINT64_FORMAT
                       " messages answer: mail of ours to somebody else, or sent with another key.",
                       r->result.unknown));
  for (guint i = 0; always[i] != NULL; i++)
    g_ptr_array_add (r->gone, g_strdup (always[i]));
}

static void
say_findings (const Rebuild *r, GPtrArray *findings)
{
  for (guint i = 0; i < r->result.findings->len; i++)
    g_ptr_array_add (findings, g_strdup (r->result.findings->pdata[i]));
  if (r->result.lost > REBUILT_SHOWN)
    g_ptr_array_add (findings, g_strdup_printf ("and %" G_GINT64_FORMAT " more such messages",
                                                r->result.lost - REBUILT_SHOWN));
}

static void
print_json (const Rebuild *r, const GPtrArray *findings)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();
  const EngineRebuilt *is = &r->result;
  g_autofree char *last = clock_format (is->last), *until = clock_format (is->until);

  json_builder_begin_object (b);
  json_add_string (b, "database", r->office->options->database);
  json_builder_set_member_name (b, "from");
  json_builder_begin_array (b);
  for (guint i = 0; i < r->from->len; i++)
    json_builder_add_string_value (b, ((const OptionsMailbox *) r->from->pdata[i])->name);
  json_builder_end_array (b);
  json_add_string (b, "last_message", last);
  json_add_string (b, "until", until);
  json_add_int (b, "messages", is->filed + is->answered + is->held);
  json_add_int (b, "answered", is->answered);
  json_add_int (b, "filed", is->filed);
  json_add_int (b, "held", is->held);
  json_add_int (b, "copies", is->copies);
  json_add_int (b, "waiting", is->waiting);
  json_add_int (b, "cases", r->cases);
  json_add_int (b, "open", r->open);
  json_add_int (b, "regarded_as_sent", is->mails);
  json_add_int (b, "due_after_last_message", is->uncertain);
  json_add_int (b, "answers_unproven", is->unknown);
  json_add_int (b, "events", r->events);
  json_add_int (b, "archived", r->files);
  json_add_array (b, "findings", findings);
  json_add_array (b, "not_recovered", r->gone);
  json_builder_end_object (b);
  g_autoptr (JsonNode) node = json_builder_get_root (b);
  admin_print_json (node);
}

static void
print_text (const Rebuild *r, const GPtrArray *findings)
{
  const EngineRebuilt *is = &r->result;
  const Calendar *calendar = r->office->definition->program->calendar;
  g_autofree char *first = calendar_short (calendar, is->first),
                  *last = calendar_short (calendar, is->last);
  g_autofree char *until = calendar_short (calendar, is->until);

  printf ("%s was made again from the mail of", r->office->options->database);
  for (guint i = 0; i < r->from->len; i++)
    printf ("%s %s", i > 0 ? "," : "", ((const OptionsMailbox *) r->from->pdata[i])->name);
  printf (", %s to %s.\n", first, last);
  printf ("  messages   %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " answered, %" G_GINT64_FORMAT
          " filed, %" G_GINT64_FORMAT " held when they came\n",
          is->filed + is->answered + is->held, is->answered, is->filed, is->held);
  printf ("  cases      %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " of them open\n", r->cases,
          r->open);
  printf ("  mails      %" G_GINT64_FORMAT
          " are regarded as sent before; none was sent, and none of them will be\n",
          is->mails);
  printf ("  clock      ran until %s; what is due later is sent by qecpd\n", until);
  if (is->waiting > 0)
    printf ("  waiting    %" G_GINT64_FORMAT " where mail arrives: qecpd takes them in\n",
            is->waiting);
  if (is->uncertain > 0)
    printf ("%" G_GINT64_FORMAT " of these mails came due after the last message, of %s.  If the "
                                "office did not run any more then, move the new\n"
            "database away, and begin again with --until and the time when it stopped: then qecpd "
            "sends them.\n",
            is->uncertain, last);
  puts ("Not recovered:");
  for (guint i = 0; i < r->gone->len; i++)
    printf ("  %s\n", (const char *) r->gone->pdata[i]);
  if (findings->len == 0)
    return;
  puts ("Not consistent: messages are missing in the folders, or rules, roster or configuration "
        "are others than they were.");
  for (guint i = 0; i < findings->len; i++)
    printf ("  %s\n", (const char *) findings->pdata[i]);
}

/* Looked through before it has its name; what is found is told, because a database with a gap is
 * better than none. */
static bool
finish (Rebuild *r, GPtrArray *findings, GError **error)
{
  return case_each (r->office->store, count_case, r, error)
         && admin_check_office (r->office, &r->events, &r->files, findings, error)
         && office_remade (r->office, error);
}

/* --- the verb --------------------------------------------------------------------------------- */

static bool
open_office (Rebuild *r, const char *config, bool new_key, GError **error)
{
  g_autoptr (Options) options = options_read (config, error);

  if (options == NULL || !store_is_free (options->database, error))
    {
      if (options != NULL)
        g_prefix_error (error,
                        "nothing was done; move away what is there, if it is to be made again: ");
      return false;
    }
  if (!look_at_key (options, new_key, r->gone, error))
    return false;
  r->office = office_remake (config, error);
  return r->office != NULL;
}

static int
rebuild (Rebuild *r, const char *config, char *const *from, gint64 until, bool new_key, bool json)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  bool good =
    open_office (r, config, new_key, &error) && find_sources (r, from, &error)
    && engine_rebuild (r->office, r->from, until, clock_now (), admin_progress, &r->result, &error)
    && finish (r, findings, &error);

  admin_progress_end ();
  if (!good)
    return admin_error (error);
  say_what_is_gone (r);
  say_findings (r, findings);
  if (json)
    print_json (r, findings);
  else
    print_text (r, findings);
  return findings->len > 0 ? ADMIN_NO : ADMIN_YES;
}

int
admin_rebuild (int argc, char **argv, const char *config)
{
  g_auto (GStrv) from = NULL;
  g_autofree char *until_text = NULL;
  gboolean json = FALSE, new_key = FALSE;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING_ARRAY, &from, "A mailbox of the configuration, all of them, or a Maildir; may be repeated",
      "NAME|all|PATH|NAME=PATH" },
    { "until", 0, 0, G_OPTION_ARG_STRING, &until_text, "When the lost office ran last; what was due later is still to be sent", "TIME" },
    { "new-key", 0, 0, G_OPTION_ARG_NONE, &new_key, "The office's key is lost, too: make another", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL }
  };
  g_auto (Rebuild) r = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 until = G_MAXINT64;
  int status;

  if (!admin_options (&argc, &argv, entries, "--from MAILBOX - a new database from the mail store",
                      "The database is lost, or the archive as well: each message in the folders "
                      "for filed and held mail is taken in once more, at the\n"
                      "time when the mail server accepted it, with the clock in between.  Nothing "
                      "is sent, and nothing in the mail store changes.\n"
                      "Stop qecpd before, and put configuration, rules, roster, templates and "
                      "office.key back; run it as the user the office runs as.\n"
                      "Exit status 1: the database is there, but messages seem to be missing.",
                      &status))
    return status;
  if (argc != 1 || from == NULL
      || (until_text != NULL && !clock_parse (until_text, &until, &error)))
    {
      fprintf (
        stderr, "qecp: %s\n",
        error != NULL
          ? error->message
          : "rebuild needs a mailbox, such as: qecp --config office/qecp.conf rebuild --from all");
      return ADMIN_CALL;
    }
  log_set_least (LOG_ERR);
  r.from = g_ptr_array_new_with_free_func (g_free);
  r.gone = g_ptr_array_new_with_free_func (g_free);
  return rebuild (&r, config, from, until, new_key, json);
}
