/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Documents in a mail: what came, what is unclear or missing, what the elements ask for and were
 * found to be.
 */
#include <string.h>

#include "outbox/outbox-builder.h"

static const char *
document_title (const OutboxBuilder *b, const CaseDocument *document)
{
  const ProgramDocument *def =
    b->edition != NULL ? program_document (b->edition, document->element, document->name) : NULL;

  return outbox_term (&b->voice, def != NULL ? def->title : document->name);
}

static void
add_document (OutboxBuilder *b, const char *list, const CaseDocument *document)
{
  TemplateFields *row = outbox_add_row (b, list);
  g_autofree char *version = g_strdup_printf ("%d", document->version);
  g_autofree char *date = outbox_day (&b->voice, document->at != 0 ? document->at : b->n->now);

  template_fields_set (row, "element", document->element);
  template_fields_set (row, "document_title", document_title (b, document));
  template_fields_set (row, "file_name", document->file);
  template_fields_set (row, "party", document->party);
  template_fields_set (row, "version", document->version > 1 ? version : "");
  template_fields_set (row, "date", date);
}

static void
set_documents (OutboxBuilder *b)
{
  const GPtrArray *received = b->n->received;

  bool all = template_fields_set_list (b->f, "on_file");
  bool shown = template_fields_set_list (b->f, "received") || all;

  for (guint i = 0; shown && b->c != NULL && !b->n->confidential && i < b->c->documents->len; i++)
    {
      const CaseDocument *document = b->c->documents->pdata[i];
      bool came_now = false;

      for (guint j = 0; received != NULL && j < received->len; j++)
        came_now |=
          strcmp (((const CaseDocument *) received->pdata[j])->sha256, document->sha256) == 0;
      if (document->status != DOCUMENT_CURRENT)
        continue;
      if (all)
        add_document (b, "on_file", document);
      if (came_now)
        add_document (b, "received", document);
    }
}

static void
set_unclear (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "unclear");
  for (guint i = 0; b->n->questions != NULL && i < b->n->questions->len; i++)
    {
      const OutboxQuestion *q = &g_array_index (b->n->questions, OutboxQuestion, i);
      TemplateFields *row = outbox_add_row (b, "unclear");

      template_fields_set (row, "file_name", q->file);
      outbox_row_said (b, row, "question", q->question);
    }
}

static void
set_missing (OutboxBuilder *b)
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
      TemplateFields *row = outbox_add_row (b, "missing");

      template_fields_set (row, "element", m->element->name);
      template_fields_set (row, "element_title", outbox_term (&b->voice, m->element->title));
      template_fields_set (
        row, "party",
        m->party != NULL && b->c->parties->len > 0 ? case_party_title (b->c, m->party) : "");
      template_fields_set (row, "document_title", outbox_term (&b->voice, m->document->title));
      template_fields_set (row, "hint", outbox_term (&b->voice, m->document->hint));
      outbox_row_said (b, row, "why", m->why != NULL ? m->why : "");
      any |= m->why != NULL;
      template_fields_set (row, "word", m->document->words != NULL ? m->document->words[0] : "");
    }
  template_fields_set (b->f, "unsigned", any ? "yes" : "");
}

static void
add_element (OutboxBuilder *b, const ProgramElement *element)
{
  const CaseFinding *finding = case_finding (b->c, element->name);
  TemplateFields *row = outbox_add_row (b, "elements");

  template_fields_set (row, "name", element->name);
  template_fields_set (row, "title", outbox_term (&b->voice, element->title));
  template_fields_set (row, "help", outbox_term (&b->voice, element->help));
  template_fields_set (row, "finding",
                       finding != NULL ? outbox_term (&b->voice, finding->value) : "");
  template_fields_set_list (row, "documents");
  for (guint i = 0; i < element->documents->len; i++)
    {
      const ProgramDocument *document = element->documents->pdata[i];
      TemplateFields *line = template_fields_add_row (row, "documents");

      template_fields_set (line, "title", outbox_term (&b->voice, document->title));
      template_fields_set (line, "required", document->required ? "required" : "");
      template_fields_set (line, "hint", outbox_term (&b->voice, document->hint));
      template_fields_set (line, "word", document->words != NULL ? document->words[0] : "");
    }
}

static void
set_elements (OutboxBuilder *b)
{
  bool asked = template_fields_set_list (b->f, "elements");
  bool found = template_fields_set_list (b->f, "findings");

  if ((!asked && !found) || b->c == NULL || b->edition == NULL)
    return;
  for (guint i = 0; i < b->edition->elements->len; i++)
    {
      const ProgramElement *element = b->edition->elements->pdata[i];
      const CaseFinding *finding = case_finding (b->c, element->name);

      if (asked && b->state != NULL && b->state->group != NULL
          && g_strcmp0 (element->group, b->state->group) == 0 && case_is_asked (b->c, element))
        add_element (b, element);
      if (finding == NULL || !found)
        continue;
      TemplateFields *row = outbox_add_row (b, "findings");
      template_fields_set (row, "element", element->name);
      template_fields_set (row, "title", outbox_term (&b->voice, element->title));
      template_fields_set (row, "finding", outbox_term (&b->voice, finding->value));
    }
}

/* NULL: another row tells. */
static char *
what_came (const OutboxBuilder *b, const CaseDocument *document)
{
  const char *title = document_title (b, document);

  switch (document->status)
    {
    case DOCUMENT_SUPERSEDED:
      return words_say ("%s %s received: %s (a newer version came later)", document->element, title,
                        document->file);
    case DOCUMENT_UNCLEAR:
      return words_say ("received: %s (not clear what it is)", document->file);
    case DOCUMENT_SETTLED:
      return NULL;
    case DOCUMENT_MOVED:
      return words_say ("received: %s (it belongs to another case now)", document->file);
    case DOCUMENT_ENCLOSED:
      return words_say ("received: %s", document->file);
    case DOCUMENT_CURRENT:
      break;
    }
  return words_say ("%s %s received: %s", document->element, title, document->file);
}

/* What happened so far, as far as it is the applicant's to know: what came, and when. */
static void
set_history (OutboxBuilder *b)
{
  bool shown = template_fields_set_list (b->f, "history");

  for (guint i = 0; shown && b->c != NULL && !b->n->confidential && i < b->c->documents->len; i++)
    {
      const CaseDocument *document = b->c->documents->pdata[i];
      g_autofree char *what = what_came (b, document);
      if (what == NULL)
        continue;
      TemplateFields *row = outbox_add_row (b, "history");
      g_autofree char *date = outbox_day (&b->voice, document->at);
      g_autofree char *said = outbox_say (&b->voice, what);

      template_fields_set (row, "date", date);
      template_fields_set (row, "what", said);
    }
}

void
outbox_document_fields (OutboxBuilder *b)
{
  set_documents (b);
  set_unclear (b);
  set_missing (b);
  set_elements (b);
  set_history (b);
}
