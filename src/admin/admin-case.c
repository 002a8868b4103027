/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp case list|show|timeline|export`: cases as the office knows them.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin-case.h"
#include "admin/admin.h"
#include "base/clock.h"
#include "case/case-store.h"
#include "engine/run.h"
#include "store/journal.h"

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
  g_autofree char *opened = clock_format (c->opened_at);
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "ref", c->ref);
  json_object_set_string_member (object, "type", c->type);
  json_object_set_string_member (object, "state", c->state);
  json_object_set_string_member (object, "organization", c->organization_name);
  json_object_set_string_member (object, "owner", c->owner);
  json_object_set_string_member (object, "opened", opened);
  json_object_set_boolean_member (object, "open", c->open);
  json_array_add_object_element (list->array, object);
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
  g_autoptr (JsonArray) array = json_array_new ();
  List list = { cells, array };

  if (!case_each (office->store, list_one, &list, &error))
    return admin_error (error);
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells, "There are no cases.");
  return ADMIN_YES;
}

static void
print_json (const Case *c)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  admin_add_case (b, c);
  json_builder_end_object (b);
  g_autoptr (JsonNode) node = json_builder_get_root (b);
  admin_print_json (node);
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
print_head (const Case *c, const Program *program, const ProgramCaseType *type)
{
  const ProgramState *state = type != NULL ? program_state (type, c->state) : NULL;
  g_autofree char *since = calendar_long (program->calendar, c->state_since);

  printf ("%s  %s\n\n", c->ref, c->organization_name);
  printf ("State          %s, since %s\n", state != NULL ? state->title : c->state, since);
  if (c->joined_ref != NULL)
    printf ("Goes on in     %s\n", c->joined_ref);
  printf ("Waiting on     %s\n",
          state != NULL && state->waiting_on != NULL ? state->waiting_on : "nobody");
  printf ("Held by        %s\n", c->owner[0] != '\0' ? c->owner : "nobody");
  printf ("Edition        %s\n", c->edition);
  for (guint i = 0; i < c->contacts->len; i++)
    {
      const CaseContact *contact = c->contacts->pdata[i];

      printf ("%s%s <%s>%s%s\n", i == 0 ? "Contacts       " : "               ", contact->name,
              contact->email, contact->language[0] != '\0' ? ", reads " : "", contact->language);
    }
}

static void
print_other_cases (const Case *c)
{
  if (c->related->len > 0)
    puts ("\nOther cases of the organization");
  for (guint i = 0; i < c->related->len; i++)
    {
      const CaseRelative *other = c->related->pdata[i];

      printf ("  %-14s %-8s %-16s %s\n", other->ref, admin_relation (c, other), other->type,
              other->state);
    }
  if (c->links->len > 0)
    puts ("\nLinked cases");
  for (guint i = 0; i < c->links->len; i++)
    {
      const CaseRelative *other = c->links->pdata[i];

      printf ("  %-14s %-16s %s\n", other->ref, other->type, other->state);
    }
}

static void
print_parties (const Case *c)
{
  if (c->parties->len > 0)
    puts ("\nParties");
  for (guint i = 0; i < c->parties->len; i++)
    {
      const CaseParty *party = c->parties->pdata[i];

      printf ("  %-30s %-10s %s%s%s%s%s\n", party->name, party->access ? "access" : "no access",
              party->role, party->since[0] != '\0' ? ", from " : "", party->since,
              party->until[0] != '\0' ? ", until " : "", party->until);
    }
}

static void
print_documents (const Case *c)
{
  if (c->documents->len > 0)
    puts ("\nDocuments");
  for (guint i = 0; i < c->documents->len; i++)
    {
      const CaseDocument *d = c->documents->pdata[i];

      printf ("  %-5s %-26s v%d %-10s %s%s%s\n", d->element, d->name, d->version,
              case_document_status_name (d->status), d->file,
              d->party != NULL && d->party[0] != '\0' ? ", of " : "",
              d->party != NULL ? d->party : "");
    }
}

static void
print_findings (const Case *c)
{
  if (c->findings->len > 0)
    puts ("\nFindings");
  for (guint i = 0; i < c->findings->len; i++)
    {
      const CaseFinding *finding = c->findings->pdata[i];

      printf ("  %-5s %-16s by %s\n", finding->element, finding->value, finding->by);
    }
}

static void
print_dates (const Case *c, const Program *program)
{
  if (c->timers->len > 0)
    puts ("\nDates");
  for (guint i = 0; i < c->timers->len; i++)
    {
      const CaseTimer *timer = c->timers->pdata[i];
      g_autofree char *due = calendar_long (program->calendar, timer->due);

      printf ("  %-20s %s%s\n", timer->reminder[0] != '\0' ? timer->reminder : timer->name, due,
              timer->paused != 0 ? " (paused)" : "");
    }
}

static void
print_case (const Case *c, const Program *program)
{
  const ProgramCaseType *type = program_case_type (program, c->type);

  print_head (c, program, type);
  print_fields (c, program, type);
  print_other_cases (c);
  print_parties (c);
  print_documents (c);
  print_findings (c);
  print_dates (c, program);
}

typedef struct {
  gboolean json, all, everything;
  char *to;
} Asked;

static int
one_case (Office *office, const char *what, const char *ref, const Asked *asked)
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
    return admin_timeline (office, c, program, asked->all, asked->json);
  if (strcmp (what, "export") == 0)
    return admin_export (office, c, program, asked->to, asked->everything, asked->json);
  if (asked->json)
    print_json (c);
  else
    print_case (c, program);
  return ADMIN_YES;
}

int
admin_case (int argc, char **argv, const char *config)
{
  Asked asked = { 0 };
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &asked.json, "One JSON document", NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &asked.all, "timeline: every event, also of clocks and deliveries", NULL },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &asked.to, "export: into this folder or zip, which must not exist", "DIR|FILE.zip" },
    { "everything", 0, 0, G_OPTION_ARG_NONE, &asked.everything,
      "export: also mail that is kept from others: of confidential cases, and with numbers that must not come by mail", NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (&argc, &argv, entries,
                      "list | show REF | timeline REF | export REF - look at cases",
                      "export writes one folder or zip: every message as it came, every mail as it "
                      "went, timeline, signature verdicts, and\n"
                      "MANIFEST with the SHA-256 of each file (sha256sum -c MANIFEST).  The "
                      "office's notes are in it, too.",
                      &status))
    return status;
  g_autofree char *to = asked.to;
  const char *what = argc > 1 ? argv[1] : "";
  bool list = strcmp (what, "list") == 0 && argc == 2;
  bool one =
    (strcmp (what, "show") == 0 || strcmp (what, "timeline") == 0 || strcmp (what, "export") == 0)
    && argc == 3;
  if ((!list && !one) || ((to != NULL || asked.everything) && strcmp (what, "export") != 0))
    {
      fprintf (stderr, "qecp: write case list, case show REF, case timeline REF or case export REF "
                       "[--to DIR|FILE.zip]\n");
      return ADMIN_CALL;
    }
  g_autoptr (Office) office = admin_office (config, false, &error);
  if (office == NULL)
    return admin_error (error);
  return list ? list_cases (office, asked.json) : one_case (office, what, argv[2], &asked);
}
