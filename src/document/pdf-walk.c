/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a document keeps its fields, its pages and its signatures; and what in it does more than
 * lie on paper.
 *
 * Viewers find signatures in different places, so all of them are looked at: the form, the pages'
 * annotations, every object.
 */
#include <string.h>

#include "document/pdf-private.h"

/* What lies in an object is looked at so deep for what people are told. */
#define MAX_LOOK 8

typedef struct {
  const PdfDoc *doc;
  GHashTable *seen; /* object ids */
  GPtrArray *fields;
  bool too_deep;
} FieldWalk;

static void
field_free (gpointer data)
{
  PdfField *field = data;

  g_free (field->name);
  g_free (field->type);
  g_free (field);
}

static guint64 *
key_of (guint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

/* --- fields ----------------------------------------------------------------------------------- */

static char *
full_name (const PdfDoc *doc, const char *parent, qpdf_oh field)
{
  qpdf_oh own = pdf_get (doc, field, "/T");
  g_autofree char *name = pdf_text (doc, own);

  if (own == 0)
    return g_strdup (parent);
  return parent[0] != '\0' ? g_strconcat (parent, ".", name, NULL) : g_steal_pointer (&name);
}

/* PARENT: what is handed down, or NULL. */
static void
walk_field (FieldWalk *w, qpdf_oh dict, const PdfField *parent, guint depth)
{
  const PdfDoc *doc = w->doc;
  guint64 id = pdf_id (doc, dict);
  PdfField *field;

  if (depth > PDF_MAX_DEPTH || w->fields->len > PDF_MAX_OBJECTS)
    {
      w->too_deep = true;
      return;
    }
  if (dict == 0 || !qpdf_oh_is_dictionary (doc->q, dict)
      || (id != 0 && !g_hash_table_add (w->seen, key_of (id))))
    return;
  qpdf_oh type = pdf_get (doc, dict, "/FT"), value = pdf_get (doc, dict, "/V"),
          text = pdf_get (doc, dict, "/DA"), kids = pdf_get (doc, dict, "/Kids");
  field = g_new0 (PdfField, 1);
  field->dict = dict;
  field->id = id;
  field->name = full_name (doc, parent != NULL ? parent->name : "", dict);
  field->type = type != 0 ? pdf_text (doc, type) : g_strdup (parent != NULL ? parent->type : "");
  field->value = value != 0 ? value : parent != NULL ? parent->value : 0;
  field->text = text != 0 ? text : parent != NULL ? parent->text : 0;
  field->terminal = pdf_length (doc, kids) == 0;
  g_ptr_array_add (w->fields, field);
  for (guint i = 0; i < pdf_length (doc, kids); i++)
    walk_field (w, pdf_item (doc, kids, i), field, depth + 1);
}

/* A widget that the form does not know still has a field's keys; its parents hand theirs down. */
static void
walk_widget (FieldWalk *w, qpdf_oh widget)
{
  const PdfDoc *doc = w->doc;
  qpdf_oh type = pdf_get (doc, widget, "/FT"), parent = pdf_get (doc, widget, "/Parent");
  guint64 id = pdf_id (doc, widget);

  if (id != 0 && g_hash_table_contains (w->seen, &id))
    return;
  for (guint i = 0; type == 0 && parent != 0 && i < PDF_MAX_DEPTH; i++)
    {
      type = pdf_get (doc, parent, "/FT");
      if (type != 0)
        {
          walk_field (w, parent, NULL, 0);
          return;
        }
      parent = pdf_get (doc, parent, "/Parent");
    }
  if (type != 0)
    walk_field (w, widget, NULL, 0);
}

GPtrArray *
pdf_fields (const PdfDoc *doc, bool *too_deep)
{
  FieldWalk w = { doc, g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
                  g_ptr_array_new_with_free_func (field_free), false };
  qpdf_oh fields = pdf_get (doc, pdf_get (doc, qpdf_get_root (doc->q), "/AcroForm"), "/Fields");
  g_autoptr (GArray) pages = pdf_pages (doc, too_deep);

  for (guint i = 0; i < pdf_length (doc, fields); i++)
    walk_field (&w, pdf_item (doc, fields, i), NULL, 0);
  for (guint p = 0; p < pages->len; p++)
    {
      qpdf_oh annots = pdf_get (doc, g_array_index (pages, qpdf_oh, p), "/Annots");

      for (guint i = 0; i < pdf_length (doc, annots); i++)
        walk_widget (&w, pdf_item (doc, annots, i));
    }
  *too_deep |= w.too_deep;
  g_hash_table_unref (w.seen);
  return w.fields;
}

/* --- pages ------------------------------------------------------------------------------------ */

typedef struct {
  const PdfDoc *doc;
  GHashTable *seen;
  GArray *pages;
  bool too_deep;
} PageWalk;

static void
walk_pages (PageWalk *w, qpdf_oh node, guint depth)
{
  qpdf_oh kids = pdf_get (w->doc, node, "/Kids");
  guint64 id = pdf_id (w->doc, node);

  if (depth > PDF_MAX_DEPTH || w->pages->len > PDF_MAX_OBJECTS
      || (id != 0 && !g_hash_table_add (w->seen, key_of (id))))
    {
      w->too_deep = true;
      return;
    }
  if (kids == 0 && node != 0)
    g_array_append_val (w->pages, node);
  for (guint i = 0; i < pdf_length (w->doc, kids); i++)
    walk_pages (w, pdf_item (w->doc, kids, i), depth + 1);
}

GArray *
pdf_pages (const PdfDoc *doc, bool *too_deep)
{
  PageWalk w = { doc, g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
                 g_array_new (FALSE, FALSE, sizeof (qpdf_oh)), false };

  walk_pages (&w, pdf_get (doc, qpdf_get_root (doc->q), "/Pages"), 0);
  *too_deep |= w.too_deep;
  g_hash_table_unref (w.seen);
  return w.pages;
}

/* --- every object ----------------------------------------------------------------------------- */

/* What a dictionary holds that a reader of the document should know of; each kind is told once. */
static const struct {
  const char *key, *value; /* VALUE NULL: any */
  const char *note;
} telling[] = {
  { "/JS", NULL, "it holds scripts" },
  { "/S", "/JavaScript", "it holds scripts" },
  { "/S", "/Launch", "it can start a program" },
  { "/S", "/SubmitForm", "it can send what was filled in to somewhere" },
  { "/S", "/ImportData", "it can load form data from elsewhere" },
  { "/S", "/GoToR", "it can open another file" },
  { "/S", "/GoToE", "it can open a file embedded in it" },
  { "/S", "/Hide", "it can hide and show parts of itself" },
  { "/S", "/ResetForm", "it can set back what was filled in" },
  { "/S", "/SetOCGState", "it can hide and show parts of itself" },
  { "/S", "/Rendition", "it plays sound or video" },
  { "/Alternates", NULL, "it holds pictures that are shown for others, as when it is printed" },
  { "/OPI", NULL, "it holds pictures that are shown for others, as when it is printed" },
  { "/Subtype", "/PS", "it holds what only a printer draws" },
  { "/OCProperties", NULL, "it has optional content: what is seen depends on settings" },
  { "/OC", NULL, "it has optional content: what is seen depends on settings" },
  { "/EF", NULL, "other files are embedded in it" },
  { "/OpenAction", NULL, "it does something when it is opened" },
  { "/AA", NULL, "it does something when it is looked at or filled in" },
  { "/XFA", NULL, "it holds a second form (XFA) that some viewers show instead" },
  { "/Subtype", "/FreeText", "text lies over its pages as annotations" },
  { "/Subtype", "/Stamp", "stamps lie over its pages as annotations" },
  { "/Subtype", "/Redact", "marks to black out parts lie over its pages" },
  { "/Subtype", "/FileAttachment", "other files are embedded in it" },
  { "/Subtype", "/RichMedia", "it holds sound, video or three-dimensional content" },
  { "/Subtype", "/3D", "it holds sound, video or three-dimensional content" },
  { "/Subtype", "/Screen", "it plays sound or video" },
};

static void
note (GPtrArray *notes, const char *what)
{
  if (!g_ptr_array_find_with_equal_func (notes, what, g_str_equal, NULL))
    g_ptr_array_add (notes, g_strdup (what));
}

/* ISO 32000-2, table 167: invisible, hidden, no view; printed. */
#define ANNOTATION_NOT_SEEN (1 << 0 | 1 << 1 | 1 << 5)
#define ANNOTATION_PRINTED (1 << 2)

static void
look_at_annotation (const PdfDoc *doc, qpdf_oh dict, GPtrArray *notes)
{
  static const char *const never[] = { "/Link", "/Popup", "/Text" };
  gint64 flags = pdf_int (doc, pdf_get (doc, dict, "/F"), 0);
  bool printed = (flags & ANNOTATION_PRINTED) != 0;

  if (pdf_get (doc, dict, "/AP") == 0 || pdf_get (doc, dict, "/Subtype") == 0
      || pdf_is_name (doc, pdf_get (doc, dict, "/FT"), "/Sig"))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (never); i++)
    printed |= pdf_is_name (doc, pdf_get (doc, dict, "/Subtype"), never[i]);
  if ((flags & ANNOTATION_NOT_SEEN) != 0)
    note (notes, "hidden annotations or form fields are in it");
  else if (!printed)
    note (notes, "annotations or form fields are in it that are seen and not printed");
}

static void look_at (const PdfDoc *doc, qpdf_oh dict, GPtrArray *notes, guint depth);

/* What is an object of its own is looked at by itself. */
static void
look_at_items (const PdfDoc *doc, qpdf_oh array, GPtrArray *notes, guint depth)
{
  for (guint i = 0; i < pdf_length (doc, array); i++)
    {
      qpdf_oh one = pdf_item (doc, array, i);

      if (pdf_id (doc, one) == 0 && qpdf_oh_is_dictionary (doc->q, one))
        look_at (doc, one, notes, depth + 1);
      qpdf_oh_release (doc->q, one);
    }
}

static void
look_into (const PdfDoc *doc, qpdf_oh value, GPtrArray *notes, guint depth)
{
  if (value == 0 || pdf_id (doc, value) != 0 || depth > MAX_LOOK)
    return;
  if (qpdf_oh_is_dictionary (doc->q, value))
    look_at (doc, value, notes, depth + 1);
  look_at_items (doc, value, notes, depth);
}

static bool
has_key (const GPtrArray *keys, const char *key)
{
  return g_ptr_array_find_with_equal_func ((GPtrArray *) keys, key, g_str_equal, NULL);
}

/* Few objects have any of these, so it is not asked for each.  DEPTH: of what lies in it without
 * being an object. */
static void
look_at (const PdfDoc *doc, qpdf_oh dict, GPtrArray *notes, guint depth)
{
  static const char *const holding[] = { "/A",        "/AA",        "/OpenAction", "/Next",
                                         "/AcroForm", "/Annots",    "/Fields",     "/Kids",
                                         "/Names",    "/JavaScript" };
  g_autoptr (GPtrArray) keys = pdf_keys (doc, dict);

  for (guint i = 0; i < G_N_ELEMENTS (telling); i++)
    {
      qpdf_oh value = has_key (keys, telling[i].key) ? pdf_get (doc, dict, telling[i].key) : 0;

      if (value != 0 && (telling[i].value == NULL || pdf_is_name (doc, value, telling[i].value)))
        note (notes, telling[i].note);
    }
  if (has_key (keys, "/Rect"))
    look_at_annotation (doc, dict, notes);
  for (guint i = 0; i < G_N_ELEMENTS (holding); i++)
    {
      qpdf_oh value = has_key (keys, holding[i]) ? pdf_get (doc, dict, holding[i]) : 0;

      look_into (doc, value, notes, depth);
      if (value != 0)
        qpdf_oh_release (doc->q, value);
    }
}

GArray *
pdf_scan (const PdfDoc *doc, GPtrArray *notes, bool *too_many)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (qpdf_oh));
  gint64 size = pdf_int (doc, pdf_get (doc, qpdf_get_trailer (doc->q), "/Size"), 0);

  /* Each takes room in the file, and time. */
  *too_many |= size > MIN (PDF_MAX_OBJECTS, (gint64) doc->n);
  for (int i = 1; i < size && !*too_many; i++)
    {
      qpdf_oh object = qpdf_get_object_by_id (doc->q, i, 0);
      bool stream = qpdf_oh_is_stream (doc->q, object);

      if (!stream && !qpdf_oh_is_dictionary (doc->q, object))
        {
          look_at_items (doc, object, notes, 0);
          qpdf_oh_release (doc->q, object);
          continue;
        }
      look_at (doc, object, notes, 0);
      if (pdf_get (doc, object, "/ByteRange") != 0)
        g_array_append_val (found, object);
      else
        qpdf_oh_release (doc->q, object);
    }
  return found;
}
