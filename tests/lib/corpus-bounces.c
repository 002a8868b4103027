/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports, feedback reports and automatic answers of many systems, against a table of what
 * they say.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/corpus.h"

typedef struct {
  guint good, all, good_held, all_held;
} Figure;

typedef struct {
  Figure kinds, recipients, status, codes, hard, reasons;
  bool held;
} Bounces;

static void
count (const Bounces *b, Figure *f, bool good)
{
  f->all++;
  f->good += good;
  f->all_held += b->held;
  f->good_held += b->held && good;
}

static void
say (guint floor, const char *what, const Figure *f)
{
  corpus_result_held (floor, what, f->good, f->all, f->good_held, f->all_held);
}

/* FIELDS: file, index, status, reply code, reason, hard. */
static void
compare_report (const Message *m, char **fields, Bounces *b)
{
  static char nothing[] = "";
  static const MessageReport none = { .recipient = nothing, .action = nothing, .status = nothing,
                                      .reply_code = nothing, .reason = nothing };
  guint i = (guint) atoi (fields[1]);
  const MessageReport *r = i < m->reports->len ? g_ptr_array_index (m->reports, i) : &none;
  /* "x.0.9nn" is that table's own number for "no status given". */
  bool invented = strlen (fields[2]) == 7 && strncmp (fields[2] + 1, ".0.9", 4) == 0;
  bool reason = g_str_equal (r->reason, g_str_equal (fields[4], "undefined") ? "" : fields[4]);
  bool hard = r != &none && r->hard == (fields[5][0] == '1');

  count (b, &b->recipients, strchr (r->recipient, '@') != NULL);
  if (!invented)
    count (b, &b->status, g_str_equal (r->status, fields[2]));
  count (b, &b->codes, g_str_equal (r->reply_code, fields[3]));
  count (b, &b->reasons, reason);
  count (b, &b->hard, hard);
  if (!reason || !hard || r == &none || (!invented && !g_str_equal (r->status, fields[2]))
      || !g_str_equal (r->reply_code, fields[3]))
    corpus_row ("%s %s %s: <%s> %s, status %s for %s, code %s for %s, %s for %s%s",
                b->held ? "held" : "open", fields[0], fields[1], r->recipient, r->action, r->status,
                fields[2], r->reply_code, fields[3], r->reason, fields[4], hard ? "" : ", HARD");
}

static void
compare_kind (const Message *m, char **fields, Bounces *b)
{
  MessageMachine want = g_str_equal (fields[4], "feedback")   ? MACHINE_FEEDBACK_REPORT
                        : g_str_equal (fields[4], "vacation") ? MACHINE_AUTO_REPLY
                                                              : MACHINE_DELIVERY_REPORT;

  count (b, &b->kinds, m->machine == want);
  if (m->machine != want)
    corpus_row ("%s %s: %s for %s", b->held ? "held" : "open", fields[0],
                message_machine_name (m->machine), fields[4]);
}

static void
not_a_bounce (Reader *reader, const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "bounces", "not-a-bounce", NULL);
  g_autoptr (GPtrArray) files = corpus_files (folder, ".eml");
  guint good = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (Message) m = corpus_read (reader, g_ptr_array_index (files, i));

      good += m != NULL && m->machine != MACHINE_DELIVERY_REPORT && m->reports->len == 0;
      if (m != NULL && m->machine == MACHINE_DELIVERY_REPORT)
        corpus_row ("%s: %s", (char *) g_ptr_array_index (files, i), m->machine_why);
    }
  corpus_result (100, "what only looks like a report", good, files->len);
}

void
corpus_bounces (Reader *reader, const char *corpora)
{
  g_autofree char *table = g_build_filename (corpora, "bounces", "expected.tsv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (Message) m = NULL;
  Bounces b = { 0 };

  if (!g_file_get_contents (table, &text, NULL, NULL))
    return corpus_result (100, "bounces/expected.tsv", 0, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);

      if (*lines[i] == '#' || g_strv_length (fields) < 6)
        continue;
      if (g_str_equal (fields[1], "0"))
        {
          g_autofree char *file = g_build_filename (corpora, "bounces", "eml", fields[0], NULL);

          g_clear_pointer (&m, message_free);
          b.held = corpus_is_held (fields[0]);
          m = corpus_read (reader, file);
          if (m != NULL)
            compare_kind (m, fields, &b);
        }
      if (m != NULL)
        compare_report (m, fields, &b);
    }
  say (98, "kinds of reports", &b.kinds);
  say (98, "recipients", &b.recipients);
  say (98, "enhanced status given in the mail", &b.status);
  say (97, "reply codes", &b.codes);
  say (95, "reasons", &b.reasons);
  say (97, "for good or not", &b.hard);
  not_a_bounce (reader, corpora);
}
