/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a form out of a file: the fields of a PDF by their names, the cells of a workbook by the
 * labels before them.
 *
 * A file that is this form but cannot be taken is a source without answers and with a problem, so
 * that its sender hears what is wrong and what to do.
 */
#include "triage/triage-form-private.h"

#include <string.h>

#include "base/fold.h"
#include "base/words.h"

/* What a blank form of ours says about itself: names of PDF fields that nobody fills in, labels in
 * a workbook. */
static const char *const name_marks[] = { "form-name", "Form name" };
static const char *const edition_marks[] = { "form-edition", "Form edition" };

static const struct {
  guint flaw;
  const char *says, *remedy;
} troubles[] = {
  { FLAW_ENCRYPTED, "is protected with a password, so that we cannot read it", "Save it without a password" },
  { FLAW_NO_FIELDS, "has no form fields any more: it was printed to PDF, scanned or flattened",
    "Fill in the blank form we attach and save it; do not print it to PDF" },
  { FLAW_XFA_ONLY, "is an XFA form, which only one program can read", "Fill in the blank form we attach" },
  { FLAW_SCRIPTS, "contains scripts (JavaScript), which we do not accept", "Fill in the blank form we attach" },
  { FLAW_MACROS, "contains macros, which we do not accept", "Save it as .xlsx, without macros" },
  { FLAW_OTHER_FORMAT, "is not an .xlsx workbook", "Save it as .xlsx" },
  { FLAW_TOO_LARGE, "is larger than we can read", "Fill in the blank form we attach" },
  { FLAW_DAMAGED, "is damaged and cannot be read", "Save it again" },
  { FLAW_NOT_READ, "could not be read", "Fill in the blank form we attach" },
};

/* Takes over PROBLEM. */
static void
add_problem (FormSource *source, char *problem)
{
  g_ptr_array_add (source->problems, problem);
}

/* Lower-case words of letters and digits; numbers and what people add to file names are none. */
static char *
words_of (const char *text)
{
  static const char *const fillers[] = { "form", "filled", "completed", "signed", "final",
                                         "copy", "scan",   "scanned",   "new",    NULL };
  g_autofree char *folded = fold_case (text);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (char *p = folded; *p != '\0'; p++)
    if ((guchar) *p < 0x80 && !g_ascii_isalnum (*p))
      *p = ' ';
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  for (char **word = words; *word != NULL; word++)
    if (strspn (*word, "0123456789") != strlen (*word) && !g_strv_contains (fillers, *word))
      g_ptr_array_add (kept, *word);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv (" ", (char **) kept->pdata);
}

/* WORDS are words_of() something. */
static bool
are_words_of (const char *words, const char *text)
{
  g_autofree char *own = words[0] != '\0' ? words_of (text) : NULL;

  return own != NULL && strcmp (words, own) == 0;
}

static bool
same_words (const char *a, const char *b)
{
  g_autofree char *words = words_of (a);

  return are_words_of (words, b);
}

static char *
stem_of (const char *file)
{
  g_autofree char *base = g_path_get_basename (file);
  char *dot = strrchr (base, '.');

  if (dot != NULL)
    *dot = '\0';
  return g_steal_pointer (&base);
}

/* A file that cannot be looked into is the form that it is called. */
static bool
is_called (const ProgramForm *form, const MessagePart *part)
{
  g_autofree char *stem = stem_of (part->name), *words = words_of (stem);
  bool called = are_words_of (words, form->name) || are_words_of (words, form->title)
                || same_words (part->document->title, form->title);

  for (char **blank = form->blanks; !called && *blank != NULL; blank++)
    {
      g_autofree char *own = stem_of (*blank);

      called = are_words_of (words, own);
    }
  return called;
}

/* --- answers -------------------------------------------------------------------------- */

/* As the lines of a mail are put together. */
static char *
put_together (const ProgramField *field, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *all = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      g_strstrip (*line);
      if (**line != '\0')
        form_join (all, field, *line);
    }
  return g_string_free (all, FALSE);
}

static void
take (FormSlot *slot, const char *text)
{
  g_autofree char *value = put_together (slot->field, text);

  slot->seen = true;
  if (value[0] == '\0')
    return;
  if (slot->value == NULL)
    slot->value = g_steal_pointer (&value);
  else if (slot->other == NULL && strcmp (slot->value, value) != 0)
    slot->other = g_steal_pointer (&value);
}

/* A mark: false when it says that the file is another form. */
static bool
heed_mark (FormSource *source, bool is_name, const char *value)
{
  const char *edition = source->form->edition;

  if (value[0] == '\0')
    return true;
  if (is_name)
    source->named = strcmp (value, source->form->name) == 0;
  else if (edition != NULL && strcmp (value, edition) != 0)
    add_problem (
      source,
      words_say (
        "%s is edition %s of the form; we need edition %s. Fill in the blank form we attach.",
        source->file, value, edition));
  return !is_name || source->named;
}

/* Which mark TEXT is. */
static bool
is_mark (const char *text, bool *is_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (name_marks); i++)
    {
      *is_name = g_ascii_strcasecmp (text, name_marks[i]) == 0;
      if (*is_name || g_ascii_strcasecmp (text, edition_marks[i]) == 0)
        return true;
    }
  return false;
}

/* --- PDF -------------------------------------------------------------------------------- */

/* Our own names; in forms that others made of ours, the labels. */
static FormSlot *
slot_of_field (FormSource *source, const char *name)
{
  for (guint i = 0; i < source->form->fields->len; i++)
    {
      FormSlot *slot = &source->slots[i];

      if (g_ascii_strcasecmp (slot->field->name, name) == 0 || form_is_label (slot->field, name))
        return slot;
    }
  return NULL;
}

static bool
read_fields (FormSource *source, const Document *document)
{
  bool same = true;

  for (guint i = 0; i < document->fields->len; i++)
    {
      const DocumentField *field = document->fields->pdata[i];
      FormSlot *slot = slot_of_field (source, field->name);
      bool is_name;

      if (is_mark (field->name, &is_name))
        same = heed_mark (source, is_name, field->value) && same;
      else if (slot != NULL)
        take (slot, field->value);
    }
  return same;
}

/* --- workbooks ---------------------------------------------------------------------------- */

static const DocumentSheet *
sheet_called (const Document *document, const char *name)
{
  for (guint i = 0; i < document->sheets->len; i++)
    if (same_words (((const DocumentSheet *) document->sheets->pdata[i])->name, name))
      return document->sheets->pdata[i];
  return NULL;
}

/* The field whose label LABEL is, if its answers may stand on SHEET: on its own tab, or anywhere
 * when there is no such tab. */
static FormSlot *
slot_of_label (FormSource *source, const DocumentSheet *sheet, const char *label)
{
  for (guint i = 0; i < source->form->fields->len; i++)
    {
      FormSlot *slot = &source->slots[i];

      if ((slot->tab == NULL || slot->tab == sheet) && form_is_label (slot->field, label))
        return slot;
    }
  return NULL;
}

static void
take_cell (FormSlot *slot, const DocumentSheet *sheet, const DocumentCell *cell)
{
  g_autofree char *place = document_cell_place (cell);
  bool number = slot->field->kind == FIELD_NUMBER;

  slot->seen = true;
  g_free (slot->place);
  slot->place = sheet->name[0] != '\0' ? g_strdup_printf ("%s!%s", sheet->name, place)
                                       : g_steal_pointer (&place);
  g_clear_pointer (&slot->wrong, g_free);
  if (cell->formula)
    slot->wrong =
      number ? words_say ("There is a formula where an answer belongs; write the number itself")
             : words_say ("There is a formula where an answer belongs; write the answer itself");
  else if (cell->kind == CELL_ERROR)
    slot->wrong =
      words_say ("There is the error %s where an answer belongs; write the answer", cell->text);
  else if (number && cell->kind == CELL_DATE)
    slot->wrong = words_say (
      "There is a date, %s, where a number belongs; format the cell as a number", cell->text);
  else
    take (slot, cell->text);
}

/* A row: the first cell is the label, the next column the answer.  CELLS[I] is the first; *FOUND:
 * it belongs to the form. */
static bool
read_row (FormSource *source, const DocumentSheet *sheet, guint i, bool *found)
{
  const DocumentCell *label = sheet->cells->pdata[i];
  const DocumentCell *next = i + 1 < sheet->cells->len ? sheet->cells->pdata[i + 1] : NULL;
  const DocumentCell *answer =
    next != NULL && next->row == label->row && next->column == label->column + 1 ? next : NULL;
  FormSlot *slot = label->kind == CELL_TEXT ? slot_of_label (source, sheet, label->text) : NULL;
  bool is_name, same = true;

  if (is_mark (label->text, &is_name))
    same = heed_mark (source, is_name, answer != NULL ? answer->text : "");
  else if (slot == NULL)
    return true;
  else if (answer != NULL)
    take_cell (slot, sheet, answer);
  else
    slot->seen = true;
  *found = true;
  return same;
}

static bool
is_tab (const ProgramForm *form, const char *name)
{
  for (guint i = 0; i < form->fields->len; i++)
    {
      const char *tab = ((const ProgramField *) form->fields->pdata[i])->tab;

      if (tab != NULL && same_words (tab, name))
        return true;
    }
  return false;
}

/* What is on it would be lost without a word. */
static void
ask_about_sheet (FormSource *source, const DocumentSheet *sheet, bool found)
{
  if (sheet->hidden)
    add_problem (source, words_say ("%s has the hidden tab \"%s\". Show it or delete it.",
                                    source->file, sheet->name));
  else if (!found && sheet->cells->len > 0 && !is_tab (source->form, sheet->name))
    add_problem (source, words_say ("%s has the tab \"%s\", which is not part of the form. Write "
                                    "what we need to know into the form, "
                                    "and delete the tab.",
                                    source->file, sheet->name));
}

static bool
read_sheets (FormSource *source, const Document *document)
{
  bool same = true;

  /* Once, and not at each of fifty thousand rows. */
  for (guint i = 0; i < source->form->fields->len; i++)
    if (source->slots[i].field->tab != NULL)
      source->slots[i].tab = sheet_called (document, source->slots[i].field->tab);
  for (guint s = 0; s < document->sheets->len; s++)
    {
      const DocumentSheet *sheet = document->sheets->pdata[s];
      bool found = false;
      guint row = 0;

      for (guint i = 0; !sheet->hidden && i < sheet->cells->len; i++)
        {
          const DocumentCell *cell = sheet->cells->pdata[i];

          if (cell->row != row)
            same = read_row (source, sheet, i, &found) && same;
          row = cell->row;
        }
      ask_about_sheet (source, sheet, found);
    }
  return same;
}

/* Tabs of the form that are gone, with everything that stood on them. */
static void
ask_for_tabs (FormSource *source, const Document *document)
{
  g_autoptr (GHashTable) asked = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; document->kind == DOCUMENT_WORKBOOK && i < source->form->fields->len; i++)
    {
      const FormSlot *slot = &source->slots[i];
      const char *tab = slot->field->tab;

      if (tab != NULL && !slot->seen && slot->tab == NULL
          && g_hash_table_add (asked, (gpointer) tab))
        {
          g_autofree char *label = words_term (slot->field->label);

          add_problem (
            source,
            words_say ("%s has no tab \"%s\" (%s). Use the workbook we attach, with all its tabs.",
                       source->file, tab, label));
        }
    }
}

/* --- a file --------------------------------------------------------------------------------- */

static void
refuse_file (FormSource *source, guint flaws)
{
  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    if ((flaws & troubles[i].flaw) != 0)
      {
        g_ptr_array_set_size (source->problems, 0);
        g_autofree char *says = words_term (troubles[i].says),
                        *remedy = words_term (troubles[i].remedy);
        add_problem (
          source,
          words_say ("%s %s. %s, or write your answers in your reply and leave the file out.",
                     source->file, says, remedy));
        break;
      }
  form_source_forget (source);
}

FormSource *
form_source_file (const ProgramForm *form, const MessagePart *part)
{
  const guint refused = FLAW_NO_FIELDS | FLAW_SCRIPTS | FLAW_MACROS;
  const Document *document = part->document;
  g_autoptr (FormSource) source = NULL;

  if (document == NULL)
    return NULL;
  source = form_source_new (form, part->name[0] != '\0' ? part->name : "the attached file");
  if (document_is_unread (document) || (document->flaws & FLAW_NO_FIELDS) != 0)
    {
      if (!is_called (form, part))
        return NULL;
      refuse_file (source, document->flaws);
      return g_steal_pointer (&source);
    }
  if (!(document->kind == DOCUMENT_PDF ? read_fields (source, document)
                                       : read_sheets (source, document)))
    return NULL;
  form_source_count (source);
  if (!form_source_is_there (source))
    return NULL;
  if ((document->flaws & refused) != 0)
    refuse_file (source, document->flaws);
  else
    ask_for_tabs (source, document);
  return g_steal_pointer (&source);
}
