/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What cases set off in each other: is every signal raised and heard, and does no case open or call
 * another one for ever?
 */
#include "program/program-private.h"

#include <string.h>

/* What a term makes happen at once in other cases: in those of TYPE, or (NULL) in any that hears
 * it. */
typedef struct {
  const char *type;
  char *event;          /* "opened", "signal NAME"; NULL: nothing */
} Effect;

static void
effect_clear (Effect *effect)
{
  g_free (effect->event);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Effect, effect_clear)

static Effect
effect_of (const ProgramTerm *term)
{
  static const char *const broad[] = { "signal parent ", "signal children ", "signal others " };

  if (g_str_has_prefix (term->word, "open ") && term->values[0] != NULL && term->related)
    return (Effect){ term->values[0], g_strdup ("opened") };
  for (guint i = 0; i < G_N_ELEMENTS (broad); i++)
    if (g_str_has_prefix (term->word, broad[i]))
      return (Effect){ NULL, g_strconcat ("signal ", term->values[0], NULL) };
  if (g_str_has_prefix (term->word, "signal "))
    return (Effect){ term->values[0], g_strconcat ("signal ", term->values[1], NULL) };
  return (Effect){ NULL, NULL };
}

static bool
has_event (const GPtrArray *transitions, const char *event)
{
  for (guint i = 0; i < transitions->len; i++)
    if (strcmp (((const ProgramTransition *) transitions->pdata[i])->event, event) == 0)
      return true;
  return false;
}

static bool
hears (const ProgramCaseType *type, const char *event)
{
  bool does = has_event (type->transitions, event);

  for (guint i = 0; !does && i < type->states->len; i++)
    does = has_event (((const ProgramState *) type->states->pdata[i])->transitions, event);
  return does;
}

static bool
reaches (const Effect *effect, const ProgramCaseType *type, const char *event)
{
  return effect->event != NULL && strcmp (effect->event, event) == 0
         && (effect->type == NULL || strcmp (effect->type, type->name) == 0);
}

/* --- raised and heard ------------------------------------------------------ */

static void
check_heard (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
             const ProgramTransition *t, gpointer data)
{
  for (guint i = 0; i < t->actions->len; i++)
    {
      const ProgramTerm *term = t->actions->pdata[i];
      g_auto (Effect) effect = effect_of (term);
      bool heard = effect.event == NULL || strcmp (effect.event, "opened") == 0;

      for (guint k = 0; !heard && k < c->program->case_types->len; k++)
        {
          const ProgramCaseType *other = c->program->case_types->pdata[k];

          heard = reaches (&effect, other, effect.event) && hears (other, effect.event);
        }
      if (!heard)
        program_found (c, t->place,
                       "nobody hears \"%s\"; write on \"%s\" { ... } into the case type it is for",
                       term->word, effect.event);
    }
}

typedef struct {
  const ProgramCaseType *type;
  const char *event;
  bool found;
} Wanted;

static void
note_raised (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
             const ProgramTransition *t, gpointer data)
{
  Wanted *wanted = data;

  for (guint i = 0; i < t->actions->len; i++)
    {
      g_auto (Effect) effect = effect_of (t->actions->pdata[i]);

      wanted->found = wanted->found || reaches (&effect, wanted->type, wanted->event);
    }
}

static void
check_raised (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
              const ProgramTransition *t, gpointer data)
{
  Wanted wanted = { type, t->event, !g_str_has_prefix (t->event, "signal ") };

  for (guint i = 0; !wanted.found && i < c->program->case_types->len; i++)
    program_each_transition (c, c->program->case_types->pdata[i], note_raised, &wanted);
  if (!wanted.found)
    program_found (c, t->place,
                   "nobody raises \"%s\" in a case of type \"%s\"; write do = { \"signal %s %s\" } "
                   "where it happens",
                   t->event, type->name, type->name, t->event + strlen ("signal "));
}

/* --- for ever -------------------------------------------------------------- */

typedef struct {
  const ProgramCaseType *goal_type;
  const char *goal;
  GHashTable *seen;     /* "TYPE EVENT" */
  const char *event;    /* whose effects are followed now */
  bool found;
} Walk;

static void walk (ProgramCheck *c, const ProgramCaseType *type, const char *event, Walk *w);

/* On to every type in which the transition makes something happen at once. */
static void
follow (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
        const ProgramTransition *t, gpointer data)
{
  Walk *w = data;

  if (strcmp (t->event, w->event) != 0)
    return;
  for (guint i = 0; i < t->actions->len; i++)
    {
      g_auto (Effect) effect = effect_of (t->actions->pdata[i]);

      for (guint k = 0; effect.event != NULL && !w->found && k < c->program->case_types->len; k++)
        {
          const ProgramCaseType *other = c->program->case_types->pdata[k];

          if (!reaches (&effect, other, effect.event))
            continue;
          w->found = other == w->goal_type && strcmp (effect.event, w->goal) == 0;
          if (!w->found
              && g_hash_table_add (w->seen, g_strdup_printf ("%s %s", other->name, effect.event)))
            walk (c, other, effect.event, w);
        }
    }
}

static void
walk (ProgramCheck *c, const ProgramCaseType *type, const char *event, Walk *w)
{
  const char *before = w->event;

  w->event = event;
  program_each_transition (c, type, follow, w);
  w->event = before;
}

/* Each event is looked at once: DATA holds those that were. */
static void
check_ends (ProgramCheck *c, const ProgramCaseType *type, const ProgramState *state,
            const ProgramTransition *t, gpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walk w = { type, t->event, seen, NULL, false };

  if (!g_hash_table_add (data, t->event))
    return;
  if (strcmp (t->event, "opened") == 0 || g_str_has_prefix (t->event, "signal "))
    walk (c, type, t->event, &w);
  if (w.found)
    program_found (c, t->place,
                   "\"%s\" of case type \"%s\" sets itself off again without end; let something be "
                   "waited for between",
                   t->event, type->name);
}

void
program_check_signals (ProgramCheck *c, const ProgramCaseType *type)
{
  g_autoptr (GHashTable) events = g_hash_table_new (g_str_hash, g_str_equal);

  program_each_transition (c, type, check_heard, NULL);
  program_each_transition (c, type, check_raised, NULL);
  program_each_transition (c, type, check_ends, events);
}
