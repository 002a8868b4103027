/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fields of a PDF form (ISO 32000-1, 12.7), read with qpdf.
 *
 * What the fields store is taken, not what the pages show.  The two can only differ by design, so a
 * file that runs code, or that has to be repaired before it can be read, is not believed.
 */
#define _GNU_SOURCE
#include "document/pdf-content.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PAGES 500
#define MAX_ACTIONS 8             /* one after the other */
#define FLAG_PUSHBUTTON (1 << 16) /* table 226: nothing to fill in */

typedef struct {
  qpdf_data q;
  Document *document;
  GHashTable *seen;             /* numbers of the objects walked through: a tree has no circles */
  guint widgets;
  gsize room;
} Pdf;

/* What a field hands down to its kids (12.7.3.1); 0 is no object. */
typedef struct {
  qpdf_oh type, value, flags;
} Inherited;

static qpdf_oh
key (Pdf *pdf, qpdf_oh dictionary, const char *name)
{
  return dictionary != 0 && qpdf_oh_is_dictionary (pdf->q, dictionary)
         && qpdf_oh_has_key (pdf->q, dictionary, name)
           ? qpdf_oh_get_key (pdf->q, dictionary, name) : 0;
}

static bool
is_array (Pdf *pdf, qpdf_oh object)
{
  return object != 0 && qpdf_oh_is_array (pdf->q, object);
}

static bool
is_name (Pdf *pdf, qpdf_oh object, const char *name)
{
  return object != 0 && qpdf_oh_is_name (pdf->q, object)
         && strcmp (qpdf_oh_get_name (pdf->q, object), name) == 0;
}

static guint
length (Pdf *pdf, qpdf_oh array)
{
  return is_array (pdf, array) ? (guint) MAX (qpdf_oh_get_array_n_items (pdf->q, array), 0) : 0;
}

/* Counts the looks; false when there were too many. */
static bool
within_budget (Pdf *pdf)
{
  if (++pdf->widgets <= MAX_FORM_WIDGETS)
    return true;
  pdf->document->flaws |= FLAW_TOO_LARGE;
  return false;
}

/* --- scripts ------------------------------------------------------------------- */

/* ACTION, or one that follows it: a dictionary, or an array of them. */
static bool
runs_code (Pdf *pdf, qpdf_oh action, guint depth)
{
  qpdf_oh kind = key (pdf, action, "/S");

  if (action == 0 || depth > MAX_ACTIONS || !within_budget (pdf))
    return false;
  if (is_name (pdf, kind, "/JavaScript") || is_name (pdf, kind, "/Launch"))
    return true;
  for (guint i = 0; i < length (pdf, action); i++)
    if (runs_code (pdf, qpdf_oh_get_array_item (pdf->q, action, (int) i), depth + 1))
      return true;
  return runs_code (pdf, key (pdf, action, "/Next"), depth + 1);
}

/* OBJECT (catalog, page, field or annotation) has an action of its own, or additional ones. */
static void
look_for_scripts (Pdf *pdf, qpdf_oh object, const char *own)
{
  qpdf_oh more = key (pdf, object, "/AA");
  bool found = runs_code (pdf, key (pdf, object, own), 0);

  if (more != 0 && qpdf_oh_is_dictionary (pdf->q, more))
    {
      qpdf_oh_begin_dict_key_iter (pdf->q, more);
      while (!found && qpdf_oh_dict_more_keys (pdf->q))
        found = runs_code (pdf, qpdf_oh_get_key (pdf->q, more, qpdf_oh_dict_next_key (pdf->q)), 0);
    }
  if (found)
    pdf->document->flaws |= FLAW_SCRIPTS;
}

static void
look_at_pages (Pdf *pdf)
{
  int pages = qpdf_get_num_pages (pdf->q);

  for (int i = 0; i < MIN (pages, MAX_PAGES); i++)
    {
      qpdf_oh page = qpdf_get_page_n (pdf->q, (size_t) i);
      qpdf_oh annotations = key (pdf, page, "/Annots");

      look_for_scripts (pdf, page, "/A");
      for (guint a = 0; a < length (pdf, annotations) && within_budget (pdf); a++)
        look_for_scripts (pdf, qpdf_oh_get_array_item (pdf->q, annotations, (int) a), "/A");
    }
}

/* --- values -------------------------------------------------------------------- */

/* A long text may be a stream. */
static char *
text_of (Pdf *pdf, qpdf_oh object)
{
  unsigned char *bytes = NULL;
  size_t n = 0;
  char *text;

  if (qpdf_oh_is_string (pdf->q, object))
    return g_strdup (qpdf_oh_get_utf8_value (pdf->q, object));
  if (qpdf_oh_is_name (pdf->q, object))
    return g_strdup (qpdf_oh_get_name (pdf->q, object) + 1);
  if (!qpdf_oh_is_stream (pdf->q, object))
    return g_strdup ("");
  /* A stream that had to be guessed at comes with its bytes and a warning. */
  if (qpdf_oh_get_stream_data (pdf->q, object, qpdf_dl_generalized, NULL, &bytes, &n)
      != QPDF_SUCCESS)
    {
      pdf->document->flaws |= FLAW_DAMAGED;
      free (bytes);
      return g_strdup ("");
    }
  text = g_strdup (qpdf_oh_get_utf8_value (
    pdf->q, qpdf_oh_new_binary_string (pdf->q, (char *) bytes, MIN (n, MAX_VALUE))));
  free (bytes);
  return text;
}

static char *
choices_of (Pdf *pdf, qpdf_oh value)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < length (pdf, value) && within_budget (pdf) && all->len < MAX_VALUE; i++)
    {
      g_autofree char *one = text_of (pdf, qpdf_oh_get_array_item (pdf->q, value, (int) i));

      g_string_append_printf (all, "%s%s", all->len > 0 ? ", " : "", one);
    }
  return g_string_free (all, FALSE);
}

/* The state a button is in is a name; where there is /Opt, it is the place of the real value there
 * (12.7.4.2.3). */
static char *
button_state (Pdf *pdf, qpdf_oh field, qpdf_oh value)
{
  qpdf_oh options = key (pdf, field, "/Opt");
  g_autofree char *state = value != 0 ? text_of (pdf, value) : g_strdup ("");
  guint64 place;

  if (strcmp (state, "Off") == 0)
    return g_strdup ("");
  if (g_ascii_string_to_unsigned (state, 10, 0, G_MAXINT, &place, NULL)
      && place < length (pdf, options))
    return text_of (pdf, qpdf_oh_get_array_item (pdf->q, options, (int) place));
  return g_steal_pointer (&state);
}

static void
add_field (Pdf *pdf, qpdf_oh field, const char *name, const Inherited *inherited)
{
  g_autofree char *value = NULL;
  int flags = 0;

  if (inherited->flags != 0)
    qpdf_oh_get_value_as_int (pdf->q, inherited->flags, &flags);
  if (is_name (pdf, inherited->type, "/Btn"))
    {
      if (flags & FLAG_PUSHBUTTON)
        return;
      value = button_state (pdf, field, inherited->value);
    }
  else if (is_name (pdf, inherited->type, "/Sig"))
    return; /* whether a signature is any good is not for a form to say */
  else if (is_array (pdf, inherited->value))
    value = choices_of (pdf, inherited->value);
  else
    value = inherited->value != 0 ? text_of (pdf, inherited->value) : g_strdup ("");

  if (strlen (value) > MAX_VALUE || strlen (value) + strlen (name) > pdf->room
      || pdf->document->fields->len >= MAX_FORM_FIELDS)
    {
      pdf->document->flaws |= FLAW_TOO_LARGE;
      return;
    }
  pdf->room -= strlen (value) + strlen (name);
  document_add_field (pdf->document, name, value);
}

/* --- the tree of fields ---------------------------------------------------------- */

/* Kids with a name are fields; those without are places where their parent is shown. */
static bool
has_named_kid (Pdf *pdf, qpdf_oh kids)
{
  for (guint i = 0; i < length (pdf, kids) && within_budget (pdf); i++)
    if (key (pdf, qpdf_oh_get_array_item (pdf->q, kids, (int) i), "/T") != 0)
      return true;
  return false;
}

static char *
full_name (Pdf *pdf, const char *parent, qpdf_oh field)
{
  qpdf_oh own = key (pdf, field, "/T");

  if (own == 0 || !qpdf_oh_is_string (pdf->q, own))
    return g_strdup (parent);
  const char *name = qpdf_oh_get_utf8_value (pdf->q, own);
  return parent[0] != '\0' ? g_strconcat (parent, ".", name, NULL) : g_strdup (name);
}

static void
hand_down (Pdf *pdf, qpdf_oh field, Inherited *inherited)
{
  qpdf_oh type = key (pdf, field, "/FT"), value = key (pdf, field, "/V"),
          flags = key (pdf, field, "/Ff");

  inherited->type = type != 0 ? type : inherited->type;
  inherited->value = value != 0 ? value : inherited->value;
  inherited->flags = flags != 0 ? flags : inherited->flags;
}

static void
walk_field (Pdf *pdf, qpdf_oh field, const char *parent, Inherited inherited, guint depth)
{
  int number = qpdf_oh_get_object_id (pdf->q, field);

  if (!qpdf_oh_is_dictionary (pdf->q, field) || !within_budget (pdf))
    return;
  if (depth > MAX_FORM_DEPTH
      || (number != 0 && !g_hash_table_add (pdf->seen, GINT_TO_POINTER (number))))
    {
      pdf->document->flaws |= FLAW_DAMAGED;
      return;
    }
  g_autofree char *name = full_name (pdf, parent, field);
  qpdf_oh kids = key (pdf, field, "/Kids");

  if (strlen (name) > MAX_VALUE)
    {
      pdf->document->flaws |= FLAW_TOO_LARGE;
      return;
    }
  hand_down (pdf, field, &inherited);
  look_for_scripts (pdf, field, "/A");
  if (!has_named_kid (pdf, kids))
    {
      add_field (pdf, field, name, &inherited);
      return;
    }
  for (guint i = 0; i < length (pdf, kids); i++)
    walk_field (pdf, qpdf_oh_get_array_item (pdf->q, kids, (int) i), name, inherited, depth + 1);
}

static void
read_form (Pdf *pdf)
{
  qpdf_oh root = qpdf_get_root (pdf->q), form = key (pdf, root, "/AcroForm"),
          fields = key (pdf, form, "/Fields");
  qpdf_oh names = key (pdf, root, "/Names"), rendering = key (pdf, root, "/NeedsRendering");

  for (guint i = 0; i < length (pdf, fields); i++)
    walk_field (pdf, qpdf_oh_get_array_item (pdf->q, fields, (int) i), "", (Inherited){ 0 }, 0);
  if (key (pdf, form, "/XFA") != 0
      && (pdf->document->fields->len == 0
          || (rendering != 0 && qpdf_oh_is_bool (pdf->q, rendering)
              && qpdf_oh_get_bool_value (pdf->q, rendering))))
    pdf->document->flaws |= FLAW_XFA_ONLY;
  else if (pdf->document->fields->len == 0 && !document_is_unread (pdf->document))
    pdf->document->flaws |= FLAW_NO_FIELDS;
  look_for_scripts (pdf, root, "/OpenAction");
  if (key (pdf, names, "/JavaScript") != 0)
    pdf->document->flaws |= FLAW_SCRIPTS;
  look_at_pages (pdf);
}

static void
read_title (Pdf *pdf)
{
  const char *title = qpdf_get_info_key (pdf->q, "/Title");

  if (title == NULL || strlen (title) > MAX_VALUE)
    return;
  g_free (pdf->document->title);
  pdf->document->title = g_strdup (title);
}

/* What qpdf ran into, 0 when nothing.  It has to be asked for, or qpdf complains. */
static DocumentFlaw
trouble (Pdf *pdf)
{
  qpdf_error error = qpdf_has_error (pdf->q) ? qpdf_get_error (pdf->q) : NULL;

  if (error == NULL)
    return 0;
  return qpdf_get_error_code (pdf->q, error) == qpdf_e_password ? FLAW_ENCRYPTED : FLAW_DAMAGED;
}

/* REPAIR: as viewers do.  False: it cannot be opened. */
static bool
open_pdf (qpdf_data q, const guint8 *bytes, gsize n, bool repair)
{
  qpdf_silence_errors (q);
  qpdf_set_suppress_warnings (q, QPDF_TRUE);
  qpdf_set_attempt_recovery (q, repair);
  return (qpdf_read_memory (q, "form", (const char *) bytes, n, NULL) & QPDF_ERRORS) == 0;
}

/* A catalog is found by this key alone, in a trailer or the dictionary of a cross-reference stream,
 * and neither is ever compressed (7.5.5, 7.5.8).  A file cut off before it, or one that only begins
 * like a PDF, would be searched through for nothing. */
static bool
can_be_repaired (const guint8 *bytes, gsize n)
{
  return memmem (bytes, n, "/Root", 5) != NULL;
}

/* What its form does not vouch for may be read all the same: a number that must not come by mail is
 * one in a damaged file, too. */
static void
read_repaired (Document *document, const guint8 *bytes, gsize n)
{
  Pdf pdf = { .q = qpdf_init () };

  if (can_be_repaired (bytes, n) && open_pdf (pdf.q, bytes, n, true))
    pdf_read_words (pdf.q, document);
  if (document->text_state == DOCUMENT_TEXT_READ || document->text_state == DOCUMENT_TEXT_NONE)
    document->text_state = DOCUMENT_TEXT_PARTLY;
  trouble (&pdf);
  qpdf_cleanup (&pdf.q);
}

Document *
document_read_pdf (const guint8 *bytes, gsize n)
{
  Pdf pdf = { .q = qpdf_init (), .document = document_new (DOCUMENT_PDF), .room = MAX_VALUES };
  bool opened = open_pdf (pdf.q, bytes, n, false);

  pdf.seen = g_hash_table_new (NULL, NULL);
  if (opened)
    {
      read_form (&pdf);
      read_title (&pdf);
    }
  pdf.document->flaws |= trouble (&pdf);
  /* Where a signature is written its dictionary cannot be compressed: it was filled in afterwards
   * (12.8.1). */
  pdf.document->is_signed = memmem (bytes, n, "/ByteRange", 10) != NULL;
  if (document_is_unread (pdf.document))
    document_forget (pdf.document, 0);
  /* Trouble with a page is none of the form's. */
  if (opened && (pdf.document->flaws & FLAW_DAMAGED) == 0)
    pdf_read_words (pdf.q, pdf.document);
  trouble (&pdf);
  bool doubtful = (pdf.document->flaws & FLAW_DAMAGED) != 0 || qpdf_more_warnings (pdf.q);
  g_hash_table_unref (pdf.seen);
  qpdf_cleanup (&pdf.q);
  if (doubtful)
    read_repaired (pdf.document, bytes, n);
  return pdf.document;
}

/* A form of our own making: it opens what every form needs (a cipher's library, too) before the
 * reader is shut in. */
void
document_preload (void)
{
  static const char least[] =
    "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count "
    "0>>\n"
    "endobj\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
    "trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n101\n%%EOF\n";

  document_free (document_read_pdf ((const guint8 *) least, sizeof least - 1));
}
