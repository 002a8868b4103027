/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lists of a notice about who works with the organization, and what is kept of each.
 */
#include "outbox/outbox-private.h"

static void
add_party (const OutboxNotice *n, const CaseParty *party, TemplateFields *fields)
{
  if (!case_party_is_current (n->program, party, n->at))
    return;
  TemplateFields *row = template_fields_add_row (fields, "parties");
  template_fields_set (row, "name", party->name);
  template_fields_set (row, "role", party->role);
  template_fields_set (row, "access", party->access ? "yes" : "");
}

/* PARTY NULL: of the organization itself. */
static void
add_field (const OutboxVoice *voice, const OutboxNotice *n, const ProgramCaseField *field,
           const char *party, TemplateFields *fields)
{
  g_autofree char *name =
    party != NULL ? case_party_field (field->name, party) : g_strdup (field->name);
  gint64 day = case_date (n->program, n->c, name);
  g_autofree char *value = day != 0 ? outbox_day (voice, day) : g_strdup ("");
  TemplateFields *row = template_fields_add_row (fields, "party_fields");

  template_fields_set (row, "what", outbox_term (voice, field->label));
  template_fields_set (row, "party", case_party_title (n->c, party));
  template_fields_set (row, "value", value);
}

static void
add_field_of_each (const OutboxVoice *voice, const OutboxNotice *n, const ProgramCaseField *field,
                   TemplateFields *fields)
{
  add_field (voice, n, field, NULL, fields);
  for (guint i = 0; i < n->c->parties->len; i++)
    {
      const CaseParty *party = n->c->parties->pdata[i];

      if (case_party_is_asked (n->program, party, n->at))
        add_field (voice, n, field, party->name, fields);
    }
}

void
outbox_party_fields (const OutboxVoice *voice, const OutboxNotice *n, const ProgramCaseType *type,
                     TemplateFields *fields)
{
  bool shown = template_fields_set_list (fields, "parties");

  shown |= template_fields_set_list (fields, "party_fields");
  if (!shown || n->c == NULL || n->confidential)
    return;
  for (guint i = 0; i < n->c->parties->len; i++)
    add_party (n, n->c->parties->pdata[i], fields);
  for (guint i = 0; type != NULL && i < type->fields->len; i++)
    {
      const ProgramCaseField *field = type->fields->pdata[i];

      if (field->per_party)
        add_field_of_each (voice, n, field, fields);
    }
}
