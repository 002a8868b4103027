/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a template may say about many cases at once, for people of the office: theirs, what is due,
 * what waits.
 */
#include "outbox/outbox-private.h"

static const ProgramState *
state_of (const OutboxEntry *entry)
{
  const ProgramCaseType *type = program_case_type (entry->program, entry->c->type);

  return type != NULL ? program_state (type, entry->c->state) : NULL;
}

/* Of a confidential case only the number is said. */
static void
set_case (const OutboxEntry *entry, TemplateFields *row)
{
  const ProgramCaseType *type = program_case_type (entry->program, entry->c->type);
  bool confidential = type != NULL && type->confidential;

  template_fields_set (row, "ref", entry->c->ref);
  template_fields_set (row, "organization", confidential ? "" : entry->c->organization_name);
  template_fields_set (row, "title", type != NULL && !confidential ? type->title : "");
}

static void
set_cases (const OutboxNotice *n, TemplateFields *f)
{
  template_fields_set_list (f, "our_turn");
  template_fields_set_list (f, "their_turn");
  for (guint i = 0; n->digest != NULL && i < n->digest->cases->len; i++)
    {
      const OutboxEntry *entry = &g_array_index (n->digest->cases, OutboxEntry, i);
      const ProgramState *state = state_of (entry);
      const ProgramRole *waiting = state != NULL && state->waiting_on != NULL
                                     ? program_role (entry->program, state->waiting_on) : NULL;
      bool theirs = waiting != NULL && waiting->kind == ROLE_OUTSIDE;
      TemplateFields *row = template_fields_add_row (f, theirs ? "their_turn" : "our_turn");
      g_autofree char *since = calendar_short (n->program->calendar, entry->at);

      set_case (entry, row);
      template_fields_set (row, "state", state != NULL ? state->title : entry->c->state);
      template_fields_set (row, "since", since);
    }
}

static void
set_dates (const OutboxNotice *n, const GArray *entries, const char *list, TemplateFields *f)
{
  template_fields_set_list (f, list);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const OutboxEntry *entry = &g_array_index (entries, OutboxEntry, i);
      TemplateFields *row = template_fields_add_row (f, list);
      g_autofree char *when = calendar_long (n->program->calendar, entry->at);

      set_case (entry, row);
      template_fields_set (row, "what", entry->what);
      template_fields_set (row, "note", entry->note);
      template_fields_set (row, "when", when);
    }
}

static void
set_waiting (const OutboxNotice *n, TemplateFields *f)
{
  template_fields_set_list (f, "waiting");
  for (guint i = 0; n->waiting != NULL && i < n->waiting->len; i++)
    {
      const OutboxWaiting *one = &g_array_index (n->waiting, OutboxWaiting, i);
      TemplateFields *row = template_fields_add_row (f, "waiting");
      g_autofree char *since = calendar_long (n->program->calendar, one->at);
      g_autofree char *by = one->due != 0 ? calendar_long (n->program->calendar, one->due) : NULL;

      template_fields_set (row, "sender", one->sender);
      template_fields_set (row, "subject", one->subject);
      template_fields_set (row, "reason", one->reason);
      template_fields_set (row, "since", since);
      template_fields_set (row, "by", by);
      template_fields_set (row, "late", one->due != 0 && one->due <= n->at ? "yes" : "");
    }
}

static void
set_at_limit (const OutboxNotice *n, TemplateFields *f)
{
  template_fields_set_list (f, "at_limit");
  for (guint i = 0; n->at_limit != NULL && i < n->at_limit->len; i++)
    {
      const OutboxAtLimit *one = n->at_limit->pdata[i];
      TemplateFields *row = template_fields_add_row (f, "at_limit");
      g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, one->n);
      g_autofree char *day = calendar_short (n->program->calendar, one->at);

      template_fields_set (row, "address", one->rcpt);
      template_fields_set (row, "count", count);
      template_fields_set (row, "day", day);
    }
}

static void
set_meanwhile (const OutboxNotice *n, TemplateFields *f)
{
  const GArray *all = n->digest != NULL ? n->digest->meanwhile : NULL;

  template_fields_set (f, "stood_in", n->digest != NULL ? n->digest->stood_in : NULL);
  template_fields_set_list (f, "meanwhile");
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const OutboxMeanwhile *one = &g_array_index (all, OutboxMeanwhile, i);
      OutboxEntry entry = { one->c, one->program, NULL, one->c->state_since };
      const ProgramState *state = state_of (&entry);
      TemplateFields *row = template_fields_add_row (f, "meanwhile");
      g_autofree char *received = one->received > 0 ? g_strdup_printf ("%u", one->received) : NULL;
      g_autofree char *written = one->written > 0 ? g_strdup_printf ("%u", one->written) : NULL;
      g_autofree char *moved =
        one->moved ? calendar_short (n->program->calendar, one->c->state_since) : NULL;

      set_case (&entry, row);
      template_fields_set (row, "received", received);
      template_fields_set (row, "written", written);
      template_fields_set (row, "state", state != NULL ? state->title : one->c->state);
      template_fields_set (row, "moved", moved);
    }
}

void
outbox_digest_fields (const OutboxNotice *n, TemplateFields *f)
{
  set_cases (n, f);
  set_dates (n, n->digest != NULL ? n->digest->soon : NULL, "soon", f);
  set_dates (n, n->digest != NULL ? n->digest->over : NULL, "over", f);
  set_waiting (n, f);
  set_at_limit (n, f);
  set_meanwhile (n, f);
}
