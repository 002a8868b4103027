/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People: what somebody does in a case is drawn from what the state allows their side, weighted by
 * what a person would do.  Words of the vocabulary ("documents", "finding") have weights of their
 * own; all others are judged by where they lead and whether the guards hold.
 */
#include "simulate/simulate-private.h"

#include <string.h>

#define TELLS_SOMETHING_NEW                                                                        \
  0.03 /* chance, each time somebody outside looks at the oldest case of their organization */

typedef struct {
  SimWorld *w;
  SimCase *s;
  SimSide side;
  const ProgramState *state;
  const ProgramEdition *edition;
  GArray *missing;           /* CaseMissing of the state's group */
  const ProgramTransition *transition; /* the one that is weighed */
  bool blocked;              /* its guards do not hold */
} Turn;

/* --- what is there to be done ------------------------------------------------------ */

static guint
times (GHashTable *done, const char *event)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (done, event));
}

static bool
is_passing (const Turn *turn, const char *element)
{
  const CaseFinding *finding = case_finding (turn->s->c, element);

  return finding != NULL
         && g_strv_contains ((const char *const *) turn->edition->passing, finding->value);
}

/* An element of the state's group that has no finding; or, when all have one, one that does not
 * pass; or NULL. */
static const ProgramElement *
to_find (const Turn *turn)
{
  const ProgramElement *failing = NULL;

  for (guint i = 0; turn->edition != NULL && i < turn->edition->elements->len; i++)
    {
      const ProgramElement *element = turn->edition->elements->pdata[i];

      if (turn->state->group == NULL || strcmp (element->group, turn->state->group) != 0
          || !case_is_asked (turn->s->c, element))
        continue;
      if (case_finding (turn->s->c, element->name) == NULL)
        return element;
      if (failing == NULL && !is_passing (turn, element->name))
        failing = element;
    }
  return failing;
}

static const ProgramElement *
any_element (const Turn *turn)
{
  g_autoptr (GPtrArray) here = g_ptr_array_new ();

  for (guint i = 0; turn->edition != NULL && i < turn->edition->elements->len; i++)
    if (g_strcmp0 (((const ProgramElement *) turn->edition->elements->pdata[i])->group,
                   turn->state->group)
        == 0)
      g_ptr_array_add (here, turn->edition->elements->pdata[i]);
  return here->len > 0 ? here->pdata[sim_pick (turn->w, here->len)] : NULL;
}

static const CaseClarification *
open_question (const Turn *turn)
{
  for (guint i = 0; i < turn->s->c->clarifications->len; i++)
    if (((const CaseClarification *) turn->s->c->clarifications->pdata[i])->open)
      return turn->s->c->clarifications->pdata[i];
  return NULL;
}

/* --- weights ------------------------------------------------------------------------- */

static double
documents_weight (const Turn *turn)
{
  return turn->missing->len > 0 ? 40 : open_question (turn) != NULL ? 10 : 0.3;
}

static double
message_weight (const Turn *turn)
{
  return open_question (turn) != NULL ? 30 : 0.5;
}

static double
finding_weight (const Turn *turn)
{
  const ProgramElement *element = to_find (turn);

  return element == NULL ? 0 : case_finding (turn->s->c, element->name) == NULL ? 40 : 3;
}

static double
clarify_weight (const Turn *turn)
{
  return turn->state->group == NULL
           ? 0
           : 6.0 / (1 + 2 * times (turn->s->done, turn->transition->event));
}

static double
extend_weight (const Turn *turn)
{
  return open_question (turn) != NULL ? 1 : 0;
}

static double
seldom (const Turn *turn)
{
  return 0.3;
}

/* What changes nothing that the rules know of. */
static double
never (const Turn *turn)
{
  return 0;
}

static const struct {
  const char *event;
  double (*weight) (const Turn *turn);
} weights[] = {
  { "documents", documents_weight }, { "message", message_weight }, { "finding", finding_weight },
  { "clarify", clarify_weight },     { "extend", extend_weight },   { "assign", seldom },
  { "note", seldom },                { "relay", seldom },           { "remind", seldom },
  { "link", never },                 { "merge", never },           { "contact", never },
};

static bool
is_everywhere (const Turn *turn)
{
  return g_ptr_array_find (turn->s->type->transitions, turn->transition, NULL);
}

/* Onward is what a state is for; ending it, or what is possible everywhere (a withdrawal), is
 * seldom done from outside. */
static double
other_weight (const Turn *turn)
{
  const ProgramTransition *t = turn->transition;
  const ProgramState *to = case_target (turn->w->program, turn->s->c, t);
  guint here = times (turn->s->done_here, t->event), all = times (turn->s->done, t->event);

  if (to == NULL || to == turn->state)
    return 8.0 / (1 + 4 * here);
  if (is_everywhere (turn) || (turn->side == OUTSIDE && to->final))
    return 0.15;
  /* What more guards had to hold for is what was worked for; an end is not the first thing that
   * comes to mind. */
  return 12.0 * (1 + 2 * t->needs->len) * (to->final ? 0.4 : 1) / (1 + all);
}

static bool
belongs_to (const Turn *turn, const char *role)
{
  const ProgramRole *def = program_role (turn->w->program, role);

  return def != NULL && (def->kind == ROLE_OUTSIDE) == (turn->side == OUTSIDE);
}

static bool
is_ours (const Turn *turn, const ProgramTransition *t)
{
  for (char **by = t->by; by != NULL && *by != NULL; by++)
    if (belongs_to (turn, *by))
      return true;
  return false;
}

/* Whose turn it is does what the state waits for; others help. */
static double
weigh (Turn *turn, const ProgramTransition *t)
{
  g_autoptr (GPtrArray) obstacles =
    case_obstacles (turn->w->program, turn->s->c, t->event, turn->w->now);
  double weight = -1;

  turn->transition = t;
  turn->blocked = obstacles->len > 0;
  for (guint i = 0; i < G_N_ELEMENTS (weights) && weight < 0; i++)
    if (strcmp (weights[i].event, t->event) == 0)
      weight = weights[i].weight (turn);
  if (weight < 0)
    weight = other_weight (turn);
  if (turn->state->waiting_on != NULL
      && !g_strv_contains ((const char *const *) t->by, turn->state->waiting_on))
    weight *= 0.3;
  return turn->blocked ? weight * 0.01 : weight;
}

/* --- doing it -------------------------------------------------------------------------- */

/* Somebody of the office with one of the roles BY; away only when there is nobody else. */
static const ProgramPerson *
somebody (const Turn *turn, char **by)
{
  const ProgramPerson *away = NULL;

  for (char **role = by; *role != NULL; role++)
    for (guint i = 0; i < turn->w->program->people->len; i++)
      {
        const ProgramPerson *person = turn->w->program->people->pdata[i];

        if (!program_person_has_role (person, *role))
          continue;
        if (!person->away)
          return person;
        away = person;
      }
  return away;
}

static void
add_file (GPtrArray *files, const char *element, const char *name, const char *party,
          gint64 message)
{
  CaseDocument file = { .party = (char *) party,
                        .element = (char *) element,
                        .name = (char *) name,
                        .file = (char *) "file.pdf",
                        .type = (char *) "application/pdf",
                        .sha256 = (char *) "",
                        .size = 1000,
                        /* Who plays does not sign: an office would accept it. */
                        .signature = { .accepted = (char *) "simulated" },
                        .message = message,
                        .status = element[0] != '\0' ? DOCUMENT_CURRENT : DOCUMENT_UNCLEAR };
  g_autofree char *part = g_strdup_printf ("1.%u", files->len + 2);

  file.part = part;
  g_ptr_array_add (files, case_document_copy (&file));
}

/* What is missing, or part of it; now and then something nobody can name. */
static GPtrArray *
pick_files (const Turn *turn)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) case_document_free);
  gint64 message = 1 + turn->s->c->serial;

  for (guint i = 0; i < turn->missing->len; i++)
    {
      const CaseMissing *m = &g_array_index (turn->missing, CaseMissing, i);

      if (sim_happens (turn->w, turn->s->entity->diligence))
        add_file (files, m->element->name, m->document->name, m->party, message);
    }
  const ProgramElement *again = files->len == 0 ? any_element (turn) : NULL;
  if (again != NULL && again->documents->len > 0)
    add_file (files, again->name, ((const ProgramDocument *) again->documents->pdata[0])->name,
              NULL, message);
  if (sim_happens (turn->w, 0.03))
    add_file (files, "", "", NULL, message);
  return files;
}

static const char *
pick_finding (const Turn *turn)
{
  char **words = sim_happens (turn->w, 0.5 + 0.45 * turn->s->entity->diligence)
                   ? turn->edition->passing
                   : turn->edition->findings;

  return words[sim_pick (turn->w, g_strv_length (words))];
}

/* Answers name what they are about. */
static char *
words_about_questions (const Turn *turn)
{
  GString *text = g_string_new ("We write about");

  for (guint i = 0; i < turn->s->c->clarifications->len; i++)
    {
      const CaseClarification *question = turn->s->c->clarifications->pdata[i];

      if (question->open)
        g_string_append_printf (text, " %s", question->element);
    }
  return g_string_free (text, FALSE);
}

char *
sim_value (SimWorld *w, FieldKind kind)
{
  switch (kind)
    {
    case FIELD_YES_NO:
      return g_strdup (sim_happens (w, 0.15) ? "yes" : "no");
    case FIELD_NUMBER:
      return g_strdup_printf ("%u", 1 + sim_pick (w, 1000));
    case FIELD_DATE:
      {
        /* Most tell of today; some of what is to come. */
        gint64 at = w->now + (sim_happens (w, 0.6) ? 0 : (gint64) sim_pick (w, 180) * DAY);

        return calendar_day_text (w->program->calendar, at);
      }
    case FIELD_EMAIL:
      return g_strdup ("somebody@elsewhere.example");
    default:
      return g_strdup ("as agreed");
    }
}

char *
sim_answer (SimWorld *w, const ProgramField *field)
{
  guint n = field->choices != NULL ? g_strv_length (field->choices) : 0;

  return n > 0 ? g_strdup (field->choices[sim_pick (w, n)]) : sim_value (w, field->kind);
}

/* A form filled in; what need not be said is left out now and then. */
static GHashTable *
fill_in (const Turn *turn, const ProgramForm *form)
{
  GHashTable *values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; form != NULL && i < form->fields->len; i++)
    {
      const ProgramField *field = form->fields->pdata[i];

      if (field->required || sim_happens (turn->w, turn->s->entity->diligence))
        g_hash_table_insert (values, g_strdup (field->name), sim_answer (turn->w, field));
    }
  return values;
}

/* What EVENT brings beside its words: a finding, the value of a field, or a person's address. */
static char *
pick_value (const Turn *turn, const char *event, const CaseActor *actor)
{
  const ProgramCaseField *field = g_str_has_prefix (event, "set ")
                                    ? program_case_field (turn->s->type, event + strlen ("set "))
                                    : NULL;

  if (field != NULL)
    return sim_value (turn->w, field->kind);
  return g_strdup (strcmp (event, "finding") == 0 && turn->edition != NULL ? pick_finding (turn)
                                                                           : actor->address);
}

static void
remember (Turn *turn, const char *event)
{
  g_hash_table_insert (turn->s->done, (gpointer) event,
                       GUINT_TO_POINTER (times (turn->s->done, event) + 1));
  g_hash_table_insert (turn->s->done_here, (gpointer) event,
                       GUINT_TO_POINTER (times (turn->s->done_here, event) + 1));
}

/* Make the event of T and let it happen. */
static void
do_it (Turn *turn, const ProgramTransition *t)
{
  const ProgramPerson *person = turn->side == STAFF ? somebody (turn, t->by) : NULL;
  CaseActor actor = { .assurance = ASSURE_SIGNED, .staff = turn->side == STAFF };
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GHashTable) values = NULL;
  g_autofree char *text = NULL, *value = NULL;
  const CaseClarification *question = open_question (turn);
  const ProgramElement *element = to_find (turn);

  if (turn->side == STAFF && person == NULL)
    return;
  actor.address = person != NULL ? person->address : turn->s->entity->email;
  actor.name = person != NULL ? person->name : turn->s->entity->name;
  actor.roles = person != NULL ? (const char *const *) person->roles : turn->w->outside;
  if (strcmp (t->event, "documents") == 0)
    files = pick_files (turn);
  if (strcmp (t->event, "clarify") == 0 || element == NULL)
    element = any_element (turn);
  CaseEvent event = {
    .name = t->event, .actor = &actor, .documents = files, .message = 1 + turn->s->c->serial
  };
  event.text = text =
    turn->side == OUTSIDE ? words_about_questions (turn) : g_strdup ("Please tell us more.");
  event.element = strcmp (t->event, "extend") == 0 && question != NULL ? question->element
                  : element != NULL                                      ? element->name
                                                                         : NULL;
  Span more = { 10, SPAN_BUSINESS_DAYS };
  if (strcmp (t->event, "extend") == 0 || strcmp (t->event, "remind") == 0)
    event.span = &more;
  if (g_str_has_prefix (t->event, "form "))
    values = fill_in (turn, program_form (turn->w->program, t->event + strlen ("form ")));
  event.values = values;
  event.agreed = true;
  event.value = value = pick_value (turn, t->event, &actor);
  sim_step (turn->w, turn->s, &event);
  remember (turn, t->event);
}

/* --- a turn ------------------------------------------------------------------------------ */

/* The transitions SIDE may cause here, one for each event. */
static GPtrArray *
candidates (const Turn *turn)
{
  GPtrArray *found = g_ptr_array_new ();
  const GPtrArray *both[] = { turn->state->transitions, turn->s->type->transitions };

  for (guint k = 0; k < G_N_ELEMENTS (both); k++)
    for (guint i = 0; i < both[k]->len; i++)
      {
        const ProgramTransition *t = both[k]->pdata[i];

        t = case_transition (turn->w->program, turn->s->c, t->event, turn->w->now);
        if (t != NULL && is_ours (turn, t) && !g_ptr_array_find (found, t, NULL))
          g_ptr_array_add (found, (gpointer) t);
      }
  return found;
}

static const ProgramTransition *
choose (Turn *turn)
{
  g_autoptr (GPtrArray) all = candidates (turn);
  g_autofree double *weight = g_new0 (double, all->len + 1);
  double sum = 2; /* doing nothing */

  for (guint i = 0; i < all->len; i++)
    sum += weight[i] = weigh (turn, all->pdata[i]);
  double at = sim_chance (turn->w) * sum;
  for (guint i = 0; i < all->len; i++)
    if ((at -= weight[i]) < 0)
      return all->pdata[i];
  return NULL;
}

/* The oldest open case is where an organization tells of something new. */
static bool
is_home (const SimCase *s)
{
  for (guint i = 0; i < s->entity->cases->len; i++)
    {
      const SimCase *other = s->entity->cases->pdata[i];

      if (other->c->open)
        return other == s;
    }
  return false;
}

void
sim_act (SimWorld *w, SimCase *s, SimSide side)
{
  if (side == OUTSIDE && w->further->len > 0 && is_home (s) && sim_happens (w, TELLS_SOMETHING_NEW))
    sim_open (w, s->entity, w->further->pdata[sim_pick (w, w->further->len)], s);
  if (!s->c->open) /* what was told ended it */
    return;
  sim_relate (s);
  Turn turn = { .w = w, .s = s, .side = side, .state = sim_state (s),
                .edition = program_edition (w->program, s->c->edition) };
  const char *before = turn.state->name;

  turn.missing = case_missing (w->program, s->c, turn.state->group, w->now);
  const ProgramTransition *t = choose (&turn);
  if (t != NULL)
    do_it (&turn, t);
  g_array_unref (turn.missing);
  if (s->c->open && strcmp (s->c->state, before) == 0 && s->turn[side] == NULL)
    sim_plan_turn (w, s, side, t != NULL && t->to == NULL && side == STAFF);
}
