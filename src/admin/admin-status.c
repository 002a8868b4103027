/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp status` and `qecp fsck`: how the office is, and whether what it keeps is whole.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "case/case-store.h"
#include "engine/run.h"
#include "store/journal.h"

typedef struct {
  gint64 cases, open, overdue, timers;
} Count;

static bool
count_case (Store *store, gint64 id, gpointer data, GError **error)
{
  Count *count = data;
  g_autoptr (Case) c = case_load (store, id, error);

  if (c == NULL)
    return false;
  count->cases++;
  count->open += c->open;
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];

      count->timers++;
      count->overdue += timer->paused == 0 && timer->due < clock_now () - 3600;
    }
  return true;
}

typedef struct {
  const char *name, *help;
  gint64 value;
} Figure;

static void
print_figures (const Figure *figures, bool json, bool prometheus)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  for (const Figure *f = figures; f->name != NULL; f++)
    {
      if (json)
        json_object_set_int_member (object, f->name, f->value);
      else if (prometheus)
        printf ("# HELP qecp_%s %s\n# TYPE qecp_%s gauge\nqecp_%s %" G_GINT64_FORMAT "\n", f->name,
                f->help, f->name, f->name, f->value);
      else
        printf ("%8" G_GINT64_FORMAT "  %s\n", f->value, f->help);
    }
  if (json)
    admin_print_json (node);
}

/* Seconds since the least recently seen mailbox was seen; -1: one was never seen. */
static gint64
since_look (Office *office)
{
  gint64 oldest = 0;

  for (guint i = 0; i < office->options->mailboxes->len; i++)
    {
      const OptionsMailbox *o = office->options->mailboxes->pdata[i];
      g_autofree char *name = g_strdup_printf ("looked:%s", o->name);
      g_autofree char *value = office_fact (office->store, name, NULL);

      if (value == NULL)
        return -1;
      oldest = MAX (oldest, clock_now () - g_ascii_strtoll (value, NULL, 10));
    }
  return oldest;
}

int
admin_status (int argc, char **argv, const char *config)
{
  gboolean json = FALSE, prometheus = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { "prometheus", 0, 0, G_OPTION_ARG_NONE, &prometheus, "One line a figure, for a monitor", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  Count count = { 0 };
  gint64 waiting, oldest, withheld;
  g_autofree char *warning = NULL;
  int status;

  if (!admin_options (
        &argc, &argv, entries, "- how the office is",
        "Exit status 1: something is held or overdue, or the office's key needs a look.", &status))
    return status;
  g_autoptr (Office) office = admin_office (config, false, &error);
  g_autoptr (GPtrArray) held = office != NULL ? held_waiting (office->store, &error) : NULL;
  if (held == NULL || !case_each (office->store, count_case, &count, &error)
      || !outbox_count_waiting (office->store, &waiting, &oldest, &error)
      || !outbox_count_withheld (office->store, NULL, &withheld, &error))
    return admin_error (error);
  const Figure figures[] = {
    { "cases", "cases in all", count.cases },
    { "cases_open", "cases open", count.open },
    { "timers", "dates being watched", count.timers },
    { "timers_overdue", "dates more than an hour past and not yet acted on", count.overdue },
    { "held", "messages waiting for a person", held->len },
    { "outbox_waiting", "mails waiting to be delivered", waiting },
    { "outbox_oldest_seconds", "age of the oldest of them, seconds", waiting > 0 ? clock_now () - oldest : 0 },
    { "outbox_withheld", "of them kept back for want of a key", withheld },
    { "signing_key_days", "days until the office's key expires (-1: it has none)",
      admin_key_days (office->options, clock_now (), &warning) },
    { "mailbox_look_seconds", "seconds since every mailbox was seen (-1: not by a running daemon yet)",
      since_look (office) },
    { NULL, NULL, 0 }
  };
  print_figures (figures, json, prometheus);
  if (warning != NULL)
    fprintf (stderr, "qecp: warning: %s\n", warning);
  return held->len > 0 || count.overdue > 0 || withheld > 0 || warning != NULL ? ADMIN_NO
                                                                               : ADMIN_YES;
}

bool
admin_check_office (Office *office, gint64 *events, gint64 *files, GPtrArray *findings,
                    GError **error)
{
  gint64 broken;
  g_autoptr (GPtrArray) names = journal_verify (office->store, events, &broken, error)
                                  ? archived_names (office->store, error)
                                  : NULL;

  if (names == NULL)
    return false;
  *files = names->len;
  if (!outbox_bytes_verify (office->store, findings, error))
    return false;
  if (broken != 0)
    g_ptr_array_add (
      findings, g_strdup_printf ("journal: the chain breaks at event %" G_GINT64_FORMAT, broken));
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GError) inner = NULL;

      admin_progress ("archive", i, names->len);
      if (!archive_verify (office->archive, names->pdata[i], &inner))
        g_ptr_array_add (findings, g_strdup_printf ("archive: %s", inner->message));
    }
  return true;
}

int
admin_fsck (int argc, char **argv, const char *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  gint64 events, files;
  int status;

  if (!admin_options (&argc, &argv, NULL, "- check journal and archive",
                      "Exit status 1: something is not whole.", &status))
    return status;
  g_autoptr (Office) office = admin_office (config, false, &error);
  bool good = office != NULL && admin_check_office (office, &events, &files, findings, &error);
  admin_progress_end ();
  if (!good)
    return admin_error (error);
  bool chained = findings->len == 0 || !g_str_has_prefix (findings->pdata[0], "journal");
  for (guint i = 0; i < findings->len; i++)
    puts (findings->pdata[i]);
  printf ("journal: %" G_GINT64_FORMAT " events%s\narchive: %" G_GINT64_FORMAT " files, %u bad\n",
          events, chained ? ", chain whole" : " before the break", files, findings->len - !chained);
  return findings->len > 0 ? ADMIN_NO : ADMIN_YES;
}

static void
show_progress (gint64 done, gpointer data)
{
  fprintf (stderr, "\r%" G_GINT64_FORMAT " inputs", done);
}

int
admin_replay (int argc, char **argv, const char *config)
{
  gboolean all = FALSE;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, "Every input from the first on", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *difference = NULL;
  gint64 inputs, events;
  int status;

  if (!admin_options (&argc, &argv, entries, "- recompute the journal and compare",
                      "Reads the stored messages again and lets the same things happen in an empty "
                      "database; every event "
                      "must come out the same, byte for byte.\nExit status 1: something differs.",
                      &status))
    return status;
  bool terminal = g_log_writer_supports_color (fileno (stderr));
  g_autoptr (Office) office = admin_office (config, true, &error);
  if (office == NULL
      || !engine_replay (office, &inputs, &events, &difference, terminal ? show_progress : NULL,
                         NULL, &error))
    return admin_error (error);
  if (terminal)
    fprintf (stderr, "\r");
  if (difference != NULL)
    {
      printf ("differs: %s\n", difference);
      return ADMIN_NO;
    }
  printf ("equal: %" G_GINT64_FORMAT " inputs, %" G_GINT64_FORMAT " events\n", inputs, events);
  return ADMIN_YES;
}
