/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pure step: the transition a state has for an event, who may let it happen, what must hold,
 * what is done.
 */
#include <string.h>

#include "base/error.h"
#include "case/case-private.h"

/* An event may raise another (the last clarification answered); a definition in which that never
 * ends is refused. */
enum { MAX_CHAIN = 8 };

CaseChange *
case_change (CaseStep *step, CaseChangeKind kind)
{
  CaseChange *change = g_new0 (CaseChange, 1);

  change->kind = kind;
  g_ptr_array_add (step->changes, change);
  return change;
}

bool
case_step_begin (CaseStep *step, const Program *program, const Case *c, GError **error)
{
  step->program = program;
  step->type = program_case_type (program, c->type);
  step->edition = program_edition (program, c->edition);
  step->state = step->type != NULL ? program_state (step->type, c->state) : NULL;
  /* A kind of case that shows nothing has no edition. */
  if (step->state != NULL && (step->edition != NULL || c->edition == NULL || c->edition[0] == '\0'))
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
               "case %s: the definition has no type '%s', state '%s' or edition '%s'", c->ref,
               c->type, c->state, c->edition);
  return false;
}

const char *
case_group (const CaseStep *step, const char *argument)
{
  return argument != NULL && argument[0] != '\0' ? argument : step->state->group;
}

static bool
has_role (const CaseActor *actor, const char *role)
{
  return g_strv_contains ((const gchar *const *) actor->roles, role);
}

bool
case_is_sure (const char *event, Assurance have, Assurance least, GError **error)
{
  static const char *const how[] = {
    [ASSURE_TOKEN] = "reply to a mail that we sent to your address alone",
    [ASSURE_AUTHENTICATED] = "send it through a mail server that vouches for you",
    [ASSURE_SIGNED] = "sign the message",
  };

  if (have >= least)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "'%s' needs to be sure who asks: %s", event,
               how[least]);
  return false;
}

/* The actor needs one of the roles, and with that role the assurance that it and the transition ask
 * for. */
static bool
may (const CaseStep *step, const ProgramTransition *transition, GError **error)
{
  const CaseActor *actor = step->event->actor;
  Assurance least = ASSURE_SIGNED + 1;

  if (actor == NULL)
    return true;
  for (char **by = transition->by; by != NULL && *by != NULL; by++)
    {
      const ProgramRole *role = program_role (step->program, *by);

      if (role != NULL && has_role (actor, *by))
        least = MIN (least, MAX (role->assurance, transition->assurance));
    }
  if (least > ASSURE_SIGNED)
    {
      g_autofree char *who =
        transition->by != NULL ? g_strjoinv (", ", transition->by) : g_strdup ("");

      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "'%s' belongs to: %s", step->event->name,
                   who[0] != '\0' ? who : "nobody, it comes by itself");
      return false;
    }
  return case_is_sure (step->event->name, actor->assurance, least, error);
}

static void
obstacles_of (const CaseStep *step, const ProgramTransition *transition, GPtrArray *obstacles)
{
  for (guint i = 0; i < transition->needs->len; i++)
    case_guard_holds (step, transition->needs->pdata[i], obstacles);
}

static bool
guards_hold (const CaseStep *step, const ProgramTransition *transition, GError **error)
{
  g_autoptr (GPtrArray) obstacles = g_ptr_array_new_with_free_func (g_free);

  obstacles_of (step, transition, obstacles);
  if (obstacles->len == 0)
    return true;
  g_ptr_array_add (obstacles, NULL);
  g_autofree char *said = g_strjoinv ("; ", (char **) obstacles->pdata),
                  *all = words_english (said);
  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "%s", all);
  return false;
}

static void
move (CaseStep *step, const ProgramState *to)
{
  const ProgramState *from = step->state;
  Case *c = step->c;

  if (to == from)
    return;
  CaseChange *change = case_change (step, CHANGE_STATE);
  change->name = g_strdup (to->name);
  change->value = g_strdup (from->name);
  change->number = !to->final;
  case_timers_leave (step, from, to);
  g_free (c->previous);
  c->previous = g_steal_pointer (&c->state);
  c->state = g_strdup (to->name);
  c->state_since = step->now;
  c->open = !to->final;
  step->state = to;
  case_lapse_all (step);
  case_timers_enter (step, to);
}

/* The clarification a notice speaks of: the one the timer watches, or the newest about the
 * element. */
static gint64
about (const CaseStep *step)
{
  if (step->event->timer != NULL)
    return step->event->timer->about;
  for (guint i = step->c->clarifications->len; step->event->element != NULL && i > 0; i--)
    {
      const CaseClarification *clarification = step->c->clarifications->pdata[i - 1];

      if (strcmp (clarification->element, step->event->element) == 0)
        return clarification->n;
    }
  return 0;
}

static const ProgramState *
target (const ProgramCaseType *type, const Case *c, const ProgramTransition *transition)
{
  if (transition->to == NULL)
    return NULL;
  return program_state (type, strcmp (transition->to, PROGRAM_PREVIOUS) == 0 ? c->previous
                                                                             : transition->to);
}

static bool
take (CaseStep *step, const ProgramTransition *transition, GError **error)
{
  for (guint i = 0; i < transition->actions->len; i++)
    if (!case_action_run (step, transition->actions->pdata[i], error))
      return false;
  const ProgramState *to = target (step->type, step->c, transition);
  if (transition->to != NULL && to == NULL)
    return case_refuse (error, "is where the case began: there is no state before it to go back to",
                        step->state->title, "");
  if (to != NULL)
    move (step, to);
  for (char **notice = transition->notices; notice != NULL && *notice != NULL; notice++)
    {
      CaseChange *change = case_change (step, CHANGE_NOTICE);

      change->name = g_strdup (*notice);
      change->value = g_strdup (step->event->element);
      change->text = g_strdup (step->event->text);
      change->number = about (step);
    }
  return true;
}

static bool
all_hold (const CaseStep *step, const GPtrArray *guards, GPtrArray *obstacles)
{
  bool hold = true;

  for (guint i = 0; i < guards->len; i++)
    hold &= case_guard_holds (step, guards->pdata[i], obstacles);
  return hold;
}

/* The first transition for EVENT whose "when" holds. */
static const ProgramTransition *
choose (const CaseStep *step, const char *event)
{
  g_autoptr (GPtrArray) unused = g_ptr_array_new_with_free_func (g_free);
  const ProgramTransition *t = program_transition (step->type, step->state, event);

  while (t != NULL && !all_hold (step, t->when, unused))
    t = program_next_transition (step->type, step->state, t);
  return t;
}

/* None of the transitions for EVENT fits: what the last one would want is the best that can be
 * said. */
static void
obstacles_of_none (const CaseStep *step, const char *event, GPtrArray *obstacles)
{
  const ProgramTransition *t = program_transition (step->type, step->state, event);

  for (; t != NULL; t = program_next_transition (step->type, step->state, t))
    {
      g_ptr_array_set_size (obstacles, 0);
      all_hold (step, t->when, obstacles);
    }
}

static bool
none_fits (const CaseStep *step, GError **error)
{
  g_autoptr (GPtrArray) obstacles = g_ptr_array_new_with_free_func (g_free);

  obstacles_of_none (step, step->event->name, obstacles);
  g_ptr_array_add (obstacles, NULL);
  g_autofree char *said = g_strjoinv ("; ", (char **) obstacles->pdata),
                  *all = words_english (said);
  g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT, "%s", all);
  return false;
}

/* With the words of who proposed it, when the second person had none. */
static bool
agree_and_take (CaseStep *step, const ProgramTransition *transition, GError **error)
{
  const CaseEvent *event = step->event;
  CaseEvent agreed = *event;
  CaseProposal *seconded;
  bool waits;

  if (!case_agree (step, transition, &seconded, &waits, error))
    return false;
  if (seconded != NULL && agreed.text == NULL && seconded->text[0] != '\0')
    agreed.text = seconded->text;
  step->event = &agreed;
  bool good = waits || take (step, transition, error);
  step->event = event;
  case_proposal_free (seconded);
  return good;
}

static bool
happen (CaseStep *step, int depth, GError **error)
{
  const CaseEvent *event = step->event;
  const ProgramTransition *transition = choose (step, event->name);

  if (transition == NULL && program_transition (step->type, step->state, event->name) != NULL)
    return none_fits (step, error);
  if (transition == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_PERMANENT,
                   "case %s is in '%s': '%s' cannot happen to it", step->c->ref, step->state->title,
                   event->name);
      return false;
    }
  if (depth > MAX_CHAIN)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s:%d: '%s' raises itself without end",
                   transition->place.file, transition->place.line, event->name);
      return false;
    }
  if (!may (step, transition, error) || !guards_hold (step, transition, error)
      || !agree_and_take (step, transition, error))
    return false;
  if (!step->answered)
    return true;

  CaseEvent answered = { .name = "answered", .message = event->message };
  step->answered = false;
  step->event = &answered;
  bool good = choose (step, answered.name) == NULL || happen (step, depth + 1, error);
  step->event = event;
  return good;
}

bool
case_step (const Program *program, Case *c, const CaseEvent *event, gint64 now, GPtrArray *changes,
           GError **error)
{
  /* The caller's timer may be a row of C, and that goes when it fires. */
  g_autoptr (CaseTimer) timer = event->timer != NULL ? case_timer_copy (event->timer) : NULL;
  CaseEvent own = *event;
  CaseStep step = { .c = c, .event = &own, .now = now, .changes = changes };

  own.timer = timer;
  if (timer != NULL && case_timer_is_own (timer))
    own.text = timer->text;
  if (!case_step_begin (&step, program, c, error))
    return false;
  if (timer != NULL)
    {
      if (!case_timer_fire (&step, timer->n, error))
        return false;
      if (timer->reminder[0] != '\0' || choose (&step, event->name) == NULL)
        return true;
    }
  if (event->actor != NULL && !event->actor->staff)
    case_timers_touch (&step);
  return case_take_values (&step, error) && happen (&step, 0, error);
}

bool
case_begin (const Program *program, Case *c, const CaseEvent *event, gint64 now, GPtrArray *changes,
            GError **error)
{
  CaseStep step = { .c = c, .event = event, .now = now, .changes = changes };

  if (!case_step_begin (&step, program, c, error))
    return false;
  c->open = !step.state->final;
  c->state_since = now;
  case_timers_enter (&step, step.state);
  case_timers_begin (&step);
  case_take_all_parties (&step);
  return choose (&step, event->name) == NULL || happen (&step, 0, error);
}

bool
case_may (const Program *program, const Case *c, const CaseEvent *event, gint64 now)
{
  CaseStep step = { .c = (Case *) c, .event = event, .now = now };
  const ProgramTransition *transition;

  return !case_step_begin (&step, program, c, NULL)
         || (transition = choose (&step, event->name)) == NULL
         || may (&step, transition, NULL);
}

GPtrArray *
case_obstacles (const Program *program, const Case *c, const char *event, gint64 now)
{
  GPtrArray *obstacles = g_ptr_array_new_with_free_func (g_free);
  CaseStep step = { .c = (Case *) c, .now = now };
  const ProgramTransition *transition;

  if (!case_step_begin (&step, program, c, NULL))
    return obstacles;
  transition = choose (&step, event);
  if (transition != NULL)
    obstacles_of (&step, transition, obstacles);
  else
    obstacles_of_none (&step, event, obstacles);
  return obstacles;
}

const ProgramTransition *
case_transition (const Program *program, const Case *c, const char *event, gint64 now)
{
  CaseStep step = { .c = (Case *) c, .now = now };

  return case_step_begin (&step, program, c, NULL) ? choose (&step, event) : NULL;
}

const ProgramState *
case_target (const Program *program, const Case *c, const ProgramTransition *transition)
{
  const ProgramCaseType *type = program_case_type (program, c->type);

  return type != NULL ? target (type, c, transition) : NULL;
}

static void
add_choices (const GPtrArray *transitions, const char *prefix, GPtrArray *choices)
{
  for (guint i = 0; i < transitions->len; i++)
    {
      const ProgramTransition *transition = transitions->pdata[i];

      if (g_str_has_prefix (transition->event, prefix)
          && !g_ptr_array_find_with_equal_func (choices, transition->event, g_str_equal, NULL))
        g_ptr_array_add (choices, transition->event);
    }
}

char *
case_choices (const Program *program, const Case *c, const char *command)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new ();
  g_autofree char *prefix = g_strconcat (command, " ", NULL);
  CaseStep step = { .c = (Case *) c };

  if (!case_step_begin (&step, program, c, NULL))
    return NULL;
  add_choices (step.state->transitions, prefix, choices);
  if (!step.state->final)
    add_choices (step.type->transitions, prefix, choices);
  if (choices->len == 0)
    return NULL;
  g_ptr_array_add (choices, NULL);
  return g_strjoinv (", ", (char **) choices->pdata);
}

static bool
has_outside_word (const Program *program, const GPtrArray *transitions, const char *word)
{
  for (guint i = 0; i < transitions->len; i++)
    {
      const ProgramTransition *transition = transitions->pdata[i];

      if (g_ascii_strcasecmp (transition->event, word) != 0)
        continue;
      for (char **by = transition->by; by != NULL && *by != NULL; by++)
        {
          const ProgramRole *role = program_role (program, *by);

          if (role != NULL && role->kind == ROLE_OUTSIDE)
            return true;
        }
    }
  return false;
}

/* EVENT belongs to somebody outside, in some state of TYPE. */
static bool
is_outside_event (const Program *program, const ProgramCaseType *type, const char *event)
{
  bool is = has_outside_word (program, type->transitions, event);

  for (guint i = 0; !is && i < type->states->len; i++)
    is = has_outside_word (program, ((const ProgramState *) type->states->pdata[i])->transitions,
                           event);
  return is;
}

bool
case_knows (const Program *program, const Case *c, const char *event)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  bool knows = false;

  for (guint i = 0; type != NULL && !knows && i < type->states->len; i++)
    knows = program_transition (type, type->states->pdata[i], event) != NULL;
  return knows;
}

char *
case_word_event (const Program *program, const Case *c, const char *word)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  g_autofree char *lower = g_ascii_strdown (word, -1);
  g_autofree char *said = g_strconcat ("say ", lower, NULL);

  if (type == NULL)
    return NULL;
  if (is_outside_event (program, type, said))
    return g_steal_pointer (&said);
  /* "documents" and "message" are what mail is; nobody writes them alone on a line and means it. */
  if (strcmp (lower, "documents") == 0 || strcmp (lower, "message") == 0
      || !is_outside_event (program, type, lower))
    return NULL;
  return g_steal_pointer (&lower);
}
