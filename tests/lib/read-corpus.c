/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs mail that nobody here wrote through the reader, and compares with what others say is in it.  TAP on stdout.
 *
 *   read-corpus CORPORA
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "message/message-private.h"

static guint test;

static void
result (bool ok, const char *what, guint good, guint all)
{
  printf ("%s %u - %s: %u of %u\n", ok ? "ok" : "not ok", ++test, what, good, all);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
files_of (const char *folder, const char *suffix)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix))
      g_ptr_array_add (files, g_build_filename (folder, name, NULL));
  if (dir != NULL)
    g_dir_close (dir);
  g_ptr_array_sort (files, by_name);
  return files;
}

static Message *
read_file (Reader *reader, const char *file)
{
  int fd = open (file, O_RDONLY | O_CLOEXEC);
  g_autoptr (GError) error = NULL;
  Message *m = fd >= 0 ? reader_read (reader, fd, &error) : NULL;

  if (fd >= 0)
    close (fd);
  if (m == NULL)
    printf ("# %s: %s\n", file, error != NULL ? error->message : "cannot be opened");
  return m;
}

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
      g_autoptr (GPtrArray) files = files_of (folder, sets[i].suffix);

      for (guint k = 0; k < files->len; k++)
        {
          g_autoptr (Message) m = read_file (reader, g_ptr_array_index (files, k));

          all++;
          good += m != NULL;
        }
    }
  result (good == all && all > 0, "every file has facts", good, all);
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

      if (json_node_get_value_type (n) == G_TYPE_STRING && strcmp (json_node_get_string (n), name) == 0)
        return json_object_get_member (h, "value");
    }
  return NULL;
}

static char *
expected_text (JsonObject *root, const char *name)
{
  JsonNode *value = expected_header (root, name);

  if (value == NULL || !JSON_NODE_HOLDS_OBJECT (value) || !json_object_has_member (json_node_get_object (value), "Text"))
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

      leaves += !JSON_NODE_HOLDS_OBJECT (body) || !json_object_has_member (json_node_get_object (body), "Multipart");
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
  g_autoptr (Message) m = read_file (reader, file);

  if (m == NULL || !json_parser_load_from_file (parser, json, NULL))
    return;
  JsonArray *parts = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "parts");
  JsonObject *root = json_array_get_object_element (parts, 0);
  g_autofree char *subject = expected_text (root, "subject");
  g_autofree char *id = expected_text (root, "message_id");

  s->files++;
  s->leaves += expected_leaves (parts) == m->parts->len;
  if (subject != NULL && strstr (subject, "\xef\xbf\xbd") == NULL) /* where they gave up, we need not */
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
      g_autoptr (GPtrArray) files = files_of (folder, ".eml");

      for (guint k = 0; k < files->len; k++)
        compare_structure (reader, g_ptr_array_index (files, k), &s);
    }
  result (s.files > 0 && s.leaves * 100 >= s.files * 98, "leaf parts agree", s.leaves, s.files);
  result (s.subjects == s.subjects_all, "subjects agree", s.subjects, s.subjects_all);
  result (s.ids == s.ids_all, "message identifiers agree", s.ids, s.ids_all);
}

/* --- delivery reports ------------------------------------------------------------------------- */

typedef struct {
  guint files, kinds, rows, status, status_all, codes, hard;
} Bounces;

static const MessageReport *
report_at (const Message *m, guint i)
{
  return i < m->reports->len ? g_ptr_array_index (m->reports, i) : NULL;
}

/* FIELDS: file, index, status, reply code, reason, hard. */
static void
compare_report (const Message *m, char **fields, Bounces *b)
{
  const MessageReport *r = report_at (m, (guint) atoi (fields[1]));
  /* "x.0.9nn" is that corpus' own number for "no status given". */
  bool invented = strlen (fields[2]) == 7 && strncmp (fields[2] + 1, ".0.9", 4) == 0;

  b->rows++;
  b->status_all += !invented;
  if (r == NULL)
    return;
  b->status += !invented && g_str_equal (r->status, fields[2]);
  b->codes += g_str_equal (r->reply_code, fields[3]);
  b->hard += r->hard == (fields[5][0] == '1');
}

static void
check_bounces (Reader *reader, const char *corpora)
{
  g_autofree char *table = g_build_filename (corpora, "bounces", "expected.tsv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (Message) m = NULL;
  Bounces b = { 0 };

  if (!g_file_get_contents (table, &text, NULL, NULL))
    return result (false, "bounces/expected.tsv", 0, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", -1);
      bool feedback, vacation;

      if (*lines[i] == '#' || g_strv_length (fields) < 6)
        continue;
      feedback = g_str_equal (fields[4], "feedback");
      vacation = g_str_equal (fields[4], "vacation");
      if (g_str_equal (fields[1], "0"))
        {
          g_autofree char *file = g_build_filename (corpora, "bounces", "eml", fields[0], NULL);

          g_clear_pointer (&m, message_free);
          m = read_file (reader, file);
          if (m == NULL)
            continue;
          b.files++;
          b.kinds += m->machine == (feedback ? MACHINE_FEEDBACK_REPORT : vacation ? MACHINE_AUTO_REPLY : MACHINE_DELIVERY_REPORT);
        }
      if (m != NULL && !feedback && !vacation)
        compare_report (m, fields, &b);
    }
  result (b.kinds * 100 >= b.files * 90, "kinds of reports", b.kinds, b.files);
  result (b.status * 100 >= b.status_all * 85, "enhanced status given in the mail", b.status, b.status_all);
  result (b.codes * 100 >= b.rows * 75, "reply codes", b.codes, b.rows);
  result (b.hard * 100 >= b.rows * 70, "for good or not", b.hard, b.rows);
}

static void
check_no_bounces (Reader *reader, const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "bounces", "not-a-bounce", NULL);
  g_autoptr (GPtrArray) files = files_of (folder, ".eml");
  guint good = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (Message) m = read_file (reader, g_ptr_array_index (files, i));

      good += m != NULL && m->machine != MACHINE_DELIVERY_REPORT && m->reports->len == 0;
    }
  result (good == files->len && good > 0, "what only looks like a report", good, files->len);
}

/* --- replies ------------------------------------------------------------------------------------- */

static char *
without_line_ends (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_strchomp (lines[i]);
  char *joined = g_strjoinv ("\n", lines);
  return g_strchomp (joined);
}

static bool
holds_every_word (const char *text, const char *words)
{
  g_auto (GStrv) each = g_strsplit_set (words, " \t\n", -1);

  for (guint i = 0; each[i] != NULL; i++)
    if (strstr (text, each[i]) == NULL)
      return false;
  return true;
}

static void
check_replies (const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "replies", "emails", NULL);
  g_autoptr (GPtrArray) files = files_of (folder, ".txt");
  guint exact = 0, whole = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *name = g_path_get_basename (g_ptr_array_index (files, i));
      g_autofree char *wanted_file = g_build_filename (corpora, "replies", "trimmed", name, NULL);
      g_autofree char *raw = NULL;
      g_autofree char *wanted = NULL;
      g_autofree char *own = NULL;
      g_autofree char *quoted = NULL;
      gsize n;

      if (!g_file_get_contents (g_ptr_array_index (files, i), &raw, &n, NULL) ||
          !g_file_get_contents (wanted_file, &wanted, NULL, NULL))
        continue;
      g_autofree char *text = clean_text (raw, (gssize) n);
      quote_split (text, &own, &quoted);
      g_autofree char *got_lines = without_line_ends (own);
      g_autofree char *wanted_lines = without_line_ends (wanted);
      exact += g_str_equal (got_lines, wanted_lines);
      if (holds_every_word (own, wanted))
        whole++;
      else
        printf ("# %s loses a word\n", name);
    }
  result (files->len > 0 && exact * 100 >= files->len * 90, "own words exactly", exact, files->len);
  result (files->len > 0 && whole == files->len, "no own word is lost", whole, files->len);
}

/* --- PDF files, as attachments --------------------------------------------------------------------------- */

static Message *
read_attached (Reader *reader, const char *file)
{
  g_autofree char *raw = NULL;
  gsize n;

  if (!g_file_get_contents (file, &raw, &n, NULL))
    return NULL;
  g_autofree char *base64 = g_base64_encode ((const guchar *) raw, n);
  g_autofree char *mail = g_strconcat ("From: a@b.example\nMIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\n"
                                       "Content-Transfer-Encoding: base64\n\n", base64, "\n", NULL);
  int fd = memfd_create ("mail", MFD_CLOEXEC);
  Message *m = write (fd, mail, strlen (mail)) == (gssize) strlen (mail) ? reader_read (reader, fd, NULL) : NULL;

  close (fd);
  return m;
}

static void
check_pdfs (Reader *reader, const char *corpora)
{
  g_autofree char *folder = g_build_filename (corpora, "pdf", "pyhanko", NULL);
  g_autoptr (GPtrArray) files = files_of (folder, ".pdf");
  guint read = 0, forms = 0;

  for (guint i = 0; i < files->len; i++)
    {
      g_autoptr (Message) m = read_attached (reader, g_ptr_array_index (files, i));
      const MessagePart *part = m != NULL && m->parts->len == 1 ? m->parts->pdata[0] : NULL;
      bool good = part != NULL && part->document != NULL && (part->document->flaws & FLAW_NOT_READ) == 0;

      read += good;
      forms += good && part->document->fields->len > 0;
      if (!good)
        printf ("# no facts: %s\n", (const char *) g_ptr_array_index (files, i));
    }
  printf ("# %u of them have fields to fill in\n", forms);
  result (files->len > 0 && read == files->len, "PDF files have the facts of a document", read, files->len);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Reader) reader = reader_new (NULL, &error);

  if (reader == NULL || argc != 2)
    {
      printf ("Bail out! %s\n", error != NULL ? error->message : "usage: read-corpus CORPORA");
      return 1;
    }
  message_preload ();
  check_all (reader, argv[1]);
  check_structure (reader, argv[1]);
  check_bounces (reader, argv[1]);
  check_no_bounces (reader, argv[1]);
  check_replies (argv[1]);
  check_pdfs (reader, argv[1]);
  printf ("1..%u\n", test);
  return 0;
}
