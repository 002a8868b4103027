/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether two values, of two revisions of a document, say the same at every depth.
 *
 * Both documents are graphs with circles.  A pair of objects that was met before is taken as the
 * same: should it differ, the first meeting has said so.  That is why what was met may be shared
 * only by comparisons whose "no" is final.
 */
#include <stdlib.h>
#include <string.h>

#include "document/pdf-private.h"

typedef struct {
  const PdfDoc *a, *b;
  GHashTable *met;      /* pairs of ids: "id:id" */
  GHashTable *compared; /* ids that somebody else compares: here it is enough that both name
                         * the same object */
  GArray *waiting;      /* Pair: objects to be compared when the one at hand is done */
  bool drawn;           /* nothing is left to others: with this a page is drawn */
} Same;

typedef struct {
  guint64 a, b;
  bool drawn;
} Pair;

static bool same (Same *s, qpdf_oh a, qpdf_oh b, guint depth);

static bool
same_text (const PdfDoc *a, qpdf_oh x, const PdfDoc *b, qpdf_oh y)
{
  size_t n, m;
  g_autofree char *left = NULL;

  /* Either call may move the other's bytes. */
  const char *text = qpdf_oh_get_binary_string_value (a->q, x, &n);
  left = g_memdup2 (text, n);
  text = qpdf_oh_get_binary_string_value (b->q, y, &m);
  return n == m && (n == 0 || memcmp (left, text, n) == 0);
}

static bool
same_stream_data (const PdfDoc *a, qpdf_oh x, const PdfDoc *b, qpdf_oh y)
{
  unsigned char *left = NULL, *right = NULL;
  size_t n = 0, m = 0;
  bool is_same =
    qpdf_oh_get_stream_data (a->q, x, qpdf_dl_none, NULL, &left, &n) == QPDF_SUCCESS
    && qpdf_oh_get_stream_data (b->q, y, qpdf_dl_none, NULL, &right, &m) == QPDF_SUCCESS && n == m
    && (n == 0 || memcmp (left, right, n) == 0);

  free (left);
  free (right);
  return is_same;
}

/* A and B were taken out of something for this; a large document has too many to keep a hold of
 * each. */
static bool
same_items (Same *s, qpdf_oh a, qpdf_oh b, guint depth)
{
  bool is_same = same (s, a, b, depth + 1);

  if (a != 0)
    qpdf_oh_release (s->a->q, a);
  if (b != 0)
    qpdf_oh_release (s->b->q, b);
  return is_same;
}

/* Pages are drawn with what a dictionary has at KEY. */
static bool
is_drawn_with (const char *key)
{
  static const char *const keys[] = { "/Resources",  "/XObject", "/Font",      "/ExtGState",
                                      "/ColorSpace", "/Pattern", "/Shading",   "/Properties",
                                      "/Group",      "/AP",      "/CharProcs", "/Contents",
                                      NULL };

  return g_strv_contains (keys, key);
}

static bool
same_entry (Same *s, qpdf_oh a, qpdf_oh b, const char *key, guint depth)
{
  bool before = s->drawn, is_same;

  /* An object may be a field, or the catalog, and resources as well: what may change in the one
   * role is seen in the other. */
  s->drawn |= is_drawn_with (key);
  is_same = same_items (s, pdf_get (s->a, a, key), pdf_get (s->b, b, key), depth);
  s->drawn = before;
  return is_same;
}

static bool
same_dictionary (Same *s, qpdf_oh a, qpdf_oh b, guint depth)
{
  g_autoptr (GPtrArray) left = pdf_keys (s->a, a);
  g_autoptr (GPtrArray) right = pdf_keys (s->b, b);

  if (left->len != right->len)
    return false;
  for (guint i = 0; i < left->len; i++)
    if (!same_entry (s, a, b, left->pdata[i], depth))
      return false;
  return true;
}

static bool
same_array (Same *s, qpdf_oh a, qpdf_oh b, guint depth)
{
  guint n = pdf_length (s->a, a);

  if (n != pdf_length (s->b, b))
    return false;
  for (guint i = 0; i < n; i++)
    if (!same_items (s, pdf_item (s->a, a, i), pdf_item (s->b, b, i), depth))
      return false;
  return true;
}

static char *
name_of (const Pair *pair)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT "%s", pair->a, pair->b,
                          pair->drawn ? " drawn" : "");
}

/* True: nothing more to compare here, the answer is in *IS_SAME.  Two objects wait for their turn:
 * a chain of them (bookmarks, one after the other) may be longer than a stack is deep. */
static bool
settled_by_id (Same *s, qpdf_oh a, qpdf_oh b, bool *is_same)
{
  const Pair pair = { pdf_id (s->a, a), pdf_id (s->b, b), s->drawn };
  bool others = s->compared != NULL && !s->drawn
                && (g_hash_table_contains (s->compared, &pair.a)
                    || g_hash_table_contains (s->compared, &pair.b));

  *is_same = !others || pair.a == pair.b;
  if (!others && pair.a != 0 && pair.b != 0 && g_hash_table_add (s->met, name_of (&pair)))
    g_array_append_val (s->waiting, pair);
  return others || (pair.a != 0 && pair.b != 0);
}

static bool
same_value (Same *s, qpdf_oh a, qpdf_oh b, guint depth)
{
  qpdf_data p = s->a->q, q = s->b->q;

  switch (qpdf_oh_get_type_code (p, a))
    {
    case ot_null:
      return true;
    case ot_boolean:
      return qpdf_oh_get_bool_value (p, a) == qpdf_oh_get_bool_value (q, b);
    case ot_integer:
      return qpdf_oh_get_int_value (p, a) == qpdf_oh_get_int_value (q, b);
    case ot_real:
      return qpdf_oh_get_numeric_value (p, a) == qpdf_oh_get_numeric_value (q, b);
      case ot_name: {
        g_autofree char *left = g_strdup (qpdf_oh_get_name (p, a));
        return strcmp (left, qpdf_oh_get_name (q, b)) == 0;
      }
    case ot_string:
      return same_text (s->a, a, s->b, b);
    case ot_array:
      return same_array (s, a, b, depth);
    case ot_dictionary:
      return same_dictionary (s, a, b, depth);
    case ot_stream:
      return same_dictionary (s, a, b, depth) && same_stream_data (s->a, a, s->b, b);
    default:
      return false;
    }
}

static bool
same_kind (Same *s, qpdf_oh a, qpdf_oh b, guint depth)
{
  return qpdf_oh_get_type_code (s->a->q, a) == qpdf_oh_get_type_code (s->b->q, b)
         && same_value (s, a, b, depth);
}

static bool
same (Same *s, qpdf_oh a, qpdf_oh b, guint depth)
{
  bool is_same;

  if (a == 0 || b == 0)
    return a == b;
  if (depth > PDF_MAX_DEPTH)
    return false;
  return settled_by_id (s, a, b, &is_same) ? is_same : same_kind (s, a, b, depth);
}

static bool
same_objects (Same *s, const Pair *pair)
{
  qpdf_oh a = pdf_object (s->a, pair->a), b = pdf_object (s->b, pair->b);
  bool is_same;

  s->drawn = pair->drawn;
  is_same = same_kind (s, a, b, 0);
  qpdf_oh_release (s->a->q, a);
  qpdf_oh_release (s->b->q, b);
  return is_same;
}

bool
pdf_same (const PdfDoc *then, qpdf_oh a, const PdfDoc *now, qpdf_oh b, GHashTable *compared,
          GHashTable *met)
{
  return pdf_same_at ("", then, a, now, b, compared, met);
}

bool
pdf_same_at (const char *key, const PdfDoc *then, qpdf_oh a, const PdfDoc *now, qpdf_oh b,
             GHashTable *compared, GHashTable *met)
{
  g_autoptr (GHashTable) own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (Pair));
  Same s = { then, now, met != NULL ? met : own, compared, waiting, is_drawn_with (key) };
  bool is_same = same (&s, a, b, 0);

  while (waiting->len > 0)
    {
      const Pair pair = g_array_index (waiting, Pair, waiting->len - 1);
      g_autofree char *name = name_of (&pair);

      g_array_set_size (waiting, waiting->len - 1);
      /* Who waits when a difference is found was not compared. */
      if (is_same)
        is_same = same_objects (&s, &pair);
      else
        g_hash_table_remove (s.met, name);
    }
  return is_same;
}
