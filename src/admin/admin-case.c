/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp case list|show`: cases as the office knows them.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"
#include "case/case-store.h"
#include "engine/run.h"
#include "store/journal.h"

static void
set (JsonObject *object, const char *name, const char *value)
{
  json_object_set_string_member (object, name, value != NULL ? value : "");
}

static void
set_time (JsonObject *object, const char *name, gint64 at)
{
  g_autofree char *text = clock_format (at);

  set (object, name, text);
}

static JsonObject *
add_object (JsonArray *array)
{
  JsonObject *object = json_object_new ();

  json_array_add_object_element (array, object);
  return object;
}

static void
print_object (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  admin_print_json (node);
}

typedef struct {
  GPtrArray *cells;
  JsonArray *array;
} List;

static bool
list_one (Store *store, gint64 id, gpointer data, GError **error)
{
  List *list = data;
  g_autoptr (Case) c = case_load (store, id, error);

  if (c == NULL)
    return false;
  JsonObject *object = add_object (list->array);
  set (object, "ref", c->ref);
  set (object, "type", c->type);
  set (object, "state", c->state);
  set (object, "organization", c->organization_name);
  set (object, "owner", c->owner);
  set_time (object, "opened", c->opened_at);
  json_object_set_boolean_member (object, "open", c->open);
  g_ptr_array_add (list->cells, g_strdup (c->ref));
  g_ptr_array_add (list->cells, g_strdup (c->state));
  g_ptr_array_add (list->cells, g_strdup (c->owner));
  g_ptr_array_add (list->cells, g_strdup (c->organization_name));
  return true;
}

static int
list_cases (Office *office, bool json)
{
  static const char *const head[] = { "CASE", "STATE", "OWNER", "ORGANIZATION" };
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  List list = { cells, json_array_new () };
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, list.array);
  if (!case_each (office->store, list_one, &list, &error))
    return admin_error (error);
  if (json)
    admin_print_json (node);
  else if (cells->len > 0)
    admin_table (head, G_N_ELEMENTS (head), cells);
  else
    puts ("There are no cases.");
  return ADMIN_YES;
}

static JsonObject *
document_json (JsonArray *array, const CaseDocument *d)
{
  JsonObject *object = add_object (array);

  set (object, "element", d->element);
  set (object, "document", d->name);
  set (object, "party", d->party);
  set (object, "file", d->file);
  set (object, "type", d->type);
  json_object_set_int_member (object, "size", d->size);
  set (object, "sha256", d->sha256);
  json_object_set_int_member (object, "message", d->message);
  set (object, "part", d->part);
  json_object_set_int_member (object, "version", d->version);
  set (object, "status", case_document_status_name (d->status));
  set (object, "signature", d->signature.verdict);
  set (object, "signer", d->signature.signer);
  set (object, "signature_accepted_by", d->signature.accepted);
  return object;
}

/* What OTHER is to C. */
static const char *
relation (const Case *c, const CaseRelative *other)
{
  return other->id == c->parent ? "parent" : other->parent == c->id ? "child" : "beside";
}

static JsonObject *
case_json (const Case *c)
{
  JsonObject *object = json_object_new ();
  JsonArray *documents = json_array_new (), *findings = json_array_new (), *contacts = json_array_new ();
  JsonArray *clarifications = json_array_new (), *fields = json_array_new ();
  JsonArray *related = json_array_new (), *parties = json_array_new ();

  set (object, "ref", c->ref);
  set (object, "type", c->type);
  set (object, "edition", c->edition);
  set (object, "definition", c->definition);
  set (object, "state", c->state);
  set (object, "previous_state", c->previous);
  set_time (object, "state_since", c->state_since);
  set_time (object, "opened", c->opened_at);
  set (object, "organization", c->organization_name);
  set (object, "owner", c->owner);
  json_object_set_boolean_member (object, "open", c->open);
  for (guint i = 0; i < c->related->len; i++)
    {
      const CaseRelative *other = c->related->pdata[i];
      JsonObject *one = add_object (related);

      set (one, "ref", other->ref);
      set (one, "type", other->type);
      set (one, "state", other->state);
      json_object_set_boolean_member (one, "open", other->open);
      set (one, "is", relation (c, other));
    }
  for (guint i = 0; i < c->contacts->len; i++)
    {
      const CaseContact *contact = c->contacts->pdata[i];
      JsonObject *one = add_object (contacts);

      set (one, "name", contact->name);
      set (one, "email", contact->email);
      set (one, "phone", contact->phone);
    }
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (c->fields), (GCompareFunc) strcmp);
  for (const GList *name = names; name != NULL; name = name->next)
    {
      JsonObject *one = add_object (fields);

      set (one, "name", name->data);
      set (one, "value", g_hash_table_lookup (c->fields, name->data));
    }
  for (guint i = 0; i < c->documents->len; i++)
    document_json (documents, c->documents->pdata[i]);
  for (guint i = 0; i < c->findings->len; i++)
    {
      const CaseFinding *finding = c->findings->pdata[i];
      JsonObject *one = add_object (findings);

      set (one, "element", finding->element);
      set (one, "finding", finding->value);
      set (one, "by", finding->by);
      set_time (one, "at", finding->at);
    }
  for (guint i = 0; i < c->clarifications->len; i++)
    {
      const CaseClarification *k = c->clarifications->pdata[i];
      JsonObject *one = add_object (clarifications);

      set (one, "element", k->element);
      set (one, "text", k->text);
      set_time (one, "due", k->due);
      json_object_set_boolean_member (one, "open", k->open);
    }
  json_object_set_array_member (object, "contacts", contacts);
  json_object_set_array_member (object, "fields", fields);
  json_object_set_array_member (object, "related", related);
  for (guint i = 0; i < c->parties->len; i++)
    {
      const CaseParty *party = c->parties->pdata[i];
      JsonObject *one = add_object (parties);

      set (one, "name", party->name);
      set (one, "role", party->role);
      json_object_set_boolean_member (one, "access", party->access);
      set (one, "since", party->since);
      set (one, "until", party->until);
    }
  json_object_set_array_member (object, "parties", parties);
  json_object_set_array_member (object, "documents", documents);
  json_object_set_array_member (object, "findings", findings);
  json_object_set_array_member (object, "clarifications", clarifications);
  return object;
}

static void
print_fields (const Case *c, const Program *program, const ProgramCaseType *type)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (c->fields), (GCompareFunc) strcmp);

  if (names != NULL)
    puts ("\nFields");
  for (const GList *name = names; name != NULL; name = name->next)
    printf ("  %-28s %s\n", program_field_label (program, type, name->data),
            (const char *) g_hash_table_lookup (c->fields, name->data));
}

static void
print_case (const Case *c, const Program *program)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  g_autofree char *since = calendar_long (program->calendar, c->state_since);

  printf ("%s  %s\n\n", c->ref, c->organization_name);
  printf ("State          %s, since %s\n", state != NULL ? state->title : c->state, since);
  printf ("Waiting on     %s\n", state != NULL && state->waiting_on != NULL ? state->waiting_on : "nobody");
  printf ("Held by        %s\n", c->owner[0] != '\0' ? c->owner : "nobody");
  printf ("Edition        %s\n", c->edition);
  for (guint i = 0; i < c->contacts->len; i++)
    {
      const CaseContact *contact = c->contacts->pdata[i];

      printf ("%s%s <%s>\n", i == 0 ? "Contacts       " : "               ", contact->name, contact->email);
    }
  print_fields (c, program, type);
  if (c->related->len > 0)
    puts ("\nOther cases of the organization");
  for (guint i = 0; i < c->related->len; i++)
    {
      const CaseRelative *other = c->related->pdata[i];

      printf ("  %-14s %-8s %-16s %s\n", other->ref, relation (c, other), other->type, other->state);
    }
  if (c->parties->len > 0)
    puts ("\nParties");
  for (guint i = 0; i < c->parties->len; i++)
    {
      const CaseParty *party = c->parties->pdata[i];

      printf ("  %-30s %-10s %s%s%s%s%s\n", party->name, party->access ? "access" : "no access", party->role,
              party->since[0] != '\0' ? ", from " : "", party->since, party->until[0] != '\0' ? ", until " : "", party->until);
    }
  puts ("\nDocuments");
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *d = c->documents->pdata[i];

      printf ("  %-5s %-26s v%d %-10s %s%s%s\n", d->element, d->name, d->version, case_document_status_name (d->status),
              d->file, d->party != NULL && d->party[0] != '\0' ? ", of " : "", d->party != NULL ? d->party : "");
    }
  puts ("\nFindings");
  for (guint i = 0; i < c->findings->len; i++)
    {
      const CaseFinding *finding = c->findings->pdata[i];

      printf ("  %-5s %-16s by %s\n", finding->element, finding->value, finding->by);
    }
  puts ("\nDates");
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];
      g_autofree char *due = calendar_long (program->calendar, timer->due);

      printf ("  %-20s %s%s\n", timer->reminder[0] != '\0' ? timer->reminder : timer->name, due,
              timer->paused != 0 ? " (paused)" : "");
    }
}

static int
one_case (Office *office, const char *what, const char *ref, bool all, bool json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) c = case_find (office->store, ref, &error);
  const Program *program = c != NULL ? office_program (office, c->definition, &error) : NULL;

  if (error != NULL)
    return admin_error (error);
  if (c == NULL)
    {
      fprintf (stderr, "qecp: there is no case %s\n", ref);
      return ADMIN_CALL;
    }
  if (!case_load_related (office->store, c, &error))
    return admin_error (error);
  if (strcmp (what, "timeline") == 0)
    return admin_timeline (office, c, program, all, json);
  if (json)
    print_object (case_json (c));
  else
    print_case (c, program);
  return ADMIN_YES;
}

int
admin_case (int argc, char **argv, const char *config)
{
  gboolean json = FALSE, all = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, "timeline: every event, also of clocks and deliveries", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries, "list | show REF | timeline REF - look at cases", NULL, &status))
    return status;
  const char *what = argc > 1 ? argv[1] : "";
  bool list = strcmp (what, "list") == 0 && argc == 2;
  bool one = (strcmp (what, "show") == 0 || strcmp (what, "timeline") == 0) && argc == 3;
  if (!list && !one)
    {
      fprintf (stderr, "qecp: write case list, case show REF or case timeline REF\n");
      return ADMIN_CALL;
    }
  g_autoptr (Office) office = admin_office (config, false, &error);
  if (office == NULL)
    return admin_error (error);
  return list ? list_cases (office, json) : one_case (office, what, argv[2], all, json);
}
