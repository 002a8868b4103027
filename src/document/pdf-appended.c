/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was appended to a signed PDF is revisions, each with a table of its own that lists every
 * object once and where it is: anything else some viewers see and others do not.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "document/pdf-private.h"

/* Each is read with all before it. */
#define MAX_REVISIONS 600

typedef struct {
  const PdfDoc *doc;
  gsize from, to; /* the revision */
  guint number;   /* of it, from 1 */
  PdfTable table;
  GArray *words;      /* gsize: where the word "obj" of each listed object is, in order */
  GArray *references; /* guint64: ids of what its objects refer to */
  GHashTable *added;  /* numbers that no object had when it was signed */
  char *why;          /* what is odd */
} Look;

static void say (Look *l, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The first word counts. */
static void
say (Look *l, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (l->why == NULL)
    l->why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

/* --- objects of the file ---------------------------------------------------------------------- */

static void
look_at_entry (Look *l, const PdfEntry *e)
{
  const guint8 *bytes = l->doc->bytes;
  gsize at = (gsize) MIN (e->place, l->to), word;
  guint64 number, generation;

  if (e->number > G_MAXINT32 || !pdf_pass_header (bytes, &at, l->to, &number, &generation)
      || number != e->number || generation != e->generation)
    {
      say (l, "revision %u lists an object that is not where it says", l->number);
      return;
    }
  /* Who looks for objects finds 15 where the table says that 5 begins. */
  if (e->place > 0 && g_ascii_isdigit (bytes[e->place - 1]))
    say (l, "revision %u lists an object that is not where it says", l->number);
  word = at - strlen ("obj");
  g_array_append_val (l->words, word);
  /* Viewers do not agree on which generation of a number counts, and nobody makes them. */
  if (generation != 0)
    say (l, "revision %u lists an object of another generation", l->number);
  else if (!pdf_pass_object (bytes, &at, l->to, l->references)
           || (!pdf_pass_word (bytes, &at, l->to, "endobj")
               && !pdf_pass_word (bytes, &at, l->to, "stream")))
    say (l, "revision %u has an object that viewers may read in several ways", l->number);
}

static int
by_place (gconstpointer a, gconstpointer b)
{
  gsize x = *(const gsize *) a, y = *(const gsize *) b;

  return x < y ? -1 : x > y;
}

/* --- objects in streams of objects ------------------------------------------------------------ */

static void
look_at_stream (Look *l, guint64 number, bool complete)
{
  if (!pdf_pack_fits (l->doc, number, &l->table, complete, l->references))
    say (l, "revision %u has a stream of objects that viewers may read in several ways", l->number);
}

/* Each stream that the table names, and each that it brings. */
static void
look_at_streams (Look *l)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < l->table.entries->len; i++)
    {
      guint64 number = g_array_index (l->table.entries, PdfEntry, i).number;
      qpdf_oh object = number <= G_MAXINT32 ? pdf_object (l->doc, number << 16) : 0;

      if (pdf_is_name (l->doc, pdf_get (l->doc, object, "/Type"), "/ObjStm")
          && g_hash_table_add (seen, GSIZE_TO_POINTER (number)))
        look_at_stream (l, number, true);
    }
  for (guint i = 0; i < l->table.packed->len; i++)
    {
      guint64 number = g_array_index (l->table.packed, PdfPacked, i).stream;

      if (g_hash_table_add (seen, GSIZE_TO_POINTER (number)))
        look_at_stream (l, number, false);
    }
}

/* --- what they refer to ---------------------------------------------------------------------- */

/* What one viewer does not find another one does: what was deleted, what has another generation. */
static void
look_at_references (Look *l, const GArray *references)
{
  for (guint i = 0; i < references->len; i++)
    {
      qpdf_oh object = pdf_object (l->doc, g_array_index (references, guint64, i));

      if (qpdf_oh_is_null (l->doc->q, object))
        say (l, "revision %u refers to an object that does not exist", l->number);
      qpdf_oh_release (l->doc->q, object);
    }
}

/* A number that was free is taken again, or one with another generation has it. */
static void
look_at_number (Look *l, const PdfDoc *signed_one, gint64 size, guint64 number)
{
  qpdf_oh before;

  if (size < 0 || number >= (guint64) size)
    {
      g_hash_table_add (l->added, GSIZE_TO_POINTER (number));
      return;
    }
  before = pdf_object (signed_one, number << 16);
  if (qpdf_oh_is_null (signed_one->q, before))
    say (l, "revision %u takes the number of another object that is not used", l->number);
  qpdf_oh_release (signed_one->q, before);
}

static void
look_at_numbers (Look *l, const PdfDoc *signed_one)
{
  gint64 size =
    pdf_int (signed_one, pdf_get (signed_one, qpdf_get_trailer (signed_one->q), "/Size"), 0);

  for (guint i = 0; i < l->table.entries->len; i++)
    look_at_number (l, signed_one, size, g_array_index (l->table.entries, PdfEntry, i).number);
  for (guint i = 0; i < l->table.packed->len; i++)
    look_at_number (l, signed_one, size, g_array_index (l->table.packed, PdfPacked, i).number);
}

/* --- what it does not list -------------------------------------------------------------------- */

/* Back over space and comments from AT, not before FROM. */
static gsize
before_space (const guint8 *bytes, gsize from, gsize at)
{
  for (;;)
    {
      gsize line, comment;

      while (at > from && pdf_is_space (bytes[at - 1]))
        at--;
      for (line = at; line > from && bytes[line - 1] != '\n' && bytes[line - 1] != '\r'; line--)
        ;
      for (comment = line; comment < at && bytes[comment] != '%'; comment++)
        ;
      if (comment == at)
        return at;
      at = comment;
    }
}

static bool
number_before (const guint8 *bytes, gsize from, gsize *at)
{
  gsize end = before_space (bytes, from, *at);

  for (*at = end; *at > from && g_ascii_isdigit (bytes[*at - 1]);)
    --*at;
  return *at < end;
}

/* The word "obj" at AT with two numbers before it. */
static bool
is_header (const guint8 *bytes, gsize from, gsize at)
{
  return number_before (bytes, from, &at) && number_before (bytes, from, &at);
}

static void
look_for_objects (Look *l)
{
  const guint8 *bytes = l->doc->bytes, *found;
  guint next = 0;

  for (gsize at = l->from; (found = memmem (bytes + at, l->to - at, "obj", 3)) != NULL; at += 3)
    {
      at = (gsize) (found - bytes);
      while (next < l->words->len && g_array_index (l->words, gsize, next) < at)
        next++;
      if ((next == l->words->len || g_array_index (l->words, gsize, next) != at)
          && is_header (bytes, l->from, at))
        say (l, "at octet %" G_GSIZE_FORMAT " begins an object that no table lists", at);
    }
}

/* A viewer that looks for objects itself takes any trailer it finds: there is one, behind the
 * table. */
static void
look_for_trailers (Look *l)
{
  static const char word[] = "trailer";
  const guint8 *bytes = l->doc->bytes, *found;

  for (gsize at = l->from; (found = memmem (bytes + at, l->to - at, word, sizeof word - 1)) != NULL;
       at++)
    {
      at = (gsize) (found - bytes);
      gsize behind = at + sizeof word - 1;
      if (at != l->table.end && pdf_pass_word (bytes, &behind, l->to, "<<"))
        say (l, "at octet %" G_GSIZE_FORMAT " begins a trailer that belongs to no table", at);
    }
}

/* --- one revision, and all of them ------------------------------------------------------------ */

/* What is wrong with the revision NUMBER (from 1), or NULL. */
static char *
why_odd (const PdfDoc *doc, const PdfDoc *signed_one, const PdfRevision *all, guint number,
         GHashTable *added)
{
  const PdfRevision *one = &all[number - 1];
  Look l = {
    .doc = doc, .from = all[number - 2].end, .to = one->end, .number = number, .added = added
  };

  if (one->table < l.from)
    return g_strdup_printf ("revision %u lists nothing, and names an older table", number);
  l.words = g_array_new (FALSE, FALSE, sizeof (gsize));
  l.references = g_array_new (FALSE, FALSE, sizeof (guint64));
  pdf_table_read (doc, one, &l.table);
  if (l.table.twice)
    say (&l, "revision %u lists an object twice", number);
  else if (!l.table.read)
    say (&l, "what revision %u lists cannot be read", number);
  else if (l.table.previous != 0 && l.table.previous != all[number - 2].table)
    say (&l, "revision %u does not follow the one before it", number);
  for (guint i = 0; i < l.table.entries->len; i++)
    look_at_entry (&l, &g_array_index (l.table.entries, PdfEntry, i));
  g_array_sort (l.words, by_place);
  look_at_streams (&l);
  look_at_numbers (&l, signed_one);
  look_at_references (&l, l.references);
  look_at_references (&l, l.table.references);
  look_for_objects (&l);
  look_for_trailers (&l);
  pdf_table_clear (&l.table);
  g_array_unref (l.words);
  g_array_unref (l.references);
  return l.why;
}

/* Digits of any number, from AT on. */
static guint64
take_digits (const guint8 *bytes, gsize *at, gsize to)
{
  guint64 number = 0;

  for (; *at < to && g_ascii_isdigit (bytes[*at]); ++*at)
    number = MIN (number * 10 + (guint64) (bytes[*at] - '0'), G_MAXUINT64 / 100);
  return number;
}

/* Some viewers read a file from its front when what stands there gives its length.  qpdf, too, but
 * it asks for the object by its number, and that may be another one by now. */
static bool
reads_from_front (const PdfDoc *doc)
{
  enum { FIRST = 1024 };
  g_autoptr (GArray) references = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 number, generation;
  gsize at = 0;

  pdf_pass_comments (doc->bytes, &at, doc->n);
  if (at < doc->n && g_ascii_isdigit (doc->bytes[at])
      && (!pdf_pass_header (doc->bytes, &at, doc->n, &number, &generation)
          || !pdf_pass_object (doc->bytes, &at, doc->n, references)))
    at = doc->n;
  at = MIN (MAX (at, FIRST), doc->n);
  for (gsize i = 0; i < at; i++)
    if (take_digits (doc->bytes, &i, at) == doc->n)
      return true;
  return qpdf_is_linearized (doc->q);
}

/* --- what was signed, and refers to what was added ------------------------------------------- */

/* BYTES[N] have "60 1 R" for a number that was ADDED. */
static bool
has_reference (const guint8 *bytes, gsize n, GHashTable *added)
{
  for (gsize at = 0; at < n; at++)
    {
      gsize next;

      if (!g_ascii_isdigit (bytes[at])
          || !g_hash_table_contains (added, GSIZE_TO_POINTER (take_digits (bytes, &at, n))))
        continue;
      next = at;
      pdf_pass_comments (bytes, &next, n);
      if (take_digits (bytes, &next, n) == 0)
        continue;
      pdf_pass_comments (bytes, &next, n);
      if (next < n && bytes[next] == 'R')
        return true;
    }
  return false;
}

/* A reference with another generation than 0 was to nothing when it was signed.  Some viewers do
 * not ask for the generation, and find there what took the number since. */
static bool
refers_to_added (const PdfDoc *signed_one, GHashTable *added)
{
  gint64 size =
    pdf_int (signed_one, pdf_get (signed_one, qpdf_get_trailer (signed_one->q), "/Size"), 0);
  bool found = has_reference (signed_one->bytes, signed_one->n, added);

  for (int i = 1; i < MIN (size, (gint64) signed_one->n) && !found; i++)
    {
      qpdf_oh object = qpdf_get_object_by_id (signed_one->q, i, 0);
      unsigned char *bytes = NULL;
      size_t n = 0;

      if (pdf_is_name (signed_one, pdf_get (signed_one, object, "/Type"), "/ObjStm")
          && (qpdf_oh_get_stream_data (signed_one->q, object, qpdf_dl_generalized, NULL, &bytes, &n)
              & QPDF_ERRORS)
               == 0)
        found = has_reference (bytes, n, added);
      free (bytes);
      qpdf_oh_release (signed_one->q, object);
    }
  return found;
}

void
pdf_check_appended (const PdfDoc *doc, const GArray *revisions, PdfSignature *s)
{
  const PdfRevision *all = (const PdfRevision *) (void *) revisions->data;
  guint n = revisions->len;
  g_autoptr (GHashTable) added = g_hash_table_new (NULL, NULL);
  PdfDoc signed_one;
  char *why = NULL;

  if (n - s->revision > MAX_REVISIONS)
    {
      if (s->unknown == NULL)
        s->unknown = g_strdup_printf ("more than %u revisions follow", MAX_REVISIONS);
      return;
    }
  if (pdf_open (&signed_one, doc->bytes, all[s->revision - 1].end) == PDF_OPEN)
    {
      for (guint number = s->revision + 1; number <= n && why == NULL; number++)
        why = why_odd (doc, &signed_one, all, number, added);
      if (why == NULL && g_hash_table_size (added) > 0 && refers_to_added (&signed_one, added))
        why = g_strdup ("what was signed refers to an object that was added");
    }
  pdf_close (&signed_one);
  if (why == NULL && reads_from_front (doc))
    why = g_strdup ("it reads from its front as if nothing had been appended");
  if (why != NULL)
    pdf_add_change (s, false, why);
  if (all[n - 1].end != doc->n)
    pdf_add_change (s, false,
                    g_strdup_printf ("%" G_GSIZE_FORMAT
                                     " octets follow the end of the last revision",
                                     doc->n - all[n - 1].end));
}
