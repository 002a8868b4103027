/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a template may say: the words and lists of a notice, for one recipient.
 */
#include <string.h>

#include "outbox/outbox-private.h"

typedef struct {
  const OutboxNotice *n;
  const ProgramNotice *def;
  OutboxVoice voice;
  const Case *c;
  const ProgramCaseType *type;
  const ProgramState *state;
  const ProgramEdition *edition;
  TemplateFields *f;
} Builder;

static void
set (Builder *b, const char *name, const char *value)
{
  template_fields_set (b->f, name, value);
}

static void
set_taken (Builder *b, const char *name, char *value)
{
  template_fields_set (b->f, name, value);
  g_free (value);
}

/* In the language of the mail. */
static char *
moment (const Builder *b, gint64 at)
{
  return outbox_moment (&b->voice, at);
}

static char *
day (const Builder *b, gint64 at)
{
  return outbox_day (&b->voice, at);
}

static const char *
term (const Builder *b, const char *text)
{
  return outbox_term (&b->voice, text);
}

static void
set_term (Builder *b, const char *name, const char *text)
{
  template_fields_set (b->f, name, term (b, text));
}

static void
row_said (const Builder *b, TemplateFields *row, const char *name, const char *sentence)
{
  g_autofree char *text = outbox_say (&b->voice, sentence);

  template_fields_set (row, name, text);
}

static TemplateFields *
add_row (Builder *b, const char *list)
{
  return template_fields_add_row (b->f, list);
}

const CaseTimer *
outbox_timer (const OutboxNotice *n, const ProgramNotice *def)
{
  for (guint i = 0; n->c != NULL && def != NULL && def->calendar != NULL && i < n->c->timers->len; i++)
    {
      const CaseTimer *timer = n->c->timers->pdata[i];

      if (timer->parent == 0 && strcmp (timer->name, def->calendar) == 0
          && (n->clarification == 0 || timer->about == n->clarification))
        return timer;
    }
  return NULL;
}

static void
set_office (Builder *b, const char *rcpt_name)
{
  const OutboxNotice *n = b->n;
  const OptionsMailbox *program = n->options->mailboxes->pdata[0];
  const OptionsMailbox *support = n->options->mailboxes->pdata[n->options->mailboxes->len > 1 ? 1 : 0];
  const OptionsMailbox *named = options_mailbox (n->options, "support");
  const ProgramPerson *manager = n->c != NULL ? program_person (n->program, n->c->owner) : NULL;

  set_term (b, "program_title", n->program->title);
  set (b, "program_name", n->program->name);
  set (b, "office_name", n->options->name);
  set (b, "address", program->address);
  set (b, "support_address", (named != NULL ? named : support)->address);
  set (b, "recipient_name", rcpt_name);
  set (b, "manager_name", manager != NULL ? manager->name : "");
  set (b, "manager_address", manager != NULL ? manager->address : "");
  set_taken (b, "today", moment (b, n->now));
  set_taken (b, "received_on", moment (b, n->at));
  set (b, "sender", n->sender);
  set (b, "sender_name", n->sender_name);
  set (b, "failed_address", n->sender);
  set (b, "message_subject", n->cause != NULL && !n->confidential ? n->cause->subject : "");
  set (b, "outcome", n->outcome);
  set (b, "reason", n->reason);
  template_fields_set_block (b->f, "words", n->words);
}

const ProgramForm *
outbox_form (const OutboxNotice *n, const ProgramNotice *def)
{
  return def != NULL && def->form != NULL ? program_form (n->program, def->form) : n->asked;
}

/* As it came, corrected; else the blank one, with what the case knows already. */
static void
set_form (Builder *b)
{
  const OutboxNotice *n = b->n;
  const ProgramForm *form = outbox_form (n, b->def);
  g_autofree char *blank = n->form == NULL && form != NULL ? program_form_lines (form, n->c != NULL ? n->c->fields : NULL) : NULL;

  g_autofree char *shown = outbox_say (&b->voice, n->form != NULL ? n->form : blank);

  template_fields_set_literal (b->f, "form", shown);
}

static void
set_case (Builder *b)
{
  const Case *c = b->c;

  set (b, "case_ref", c != NULL ? c->ref : "");
  set_term (b, "case_title", b->type != NULL ? b->type->title : "");
  set_term (b, "state_title", b->state != NULL ? b->state->title : "");
  const ProgramState *before = b->type != NULL && c->previous != NULL ? program_state (b->type, c->previous) : NULL;
  set_term (b, "state_left", before != NULL ? before->title : "");
  set_term (b, "next_step", b->state != NULL ? b->state->next_step : "");
  set (b, "organization", c != NULL ? c->organization_name : "");
  set_term (b, "edition_title", b->edition != NULL ? b->edition->title : "");
  const ProgramRole *waiting = b->state != NULL && b->state->waiting_on != NULL
                                 ? program_role (b->n->program, b->state->waiting_on) : NULL;
  set_term (b, "waiting_on", waiting != NULL ? waiting->title : "");
}

/* Where the rule stands; where that says no more than the basis does, nothing. */
static const char *
source_of (const ProgramTimer *def)
{
  bool says_more = def != NULL && g_strcmp0 (def->source, program_timer_basis (def)) != 0;

  return says_more && def->source != NULL ? def->source : "";
}

static void
set_due (Builder *b)
{
  const OutboxNotice *n = b->n;
  const CaseTimer *timer = outbox_timer (n, b->def);
  const CaseClarification *k = b->c != NULL ? case_clarification ((Case *) b->c, n->clarification) : NULL;
  g_autofree char *promise_why = NULL;
  gint64 promised = b->def != NULL && b->def->promises
                      ? calendar_add (n->program->calendar, n->at, b->def->promise, &promise_why) : 0;
  gint64 due = timer != NULL ? timer->due : promised != 0 ? promised : k != NULL ? k->due : 0;

  /* One that came due no longer runs: the question's date is still the one it watched. */
  if (timer == NULL && promised == 0 && k != NULL && n->timer != NULL && n->timer->about == k->n)
    timer = n->timer;
  const ProgramTimer *def = timer != NULL ? case_timer_rule (n->program, b->c, timer) : NULL;
  set_taken (b, "due", due != 0 ? moment (b, due) : g_strdup (""));
  set_taken (b, "due_short", due != 0 ? day (b, due) : g_strdup (""));
  row_said (b, b->f, "due_why", timer != NULL ? timer->why : promise_why);
  set (b, "due_basis", program_timer_basis (def));
  set_term (b, "due_source", source_of (def));
  set (b, "due_rule", def != NULL ? def->id : "");
  set (b, "due_calendar", timer != NULL ? timer->calendar : promised != 0 ? calendar_version (n->program->calendar) : "");
  set (b, "due_note", "");
  set (b, "element", k != NULL ? k->element : n->element);
  const char *name = k != NULL ? k->element : n->element;
  const ProgramElement *element = b->edition != NULL && name != NULL ? program_element (b->edition, name) : NULL;
  set_term (b, "element_title", element != NULL ? element->title : "");
  template_fields_set_block (b->f, "question", k != NULL && !n->confidential ? k->text : "");
}

static const char *
document_title (const Builder *b, const CaseDocument *document)
{
  const ProgramDocument *def = b->edition != NULL
                                 ? program_document (b->edition, document->element, document->name) : NULL;

  return term (b, def != NULL ? def->title : document->name);
}

static void
add_document (Builder *b, const char *list, const CaseDocument *document)
{
  TemplateFields *row = add_row (b, list);
  g_autofree char *version = g_strdup_printf ("%d", document->version);
  g_autofree char *date = day (b, document->at != 0 ? document->at : b->n->now);

  template_fields_set (row, "element", document->element);
  template_fields_set (row, "document_title", document_title (b, document));
  template_fields_set (row, "file_name", document->file);
  template_fields_set (row, "party", document->party);
  template_fields_set (row, "version", document->version > 1 ? version : "");
  template_fields_set (row, "date", date);
}

static void
set_documents (Builder *b)
{
  const GPtrArray *received = b->n->received;

  template_fields_set_list (b->f, "received");
  template_fields_set_list (b->f, "on_file");
  for (guint i = 0; b->c != NULL && !b->n->confidential && i < b->c->documents->len; i++)
    {
      const CaseDocument *document = b->c->documents->pdata[i];
      bool came_now = false;

      for (guint j = 0; received != NULL && j < received->len; j++)
        came_now |= strcmp (((const CaseDocument *) received->pdata[j])->sha256, document->sha256) == 0;
      if (document->status != DOCUMENT_CURRENT)
        continue;
      add_document (b, "on_file", document);
      if (came_now)
        add_document (b, "received", document);
    }
}

static void
set_unclear (Builder *b)
{
  template_fields_set_list (b->f, "unclear");
  for (guint i = 0; b->n->questions != NULL && i < b->n->questions->len; i++)
    {
      const OutboxQuestion *q = &g_array_index (b->n->questions, OutboxQuestion, i);
      TemplateFields *row = add_row (b, "unclear");

      template_fields_set (row, "file_name", q->file);
      row_said (b, row, "question", q->question);
    }
}

static void
set_missing (Builder *b)
{
  bool any = false;

  template_fields_set_list (b->f, "missing");
  template_fields_set (b->f, "unsigned", "");
  if (b->c == NULL || b->state == NULL || b->state->group == NULL)
    return;
  g_autoptr (GArray) missing = case_missing (b->n->program, b->c, b->state->group, b->n->at);

  for (guint i = 0; i < missing->len; i++)
    {
      const CaseMissing *m = &g_array_index (missing, CaseMissing, i);
      TemplateFields *row = add_row (b, "missing");

      template_fields_set (row, "element", m->element->name);
      template_fields_set (row, "element_title", term (b, m->element->title));
      template_fields_set (row, "party", m->party != NULL && b->c->parties->len > 0 ? case_party_title (b->c, m->party) : "");
      template_fields_set (row, "document_title", term (b, m->document->title));
      template_fields_set (row, "hint", term (b, m->document->hint));
      row_said (b, row, "why", m->why != NULL ? m->why : "");
      any |= m->why != NULL;
      template_fields_set (row, "word", m->document->words != NULL ? m->document->words[0] : "");
    }
  template_fields_set (b->f, "unsigned", any ? "yes" : "");
}

static void
add_element (Builder *b, const ProgramElement *element)
{
  const CaseFinding *finding = case_finding (b->c, element->name);
  TemplateFields *row = add_row (b, "elements");

  template_fields_set (row, "name", element->name);
  template_fields_set (row, "title", term (b, element->title));
  template_fields_set (row, "help", term (b, element->help));
  template_fields_set (row, "finding", finding != NULL ? term (b, finding->value) : "");
  template_fields_set_list (row, "documents");
  for (guint i = 0; i < element->documents->len; i++)
    {
      const ProgramDocument *document = element->documents->pdata[i];
      TemplateFields *line = template_fields_add_row (row, "documents");

      template_fields_set (line, "title", term (b, document->title));
      template_fields_set (line, "required", document->required ? "required" : "");
      template_fields_set (line, "hint", term (b, document->hint));
      template_fields_set (line, "word", document->words != NULL ? document->words[0] : "");
    }
}

static void
set_elements (Builder *b)
{
  template_fields_set_list (b->f, "elements");
  template_fields_set_list (b->f, "findings");
  for (guint i = 0; b->c != NULL && b->edition != NULL && i < b->edition->elements->len; i++)
    {
      const ProgramElement *element = b->edition->elements->pdata[i];
      const CaseFinding *finding = case_finding (b->c, element->name);

      if (b->state != NULL && b->state->group != NULL && g_strcmp0 (element->group, b->state->group) == 0
          && case_is_asked (b->c, element))
        add_element (b, element);
      if (finding == NULL)
        continue;
      TemplateFields *row = add_row (b, "findings");
      template_fields_set (row, "element", element->name);
      template_fields_set (row, "title", term (b, element->title));
      template_fields_set (row, "finding", term (b, finding->value));
    }
}

static void
set_dates (Builder *b)
{
  template_fields_set_list (b->f, "dates");
  for (guint i = 0; b->c != NULL && i < b->c->timers->len; i++)
    {
      const CaseTimer *timer = b->c->timers->pdata[i];
      const ProgramTimer *def = case_timer_rule (b->n->program, b->c, timer);

      if (timer->parent != 0 || def == NULL || timer->paused != 0)
        continue;
      TemplateFields *row = add_row (b, "dates");
      g_autofree char *when = moment (b, timer->due);
      template_fields_set (row, "what", term (b, def->title));
      template_fields_set (row, "when", when);
      row_said (b, row, "why", timer->why);
      template_fields_set (row, "basis", program_timer_basis (def));
      template_fields_set (row, "source", term (b, source_of (def)));
      template_fields_set (row, "rule", def->id);
    }
}

/* Reminders are no dates of anybody's. */
static void
set_moved (Builder *b)
{
  template_fields_set_list (b->f, "moved");
  for (guint i = 0; b->c != NULL && b->n->moved != NULL && i < b->n->moved->len; i++)
    {
      const CaseChange *change = b->n->moved->pdata[i];
      bool is = change->kind == CHANGE_TIMER_MOVED && change->timer->parent == 0;
      const ProgramTimer *def = is ? case_timer_rule (b->n->program, b->c, change->timer) : NULL;

      if (!is)
        continue;
      TemplateFields *row = add_row (b, "moved");
      g_autofree char *was = moment (b, change->at), *when = moment (b, change->timer->due);
      template_fields_set (row, "what", term (b, def != NULL ? def->title : change->timer->name));
      template_fields_set (row, "was", was);
      template_fields_set (row, "when", when);
      row_said (b, row, "why", change->timer->why);
      template_fields_set (row, "basis", program_timer_basis (def));
      template_fields_set (row, "source", term (b, source_of (def)));
      template_fields_set (row, "rule", def != NULL ? def->id : "");
      template_fields_set (row, "calendar", change->timer->calendar);
    }
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* As people write it: a date with its day of the week. */
static char *
field_value (const Builder *b, const char *name)
{
  const char *value = g_hash_table_lookup (b->c->fields, name);
  gint64 at = program_field_kind (b->n->program, b->type, name) == FIELD_DATE ? case_date (b->n->program, b->c, name) : 0;

  return at != 0 ? day (b, at) : g_strdup (term (b, value));
}

static void
add_field (Builder *b, const char *name)
{
  g_autofree char *value = field_value (b, name);

  if (value == NULL || value[0] == '\0')
    return;
  TemplateFields *row = add_row (b, "fields");
  template_fields_set (row, "name", term (b, program_field_label (b->n->program, b->type, name)));
  template_fields_set (row, "value", value);
}

/* What is recorded in a case ("Recommendation": "approve"): what the notice shows, in its order, else all, in an order that is
 * always the same; that a form has come in ("form NAME") is for guards alone. */
static void
set_fields (Builder *b)
{
  template_fields_set_list (b->f, "fields");
  if (b->c == NULL || b->n->confidential)
    return;
  bool chosen = b->def != NULL && b->def->fields[0] != NULL;
  g_autoptr (GList) names = !chosen ? g_list_sort (g_hash_table_get_keys (b->c->fields), by_name) : NULL;

  for (char **name = chosen ? b->def->fields : NULL; name != NULL && *name != NULL; name++)
    add_field (b, *name);
  for (GList *name = names; name != NULL; name = name->next)
    if (strchr (name->data, ' ') == NULL)
      add_field (b, name->data);
}

static void
set_lines (Builder *b)
{
  template_fields_set_list (b->f, "lines");
  for (guint i = 0; b->n->lines != NULL && i < b->n->lines->len; i++)
    {
      const OutboxLine *line = &g_array_index (b->n->lines, OutboxLine, i);
      TemplateFields *row = add_row (b, "lines");

      template_fields_set (row, "command", line->command);
      template_fields_set (row, "result", line->result);
    }
  template_fields_set_list (b->f, "commands");
  for (guint i = 0; b->n->commands != NULL && i < b->n->commands->len; i++)
    {
      const OutboxLine *line = &g_array_index (b->n->commands, OutboxLine, i);
      TemplateFields *row = add_row (b, "commands");

      template_fields_set (row, "syntax", line->command);
      template_fields_set (row, "help", line->result);
    }
  template_fields_set_list (b->f, "differences");
  for (guint i = 0; b->n->differences != NULL && !b->n->confidential && i < b->n->differences->len; i++)
    {
      const OutboxDifference *difference = &g_array_index (b->n->differences, OutboxDifference, i);
      TemplateFields *row = add_row (b, "differences");

      template_fields_set (row, "what", term (b, difference->label));
      template_fields_set (row, "now", difference->now);
      template_fields_set (row, "was", difference->was);
    }
  template_fields_set_list (b->f, "problems");
  for (guint i = 0; b->n->problems != NULL && i < b->n->problems->len; i++)
    row_said (b, add_row (b, "problems"), "text", b->n->problems->pdata[i]);
}

static void
set_articles (Builder *b)
{
  template_fields_set_list (b->f, "articles");
  for (guint i = 0; b->n->articles != NULL && i < b->n->articles->len; i++)
    {
      const OutboxArticle *article = &g_array_index (b->n->articles, OutboxArticle, i);
      TemplateFields *row = add_row (b, "articles");

      template_fields_set (row, "name", article->name);
      template_fields_set (row, "title", term (b, article->title));
    }
}

static void
set_guesses (Builder *b)
{
  set_term (b, "understood", b->n->understood);
  set (b, "sorted", b->n->sorted ? "sure" : "");
  template_fields_set_list (b->f, "guesses");
  for (guint i = 0; b->n->guesses != NULL && i < b->n->guesses->len; i++)
    {
      const OutboxGuess *guess = &g_array_index (b->n->guesses, OutboxGuess, i);
      TemplateFields *row = add_row (b, "guesses");

      template_fields_set (row, "category", guess->category);
      template_fields_set (row, "title", guess->title);
      template_fields_set (row, "why", guess->why);
    }
}

static void
set_contacts (Builder *b)
{
  template_fields_set_list (b->f, "contacts");
  for (guint i = 0; b->c != NULL && i < b->c->contacts->len; i++)
    {
      const CaseContact *contact = b->c->contacts->pdata[i];
      TemplateFields *row = add_row (b, "contacts");

      template_fields_set (row, "name", contact->name);
      template_fields_set (row, "email", contact->email);
      template_fields_set (row, "phone", contact->phone);
    }
}

/* What happened so far, as far as it is the applicant's to know: what came, and when. */
static void
set_history (Builder *b)
{
  template_fields_set_list (b->f, "history");
  for (guint i = 0; b->c != NULL && !b->n->confidential && i < b->c->documents->len; i++)
    {
      const CaseDocument *document = b->c->documents->pdata[i];
      TemplateFields *row = add_row (b, "history");
      g_autofree char *date = day (b, document->at);
      const char *title = document_title (b, document);
      g_autofree char *what = document->status == DOCUMENT_SUPERSEDED
                                ? words_say ("%s %s received: %s (a newer version came later)", document->element, title, document->file)
                              : document->status == DOCUMENT_UNCLEAR
                                ? words_say ("received: %s (not clear what it is)", document->file)
                                : words_say ("%s %s received: %s", document->element, title, document->file);
      g_autofree char *shown = outbox_say (&b->voice, what);

      template_fields_set (row, "date", date);
      template_fields_set (row, "what", shown);
    }
}

TemplateFields *
outbox_fields (const OutboxNotice *n, const ProgramNotice *def, const char *rcpt_name, const char *lang)
{
  Builder b = { .n = n, .def = def, .voice = outbox_voice (n, lang), .c = n->c, .f = template_fields_new () };

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
  set_documents (&b);
  set_unclear (&b);
  set_missing (&b);
  set_elements (&b);
  set_dates (&b);
  set_moved (&b);
  set_fields (&b);
  outbox_party_fields (&b.voice, n, b.type, b.f);
  set_lines (&b);
  set_articles (&b);
  set_guesses (&b);
  set_contacts (&b);
  set_history (&b);
  outbox_digest_fields (n, b.f);
  return b.f;
}
