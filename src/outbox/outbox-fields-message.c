/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What came of a message, in the mail about it: its lines and what each did, what was wrong with
 * it, what it may be.
 */
#include <string.h>

#include "outbox/outbox-builder.h"

static void
set_went (OutboxBuilder *b)
{
  g_autofree char *outdated = g_strdup_printf ("%u", b->n->outdated);

  outbox_set (b, "outdated", b->n->outdated > 0 ? outdated : "");
  template_fields_set_list (b->f, "went");
  for (guint i = 0; b->n->went != NULL && i < b->n->went->len; i++)
    template_fields_set (outbox_add_row (b, "went"), "subject", b->n->went->pdata[i]);
}

static void
set_lines (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "lines");
  for (guint i = 0; b->n->lines != NULL && i < b->n->lines->len; i++)
    {
      const OutboxLine *line = &g_array_index (b->n->lines, OutboxLine, i);
      TemplateFields *row = outbox_add_row (b, "lines");

      template_fields_set (row, "command", line->command);
      template_fields_set (row, "result", line->result);
    }
  template_fields_set_list (b->f, "commands");
  for (guint i = 0; b->n->commands != NULL && i < b->n->commands->len; i++)
    {
      const OutboxLine *line = &g_array_index (b->n->commands, OutboxLine, i);
      TemplateFields *row = outbox_add_row (b, "commands");

      template_fields_set (row, "syntax", line->command);
      template_fields_set (row, "help", line->result);
    }
  template_fields_set_list (b->f, "differences");
  for (guint i = 0; b->n->differences != NULL && !b->n->confidential && i < b->n->differences->len;
       i++)
    {
      const OutboxDifference *difference = &g_array_index (b->n->differences, OutboxDifference, i);
      TemplateFields *row = outbox_add_row (b, "differences");

      template_fields_set (row, "what", outbox_term (&b->voice, difference->label));
      template_fields_set (row, "now", difference->now);
      template_fields_set (row, "was", difference->was);
    }
  template_fields_set_list (b->f, "problems");
  for (guint i = 0; b->n->problems != NULL && i < b->n->problems->len; i++)
    outbox_row_said (b, outbox_add_row (b, "problems"), "text", b->n->problems->pdata[i]);
}

static void
set_articles (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "articles");
  for (guint i = 0; b->n->articles != NULL && i < b->n->articles->len; i++)
    {
      const OutboxArticle *article = &g_array_index (b->n->articles, OutboxArticle, i);
      TemplateFields *row = outbox_add_row (b, "articles");

      template_fields_set (row, "name", article->name);
      template_fields_set (row, "title", outbox_term (&b->voice, article->title));
    }
}

static void
set_found (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "found");
  for (guint i = 0; b->n->found != NULL && i < b->n->found->len; i++)
    {
      const OutboxFound *one = &g_array_index (b->n->found, OutboxFound, i);
      TemplateFields *row = outbox_add_row (b, "found");
      g_autofree char *day = outbox_day (&b->voice, one->at);

      template_fields_set (row, "ref", one->ref);
      template_fields_set (row, "date", day);
      template_fields_set (row, "sender", one->sender);
      template_fields_set (row, "subject", one->subject);
      template_fields_set (row, "line", one->line);
    }
}

/* What they call themselves is the sender's word. */
static void
set_outsiders (OutboxBuilder *b)
{
  template_fields_set_list (b->f, "outsiders");
  for (guint i = 0; b->n->outsiders != NULL && i < b->n->outsiders->len; i++)
    {
      const OutboxOutsider *one = &g_array_index (b->n->outsiders, OutboxOutsider, i);
      TemplateFields *row = outbox_add_row (b, "outsiders");

      template_fields_set (row, "name", b->n->confidential ? "" : one->name);
      template_fields_set (row, "email", one->email);
      template_fields_set (row, "elsewhere", one->elsewhere ? "yes" : "");
    }
}

static void
set_crossed (OutboxBuilder *b)
{
  const OutboxCrossed *first = b->n->first_crossed;
  g_autofree char *first_at = first != NULL ? outbox_moment (&b->voice, first->at) : NULL;

  outbox_set (b, "crossed_at", first_at);
  template_fields_set_list (b->f, "crossed");
  for (guint i = 0; b->n->crossed != NULL && i < b->n->crossed->len; i++)
    {
      const OutboxCrossed *one = &g_array_index (b->n->crossed, OutboxCrossed, i);
      TemplateFields *row = outbox_add_row (b, "crossed");
      g_autofree char *when = outbox_moment (&b->voice, one->at);

      template_fields_set (row, "who", one->who);
      template_fields_set (row, "when", when);
      template_fields_set (row, "what", b->n->confidential ? "" : one->what);
      template_fields_set_block (row, "words", b->n->confidential ? "" : one->words);
    }
}

static void
set_guesses (OutboxBuilder *b)
{
  g_autofree char *names = program_category_names (b->n->program);

  outbox_set (b, "categories", names);
  outbox_set_term (b, "also", b->n->also);
  outbox_set (b, "rights", b->n->rights ? "yes" : "");
  outbox_set_term (b, "understood", b->n->understood);
  outbox_set (b, "quarantine", b->n->quarantine ? "yes" : "");
  outbox_set (b, "several", b->n->several ? "yes" : "");
  outbox_set (b, "sorted", b->n->sorted ? "sure" : "");
  template_fields_set_list (b->f, "guesses");
  for (guint i = 0; b->n->guesses != NULL && i < b->n->guesses->len; i++)
    {
      const OutboxGuess *guess = &g_array_index (b->n->guesses, OutboxGuess, i);
      TemplateFields *row = outbox_add_row (b, "guesses");

      template_fields_set (row, "category", guess->category);
      template_fields_set (row, "title", guess->title);
      template_fields_set (row, "why", guess->why);
    }
}

enum { MAX_COPIED = 20 };

static bool
is_in_case (const OutboxBuilder *b, const char *address)
{
  for (guint i = 0; b->c != NULL && i < b->c->contacts->len; i++)
    if (g_ascii_strcasecmp (((const CaseContact *) b->c->contacts->pdata[i])->email, address) == 0)
      return true;
  return false;
}

/* Who is copied joins nothing: staff read who it was, and may let somebody in. */
static void
set_copied (OutboxBuilder *b)
{
  const Message *m =
    b->n->staff && !b->n->confidential && !b->n->quarantine && b->n->entered_by == NULL
      ? b->n->cause
      : NULL;
  const GPtrArray *lists[] = { m != NULL ? m->to : NULL, m != NULL ? m->cc : NULL };
  guint n = 0;

  template_fields_set_list (b->f, "copied");
  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; lists[l] != NULL && i < lists[l]->len && n < MAX_COPIED; i++)
      {
        const MessageAddress *one = lists[l]->pdata[i];

        if (options_is_own (b->n->options, one->address)
            || program_person (b->n->program, one->address) != NULL || is_in_case (b, one->address)
            || g_strcmp0 (one->address, b->n->sender) == 0)
          continue;
        TemplateFields *row = outbox_add_row (b, "copied");
        template_fields_set (row, "address", one->address);
        template_fields_set (row, "name", one->name);
        n++;
      }
}

/* Only staff look where the office could not. */
static void
set_unread (OutboxBuilder *b)
{
  const Message *m = b->n->staff ? b->n->cause : NULL;

  template_fields_set_list (b->f, "unread");
  for (guint i = 0; m != NULL && i < m->parts->len; i++)
    {
      const MessagePart *part = m->parts->pdata[i];
      g_autofree char *pages =
        part->document != NULL ? document_unread_pages (part->document) : NULL;
      const char *why = part->document != NULL ? document_why_unread (part->document) : NULL;

      if (pages == NULL && why == NULL)
        continue;
      bool hidden = part->name[0] == '\0' || b->n->confidential || b->n->quarantine;
      g_autofree char *name =
        hidden ? g_strdup_printf ("part %s of the message", part->path) : g_strdup (part->name);
      TemplateFields *row = outbox_add_row (b, "unread");
      template_fields_set (row, "file_name", name);
      template_fields_set (row, "pages", why == NULL ? pages : "");
      template_fields_set (row, "several",
                           why == NULL && strpbrk (pages, ",-") != NULL ? "yes" : "");
      template_fields_set (row, "why", why != NULL ? why : "");
    }
}

static void
set_own (OutboxBuilder *b)
{
  g_autofree char *kept = b->n->kept > 0 ? g_strdup_printf ("%u", b->n->kept) : g_strdup ("");

  outbox_set (b, "kept", kept);
  template_fields_set_list (b->f, "own");
  for (guint i = 0; b->n->own != NULL && i < b->n->own->len; i++)
    {
      const OutboxOwn *own = &g_array_index (b->n->own, OutboxOwn, i);
      TemplateFields *row = outbox_add_row (b, "own");
      g_autofree char *since = own->since != 0 ? outbox_day (&b->voice, own->since) : g_strdup ("");

      template_fields_set (row, "organization", own->organization);
      template_fields_set (row, "name", own->name);
      template_fields_set (row, "phone", own->phone);
      template_fields_set (row, "language", outbox_term (&b->voice, own->language));
      template_fields_set (row, "cases", own->cases);
      template_fields_set (row, "since", since);
      outbox_row_said (b, row, "source", own->source);
    }
}

void
outbox_message_fields (OutboxBuilder *b)
{
  set_own (b);
  set_copied (b);
  set_unread (b);
  set_lines (b);
  set_went (b);
  set_articles (b);
  set_guesses (b);
  set_found (b);
  set_crossed (b);
  set_outsiders (b);
}
