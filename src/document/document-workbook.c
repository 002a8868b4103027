/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An .xlsx workbook: which parts it has and how they refer to each other (ECMA-376 parts 1 and 2),
 * each sheet read in turn.
 */
#include "config.h"

#include "document/document-private.h"

#include <string.h>

typedef struct {
  char *id, *type, *target;
} Relation;

typedef struct {
  char *name, *relation;
  bool hidden;
} SheetRow;

typedef struct {
  DocumentZip *zip;
  Document *document;
  char *part;               /* "xl/workbook.xml" */
  GPtrArray *relations;     /* Relation, of the part read last */
  GPtrArray *rows;          /* SheetRow */
  bool since_1904;
  DocumentFlaw stop;
} Workbook;

static void
relation_free (gpointer data)
{
  Relation *r = data;

  g_free (r->id);
  g_free (r->type);
  g_free (r->target);
  g_free (r);
}

static void
row_free (gpointer data)
{
  SheetRow *row = data;

  g_free (row->name);
  g_free (row->relation);
  g_free (row);
}

/* --- relations --------------------------------------------------------------------- */

static void
relation_start (const char *element, const char **attributes, gpointer data)
{
  Workbook *w = data;
  const char *id = document_xml_attribute (attributes, "Id"),
             *type = document_xml_attribute (attributes, "Type");
  const char *target = document_xml_attribute (attributes, "Target");

  if (strcmp (element, "Relationship") != 0 || id == NULL || type == NULL || target == NULL)
    return;
  Relation *r = g_new0 (Relation, 1);
  r->id = g_strdup (id);
  r->type = g_strdup (type);
  r->target = g_strdup (target);
  g_ptr_array_add (w->relations, r);
  if (w->relations->len > MAX_ZIP_ENTRIES)
    w->stop = FLAW_TOO_LARGE;
}

/* The relations of PART ("": of the package), in a part of their own beside it. */
static bool
read_relations (Workbook *w, const char *part, DocumentFlaw *flaw)
{
  static const DocumentXml xml = { relation_start, NULL, NULL };
  const char *slash = strrchr (part, '/');
  g_autofree char *name =
    g_strdup_printf ("%.*s_rels/%s.rels", slash != NULL ? (int) (slash + 1 - part) : 0, part,
                     slash != NULL ? slash + 1 : part);

  g_ptr_array_set_size (w->relations, 0);
  return document_xml_read (w->zip, name, &xml, w, &w->stop, flaw);
}

/* A target as the name of a member: relative to where PART stands, or to the root. */
static char *
resolve (const char *part, const char *target)
{
  const char *slash = strrchr (part, '/');
  g_autofree char *whole =
    target[0] == '/'
      ? g_strdup (target)
      : g_strdup_printf ("/%.*s%s", slash != NULL ? (int) (slash + 1 - part) : 0, part, target);
  g_autofree char *plain = g_canonicalize_filename (whole, "/");

  return g_strdup (plain + 1);
}

/* The member that PART relates to as KIND ("/styles"), or that has the ID; NULL when there is
 * none. */
static char *
related (const Workbook *w, const char *part, const char *kind, const char *id)
{
  for (guint i = 0; i < w->relations->len; i++)
    {
      const Relation *r = w->relations->pdata[i];

      if (id != NULL ? strcmp (r->id, id) == 0 : g_str_has_suffix (r->type, kind))
        return resolve (part, r->target);
    }
  return NULL;
}

/* --- the workbook's own part ---------------------------------------------------------- */

static void
workbook_start (const char *element, const char **attributes, gpointer data)
{
  Workbook *w = data;

  if (strcmp (element, "workbookPr") == 0)
    {
      const char *since = document_xml_attribute (attributes, "date1904");

      w->since_1904 = since != NULL && (strcmp (since, "1") == 0 || strcmp (since, "true") == 0);
    }
  if (strcmp (element, "sheet") != 0)
    return;
  const char *name = document_xml_attribute (attributes, "name"),
             *id = document_xml_attribute (attributes, "id");
  const char *state = document_xml_attribute (attributes, "state");
  if (name == NULL || id == NULL)
    {
      w->stop = FLAW_DAMAGED;
      return;
    }
  SheetRow *row = g_new0 (SheetRow, 1);
  row->name = g_strdup (name);
  row->relation = g_strdup (id);
  row->hidden = state != NULL && strcmp (state, "visible") != 0;
  g_ptr_array_add (w->rows, row);
  if (w->rows->len > MAX_SHEETS)
    w->stop = FLAW_TOO_LARGE;
}

static void
content_type_start (const char *element, const char **attributes, gpointer data)
{
  Workbook *w = data;
  const char *type = document_xml_attribute (attributes, "ContentType");

  if (type != NULL
      && (strstr (type, "macroEnabled") != NULL || strstr (type, "vbaProject") != NULL))
    w->document->flaws |= FLAW_MACROS;
  else if (type != NULL && strstr (type, "sheet.binary") != NULL)
    w->stop = FLAW_OTHER_FORMAT;
}

/* What its parts are tells what it may do: macros by the name of their part, by its type, or as an
 * old macro sheet.  Nothing of them runs here, so the cells are read all the same: whoever gets
 * them decides. */
static bool
look_at_types (Workbook *w, DocumentFlaw *flaw)
{
  static const DocumentXml xml = { content_type_start, NULL, NULL };

  if (document_zip_has (w->zip, "vbaProject.bin"))
    w->document->flaws |= FLAW_MACROS;
  if (!document_zip_has (w->zip, "workbook.bin"))
    return document_xml_read (w->zip, "[Content_Types].xml", &xml, w, &w->stop, flaw) || *flaw == 0;
  *flaw = FLAW_OTHER_FORMAT;
  return false;
}

static bool
find_sheets (Workbook *w, DocumentFlaw *flaw)
{
  static const DocumentXml xml = { workbook_start, NULL, NULL };

  if (!read_relations (w, "", flaw) && *flaw != 0)
    return false;
  w->part = related (w, "", "/officeDocument", NULL);
  *flaw = FLAW_OTHER_FORMAT; /* a zip, but of something else */
  if (w->part == NULL || !g_str_has_suffix (w->part, ".xml"))
    return false;
  if (!document_xml_read (w->zip, w->part, &xml, w, &w->stop, flaw) || w->rows->len == 0
      || !read_relations (w, w->part, flaw))
    {
      *flaw = *flaw != 0 ? *flaw : FLAW_DAMAGED;
      return false;
    }
  for (guint i = 0; i < w->relations->len; i++)
    if (g_str_has_suffix (((const Relation *) w->relations->pdata[i])->type,
                          "acrosheet")) /* xlMacrosheet, xlIntlMacrosheet */
      w->document->flaws |= FLAW_MACROS;
  return true;
}

static bool
read_sheets (Workbook *w, DocumentBook *book, DocumentFlaw *flaw)
{
  for (guint i = 0; i < w->rows->len; i++)
    {
      const SheetRow *row = w->rows->pdata[i];
      g_autofree char *part = related (w, w->part, NULL, row->relation);
      DocumentSheet *sheet = document_add_sheet (w->document, row->name);

      sheet->hidden = row->hidden;
      if (row->hidden)
        w->document->flaws |= FLAW_HIDDEN_SHEETS;
      if (part == NULL
          || !document_sheet_read (w->zip, part, book, sheet, &w->document->flaws, flaw))
        {
          *flaw = *flaw != 0 ? *flaw : FLAW_DAMAGED;
          return false;
        }
    }
  return true;
}

static bool
read_parts (Workbook *w, DocumentFlaw *flaw)
{
  if (!look_at_types (w, flaw) || !find_sheets (w, flaw))
    return false;
  g_autofree char *styles_part = related (w, w->part, "/styles", NULL);
  g_autofree char *strings_part = related (w, w->part, "/sharedStrings", NULL);
  g_autoptr (GByteArray) styles =
    document_styles_read (w->zip, styles_part != NULL ? styles_part : "", flaw);
  if (*flaw != 0)
    return false;
  g_autoptr (GPtrArray) strings =
    document_strings_read (w->zip, strings_part != NULL ? strings_part : "", flaw);
  if (*flaw != 0)
    return false;
  DocumentBook book = {
    .strings = strings, .styles = styles, .since_1904 = w->since_1904, .room = MAX_VALUES
  };

  return read_sheets (w, &book, flaw);
}

/* A workbook with a password, or of an older program, is a compound file. */
static DocumentFlaw
compound_file (const guint8 *bytes, gsize n)
{
  static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

  return memmem (bytes, n, encrypted, sizeof encrypted) != NULL ? FLAW_ENCRYPTED
                                                                : FLAW_OTHER_FORMAT;
}

Document *
document_read_workbook (const guint8 *bytes, gsize n)
{
  Document *document = document_new (DOCUMENT_WORKBOOK);
  g_autoptr (GPtrArray) relations = g_ptr_array_new_with_free_func (relation_free);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  DocumentFlaw flaw = 0;

  if (n >= 8 && memcmp (bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
    {
      document_forget (document, compound_file (bytes, n));
      return document;
    }
  g_autoptr (DocumentZip) zip = document_zip_open (bytes, n, &flaw);
  Workbook w = { .zip = zip, .document = document, .relations = relations, .rows = rows };
  if (zip == NULL || !read_parts (&w, &flaw))
    document_forget (document, flaw != 0 ? flaw : FLAW_DAMAGED);
  g_free (w.part);
  return document;
}
