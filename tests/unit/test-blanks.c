/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The blank forms that go out ask what the definition asks: every field once, under its label, on
 * its tab, and filled in they are read back.  Somebody who changes a form and forgets
 * contrib/make-forms is told here.
 */
#include "triage/triage-form-private.h"

#include "lib/lab.h"

static Program *program;

static Document *
read_blank (const char *blank)
{
  g_autofree char *name = g_build_filename ("templates", blank, NULL), *path = lab_file (name);
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize n;

  g_file_get_contents (path, &data, &n, &error);
  g_assert_no_error (error);
  return g_str_has_suffix (blank, ".pdf") ? document_read_pdf ((const guint8 *) data, n)
                                          : document_read_workbook ((const guint8 *) data, n);
}

static const char *
sample (const ProgramField *field)
{
  static const char *const samples[] = {
    [FIELD_TEXT] = "Lakeside", [FIELD_EMAIL] = "ada@lakeside.example", [FIELD_PHONE] = "217 555 0101", [FIELD_YES_NO] = "yes",
    [FIELD_DATE] = "2026-11-02", [FIELD_NUMBER] = "50", [FIELD_LANGUAGE] = "en", [FIELD_BLOCK] = "1 Main St",
  };

  if (field->choices[0] != NULL)
    return field->choices[0];
  return field->has_min && field->min > 50 ? "2027" : samples[field->kind];
}

/* --- filling in, as people do ---------------------------------------------------- */

static void
fill_pdf (const ProgramForm *form, Document *document)
{
  g_assert_cmpuint (document->fields->len, ==, form->fields->len + 1 + (form->edition != NULL));
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      DocumentField *blank = document->fields->pdata[document->fields->len - form->fields->len + i];

      g_assert_cmpstr (blank->name, ==, field->name); /* in the order in which they are read
                                                       * aloud */
      g_assert_cmpstr (blank->value, ==, "");
      g_free (blank->value);
      blank->value = g_strdup (sample (field));
    }
}

static DocumentSheet *
sheet_of (const Document *document, const char *name)
{
  for (guint i = 0; i < document->sheets->len; i++)
    if (strcmp (((const DocumentSheet *) document->sheets->pdata[i])->name, name) == 0)
      return document->sheets->pdata[i];
  return NULL;
}

static guint
index_of_label (const DocumentSheet *sheet, const char *label)
{
  for (guint i = 0; i < sheet->cells->len; i++)
    {
      const DocumentCell *cell = sheet->cells->pdata[i];

      if (cell->column == 1 && strcmp (cell->text, label) == 0)
        return i;
    }
  g_error ("the tab '%s' does not ask for '%s': run contrib/make-forms", sheet->name, label);
}

static void
fill_workbook (const ProgramForm *form, Document *document)
{
  for (guint i = 0; i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];
      DocumentSheet *sheet = sheet_of (document, field->tab != NULL ? field->tab : form->title);

      g_assert_nonnull (sheet);
      guint at = index_of_label (sheet, field->label);
      guint row = ((const DocumentCell *) sheet->cells->pdata[at])->row;
      document_add_cell (sheet, row, 2, CELL_TEXT, sample (field));
      DocumentCell *answer = g_ptr_array_steal_index (sheet->cells, sheet->cells->len - 1);
      g_ptr_array_insert (sheet->cells, (int) at + 1, answer);
    }
}

/* --- what must be ------------------------------------------------------------------- */

static FormReading *
read_as_form (const ProgramForm *form, const char *name, Document *document)
{
  FormContext context = { lab_time ("2026-11-30T10:00:00-05:00"), program, NULL, NULL };
  g_autoptr (Message) m = message_new ();
  MessagePart *part = g_new0 (MessagePart, 1);

  part->name = g_path_get_basename (name);
  part->document = document;
  g_ptr_array_add (m->parts, part);
  g_autoptr (GPtrArray) words = form_line_words (m->text);
  FormReading *reading = form_read_message (form, m, words, &context);
  part->document = NULL;
  return reading;
}

static void
blanks_ask_what_the_definition_asks (void)
{
  guint n = 0;

  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      for (char **blank = form->blanks; *blank != NULL; blank++, n++)
        {
          g_autoptr (Document) document = read_blank (*blank);

          g_test_message ("%s", *blank);
          g_assert_cmphex (document->flaws, ==, 0);
          g_autoptr (FormReading) empty = read_as_form (form, *blank, document);
          g_assert_true (empty->there);
          g_assert_cmpuint (empty->n_values, ==, 0);
          g_assert_cmpuint (empty->n_labels, ==, form->fields->len);
          if (document->kind == DOCUMENT_PDF)
            fill_pdf (form, document);
          else
            fill_workbook (form, document);
          g_autoptr (FormReading) filled = read_as_form (form, "any-name", document);
          for (guint p = 0; p < filled->problems->len; p++)
            g_test_message ("problem: %s", (const char *) filled->problems->pdata[p]);
          g_assert_cmpuint (filled->problems->len, ==, 0);
          g_assert_cmpuint (g_hash_table_size (filled->values), ==, form->fields->len);
        }
    }
  g_assert_cmpuint (n, >=, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = lab_program ();
  g_test_add_func ("/blanks/ask-what-the-definition-asks", blanks_ask_what_the_definition_asks);
  int status = g_test_run ();
  program_free (program);
  return status;
}
