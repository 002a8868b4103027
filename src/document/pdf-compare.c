/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was changed after a signature.  The revision it covers and the whole file are walked side by
 * side from the trailer down; the few objects in which something may change legitimately (the
 * catalog, pages, form and fields) are compared key by key, everything else must be the same at
 * every depth.  A difference that no rule knows is not allowed.
 */
#include <string.h>

#include "document/pdf-private.h"

void
pdf_add_change (PdfSignature *s, bool allowed, char *what)
{
  PdfChange *change = s->later->len > 0 ? s->later->pdata[s->later->len - 1] : NULL;

  /* A field and its widget may say the same.  When there is no room to name a change, it must not
   * get lost. */
  if (change != NULL && (s->later->len >= PDF_MAX_CHANGES || strcmp (change->what, what) == 0))
    {
      change->allowed &= allowed;
      g_free (what);
      return;
    }
  change = g_new0 (PdfChange, 1);
  change->what = what;
  change->allowed = allowed;
  g_ptr_array_add (s->later, change);
}

void
pdf_changed (PdfCompare *c, bool allowed, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  pdf_add_change (c->signature, allowed, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static bool
is_one_of (const char *key, const char *const *list)
{
  for (; *list != NULL; list++)
    if (strcmp (key, *list) == 0)
      return true;
  return false;
}

static void
compare_key (PdfCompare *c, qpdf_oh left, qpdf_oh right, const char *key, const char *what)
{
  g_autofree char *name = NULL;

  if (pdf_same_at (key, c->then, left, c->now, right, c->compared, c->met))
    return;
  name = g_utf8_make_valid (key + 1, -1);
  pdf_changed (c, false, "%s: %s changed", what, name);
}

void
pdf_compare_keys (PdfCompare *c, qpdf_oh a, qpdf_oh b, const char *const *except, const char *what)
{
  g_autoptr (GPtrArray) left = pdf_keys (c->then, a);
  g_autoptr (GPtrArray) right = pdf_keys (c->now, b);

  for (guint i = 0; i < left->len; i++)
    if (!is_one_of (left->pdata[i], except))
      compare_key (c, pdf_get (c->then, a, left->pdata[i]), pdf_get (c->now, b, left->pdata[i]),
                   left->pdata[i], what);
  for (guint i = 0; i < right->len; i++)
    if (!is_one_of (right->pdata[i], except) && pdf_get (c->then, a, right->pdata[i]) == 0)
      compare_key (c, 0, pdf_get (c->now, b, right->pdata[i]), right->pdata[i], what);
}

/* Whether it differs, without a trace: for what may. */
static bool
differs (const PdfCompare *c, qpdf_oh a, qpdf_oh b)
{
  return !pdf_same (c->then, a, c->now, b, NULL, NULL);
}

/* --- annotations ------------------------------------------------------------------------------ */

/* A sign of a fixed size that a viewer draws itself, and the window that belongs to it.  Any other
 * annotation, and any that brings its own appearance, can lie over what was signed and say
 * something else: white lines through a number hide it, and black ones draw another. */
static bool
is_harmless_note (const PdfDoc *doc, qpdf_oh annotation)
{
  static const char *const kinds[] = { "/Text", "/Popup" };
  static const char *const acting[] = { "/AP", "/A", "/AA", "/OC", "/BS", "/Border", "/BE" };

  for (guint i = 0; i < G_N_ELEMENTS (acting); i++)
    if (pdf_get (doc, annotation, acting[i]) != 0)
      return false;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (pdf_is_name (doc, pdf_get (doc, annotation, "/Subtype"), kinds[i]))
      return true;
  return false;
}

static void
judge_new_annotation (PdfCompare *c, guint page, qpdf_oh annotation)
{
  guint64 id = pdf_id (c->now, annotation);
  g_autofree char *kind = pdf_text (c->now, pdf_get (c->now, annotation, "/Subtype"));

  if (id != 0 && g_hash_table_contains (c->new_widgets, &id))
    return; /* it was judged with its field */
  if (c->signature->permit == PDF_PERMIT_NOTES && is_harmless_note (c->now, annotation))
    pdf_changed (c, true, "page %u: a note (%s) was added", page, kind);
  else if (c->signature->permit == PDF_PERMIT_NOTES)
    pdf_changed (c, false, "page %u: an annotation (%s) was added that can cover what was signed",
                 page, kind);
  else
    pdf_changed (c, false, "page %u: an annotation (%s) was added", page, kind);
}

/* Every annotation of then is still there, in order; the others are new. */
static void
compare_annotations (PdfCompare *c, guint page, qpdf_oh a, qpdf_oh b)
{
  guint n = pdf_length (c->then, a), m = pdf_length (c->now, b), i = 0;

  if ((a != 0 && !qpdf_oh_is_array (c->then->q, a)) || (b != 0 && !qpdf_oh_is_array (c->now->q, b)))
    {
      pdf_changed (c, false, "page %u: its annotations are no list", page);
      return;
    }
  for (guint k = 0; k < m; k++)
    {
      qpdf_oh now = pdf_item (c->now, b, k), then = i < n ? pdf_item (c->then, a, i) : 0;

      if (then != 0 && pdf_id (c->now, now) == pdf_id (c->then, then))
        {
          if (!pdf_same (c->then, then, c->now, now, c->compared, c->met))
            pdf_changed (c, false, "page %u: an annotation was changed", page);
          i++;
        }
      else
        judge_new_annotation (c, page, now);
    }
  if (i < n)
    pdf_changed (c, false, "page %u: an annotation was removed", page);
}

/* --- pages, catalog, trailer ------------------------------------------------------------------ */

static void
compare_pages (PdfCompare *c)
{
  static const char *const except[] = { "/Annots", NULL };
  bool too_deep = false;
  g_autoptr (GArray) then = pdf_pages (c->then, &too_deep);
  g_autoptr (GArray) now = pdf_pages (c->now, &too_deep);

  if (then->len != now->len || too_deep)
    {
      pdf_changed (c, false, "the document had %u pages and has %u", then->len, now->len);
      return;
    }
  for (guint i = 0; i < then->len; i++)
    {
      qpdf_oh a = g_array_index (then, qpdf_oh, i), b = g_array_index (now, qpdf_oh, i);
      g_autofree char *what = g_strdup_printf ("page %u", i + 1);

      if (pdf_id (c->then, a) != pdf_id (c->now, b))
        pdf_changed (c, false, "page %u is another page", i + 1);
      pdf_compare_keys (c, a, b, except, what);
      compare_annotations (c, i + 1, pdf_get (c->then, a, "/Annots"),
                           pdf_get (c->now, b, "/Annots"));
    }
}

static void
compare_catalog (PdfCompare *c, qpdf_oh a, qpdf_oh b)
{
  /* The store of certificates and revocation data, and the extension that announces it (ETSI EN 319
   * 142-1), say nothing about the document itself. */
  static const char *const except[] = { "/AcroForm", "/DSS",     "/Extensions",
                                        "/Metadata", "/Version", NULL };

  if (differs (c, pdf_get (c->then, a, "/DSS"), pdf_get (c->now, b, "/DSS")))
    pdf_changed (c, true, "certificates and revocation data were added (document security store)");
  if (differs (c, pdf_get (c->then, a, "/Metadata"), pdf_get (c->now, b, "/Metadata")))
    pdf_changed (c, true, "the metadata was changed");
  pdf_compare_keys (c, a, b, except, "document");
  pdf_compare_form (c, pdf_get (c->then, a, "/AcroForm"), pdf_get (c->now, b, "/AcroForm"));
}

static void
compare_trailer (PdfCompare *c)
{
  /* How a revision is written, and the dates and producer that each writer sets anew, LibreOffice's
   * checksum too.  A table that says one thing to old viewers and another to new ones (/XRefStm) is
   * not among them. */
  static const char *const except[] = { "/Size",  "/Prev",   "/ID",     "/W",
                                        "/Index", "/Length", "/Filter", "/DecodeParms",
                                        "/Type",  "/Info",   "/Root",   "/DocChecksum",
                                        NULL };
  qpdf_oh a = qpdf_get_trailer (c->then->q), b = qpdf_get_trailer (c->now->q);
  g_autoptr (GPtrArray) keys = pdf_keys (c->now, b);

  if (pdf_id (c->then, pdf_get (c->then, a, "/Root"))
      != pdf_id (c->now, pdf_get (c->now, b, "/Root")))
    pdf_changed (c, false, "the document was replaced by another one (/Root)");
  if (differs (c, pdf_get (c->then, a, "/Info"), pdf_get (c->now, b, "/Info")))
    pdf_changed (c, true, "the document information (dates, producer) was changed");
  /* What was there and is not any more, the next writer did not know. */
  for (guint i = 0; i < keys->len; i++)
    if (!is_one_of (keys->pdata[i], except))
      compare_key (c, pdf_get (c->then, a, keys->pdata[i]), pdf_get (c->now, b, keys->pdata[i]),
                   keys->pdata[i], "file");
}

static void
add_compared (PdfCompare *c, guint64 id)
{
  if (id != 0)
    g_hash_table_add (c->compared, g_memdup2 (&id, sizeof id));
}

/* What has a comparison of its own must not be reached by another one.  The form is not among them:
 * nothing but the catalog refers to it, and another object may take its place. */
static void
find_compared (PdfCompare *c, bool *too_deep)
{
  const PdfDoc *docs[] = { c->then, c->now };
  GPtrArray *fields[] = { c->fields_then, c->fields_now };

  for (guint d = 0; d < G_N_ELEMENTS (docs); d++)
    {
      qpdf_oh root = qpdf_get_root (docs[d]->q);
      g_autoptr (GArray) pages = pdf_pages (docs[d], too_deep);

      add_compared (c, pdf_id (docs[d], root));
      for (guint i = 0; i < pages->len; i++)
        add_compared (c, pdf_id (docs[d], g_array_index (pages, qpdf_oh, i)));
      for (guint i = 0; i < fields[d]->len; i++)
        add_compared (c, ((PdfField *) fields[d]->pdata[i])->id);
    }
}

void
pdf_compare (const PdfDoc *then, const PdfDoc *now, const PdfLock *lock, PdfSignature *signature)
{
  bool too_deep = false;
  PdfCompare c = {
    .then = then,
    .now = now,
    .signature = signature,
    .lock = lock,
    .compared = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .met = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .new_widgets = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
    .fields_then = pdf_fields (then, &too_deep),
    .fields_now = pdf_fields (now, &too_deep),
  };

  find_compared (&c, &too_deep);
  if (too_deep)
    pdf_changed (&c, false, "the document goes deeper than is compared");
  compare_trailer (&c);
  compare_catalog (&c, qpdf_get_root (then->q), qpdf_get_root (now->q));
  compare_pages (&c);
  g_hash_table_unref (c.compared);
  g_hash_table_unref (c.met);
  g_hash_table_unref (c.new_widgets);
  g_ptr_array_unref (c.fields_then);
  g_ptr_array_unref (c.fields_now);
}
