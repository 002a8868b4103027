/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One reading of a form out of all its sources: the lines of the mail and the files with it.
 *
 * Where sources differ, nobody guesses which one is meant: the sender is shown both.  Only what
 * stands in quoted text gives way, because it is what was said before.
 */
#include "triage/triage-form-private.h"

#include <string.h>
#include "base/words.h"

/* --- sources --------------------------------------------------------------------- */

FormSource *
form_source_new (const ProgramForm *form, const char *file)
{
  FormSource *source = g_new0 (FormSource, 1);

  source->form = form;
  source->file = g_strdup (file);
  source->slots = g_new0 (FormSlot, form->fields->len);
  source->problems = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < form->fields->len; i++)
    source->slots[i].field = form->fields->pdata[i];
  return source;
}

static void
slot_clear (FormSlot *slot)
{
  g_clear_pointer (&slot->value, g_free);
  g_clear_pointer (&slot->other, g_free);
  g_clear_pointer (&slot->place, g_free);
  g_clear_pointer (&slot->wrong, g_free);
}

void
form_source_forget (FormSource *source)
{
  for (guint i = 0; i < source->form->fields->len; i++)
    slot_clear (&source->slots[i]);
  form_source_count (source);
}

void
form_source_free (FormSource *source)
{
  if (source == NULL)
    return;
  form_source_forget (source);
  g_free (source->slots);
  g_free (source->file);
  g_ptr_array_unref (source->problems);
  g_free (source);
}

void
form_source_count (FormSource *source)
{
  source->n_labels = source->n_values = 0;
  for (guint i = 0; i < source->form->fields->len; i++)
    {
      source->n_labels += source->slots[i].seen;
      source->n_values += source->slots[i].value != NULL;
    }
}

bool
form_source_is_there (const FormSource *source)
{
  guint fields = source->form->fields->len;

  if (source->form->one_line && source->n_labels > 0)
    return true;
  return source->named
         || (source->n_labels >= MIN (FORM_LEAST_LABELS, fields) && source->n_labels * 3 >= fields);
}

/* --- one answer out of several ------------------------------------------------------ */

/* Takes over PROBLEM. */
static void
add_problem (FormReading *reading, char *problem)
{
  g_ptr_array_add (reading->problems, problem);
}

/* An answer in its own place counts more than one quoted. */
static bool
gives_way (const GPtrArray *sources, guint field, const FormSlot *slot)
{
  for (guint i = 0; slot->quoted && i < sources->len; i++)
    {
      const FormSlot *other = &((const FormSource *) sources->pdata[i])->slots[field];

      if (other->value != NULL && !other->quoted)
        return true;
    }
  return false;
}

/* The answer of SLOT, checked; NULL: none, or a problem was said. */
static char *
answer_of (FormReading *reading, const FormSource *source, const FormSlot *slot,
           const FormContext *context)
{
  char *problem = NULL, *answer = NULL;

  if (slot->wrong != NULL)
    {
      g_autofree char *where = form_where (source, slot);

      problem = g_strdup_printf ("%s (%s).", slot->wrong, where);
    }
  else if (slot->value == NULL)
    return NULL;
  else if (slot->other != NULL)
    {
      g_autofree char *one = form_shown (slot->value), *two = form_shown (slot->other);

      g_autofree char *label = words_term (slot->field->label);

      problem =
        words_say ("%s was given twice: \"%s\" and \"%s\". Which one is right?", label, one, two);
    }
  else if (!slot->stray || !form_is_free_text (slot->field))
    answer = form_check (source, slot, context, &problem);
  if (slot->stray)
    g_clear_pointer (&problem, g_free);
  if (problem != NULL)
    add_problem (reading, problem);
  return answer;
}

static char *
called (const FormSource *source)
{
  return source->file != NULL ? g_strdup (source->file) : words_say ("your message");
}

static void
contradict (FormReading *reading, const ProgramField *field, const FormSource *one,
            const char *first, const FormSource *two, const char *second)
{
  g_autofree char *a = form_shown (first), *b = form_shown (second),
                  *label = words_term (field->label);
  g_autofree char *here = called (one), *there = called (two);

  add_problem (reading, words_say ("%s is \"%s\" in %s and \"%s\" in %s. Which one is right?",
                                   label, a, here, b, there));
}

/* Nothing but a file that cannot be taken: that everything is missing says nothing more. */
static bool
is_file_of_no_use (const FormReading *reading)
{
  return reading->n_values == 0 && reading->n_files > 0;
}

static void
judge (FormReading *reading, const GPtrArray *sources, guint field, const FormContext *context)
{
  const FormSource *from = NULL;
  g_autofree char *agreed = NULL;
  guint problems = reading->problems->len;
  const ProgramField *def = reading->form->fields->pdata[field];

  for (guint i = 0; i < sources->len; i++)
    {
      const FormSource *source = sources->pdata[i];
      const FormSlot *slot = &source->slots[field];
      g_autofree char *answer =
        gives_way (sources, field, slot) ? NULL : answer_of (reading, source, slot, context);

      if (answer != NULL && agreed != NULL && !form_same (def, agreed, answer))
        contradict (reading, def, from, agreed, source, answer);
      if (answer == NULL || agreed != NULL)
        continue;
      agreed = g_steal_pointer (&answer);
      from = source;
    }
  if (reading->problems->len > problems)
    return;
  if (agreed != NULL)
    g_hash_table_insert (reading->values, g_strdup (def->name), g_steal_pointer (&agreed));
  else if (def->required && !is_file_of_no_use (reading))
    {
      g_autofree char *label = words_term (def->label);

      add_problem (reading, words_say ("%s is missing.", label));
    }
}

/* What is wrong with a whole file comes first. */
static void
sum_up (FormReading *reading, const GPtrArray *sources)
{
  for (guint i = 0; i < sources->len; i++)
    {
      const FormSource *source = sources->pdata[i];

      reading->n_files +=
        source->file != NULL && (source->n_values > 0 || source->problems->len > 0);
      reading->n_labels = MAX (reading->n_labels, source->n_labels);
      reading->n_values += source->n_values;
      reading->there = reading->there || source->file != NULL || form_source_is_there (source);
      for (guint p = 0; p < source->problems->len; p++)
        add_problem (reading, g_strdup (source->problems->pdata[p]));
    }
}

static FormReading *
read_sources (const ProgramForm *form, const GPtrArray *sources, const FormContext *context)
{
  FormReading *reading = g_new0 (FormReading, 1);

  reading->form = form;
  reading->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reading->problems = g_ptr_array_new_with_free_func (g_free);
  sum_up (reading, sources);
  for (guint i = 0; i < form->fields->len; i++)
    judge (reading, sources, i, context);
  form_check_days (form, context, reading);
  return reading;
}

FormReading *
form_read (const ProgramForm *form, const char *text, const FormContext *context)
{
  g_autoptr (GPtrArray) sources =
    g_ptr_array_new_with_free_func ((GDestroyNotify) form_source_free);

  g_ptr_array_add (sources, form_source_lines (form, text));
  return read_sources (form, sources, context);
}

FormReading *
form_read_message (const ProgramForm *form, const Message *message, const GPtrArray *line_words,
                   const FormContext *context)
{
  g_autoptr (GPtrArray) sources =
    g_ptr_array_new_with_free_func ((GDestroyNotify) form_source_free);

  for (guint i = 0; i < message->parts->len; i++)
    {
      FormSource *source = form_source_file (form, message->parts->pdata[i]);

      if (source != NULL)
        g_ptr_array_add (sources, source);
    }
  if (sources->len == 0 && !form_may_be_there (form, line_words))
    return NULL;
  g_ptr_array_insert (sources, 0, form_source_lines (form, message->text));
  return sources->len > 1 || form_source_is_there (sources->pdata[0])
           ? read_sources (form, sources, context)
           : NULL;
}

/* Forms share labels ("Your email"): whether READING has more of its form than BEST (NULL: there is
 * none yet) of another; of two alike, the shorter form is meant. */
static bool
fits_better (const FormReading *reading, const FormReading *best)
{
  if (best == NULL || reading->n_files != best->n_files)
    return best == NULL || reading->n_files > best->n_files;
  return reading->n_labels != best->n_labels ? reading->n_labels > best->n_labels
                                             : reading->form->fields->len < best->form->fields->len;
}

FormReading *
form_find (const Message *message, const FormContext *context, FormAsked asked, gconstpointer data)
{
  g_autoptr (GPtrArray) line_words = form_line_words (message->text);
  FormReading *best = NULL;

  for (guint i = 0; i < context->program->forms->len; i++)
    {
      const ProgramForm *form = context->program->forms->pdata[i];
      g_autoptr (FormReading) reading =
        asked (form, data) ? form_read_message (form, message, line_words, context) : NULL;

      if (reading == NULL || reading->n_values + reading->n_files == 0
          || !fits_better (reading, best))
        continue;
      form_reading_free (best);
      best = g_steal_pointer (&reading);
    }
  return best;
}

void
form_reading_free (FormReading *reading)
{
  if (reading == NULL)
    return;
  g_hash_table_unref (reading->values);
  g_ptr_array_unref (reading->problems);
  g_free (reading);
}
