/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mailbox from the command line, for the shell tests:
 *
 *   mailbox-driver NAME=VALUE... VERB...
 *
 * Names are those of MailboxOptions.  Verbs, done in turn until one fails:
 *
 *   list             item UIDVALIDITY UID SIZE RECEIVED      for each
 *   fetch            message UID BYTES SHA256                for each of the list
 *   fetch-failing    the sink fails at the first message
 *   file:UID hold:UID  move one; file:all hold:all           all of the list
 *   watch:SECONDS    watch ready|woke|quiet|none MILLISECONDS
 *   close  rss       log out; peak memory in KB
 *   pause:FILE       make FILE and wait until it is gone
 *
 * A failure is "error CODE MESSAGE" and exit status 1.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "mailbox/mailbox.h"

static const char *const codes[] = { "TRANSIENT", "PERMANENT", "INVALID", "CONFIG", "STORE" };

static MailboxOptions options = {
  .kind = MAILBOX_IMAP, .host = "localhost", .folder = "INBOX", .user = "office",
  .filed = "Filed", .held = "Held", .timeout_s = 10,
};

static GArray *items;

static int
choose (const char *value, const char *const *names)
{
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp (names[i], value) == 0)
      return i;
  g_error ("unknown value %s", value);
}

static void
set_option (const char *name, const char *value)
{
  static const char *const kinds[] = { "maildir", "imap", NULL };
  static const char *const tls[] = { "implicit", "starttls", "none", NULL };
  static const char *const auth[] = { "login", "plain", "xoauth2", NULL };
  const struct { const char *name, **text; } texts[] = {
    { "path", &options.path }, { "host", &options.host }, { "folder", &options.folder },
    { "ca", &options.ca_file }, { "user", &options.user }, { "secret", &options.secret_file },
    { "token", &options.token_command }, { "filed", &options.filed }, { "held", &options.held },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (name, texts[i].name) == 0)
      *texts[i].text = value[0] != '\0' ? value : NULL;
  if (strcmp (name, "kind") == 0)
    options.kind = choose (value, kinds);
  if (strcmp (name, "tls") == 0)
    options.tls = choose (value, tls);
  if (strcmp (name, "auth") == 0)
    options.auth = choose (value, auth);
  if (strcmp (name, "port") == 0)
    options.port = atoi (value);
  if (strcmp (name, "timeout") == 0)
    options.timeout_s = (guint) atoi (value);
}

typedef struct {
  GChecksum *sum;
  guint64 bytes;
  bool failing;
} Sum;

static bool
sum_begin (gpointer data, const MailboxItem *item, GError **error)
{
  Sum *sum = data;

  if (sum->failing)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "no room");
      return false;
    }
  sum->sum = g_checksum_new (G_CHECKSUM_SHA256);
  sum->bytes = 0;
  return true;
}

static bool
sum_bytes (gpointer data, const guint8 *bytes, gsize n, GError **error)
{
  Sum *sum = data;

  g_checksum_update (sum->sum, bytes, (gssize) n);
  sum->bytes += n;
  return true;
}

static bool
sum_end (gpointer data, const MailboxItem *item, GError **error)
{
  Sum *sum = data;

  printf ("message %u %" G_GUINT64_FORMAT " %s\n", item->uid, sum->bytes,
          g_checksum_get_string (sum->sum));
  g_clear_pointer (&sum->sum, g_checksum_free);
  return true;
}

static void
sum_abandon (gpointer data)
{
  Sum *sum = data;

  printf ("abandoned\n");
  g_clear_pointer (&sum->sum, g_checksum_free);
}

static bool
do_list (Mailbox *mailbox, GError **error)
{
  g_clear_pointer (&items, g_array_unref);
  items = mailbox_list (mailbox, error);
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const MailboxItem *item = &g_array_index (items, MailboxItem, i);

      printf ("item %u %u %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT "\n", item->uidvalidity,
              item->uid, item->size, item->received_at);
    }
  return items != NULL;
}

static bool
do_fetch (Mailbox *mailbox, bool failing, GError **error)
{
  const MailboxSink sink = { sum_begin, sum_bytes, sum_end, sum_abandon };
  Sum sum = { .failing = failing };

  return mailbox_fetch (mailbox, (const MailboxItem *) items->data, items->len, &sink, &sum,
                        error);
}

static bool
do_move (Mailbox *mailbox, const char *which, MailboxTarget target, GError **error)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 one = (guint32) strtoul (which, NULL, 10);

  for (guint i = 0; i < items->len; i++)
    {
      guint32 uid = g_array_index (items, MailboxItem, i).uid;

      if (one == 0 || one == uid)
        g_array_append_val (uids, uid);
    }
  if (!mailbox_move (mailbox, g_array_index (items, MailboxItem, 0).uidvalidity,
                     (const guint32 *) uids->data, uids->len, target, error))
    return false;
  printf ("moved %u\n", uids->len);
  return true;
}

static bool
do_watch (Mailbox *mailbox, int seconds, GError **error)
{
  gint64 start = clock_monotonic_ms ();
  int fd = -1;

  if (!mailbox_watch (mailbox, &fd, error))
    return false;
  struct pollfd pfd = { fd, POLLIN, 0 };
  const char *how = "none";

  if (fd >= 0)
    how = poll (&pfd, 1, 0) > 0 ? "ready" : poll (&pfd, 1, seconds * 1000) > 0 ? "woke" : "quiet";
  printf ("watch %s %d\n", how, (int) (clock_monotonic_ms () - start));
  return mailbox_unwatch (mailbox, error);
}

static void
do_pause (const char *file)
{
  g_file_set_contents (file, "", 0, NULL);
  for (int i = 0; i < 3000 && g_file_test (file, G_FILE_TEST_EXISTS); i++)
    g_usleep (10000);
}

static void
show_memory (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  printf ("rss %ld\n", usage.ru_maxrss);
}

static bool
run (Mailbox *mailbox, const char *verb, GError **error)
{
  const char *colon = strchr (verb, ':');
  const char *what = colon != NULL ? colon + 1 : "";

  if (strcmp (verb, "list") == 0)
    return do_list (mailbox, error);
  if (strcmp (verb, "fetch") == 0 || strcmp (verb, "fetch-failing") == 0)
    return do_fetch (mailbox, verb[5] != '\0', error);
  if (g_str_has_prefix (verb, "file:"))
    return do_move (mailbox, what, MAILBOX_TO_FILED, error);
  if (g_str_has_prefix (verb, "hold:"))
    return do_move (mailbox, what, MAILBOX_TO_HELD, error);
  if (g_str_has_prefix (verb, "watch:"))
    return do_watch (mailbox, atoi (what), error);
  if (g_str_has_prefix (verb, "pause:"))
    do_pause (what);
  else if (strcmp (verb, "close") == 0)
    mailbox_close (mailbox);
  else if (strcmp (verb, "rss") == 0)
    show_memory ();
  else
    g_error ("unknown verb %s", verb);
  return true;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int i = 1;

  setvbuf (stdout, NULL, _IOLBF, 0);
  for (; i < argc && strchr (argv[i], '=') != NULL; i++)
    {
      char *value = strchr (argv[i], '=');

      *value = '\0';
      set_option (argv[i], value + 1);
    }
  g_autoptr (Mailbox) mailbox = mailbox_new ("test", &options);

  for (; error == NULL && i < argc; i++)
    if (!run (mailbox, argv[i], &error))
      printf ("error %s %s\n", codes[error->code], error->message);
  g_clear_pointer (&items, g_array_unref);
  return error != NULL;
}
