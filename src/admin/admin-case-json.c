/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case as one JSON document.
 */
#include "admin/admin-case.h"
#include "base/clock.h"
#include "base/json-add.h"

static void
add_time (JsonBuilder *b, const char *name, gint64 at)
{
  g_autofree char *text = clock_format (at);

  json_add_string (b, name, text);
}

const char *
admin_relation (const Case *c, const CaseRelative *other)
{
  return other->id == c->parent ? "parent" : other->parent == c->id ? "child" : "beside";
}

static void
add_relative (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseRelative *other = item;

  json_add_string (b, "ref", other->ref);
  json_add_string (b, "type", other->type);
  json_add_string (b, "state", other->state);
  json_add_bool (b, "open", other->open);
  json_add_string (b, "is", admin_relation (c, other));
}

static void
add_link (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseRelative *other = item;

  json_add_string (b, "ref", other->ref);
  json_add_string (b, "type", other->type);
  json_add_string (b, "state", other->state);
  json_add_bool (b, "open", other->open);
}

static void
add_contact (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseContact *contact = item;

  json_add_string (b, "name", contact->name);
  json_add_string (b, "email", contact->email);
  json_add_string (b, "phone", contact->phone);
  json_add_string (b, "language", contact->language);
}

static void
add_party (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseParty *party = item;

  json_add_string (b, "name", party->name);
  json_add_string (b, "role", party->role);
  json_add_bool (b, "access", party->access);
  json_add_string (b, "since", party->since);
  json_add_string (b, "until", party->until);
}

static void
add_document (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseDocument *d = item;

  json_add_string (b, "element", d->element);
  json_add_string (b, "document", d->name);
  json_add_string (b, "party", d->party);
  json_add_string (b, "file", d->file);
  json_add_string (b, "type", d->type);
  json_add_int (b, "size", d->size);
  json_add_string (b, "sha256", d->sha256);
  json_add_int (b, "message", d->message);
  json_add_string (b, "part", d->part);
  json_add_int (b, "version", d->version);
  json_add_string (b, "status", case_document_status_name (d->status));
  json_add_string (b, "signature", d->signature.verdict);
  json_add_string (b, "signer", d->signature.signer);
  json_add_string (b, "signature_accepted_by", d->signature.accepted);
}

static void
add_finding (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseFinding *finding = item;

  json_add_string (b, "element", finding->element);
  json_add_string (b, "finding", finding->value);
  json_add_string (b, "by", finding->by);
  add_time (b, "at", finding->at);
}

static void
add_clarification (JsonBuilder *b, const Case *c, gconstpointer item)
{
  const CaseClarification *k = item;

  json_add_string (b, "element", k->element);
  json_add_string (b, "text", k->text);
  add_time (b, "due", k->due);
  json_add_bool (b, "open", k->open);
}

static void
add_list (JsonBuilder *b, const Case *c, const char *name, const GPtrArray *items,
          void (*add) (JsonBuilder *b, const Case *c, gconstpointer item))
{
  json_builder_set_member_name (b, name);
  json_builder_begin_array (b);
  for (guint i = 0; i < items->len; i++)
    {
      json_builder_begin_object (b);
      add (b, c, items->pdata[i]);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_fields (JsonBuilder *b, const Case *c)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (c->fields), (GCompareFunc) strcmp);

  json_builder_set_member_name (b, "fields");
  json_builder_begin_array (b);
  for (const GList *name = names; name != NULL; name = name->next)
    {
      json_builder_begin_object (b);
      json_add_string (b, "name", name->data);
      json_add_string (b, "value", g_hash_table_lookup (c->fields, name->data));
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

void
admin_add_case (JsonBuilder *b, const Case *c)
{
  json_add_string (b, "ref", c->ref);
  json_add_string (b, "type", c->type);
  json_add_string (b, "edition", c->edition);
  json_add_string (b, "definition", c->definition);
  json_add_string (b, "state", c->state);
  json_add_string (b, "previous_state", c->previous);
  add_time (b, "state_since", c->state_since);
  add_time (b, "opened", c->opened_at);
  json_add_string (b, "organization", c->organization_name);
  json_add_string (b, "owner", c->owner);
  json_add_bool (b, "open", c->open);
  add_list (b, c, "contacts", c->contacts, add_contact);
  add_fields (b, c);
  add_list (b, c, "related", c->related, add_relative);
  add_list (b, c, "links", c->links, add_link);
  json_add_string (b, "joined", c->joined_ref);
  add_list (b, c, "parties", c->parties, add_party);
  add_list (b, c, "documents", c->documents, add_document);
  add_list (b, c, "findings", c->findings, add_finding);
  add_list (b, c, "clarifications", c->clarifications, add_clarification);
}
