/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a template may say: the words and lists of a notice, for one recipient.
 */
#include <string.h>

#include "outbox/outbox-builder.h"

enum { MAX_FORWARDED = 20000 }; /* characters of what is passed on */

void
outbox_set (OutboxBuilder *b, const char *name, const char *value)
{
  template_fields_set (b->f, name, value);
}

/* The mail that led to it had nothing in it for anybody. */
static bool
came_empty (const OutboxNotice *n)
{
  return n->cause != NULL && n->words != NULL && n->words[strspn (n->words, " \t\n")] == '\0'
         && (n->received == NULL || n->received->len == 0)
         && (n->questions == NULL || n->questions->len == 0);
}

/* What the sender passed on of others stands below their own words, and is not theirs to cut. */
static void
set_forwarded (OutboxBuilder *b)
{
  const OutboxNotice *n = b->n;
  bool shown = n->staff && n->words != NULL && n->cause != NULL && n->cause->forwarded_from->len > 0
               && !n->quarantine && !n->confidential;
  g_autofree char *text =
    shown ? g_utf8_substring (n->cause->quoted_text, 0,
                              MIN (MAX_FORWARDED, g_utf8_strlen (n->cause->quoted_text, -1)))
          : NULL;

  template_fields_set_block (b->f, "forwarded", text != NULL ? g_strstrip (text) : "");
}

static void
set_taken (OutboxBuilder *b, const char *name, char *value)
{
  template_fields_set (b->f, name, value);
  g_free (value);
}

void
outbox_set_term (OutboxBuilder *b, const char *name, const char *text)
{
  template_fields_set (b->f, name, outbox_term (&b->voice, text));
}

void
outbox_row_said (const OutboxBuilder *b, TemplateFields *row, const char *name,
                 const char *sentence)
{
  g_autofree char *text = outbox_say (&b->voice, sentence);

  template_fields_set (row, name, text);
}

TemplateFields *
outbox_add_row (OutboxBuilder *b, const char *list)
{
  return template_fields_add_row (b->f, list);
}

const CaseTimer *
outbox_timer (const OutboxNotice *n, const ProgramNotice *def)
{
  for (guint i = 0; n->c != NULL && def != NULL && def->calendar != NULL && i < n->c->timers->len;
       i++)
    {
      const CaseTimer *timer = n->c->timers->pdata[i];

      if (timer->parent == 0 && strcmp (timer->name, def->calendar) == 0
          && (n->clarification == 0 || timer->about == n->clarification))
        return timer;
    }
  return NULL;
}

static void
set_office (OutboxBuilder *b, const char *rcpt_name)
{
  const OutboxNotice *n = b->n;
  const OptionsMailbox *program = n->options->mailboxes->pdata[0];
  const OptionsMailbox *support =
    n->options->mailboxes->pdata[n->options->mailboxes->len > 1 ? 1 : 0];
  const OptionsMailbox *named = options_mailbox (n->options, "support");
  const ProgramPerson *manager = n->c != NULL ? program_person (n->program, n->c->owner) : NULL;

  outbox_set_term (b, "program_title", n->program->title);
  outbox_set (b, "program_name", n->program->name);
  outbox_set (b, "office_name", n->options->name);
  outbox_set (b, "address", program->address);
  outbox_set (b, "support_address", (named != NULL ? named : support)->address);
  outbox_set (b, "recipient_name", rcpt_name);
  outbox_set (b, "manager_name", manager != NULL ? manager->name : "");
  outbox_set (b, "manager_address", manager != NULL ? manager->address : "");
  const ProgramPerson *deputy =
    manager != NULL && manager->away ? program_stand_in (n->program, manager) : NULL;
  set_taken (b, "manager_away",
             manager != NULL && manager->away && manager->away_until != 0
               ? outbox_day (&b->voice, manager->away_until)
               : NULL);
  outbox_set (b, "deputy_name", deputy != NULL ? deputy->name : "");
  outbox_set (b, "instead_of", n->instead_of != NULL ? n->instead_of->name : "");
  set_taken (b, "instead_until",
             n->instead_of != NULL && n->instead_of->away_until != 0
               ? outbox_day (&b->voice, n->instead_of->away_until)
               : NULL);
  set_taken (b, "today", outbox_moment (&b->voice, n->now));
  set_taken (b, "received_on", outbox_moment (&b->voice, n->at));
  outbox_set (b, "sender", n->sender);
  outbox_set (b, "sender_name", n->sender_name);
  const CaseContact *sender =
    n->c != NULL && n->sender != NULL ? case_contact (n->c, n->sender) : NULL;
  outbox_set (b, "sender_phone", sender != NULL ? sender->phone : "");
  outbox_set (b, "entered_by", n->entered_by);
  outbox_set (b, "split_from", n->split_from);
  outbox_set (b, "split_files", n->split_files);
  outbox_set (b, "failed_address", n->sender);
  outbox_set (b, "failed_subject", n->failed_subject);
  outbox_set (b, "next_name", n->next_contact != NULL ? n->next_contact->name : "");
  outbox_set (b, "next_address", n->next_contact != NULL ? n->next_contact->email : "");
  outbox_set (b, "sent_again", n->sent_again ? "yes" : "");
  outbox_set (b, "address_stays", n->address_stays ? "yes" : "");
  outbox_set (b, "first_to", n->first_to);
  set_taken (b, "first_on", n->first_to != NULL ? outbox_day (&b->voice, n->first_at) : NULL);
  outbox_set (b, "message_subject", n->cause != NULL && !n->confidential ? n->cause->subject : "");
  outbox_set (b, "goes_on", n->goes_on ? "yes" : "");
  outbox_set (b, "answered", n->answered);
  outbox_set (b, "invitation", n->invitation ? "yes" : "");
  outbox_set (b, "empty", came_empty (n) ? "yes" : "");
  set_forwarded (b);
  outbox_set (b, "outcome", n->outcome);
  outbox_set (b, "reason", n->reason);
  template_fields_set_block (b->f, "words", n->words);
}

const ProgramForm *
outbox_form (const OutboxNotice *n, const ProgramNotice *def)
{
  return def != NULL && def->form != NULL ? program_form (n->program, def->form) : n->asked;
}

/* As it came, corrected; else the blank one, with what the case knows already. */
static void
set_form (OutboxBuilder *b)
{
  const OutboxNotice *n = b->n;
  const ProgramForm *form = outbox_form (n, b->def);
  g_autofree char *blank = n->form == NULL && form != NULL
                             ? program_form_lines (form, n->c != NULL ? n->c->fields : NULL)
                             : NULL;

  g_autofree char *shown = outbox_say (&b->voice, n->form != NULL ? n->form : blank);

  template_fields_set_literal (b->f, "form", shown);
}

static void
set_case (OutboxBuilder *b)
{
  const Case *c = b->c;

  outbox_set (b, "case_ref", c != NULL ? c->ref : "");
  outbox_set (b, "case_closed", c != NULL && !c->open ? "yes" : "");
  outbox_set (b, "joined_ref", c != NULL ? c->joined_ref : NULL);
  outbox_set_term (b, "case_title", b->type != NULL ? b->type->title : "");
  outbox_set_term (b, "state_title", b->state != NULL ? b->state->title : "");
  const ProgramState *before =
    b->type != NULL && c->previous != NULL ? program_state (b->type, c->previous) : NULL;
  outbox_set_term (b, "state_left", before != NULL ? before->title : "");
  outbox_set_term (b, "next_step", b->state != NULL ? b->state->next_step : "");
  outbox_set (b, "organization", c != NULL ? c->organization_name : "");
  outbox_set (b, "organization_phone", c != NULL ? c->organization_phone : "");
  outbox_set_term (b, "edition_title", b->edition != NULL ? b->edition->title : "");
  const ProgramRole *waiting = b->state != NULL && b->state->waiting_on != NULL
                                 ? program_role (b->n->program, b->state->waiting_on) : NULL;
  outbox_set_term (b, "waiting_on", waiting != NULL ? waiting->title : "");
}

/* Where the rule stands; where that says no more than the basis does, nothing. */
static const char *
source_of (const ProgramTimer *def)
{
  bool says_more = def != NULL && g_strcmp0 (def->source, program_timer_basis (def)) != 0;

  return says_more && def->source != NULL ? def->source : "";
}

static void
set_due (OutboxBuilder *b)
{
  const OutboxNotice *n = b->n;
  const CaseTimer *timer = outbox_timer (n, b->def);
  const CaseClarification *k =
    b->c != NULL ? case_clarification ((Case *) b->c, n->clarification) : NULL;
  g_autofree char *promise_why = NULL;
  gint64 promised = b->def != NULL && b->def->promises
                      ? calendar_add (n->program->calendar, n->at, b->def->promise, &promise_why)
                      : 0;
  gint64 due = timer != NULL ? timer->due : promised != 0 ? promised : k != NULL ? k->due : 0;

  /* One that came due no longer runs: the question's date is still the one it watched. */
  if (timer == NULL && promised == 0 && k != NULL && n->timer != NULL && n->timer->about == k->n)
    timer = n->timer;
  const ProgramTimer *def = timer != NULL ? case_timer_rule (n->program, b->c, timer) : NULL;
  set_taken (b, "due", due != 0 ? outbox_moment (&b->voice, due) : g_strdup (""));
  set_taken (b, "due_short", due != 0 ? outbox_day (&b->voice, due) : g_strdup (""));
  outbox_row_said (b, b->f, "due_why", timer != NULL ? timer->why : promise_why);
  outbox_set (b, "due_basis", program_timer_basis (def));
  outbox_set_term (b, "due_source", source_of (def));
  outbox_set (b, "due_rule", def != NULL ? def->id : "");
  outbox_set (b, "due_calendar",
              timer != NULL   ? timer->calendar
              : promised != 0 ? calendar_version (n->program->calendar)
                              : "");
  outbox_set (b, "due_note", "");
  outbox_set (b, "element", k != NULL ? k->element : n->element);
  const char *name = k != NULL ? k->element : n->element;
  const ProgramElement *element =
    b->edition != NULL && name != NULL ? program_element (b->edition, name) : NULL;
  outbox_set_term (b, "element_title", element != NULL ? element->title : "");
  template_fields_set_block (b->f, "question", k != NULL && !n->confidential ? k->text : "");
}

static void
set_dates (OutboxBuilder *b)
{
  bool shown = template_fields_set_list (b->f, "dates");

  for (guint i = 0; shown && b->c != NULL && i < b->c->timers->len; i++)
    {
      const CaseTimer *timer = b->c->timers->pdata[i];
      const ProgramTimer *def = case_timer_rule (b->n->program, b->c, timer);

      if (timer->parent != 0 || def == NULL || timer->paused != 0 || case_timer_is_own (timer))
        continue;
      TemplateFields *row = outbox_add_row (b, "dates");
      g_autofree char *when = outbox_moment (&b->voice, timer->due);
      template_fields_set (row, "what", outbox_term (&b->voice, def->title));
      template_fields_set (row, "when", when);
      outbox_row_said (b, row, "why", timer->why);
      template_fields_set (row, "basis", program_timer_basis (def));
      template_fields_set (row, "source", outbox_term (&b->voice, source_of (def)));
      template_fields_set (row, "rule", def->id);
    }
}

/* Reminders are no dates of anybody's. */
static void
set_moved (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "moved");
  for (guint i = 0; b->c != NULL && b->n->moved != NULL && i < b->n->moved->len; i++)
    {
      const CaseChange *change = b->n->moved->pdata[i];
      bool is = change->kind == CHANGE_TIMER_MOVED && change->timer->parent == 0;
      const ProgramTimer *def = is ? case_timer_rule (b->n->program, b->c, change->timer) : NULL;

      if (!is)
        continue;
      TemplateFields *row = outbox_add_row (b, "moved");
      g_autofree char *was = outbox_moment (&b->voice, change->at),
                      *when = outbox_moment (&b->voice, change->timer->due);
      template_fields_set (row, "what",
                           outbox_term (&b->voice, def != NULL ? def->title : change->timer->name));
      template_fields_set (row, "was", was);
      template_fields_set (row, "when", when);
      outbox_row_said (b, row, "why", change->timer->why);
      template_fields_set (row, "basis", program_timer_basis (def));
      template_fields_set (row, "source", outbox_term (&b->voice, source_of (def)));
      template_fields_set (row, "rule", def != NULL ? def->id : "");
      template_fields_set (row, "calendar", change->timer->calendar);
    }
}

/* Cases of other organizations may be among them, so only people of the office read of them; of a
 * confidential one only its number. */
static void
set_links (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "links");
  for (guint i = 0; b->n->staff && b->c != NULL && i < b->c->links->len; i++)
    {
      const CaseRelative *other = b->c->links->pdata[i];
      const ProgramCaseType *type = program_case_type (b->n->program, other->type);
      const ProgramState *state =
        type != NULL && !type->confidential ? program_state (type, other->state) : NULL;
      TemplateFields *row = outbox_add_row (b, "links");

      template_fields_set (row, "ref", other->ref);
      template_fields_set (row, "title", type != NULL && !type->confidential ? type->title : "");
      template_fields_set (row, "state", state != NULL ? state->title : "");
    }
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* As people write it: a date with its day of the week. */
static char *
field_value (const OutboxBuilder *b, const char *name)
{
  const char *value = g_hash_table_lookup (b->c->fields, name);
  gint64 at = program_field_kind (b->n->program, b->type, name) == FIELD_DATE
                ? case_date (b->n->program, b->c, name)
                : 0;

  return at != 0 ? outbox_day (&b->voice, at) : g_strdup (outbox_term (&b->voice, value));
}

static void
add_field (OutboxBuilder *b, const char *name)
{
  g_autofree char *value = field_value (b, name);

  if (value == NULL || value[0] == '\0')
    return;
  TemplateFields *row = outbox_add_row (b, "fields");
  template_fields_set (row, "name",
                       outbox_term (&b->voice, program_field_label (b->n->program, b->type, name)));
  template_fields_set (row, "value", value);
}

/* What is recorded in a case ("Recommendation": "approve"): what the notice shows, in its order,
 * else all, in an order that is always the same; that a form has come in ("form NAME") is for
 * guards alone. */
static void
set_fields (OutboxBuilder *b)
{
  if (!template_fields_set_list (b->f, "fields") || b->c == NULL || b->n->confidential)
    return;
  bool chosen = b->def != NULL && b->def->fields[0] != NULL;
  g_autoptr (GList) names =
    !chosen ? g_list_sort (g_hash_table_get_keys (b->c->fields), by_name) : NULL;

  for (char **name = chosen ? b->def->fields : NULL; name != NULL && *name != NULL; name++)
    add_field (b, *name);
  for (GList *name = names; name != NULL; name = name->next)
    if (strchr (name->data, ' ') == NULL)
      add_field (b, name->data);
}

static void
set_people (OutboxBuilder *b, const char *list, const GPtrArray *contacts)
{
  template_fields_set_list (b->f, list);
  for (guint i = 0; contacts != NULL && i < contacts->len; i++)
    {
      const CaseContact *contact = contacts->pdata[i];
      TemplateFields *row = outbox_add_row (b, list);

      template_fields_set (row, "name", contact->name);
      template_fields_set (row, "email", contact->email);
      template_fields_set (row, "phone", contact->phone);
    }
}

TemplateFields *
outbox_fields (const OutboxNotice *n, const ProgramNotice *def, const char *name,
               const char *rcpt_name, const char *lang)
{
  OutboxBuilder b = { .n = n,
                      .def = def,
                      .voice = outbox_voice (n, lang),
                      .c = n->c,
                      .f = name != NULL ? template_fields_new_for (n->templates, name, lang)
                                        : template_fields_new () };

  if (n->c != NULL)
    {
      b.type = program_case_type (n->program, n->c->type);
      b.state = b.type != NULL ? program_state (b.type, n->c->state) : NULL;
      b.edition = program_edition (n->program, n->c->edition);
    }
  set_office (&b, rcpt_name);
  set_form (&b);
  set_case (&b);
  set_due (&b);
  outbox_document_fields (&b);
  set_dates (&b);
  set_moved (&b);
  set_links (&b);
  set_fields (&b);
  outbox_party_fields (&b.voice, n, b.type, b.f);
  outbox_message_fields (&b);
  set_people (&b, "contacts", n->c != NULL ? n->c->contacts : NULL);
  set_people (&b, "unreachable", n->unreachable);
  outbox_digest_fields (n, b.f);
  return b.f;
}
