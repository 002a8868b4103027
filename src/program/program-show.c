/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The definition as tables for people, a topic a row.
 */
#include "program/program-private.h"

#include "base/error.h"

#include <string.h>

/* --- a table --------------------------------------------------------------- */

#define COLUMNS 6

/* Rows of COLUMNS cells; a NULL ends a row early. */
static void
append_table (GString *out, const GPtrArray *cells)
{
  guint width[COLUMNS] = { 0 };

  for (guint i = 0; i < cells->len; i++)
    if (cells->pdata[i] != NULL)
      width[i % COLUMNS] = MAX (width[i % COLUMNS], (guint) g_utf8_strlen (cells->pdata[i], -1));
  for (guint i = 0; i < cells->len; i += COLUMNS)
    {
      gsize last = out->len;

      for (guint k = 0; k < COLUMNS && cells->pdata[i + k] != NULL; k++)
        {
          const char *cell = cells->pdata[i + k];

          g_string_append (out, cell);
          if (*cell != '\0')
            last = out->len;
          g_string_append_printf (out, "%*s", (int) (width[k] + 2 - g_utf8_strlen (cell, -1)), "");
        }
      g_string_truncate (out, last);
      g_string_append_c (out, '\n');
    }
}

/* Takes the cells, up to a NULL. */
static void G_GNUC_NULL_TERMINATED
add_row (GPtrArray *cells, ...)
{
  va_list args;
  guint n = 0;

  va_start (args, cells);
  for (char *cell = va_arg (args, char *); cell != NULL; cell = va_arg (args, char *), n++)
    g_ptr_array_add (cells, cell);
  va_end (args);
  for (; n < COLUMNS; n++)
    g_ptr_array_add (cells, NULL);
}

static char *
text (const char *value)
{
  return g_strdup (value != NULL ? value : "");
}

static char *
joined (char **values)
{
  return g_strjoinv (", ", values);
}

/* --- topics ---------------------------------------------------------------- */

static void
show_states (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->case_types->len; i++)
    {
      const ProgramCaseType *type = p->case_types->pdata[i];

      add_row (cells, g_strdup_printf ("%s-", type->prefix), text (type->name), text (type->title),
               NULL);
      for (guint k = 0; k < type->states->len; k++)
        {
          const ProgramState *s = type->states->pdata[k];

          add_row (cells, text (""), text (s->name), text (s->title),
                   s->final ? text ("final") : g_strdup_printf ("waits for %s", s->waiting_on),
                   text (s->group), NULL);
          for (guint j = 0; j < s->transitions->len; j++)
            {
              const ProgramTransition *t = s->transitions->pdata[j];

              add_row (cells, text (""), g_strdup_printf ("  on %s", t->event), joined (t->by),
                       g_strdup_printf ("-> %s", t->to != NULL ? t->to : "(stays)"),
                       joined (t->notices), NULL);
            }
        }
      for (guint j = 0; j < type->transitions->len; j++)
        {
          const ProgramTransition *t = type->transitions->pdata[j];

          add_row (cells, text (""), g_strdup_printf ("any state: on %s", t->event), joined (t->by),
                   g_strdup_printf ("-> %s", t->to != NULL ? t->to : "(stays)"),
                   joined (t->notices), NULL);
        }
    }
}

static void
show_roles (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->roles->len; i++)
    {
      const ProgramRole *role = p->roles->pdata[i];

      add_row (cells, text (role->name), text (role->title),
               text (role->kind == ROLE_STAFF ? "staff" : "outside"),
               text (program_assurance_name (role->assurance)),
               text (role->people > 1 ? "two people" : ""), joined (role->commands), NULL);
    }
}

static void
show_people (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->people->len; i++)
    {
      const ProgramPerson *person = p->people->pdata[i];

      add_row (cells, text (person->address), text (person->name), joined (person->roles),
               text (person->away ? "away" : ""), NULL);
    }
}

static void
show_editions (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->editions->len; i++)
    {
      const ProgramEdition *edition = p->editions->pdata[i];

      add_row (cells, text (edition->name), text (edition->title), joined (edition->findings),
               NULL);
      for (guint k = 0; k < edition->elements->len; k++)
        {
          const ProgramElement *e = edition->elements->pdata[k];

          add_row (cells, g_strdup_printf ("  %s", e->name), text (e->title), text (e->group),
                   NULL);
          for (guint j = 0; j < e->documents->len; j++)
            {
              const ProgramDocument *d = e->documents->pdata[j];

              add_row (cells, text (""), g_strdup_printf ("  %s", d->name), text (d->title),
                       text (d->required ? "required" : "if applicable"), joined (d->names), NULL);
            }
        }
    }
}

static void
show_forms (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->forms->len; i++)
    {
      const ProgramForm *form = p->forms->pdata[i];

      add_row (cells, text (form->name), text (form->title),
               form->opens != NULL ? g_strdup_printf ("opens %s", form->opens) : text (form->event),
               NULL);
      for (guint k = 0; k < form->fields->len; k++)
        {
          const ProgramField *f = form->fields->pdata[k];

          add_row (cells, text (""), g_strdup_printf ("  %s", f->name), text (f->label),
                   text (program_field_kinds[f->kind]), text (f->required ? "required" : ""),
                   text (f->maps), NULL);
        }
    }
}

static void
show_notices (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->notices->len; i++)
    {
      const ProgramNotice *notice = p->notices->pdata[i];

      add_row (cells, text (notice->name), g_strdup ("to"), joined (notice->to),
               text (notice->attach), text (notice->calendar), NULL);
    }
}

static Span
positive (Span span)
{
  return (Span){ ABS (span.n), span.unit };
}

/* "6 months before delivery-day" */
static char *
length_of (const ProgramTimer *timer)
{
  g_autofree char *span = span_format (positive (timer->after));

  return timer->from == FROM_START
           ? g_steal_pointer (&span)
           : g_strdup_printf ("%s %s %s", span, timer->after.n < 0 ? "before" : "after",
                              timer->from_name);
}

static void
add_timer (GPtrArray *cells, const char *where, const ProgramTimer *timer)
{
  g_autoptr (GString) when = g_string_new (NULL);

  for (guint i = 0; i < timer->reminders->len; i++)
    {
      static const char *const sides[] = {
        [REMIND_BEFORE] = "before", [REMIND_AFTER] = "after", [REMIND_FROM_START] = "from the start",
      };
      const ProgramReminder *reminder = timer->reminders->pdata[i];
      g_autofree char *span = span_format (positive (reminder->span));

      g_string_append_printf (when, "%s%s %s", i > 0 ? ", " : "reminds ", span,
                              sides[reminder->anchor]);
    }
  add_row (
    cells, text (where),
    timer->id != NULL ? g_strdup_printf ("%s (%s)", timer->name, timer->id) : text (timer->name),
    length_of (timer),
    g_strdup_printf ("%s%s%s", program_basis_name (timer->basis),
                     timer->verified ? "" : ", not verified", timer->pauses ? ", pauses" : ""),
    text (timer->source), text (when->str), NULL);
}

static void
show_timers (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->case_types->len; i++)
    {
      const ProgramCaseType *type = p->case_types->pdata[i];

      for (guint k = 0; k < type->states->len; k++)
        {
          const ProgramState *state = type->states->pdata[k];

          for (guint j = 0; j < state->timers->len; j++)
            add_timer (cells, state->name, state->timers->pdata[j]);
        }
      for (guint j = 0; j < type->timers->len; j++)
        add_timer (cells, "any state", type->timers->pdata[j]);
    }
}

static void
show_triage (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->triage->len; i++)
    {
      const ProgramTriageRule *rule = p->triage->pdata[i];

      add_row (cells, text (rule->name), text (rule->from), joined (rule->subject),
               joined (rule->words),
               rule->answer != NULL ? g_strdup_printf ("answer %s", rule->answer) : text (""),
               rule->hold ? g_strdup_printf ("hold: %s", rule->reason) : text (""), NULL);
    }
}

static void
show_knowledge (const Program *p, GPtrArray *cells, int year)
{
  for (guint i = 0; i < p->articles->len; i++)
    {
      const ProgramArticle *article = p->articles->pdata[i];

      add_row (cells, text (article->name), text (article->title), text (article->owner),
               text (article->review_by), joined (article->words), NULL);
    }
}

static void
show_holidays (const Program *p, GPtrArray *cells, int year)
{
  g_auto (GStrv) days = calendar_holidays (p->calendar, year);

  for (char **day = days; *day != NULL; day++)
    add_row (cells, text (*day), NULL);
}

static void
show_files (const Program *p, GPtrArray *cells, int year)
{
  add_row (cells, text ("version"), text (p->version), NULL);
  for (guint i = 0; i < p->files->len; i++)
    {
      const ProgramFile *file = p->files->pdata[i];

      add_row (cells, text (file->name),
               g_strdup_printf ("%" G_GSIZE_FORMAT " bytes", g_bytes_get_size (file->bytes)), NULL);
    }
}

static const struct {
  const char *name;
  void (*show) (const Program *program, GPtrArray *cells, int year);
  bool with_year;
} topics[] = {
  { "editions", show_editions }, { "files", show_files },
  { "forms", show_forms },       { "holidays", show_holidays, true },
  { "knowledge", show_knowledge },
  { "notices", show_notices },   { "people", show_people },
  { "roles", show_roles },       { "states", show_states },
  { "timers", show_timers },     { "triage", show_triage },
};

/* The year after "holidays "; 0 when there is none. */
static int
year_in (const char *topic, const char *name)
{
  guint64 year;
  const char *rest = topic + strlen (name);

  return *rest == ' ' && g_ascii_string_to_unsigned (rest + 1, 10, 1583, 8999, &year, NULL)
             ? (int) year
             : 0;
}

char *
program_show (const Program *program, const char *topic, GError **error)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    {
      int year = topics[i].with_year && g_str_has_prefix (topic, topics[i].name)
                     ? year_in (topic, topics[i].name)
                     : 0;

      g_string_append_printf (known, "%s%s%s", i > 0 ? ", " : "", topics[i].name,
                              topics[i].with_year ? " YEAR" : "");
      if (year == 0 && (topics[i].with_year || strcmp (topic, topics[i].name) != 0))
        continue;
      GString *out = g_string_new (NULL);
      topics[i].show (program, cells, year);
      append_table (out, cells);
      return g_string_free (out, FALSE);
    }
  g_set_error (error, QEC_ERROR, QEC_ERROR_INVALID,
               "there is nothing to show about '%s'; write one of: %s", topic, known->str);
  return NULL;
}
