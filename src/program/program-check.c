/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks at a definition as a whole, before it is used: can every state be reached
 * and left, does every clock lead somewhere, is everything there that is named.
 */
#include "program/program-private.h"

#include <string.h>

typedef struct {
  const Program *program;
  GPtrArray *findings;
} Check;

static void G_GNUC_PRINTF (3, 4) found (Check *c, ProgramPlace place, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  conf_mistake (c->findings, place.file, place.line, "%s", text);
}

bool
program_finding_is_warning (const char *finding)
{
  const char *text = strstr (finding, ": ");

  return text != NULL && g_str_has_prefix (text, ": warning: ");
}

/* --- walking --------------------------------------------------------------- */

typedef void (*TransitionFunc) (Check *c, const ProgramCaseType *type, const ProgramState *state,
                                const ProgramTransition *t, gpointer data);

/* STATE is NULL for the transitions of the type itself. */
static void
each_transition (Check *c, const ProgramCaseType *type, TransitionFunc visit, gpointer data)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      for (guint j = 0; j < state->transitions->len; j++)
        visit (c, type, state, state->transitions->pdata[j], data);
    }
  for (guint j = 0; j < type->transitions->len; j++)
    visit (c, type, NULL, type->transitions->pdata[j], data);
}

static guint
state_index (const ProgramCaseType *type, const char *name)
{
  guint index = 0;

  while (index < type->states->len
         && strcmp (((const ProgramState *) type->states->pdata[index])->name, name) != 0)
    index++;
  return index;
}

/* --- states ---------------------------------------------------------------- */

static void
reach (const ProgramCaseType *type, const char *name, bool *reached)
{
  guint i = state_index (type, name);

  if (i >= type->states->len || reached[i])
    return;
  reached[i] = true;

  const ProgramState *state = type->states->pdata[i];

  for (guint k = 0; k < state->transitions->len; k++)
    {
      const ProgramTransition *t = state->transitions->pdata[k];

      if (t->to != NULL)
        reach (type, t->to, reached);
    }
  for (guint k = 0; !state->final && k < type->transitions->len; k++)
    {
      const ProgramTransition *t = type->transitions->pdata[k];

      if (t->to != NULL && program_transition (type, state, t->event) == t)
        reach (type, t->to, reached);
    }
}

static void
check_reachable (Check *c, const ProgramCaseType *type)
{
  g_autofree bool *reached = g_new0 (bool, type->states->len + 1);

  reach (type, type->initial, reached);
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      if (!reached[i])
        found (
            c, state->place,
            "state \"%s\" is never reached from \"%s\"; write to = \"%s\" somewhere, or remove it",
            state->name, type->initial, state->name);
    }
}

/* What holds for every state (a withdrawal) does not count as a way on. */
static void
check_dead_ends (Check *c, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];
      bool leads = state->final;

      for (guint k = 0; k < state->transitions->len; k++)
        {
          const ProgramTransition *t = state->transitions->pdata[k];

          leads = leads || (t->to != NULL && strcmp (t->to, state->name) != 0);
        }
      if (!leads)
        found (
            c, state->place,
            "nothing leads out of state \"%s\"; write on \"EVENT\" { to = ... }, or final = true",
            state->name);
    }
}

/* Does the case come from STATE to GOAL with nobody doing anything?  SEEN ends the walk. */
static bool
drifts (const ProgramCaseType *type, const ProgramState *state, const ProgramState *goal,
        bool *seen)
{
  for (guint k = 0; k < state->transitions->len; k++)
    {
      const ProgramTransition *t = state->transitions->pdata[k];
      guint i = t->to != NULL && t->by[0] == NULL ? state_index (type, t->to) : type->states->len;

      if (i >= type->states->len)
        continue;
      if (type->states->pdata[i] == goal)
        return true;
      if (seen[i])
        continue;
      seen[i] = true;
      if (drifts (type, type->states->pdata[i], goal, seen))
        return true;
    }
  return false;
}

static void
check_drift (Check *c, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      g_autofree bool *seen = g_new0 (bool, type->states->len + 1);
      const ProgramState *state = type->states->pdata[i];

      if (drifts (type, state, state, seen))
        found (c, state->place,
               "from state \"%s\" the case comes back to it for ever with nobody doing anything; "
               "let one of its timers lead elsewhere",
               state->name);
    }
}

/* --- timers ---------------------------------------------------------------- */

static const ProgramTransition *
own_transition (const GPtrArray *transitions, const char *event)
{
  for (guint i = 0; i < transitions->len; i++)
    if (strcmp (((const ProgramTransition *) transitions->pdata[i])->event, event) == 0)
      return transitions->pdata[i];
  return NULL;
}

static void
note_start (Check *c, const ProgramCaseType *type, const ProgramState *state,
            const ProgramTransition *t, gpointer data)
{
  struct {
    const char *timer;
    bool found;
  } *want = data;

  /* Every action that names a timer begins it, but the one that stops it. */
  for (guint i = 0; i < t->actions->len; i++)
    {
      const ProgramTerm *term = t->actions->pdata[i];

      want->found = want->found
                    || (strcmp (term->argument, want->timer) == 0 && !g_str_has_prefix (term->word, "stop "));
    }
}

static bool
is_started (Check *c, const ProgramCaseType *type, const ProgramTimer *timer)
{
  struct {
    const char *timer;
    bool found;
  } want = { timer->name, timer->on_entry };

  each_transition (c, type, note_start, &want);
  return want.found;
}

/* STATE is NULL for a timer of the type. */
static void
check_timer (Check *c, const ProgramCaseType *type, const ProgramState *state,
             const ProgramTimer *timer)
{
  g_autofree char *event = g_strconcat ("timer ", timer->name, NULL);
  bool outcome = own_transition (type->transitions, event) != NULL
                 || (state != NULL && own_transition (state->transitions, event) != NULL);

  for (guint i = 0; state == NULL && !outcome && i < type->states->len; i++)
    outcome = own_transition (((const ProgramState *) type->states->pdata[i])->transitions, event)
              != NULL;
  if (!outcome)
    found (c, timer->place, "timer \"%s\" has no outcome; write on \"%s\" { ... }", timer->name,
           event);
  if (!is_started (c, type, timer))
    found (c, timer->place,
           "timer \"%s\" is never started; write do = { \"start timer %s\" } where it begins",
           timer->name, timer->name);
  if (timer->basis == BASIS_LAW && !timer->verified)
    found (c, timer->place,
           "warning: timer \"%s\" is said to be law but its source is not verified; check it and "
           "write verified = true, or basis = target",
           timer->name);
}

static void
check_timers (Check *c, const ProgramCaseType *type)
{
  for (guint i = 0; i < type->states->len; i++)
    {
      const ProgramState *state = type->states->pdata[i];

      for (guint k = 0; k < state->timers->len; k++)
        check_timer (c, type, state, state->timers->pdata[k]);
    }
  for (guint k = 0; k < type->timers->len; k++)
    check_timer (c, type, NULL, type->timers->pdata[k]);
}

/* "timer NAME" must be a timer of that state or of the type. */
static void
check_timer_event (Check *c, const ProgramCaseType *type, const ProgramState *state,
                   const ProgramTransition *t, gpointer data)
{
  const char *name = t->event + strlen ("timer ");
  bool runs = false;

  if (!g_str_has_prefix (t->event, "timer "))
    return;
  runs = program_timer (type, state, name) != NULL;
  for (guint i = 0; state == NULL && !runs && i < type->states->len; i++)
    runs = program_timer (type, type->states->pdata[i], name) != NULL;
  if (!runs)
    found (c, t->place,
           "timer \"%s\" does not run in state \"%s\"; write the timer into this state or outside "
           "of all states",
           name, state->name);
}

/* --- fields ---------------------------------------------------------------- */

static void
note_set (Check *c, const ProgramCaseType *type, const ProgramState *state,
          const ProgramTransition *t, gpointer data)
{
  for (guint i = 0; i < t->actions->len; i++)
    {
      const ProgramTerm *term = t->actions->pdata[i];

      if (g_str_has_prefix (term->word, "set "))
        g_hash_table_add (data, g_strndup (term->argument, strcspn (term->argument, " ")));
    }
}

static void
check_field_use (Check *c, const ProgramCaseType *type, const ProgramState *state,
                 const ProgramTransition *t, gpointer data)
{
  for (guint i = 0; i < t->needs->len; i++)
    {
      const ProgramTerm *term = t->needs->pdata[i];
      g_autofree char *name = g_strndup (term->argument, strcspn (term->argument, " "));

      if (g_str_has_prefix (term->word, "field ") && !g_hash_table_contains (data, name))
        found (c, t->place, "\"%s\" can never hold: no form has a field '%s' and no action sets it",
               term->word, name);
    }
}

static void
check_fields (Check *c, const ProgramCaseType *type)
{
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < c->program->forms->len; i++)
    {
      const ProgramForm *form = c->program->forms->pdata[i];

      for (guint k = 0; k < form->fields->len; k++)
        g_hash_table_add (fields, g_strdup (((const ProgramField *) form->fields->pdata[k])->name));
    }
  each_transition (c, type, note_set, fields);
  each_transition (c, type, check_field_use, fields);
}

/* --- roles ----------------------------------------------------------------- */

static bool
has_people (const Program *program, const char *role)
{
  for (guint i = 0; i < program->people->len; i++)
    if (program_person_has_role (program->people->pdata[i], role))
      return true;
  return false;
}

/* The first of ROLES when nobody has any of them; NULL when somebody
 * has, or one is an outside role. */
static const char *
nobody (const Program *program, char *const *roles)
{
  for (guint i = 0; roles[i] != NULL; i++)
    {
      const ProgramRole *role = program_role (program, roles[i]);

      if (role != NULL && (role->kind == ROLE_OUTSIDE || has_people (program, roles[i])))
        return NULL;
    }
  return roles[0];
}

static void
check_rights (Check *c, const ProgramCaseType *type, const ProgramState *state,
              const ProgramTransition *t, gpointer data)
{
  const char *role = nobody (c->program, t->by);

  if (role != NULL)
    found (c, t->place, "nobody in the roster may cause \"%s\"; give somebody the role '%s'",
           t->event, role);
}

static void
check_people (Check *c)
{
  char *held[] = { c->program->owner, NULL }, *told[] = { c->program->escalate, NULL };

  if (!c->program->has_roster)
    {
      found (c, c->program->place,
             "warning: there is no roster, so whether somebody has each role is not known");
      return;
    }
  for (guint i = 0; i < c->program->case_types->len; i++)
    each_transition (c, c->program->case_types->pdata[i], check_rights, NULL);
  if (nobody (c->program, held) != NULL)
    found (c, c->program->place, "nobody in the roster can own a case; give somebody the role '%s'",
           held[0]);
  if (nobody (c->program, told) != NULL && strcmp (told[0], held[0]) != 0)
    found (c, c->program->place,
           "nobody in the roster is told about what nobody owns; give somebody the role '%s'",
           told[0]);
}

/* --- documents ------------------------------------------------------------- */

/* As file names are compared: without case, '_' and '-' as space. */
static char *
fold_name (const char *name)
{
  char *folded = g_utf8_casefold (name, -1);

  return g_strdelimit (folded, "_-", ' ');
}

/* A file that GLOB could mean: its stars stand for nothing. */
static char *
sample_name (const char *glob)
{
  g_auto (GStrv) parts = g_strsplit (glob, "*", -1);
  g_autofree char *joined = g_strjoinv (" ", parts);
  g_autofree char *sample = fold_name (g_strstrip (joined));

  g_strdelimit (sample, "?", 'x');
  return g_steal_pointer (&sample);
}

static bool
claims (const ProgramDocument *document, const char *sample)
{
  for (char **glob = document->names; *glob != NULL; glob++)
    {
      g_autofree char *folded = fold_name (*glob);

      if (g_pattern_match_simple (folded, sample))
        return true;
    }
  return false;
}

static bool
share_type (const ProgramDocument *a, const ProgramDocument *b)
{
  if (a->types[0] == NULL || b->types[0] == NULL)
    return true;
  for (char **type = a->types; *type != NULL; type++)
    if (g_strv_contains ((const char *const *) b->types, *type))
      return true;
  return false;
}

static void
check_overlap (Check *c, const ProgramDocument *a, const ProgramDocument *b)
{
  if (!share_type (a, b))
    return;
  for (char **glob = a->names; *glob != NULL; glob++)
    {
      g_autofree char *sample = sample_name (*glob);

      if (*sample != '\0' && claims (b, sample))
        {
          found (c, b->place,
                 "a file \"%s\" could be document \"%s\" as well as \"%s\" (line %d); make the "
                 "names of one narrower",
                 sample, b->name, a->name, a->place.line);
          return;
        }
    }
}

static void
check_document (Check *c, const ProgramDocument *document)
{
  if (document->names[0] == NULL && document->words[0] == NULL)
    found (c, document->place, "document \"%s\" cannot be recognised; write names or words",
           document->name);
}

static bool
is_asked (const Program *program, const ProgramEdition *edition, const char *group)
{
  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];

      for (guint k = 0; g_strcmp0 (type->edition, edition->name) == 0 && k < type->states->len; k++)
        if (g_strcmp0 (((const ProgramState *) type->states->pdata[k])->group, group) == 0)
          return true;
    }
  return false;
}

static void
check_edition (Check *c, const ProgramEdition *edition)
{
  g_autoptr (GPtrArray) documents = g_ptr_array_new ();
  g_autoptr (GHashTable) unasked =
      g_hash_table_new (g_str_hash, g_str_equal); /* groups: said once */

  for (guint i = 0; i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      if (!is_asked (c->program, edition, element->group)
          && g_hash_table_add (unasked, element->group))
        found (c, element->place, "warning: no state asks for element %s: none has group = \"%s\"",
               element->name, element->group);
      for (guint k = 0; k < element->documents->len; k++)
        g_ptr_array_add (documents, element->documents->pdata[k]);
    }
  for (guint i = 0; i < documents->len; i++)
    {
      check_document (c, documents->pdata[i]);
      for (guint k = 0; k < documents->len; k++)
        if (k != i)
          check_overlap (c, documents->pdata[i], documents->pdata[k]);
    }
}

/* --- all ------------------------------------------------------------------- */

GPtrArray *
program_check (const Program *program, bool (*has_template) (const char *name, gpointer data),
               gpointer data)
{
  Check c = { program, g_ptr_array_new_with_free_func (g_free) };

  for (guint i = 0; i < program->case_types->len; i++)
    {
      const ProgramCaseType *type = program->case_types->pdata[i];

      check_reachable (&c, type);
      check_dead_ends (&c, type);
      check_drift (&c, type);
      check_timers (&c, type);
      each_transition (&c, type, check_timer_event, NULL);
      check_fields (&c, type);
    }
  for (guint i = 0; i < program->editions->len; i++)
    check_edition (&c, program->editions->pdata[i]);
  for (guint i = 0; has_template != NULL && i < program->notices->len; i++)
    {
      const ProgramNotice *notice = program->notices->pdata[i];

      if (!has_template (notice->name, data))
        found (&c, notice->place, "notice \"%s\" has no template; write templates/%s.md",
               notice->name, notice->name);
    }
  check_people (&c);
  return c.findings;
}
