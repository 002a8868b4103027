/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What may change in a form after a signature: fields are filled in where the certification permits
 * it, empty signature fields are signed, signatures are added (ISO 32000-2, 12.8.2.2 and 12.8.2.4).
 * A certified document gets no new signature that is seen: it could lie over what was certified. In
 * one that is not certified whoever adds it is a signer like the others.  A timestamp is seen
 * nowhere.
 */
#include <math.h>
#include <string.h>

#include "document/pdf-private.h"

/* ISO 32000-2, table 167.  Those that a signer may change: it is printed from now on, and locked or
 * not.  The others decide whether and where a widget is seen. */
#define ANNOTATION_HIDDEN (1 << 1)
#define ANNOTATION_PRINT (1 << 2)
#define ANNOTATION_LOCKED (1 << 7)
#define ANNOTATION_LOCKED_CONTENTS (1 << 9)
#define SIGNERS_FLAGS (ANNOTATION_PRINT | ANNOTATION_LOCKED | ANNOTATION_LOCKED_CONTENTS)

static bool
is_locked (const PdfLock *lock, const char *name)
{
  bool named = false;

  for (guint i = 0; lock->any && !named && i < lock->names->len; i++)
    {
      const char *one = lock->names->pdata[i];
      gsize n = strlen (one);

      /* A name stands for all fields below it, too. */
      named = strncmp (name, one, n) == 0 && (name[n] == '\0' || name[n] == '.');
    }
  return lock->any && named != lock->all_but;
}

/* The first key that is not in ALLOWED, or NULL. */
static char *
odd_key (const PdfDoc *doc, qpdf_oh dict, const char *const *allowed)
{
  g_autoptr (GPtrArray) keys = pdf_keys (doc, dict);

  for (guint i = 0; i < keys->len; i++)
    {
      bool known = false;

      for (const char *const *k = allowed; *k != NULL && !known; k++)
        known = strcmp (*k, keys->pdata[i]) == 0;
      if (!known)
        return g_strdup (keys->pdata[i]);
    }
  return NULL;
}

/* --- fields that were not there --------------------------------------------------------------- */

/* Of what is no number NAN, which equals nothing. */
static double
number_at (const PdfDoc *doc, qpdf_oh array, guint i)
{
  double value = NAN;

  qpdf_oh_get_value_as_number (doc->q, pdf_item (doc, array, i), &value);
  return value;
}

/* Nothing of it can be seen, on a screen or on paper: hidden, or no area, and nothing is drawn.
 * Some viewers draw what is wider than its place, or has none, and what is not to be viewed. */
static bool
is_invisible (const PdfDoc *doc, qpdf_oh widget)
{
  qpdf_oh rect = pdf_get (doc, widget, "/Rect");
  gint64 flags = pdf_int (doc, pdf_get (doc, widget, "/F"), 0);

  if (!pdf_draws_nothing (doc, widget))
    return false;
  /* What hides a field can show it again, in the colours of /MK. */
  if ((flags & ANNOTATION_HIDDEN) != 0 && pdf_get (doc, widget, "/MK") == 0)
    return true;
  if (rect == 0 && pdf_get (doc, widget, "/Subtype") == 0)
    return true;
  return pdf_length (doc, rect) == 4
         && (number_at (doc, rect, 0) == number_at (doc, rect, 2)
             || number_at (doc, rect, 1) == number_at (doc, rect, 3));
}

/* Its object was another thing before, and whatever named that thing names a field now. */
static bool
was_there (const PdfCompare *c, guint64 id)
{
  return id != 0 && !qpdf_oh_is_null (c->then->q, pdf_object (c->then, id));
}

/* Viewers do not agree on what other marks at the start of a text mean, nor on what lies between
 * two points. */
static bool
is_plain_name (const char *name)
{
  static const char *const marks[] = { "\xef\xbb\xbf", "\xc3\xaf\xc2\xbb\xc2\xbf",
                                       "\xc3\xbf\xc3\xbe", ".." };
  gsize n = strlen (name);

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (strstr (name, marks[i]) != NULL)
      return false;
  for (gsize i = 0; i < n; i++)
    if ((guchar) name[i] < ' ')
      return false;
  return n > 0 && name[0] != '.' && name[n - 1] != '.';
}

/* By one name viewers take two fields for one, and what stands below a field for a part of it: what
 * was there is shown otherwise then, or not at all.  NAMES: of the fields that were there. */
static bool
stands_apart (const PdfCompare *c, const PdfField *field, GHashTable *names)
{
  qpdf_oh kids = pdf_get (c->now, field->dict, "/Kids");
  bool apart = is_plain_name (field->name) && !g_hash_table_contains (names, field->name)
               && !was_there (c, pdf_id (c->now, pdf_get (c->now, field->dict, "/Parent")));

  for (guint i = 0; i < pdf_length (c->now, kids) && apart; i++)
    apart = !was_there (c, pdf_id (c->now, pdf_item (c->now, kids, i)));
  return apart;
}

/* Whoever wants one gets it: it speaks for nobody. */
static bool
is_timestamped (const PdfCompare *c, const PdfField *field)
{
  return pdf_is_name (c->now, pdf_get (c->now, field->value, "/SubFilter"), "/ETSI.RFC3161");
}

static void
judge_new_field (PdfCompare *c, const PdfField *field, GHashTable *names)
{
  static const char *const allowed[] = { "/Type",   "/Subtype", "/FT",   "/T",    "/TU", "/TM",
                                         "/V",      "/F",       "/Ff",   "/Rect", "/P",  "/AP",
                                         "/Parent", "/Kids",    "/Lock", "/SV",   "/DA", "/MK",
                                         "/Border", "/BS",      "/M",    "/NM",   "/Q",  "/DR",
                                         "/AS",     "/H",       NULL };
  g_autofree char *odd = odd_key (c->now, field->dict, allowed);
  bool timestamp = is_timestamped (c, field);
  qpdf_oh kind = pdf_get (c->now, field->dict, "/Subtype");

  if (field->id != 0)
    g_hash_table_add (c->new_widgets, g_memdup2 (&field->id, sizeof field->id));
  if (strcmp (field->type, "Sig") != 0)
    pdf_changed (c, false, "the field %s was added", field->name);
  else if (kind != 0 && !pdf_is_name (c->now, kind, "/Widget"))
    pdf_changed (c, false, "the signature field %s was added, and it is drawn as something else",
                 field->name);
  else if (was_there (c, field->id))
    pdf_changed (c, false, "the signature field %s took the place of something else", field->name);
  else if (!stands_apart (c, field, names))
    pdf_changed (c, false, "the signature field %s was added, and it can be taken for another",
                 field->name);
  else if (c->signature->permit == PDF_PERMIT_NOTHING && !timestamp)
    pdf_changed (c, false, "the signature field %s was added; the certification permits no change",
                 field->name);
  else if (odd != NULL)
    pdf_changed (c, false,
                 "the signature field %s was added, and it does more than hold a signature (%s)",
                 field->name, odd);
  else if (is_invisible (c->now, field->dict))
    pdf_changed (c, true, "the %s %s was added",
                 field->value == 0 ? "empty signature field"
                 : timestamp       ? "timestamp"
                                   : "signature",
                 field->name);
  else if (c->signature->permit != PDF_PERMIT_UNSAID || field->value == 0 || timestamp)
    pdf_changed (c, false, "a visible signature field, %s, was added; it can cover what was signed",
                 field->name);
  else
    pdf_changed (c, true, "the signature %s was added; it can be seen on a page", field->name);
}

/* --- fields that were there ------------------------------------------------------------------- */

static bool
key_differs (const PdfCompare *c, const PdfField *then, const PdfField *now, const char *key)
{
  return !pdf_same (c->then, pdf_get (c->then, then->dict, key), c->now,
                    pdf_get (c->now, now->dict, key), NULL, NULL);
}

/* Some signers write on which page a field lies where its form did not. */
static bool
names_its_page (const PdfCompare *c, const PdfField *then, const PdfField *now)
{
  guint64 page = pdf_id (c->now, pdf_get (c->now, now->dict, "/P"));
  bool too_deep = false, found = false;
  g_autoptr (GArray) pages = pdf_pages (c->now, &too_deep);

  for (guint i = 0; i < pages->len && !found; i++)
    found = pdf_id (c->now, g_array_index (pages, qpdf_oh, i)) == page;
  return found && page != 0 && pdf_get (c->then, then->dict, "/P") == 0;
}

/* Another value, or another state; a widget shows its field's. */
static bool
is_filled (const PdfCompare *c, const PdfField *then, const PdfField *now)
{
  static const char *const values[] = { "/V", "/AS", "/I", "/TI", "/RV", NULL };
  bool filled = !pdf_same (c->then, then->value, c->now, now->value, NULL, NULL);

  for (guint i = 0; values[i] != NULL && !filled; i++)
    filled = key_differs (c, then, now, values[i]);
  return filled;
}

/* The signature has to repeat what its field locks from then on. */
static bool
repeats_lock (const PdfDoc *doc, const PdfField *field)
{
  qpdf_oh references = pdf_get (doc, field->value, "/Reference"),
          lock = pdf_get (doc, field->dict, "/Lock");
  bool repeated = false;

  for (guint i = 0; i < pdf_length (doc, references) && !repeated; i++)
    {
      qpdf_oh one = pdf_item (doc, references, i), said = pdf_get (doc, one, "/TransformParams");

      repeated = pdf_is_name (doc, pdf_get (doc, one, "/TransformMethod"), "/FieldMDP")
                 && pdf_same_at ("/Action", doc, pdf_get (doc, lock, "/Action"), doc,
                                 pdf_get (doc, said, "/Action"), NULL, NULL)
                 && pdf_same_at ("/Fields", doc, pdf_get (doc, lock, "/Fields"), doc,
                                 pdf_get (doc, said, "/Fields"), NULL, NULL);
    }
  return repeated;
}

/* What signing does not touch.  Some signers write on which page a field lies where its form did
 * not, and how they draw it, or lock others with it. */
static void
compare_rest_of_signed (PdfCompare *c, const PdfField *then, const PdfField *now, const char *what)
{
  const char *keys[12] = { "/V", "/AP", "/M", "/F" };
  guint n = 4;

  if (names_its_page (c, then, now))
    keys[n++] = "/P";
  if (!is_timestamped (c, now))
    {
      keys[n++] = "/MK";
      keys[n++] = "/DA";
      keys[n++] = "/BS";
    }
  if (!is_timestamped (c, now) && repeats_lock (c->now, now)
      && pdf_get (c->then, then->dict, "/Lock") == 0)
    keys[n++] = "/Lock";
  pdf_compare_keys (c, then->dict, now->dict, keys, what);
}

static void
compare_signature_field (PdfCompare *c, const PdfField *then, const PdfField *now, const char *what)
{
  static const char *const nothing[] = { NULL };
  gint64 before = pdf_int (c->then, pdf_get (c->then, then->dict, "/F"), 0),
         after = pdf_int (c->now, pdf_get (c->now, now->dict, "/F"), 0);

  if (then->value != 0 || now->value == 0)
    {
      pdf_compare_keys (c, then->dict, now->dict, nothing, what);
      return;
    }
  compare_rest_of_signed (c, then, now, what);
  if (key_differs (c, then, now, "/AP") && !pdf_draws_inside (c->now, now->dict))
    pdf_changed (c, false, "%s looks different, and viewers can draw that over the page", what);
  if (is_timestamped (c, now) && !is_invisible (c->now, now->dict)
      && key_differs (c, then, now, "/AP"))
    pdf_changed (c, false, "%s was timestamped, and looks different", what);
  if (((before ^ after) & ~SIGNERS_FLAGS) != 0 || (before & ~after & ANNOTATION_PRINT) != 0
      || is_invisible (c->then, then->dict) != is_invisible (c->now, now->dict))
    pdf_changed (c, false, "%s was hidden or shown", what);
  if (c->signature->permit == PDF_PERMIT_NOTHING)
    pdf_changed (c, false, "%s was signed; the certification permits no change", what);
  else
    pdf_changed (c, true, "%s was signed", what);
}

/* A field's state is a name.  A list has that key in the settings of optional content, which may be
 * the same object. */
static bool
is_state (const PdfDoc *doc, const PdfField *field)
{
  qpdf_oh state = pdf_get (doc, field->dict, "/AS");

  return state == 0 || qpdf_oh_is_name (doc->q, state);
}

/* What a field shows changes with its value; a button's looks are all there from the start. */
static bool
looks_wrong (const PdfCompare *c, const PdfField *then, const PdfField *now, bool filled)
{
  qpdf_oh before = pdf_get (c->then, then->dict, "/AP");

  return key_differs (c, then, now, "/AP")
         && (!filled || (strcmp (then->type, "Btn") == 0 && before != 0));
}

/* Only a form's own fields are filled in; a stamp that is listed among them is none. */
static bool
can_be_filled (const PdfCompare *c, const PdfField *now)
{
  static const char *const types[] = { "Tx", "Ch", "Btn", NULL };
  qpdf_oh kind = pdf_get (c->now, now->dict, "/Subtype");

  return g_strv_contains (types, now->type) && (kind == 0 || pdf_is_name (c->now, kind, "/Widget"));
}

/* What its new value shows may have been there from the start, and the way to write it, too. */
static bool
is_drawn_inside (const PdfCompare *c, const PdfField *now)
{
  qpdf_oh form = pdf_get (c->now, qpdf_get_root (c->now->q), "/AcroForm");

  return pdf_draws_inside (c->now, now->dict)
         && pdf_writes_inside (c->now, now->text != 0 ? now->text : pdf_get (c->now, form, "/DA"));
}

/* Nobody shares a field's appearance, so its content is of no interest here; whoever does is
 * compared there. */
static void
compare_filled_field (PdfCompare *c, const PdfField *then, const PdfField *now, const char *what)
{
  static const char *const filling[] = { "/V", "/AP", "/AS", "/I", "/TI", "/RV", "/M", NULL };
  bool filled = is_filled (c, then, now);

  pdf_compare_keys (c, then->dict, now->dict, filling, what);
  if (!is_state (c->then, then) || !is_state (c->now, now))
    pdf_changed (c, false, "%s has a state that is none", what);
  if (looks_wrong (c, then, now, filled))
    pdf_changed (c, false, "%s looks different, and %s", what,
                 filled ? "it is a button" : "its value is the same");
  if (!filled)
    return;
  if (!is_drawn_inside (c, now))
    pdf_changed (c, false, "%s was filled in, and viewers can draw it over the page", what);
  if (!can_be_filled (c, now))
    pdf_changed (c, false, "%s was filled in, and it is no field of a form", what);
  else if (is_locked (c->lock, then->name))
    pdf_changed (c, false, "%s was filled in, and it is locked", what);
  else if (c->signature->permit >= PDF_PERMIT_FORMS)
    pdf_changed (c, true, "%s was filled in", what);
  else
    pdf_changed (c, false, "%s was filled in; no certification permits that", what);
}

/* By object; a field that is no object of its own, by name.  A form may have tens of thousands. */
static GHashTable *
index_fields (PdfCompare *c, const GPtrArray *fields)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < fields->len; i++)
    {
      PdfField *f = fields->pdata[i];
      bool is_first = g_hash_table_insert (
        index, g_strdup_printf ("%" G_GUINT64_FORMAT " %s", f->id, f->id != 0 ? "" : f->name), f);

      if (!is_first && f->id == 0)
        pdf_changed (c, false, "which of the fields %s is which cannot be told", f->name);
    }
  return index;
}

static const PdfField *
find_field (GHashTable *index, const PdfField *like)
{
  g_autofree char *key =
    g_strdup_printf ("%" G_GUINT64_FORMAT " %s", like->id, like->id != 0 ? "" : like->name);

  return g_hash_table_lookup (index, key);
}

static void
judge_new_fields (PdfCompare *c, GHashTable *before)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < c->fields_then->len; i++)
    g_hash_table_add (names, ((PdfField *) c->fields_then->pdata[i])->name);
  for (guint i = 0; i < c->fields_now->len; i++)
    if (find_field (before, c->fields_now->pdata[i]) == NULL)
      judge_new_field (c, c->fields_now->pdata[i], names);
}

static void
compare_fields (PdfCompare *c)
{
  g_autoptr (GHashTable) before = index_fields (c, c->fields_then);
  g_autoptr (GHashTable) after = index_fields (c, c->fields_now);

  for (guint i = 0; i < c->fields_then->len; i++)
    {
      const PdfField *then = c->fields_then->pdata[i], *now = find_field (after, then);
      g_autofree char *what = g_strdup_printf ("the field %s", then->name);

      if (now == NULL)
        pdf_changed (c, false, "%s was removed", what);
      else if (strcmp (then->type, now->type) != 0 || strcmp (then->name, now->name) != 0)
        pdf_changed (c, false, "%s became another field", what);
      else if (strcmp (then->type, "Sig") == 0)
        compare_signature_field (c, then, now, what);
      else
        compare_filled_field (c, then, now, what);
    }
  judge_new_fields (c, before);
}

/* --- the form itself -------------------------------------------------------------------------- */

/* The fields of then are the first fields of now, in the same order. */
static void
compare_field_list (PdfCompare *c, qpdf_oh a, qpdf_oh b)
{
  guint i = 0, n = pdf_length (c->then, a);

  for (guint k = 0; i < n && k < pdf_length (c->now, b); k++)
    if (pdf_id (c->then, pdf_item (c->then, a, i)) == pdf_id (c->now, pdf_item (c->now, b, k)))
      i++;
  if (i < n)
    pdf_changed (c, false, "form: fields were removed or put in another order");
}

void
pdf_compare_form (PdfCompare *c, qpdf_oh a, qpdf_oh b)
{
  static const char *const except[] = { "/Fields", "/SigFlags", "/DR", "/DA", NULL };

  if (a != 0 && b == 0)
    pdf_changed (c, false, "the form was removed");
  pdf_compare_keys (c, a, b, except, "form");
  pdf_compare_text (c, pdf_get (c->then, a, "/DA"), pdf_get (c->now, b, "/DA"));
  pdf_compare_resources (c, pdf_get (c->then, a, "/DR"), pdf_get (c->now, b, "/DR"));
  compare_field_list (c, pdf_get (c->then, a, "/Fields"), pdf_get (c->now, b, "/Fields"));
  compare_fields (c);
}
