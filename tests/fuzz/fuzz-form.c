/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any text as a filled form of the program: values are valid and of the form's fields, and what was
 * read, written as a form again, reads the same.
 */
#include <string.h>

#include "base/words.h"
#include "lib/lab.h"
#include "message/message-private.h"
#include "triage/triage-form-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static Program *program;
  g_autofree char *text =
    clean_text ((const char *) data, (gssize) size); /* as the reader's facts are */

  if (program == NULL)
    program = lab_program ();
  const ProgramForm *form = program->forms->pdata[0];
  FormContext context = { 1795449600, program, NULL, NULL };
  g_autoptr (FormReading) reading = form_read (form, text, &context);
  GHashTableIter iter;
  gpointer name, value;

  g_assert_cmpuint (reading->n_values, <=, form->fields->len);
  g_autoptr (GPtrArray) words = form_line_words (text);
  g_assert_true (form_may_be_there (form, words) || !reading->there);
  for (guint i = 0; i < reading->problems->len; i++)
    g_assert_true (g_utf8_validate (reading->problems->pdata[i], -1, NULL));
  g_hash_table_iter_init (&iter, reading->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_assert_true (g_utf8_validate (value, -1, NULL));
      g_assert_cmpstr (value, !=, "");
    }
  g_autofree char *made = program_form_lines (form, reading->values), *blank = words_english (made);
  g_autoptr (FormReading) again = form_read (form, blank, &context);
  g_assert_cmpuint (again->n_labels, ==, form->fields->len);
  return 0;
}
