/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp case export REF`: everything about a case in one folder or zip, with the hash of each file.
 *
 * What the program passes on to nobody by mail does not lie about in an export either: of a
 * confidential case what happened is told without what anybody wrote, and a message with numbers
 * that must not come by mail is named by its hash alone.  Whoever has to hand over these as well
 * says so (--everything).
 */
#include <glib/gstdio.h>
#include <string.h>

#include "admin/admin-case.h"
#include "admin/admin-files.h"
#include "admin/admin-manifest.h"
#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json-add.h"
#include "document/zip-write.h"
#include "engine/run.h"
#include "store/journal.h"

typedef struct {
  Office *office;
  const Case *c;
  const Program *program;
  bool closed;             /* what people wrote stays out */
  bool everything;
  const char *dir;         /* being made */
  Manifest *manifest;
  GPtrArray *left_out;     /* char * */
} Export;

static bool
write_file (Export *e, const char *name, const char *bytes, gsize n, GError **error)
{
  g_autofree char *path = g_build_filename (e->dir, name, NULL);
  char sha256[65];

  return files_write (path, bytes, n, error) && files_hash (path, sha256, NULL, error)
         && manifest_add (e->manifest, name, sha256, error);
}

static bool
write_json (Export *e, const char *name, JsonNode *node, GError **error)
{
  g_autofree char *text = json_to_string (node, TRUE), *line = g_strconcat (text, "\n", NULL);

  return write_file (e, name, line, strlen (line), error);
}

/* NAME becomes the file of the archive; its content must have that hash. */
static bool
copy_original (Export *e, const char *name, const char *sha256, GError **error)
{
  g_autofree char *from = archive_path (e->office->archive, sha256),
                  *to = g_build_filename (e->dir, name, NULL);
  char found[65];

  if (!files_copy (from, to, found, NULL, error) || !manifest_add (e->manifest, name, found, error))
    return false;
  if (strcmp (found, sha256) == 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_STORE, "%s is damaged: its content has the hash %s",
               from, found);
  return false;
}

/* NAME becomes the mail as it was rendered, wherever that is kept. */
static bool
write_mail (Export *e, const char *name, const OutboxItem *item, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize n;

  if (!outbox_row_bytes (e->office->store, item->id, &bytes, error))
    return false;
  if (bytes == NULL)
    return copy_original (e, name, item->sha256, error);
  const void *data = g_bytes_get_data (bytes, &n);
  return write_file (e, name, data, n, error);
}

static void
leave_out (Export *e, const char *what, const char *sha256, const char *why)
{
  g_ptr_array_add (e->left_out, g_strdup_printf ("%s, SHA-256 %s: %s", what, sha256, why));
}

/* Members that say what happened, and not what somebody wrote. */
static void
cut_to_facts (JournalEvent *event)
{
  static const char *const kept[] = { "ref",     "type",     "to",     "from",     "owner",
                                      "timer",   "reminder", "due",    "was",      "start",
                                      "basis",   "source",   "rule",   "calendar", "status",
                                      "outcome", "notice",   "sha256", "message",  "outbox",
                                      "element", "finding",  "by",     "rcpt",     NULL };
  g_autoptr (JsonNode) node = json_from_string (event->detail, NULL);
  JsonObject *whole =
               node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL,
             *facts = json_object_new ();

  for (guint i = 0; whole != NULL && kept[i] != NULL; i++)
    if (json_object_has_member (whole, kept[i]))
      json_object_set_member (facts, kept[i],
                              json_node_copy (json_object_get_member (whole, kept[i])));
  g_free (event->detail);
  event->detail = journal_text (facts);
}

static bool
write_timeline (Export *e, GError **error)
{
  g_autoptr (GPtrArray) events = journal_of_case (e->office->store, e->c->id, error);
  char *text = NULL;
  size_t n = 0;

  if (events == NULL)
    return false;
  for (guint i = 0; e->closed && i < events->len; i++)
    cut_to_facts (events->pdata[i]);
  FILE *out = open_memstream (&text, &n);
  admin_timeline_text (out, events, e->program, e->closed);
  fclose (out);
  g_autoptr (JsonNode) node = admin_timeline_json (events);
  bool good =
    write_file (e, "timeline.txt", text, n, error) && write_json (e, "timeline.json", node, error);
  free (text);
  return good;
}

static bool
write_case (Export *e, GError **error)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  if (!e->closed)
    admin_add_case (b, e->c);
  else
    {
      json_add_string (b, "ref", e->c->ref);
      json_add_string (b, "type", e->c->type);
      json_add_string (b, "state", e->c->state);
      json_add_string (b, "owner", e->c->owner);
      json_add_bool (b, "open", e->c->open);
    }
  json_builder_end_object (b);
  g_autoptr (JsonNode) node = json_builder_get_root (b);
  return write_json (e, "case.json", node, error);
}

/* The rule that decided, or what waits for a person, says that nothing of it may be passed on. */
static bool
find_quarantine (Export *e, const MessageRow *row, bool *is, GError **error)
{
  const GPtrArray *rules = e->office->definition->program->triage;

  *is = false;
  for (guint i = 0; i < rules->len; i++)
    {
      const ProgramTriageRule *rule = rules->pdata[i];

      *is |= strcmp (rule->name, row->rule) == 0 && rule->identifiers != NULL
             && rule->identifiers[0] != NULL;
    }
  return *is || held_is_quarantined (e->office->store, row->id, is, error);
}

/* The signatures on the message as they were judged when it came. */
static bool
add_verdicts (Export *e, const MessageRow *row, JsonArray *verdicts, GError **error)
{
  g_autoptr (JournalInput) input = journal_input_of (e->office->store, "message", row->id, error);
  g_autoptr (JsonNode) node = input != NULL ? json_from_string (input->detail, NULL) : NULL;

  if (input == NULL)
    return error == NULL || *error == NULL;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
      || !json_object_has_member (json_node_get_object (node), "signatures"))
    return true;
  JsonObject *one = json_object_new ();
  json_object_set_int_member (one, "message", row->id);
  json_object_set_string_member (one, "sha256", row->sha256);
  json_object_set_member (
    one, "signatures",
    json_node_copy (json_object_get_member (json_node_get_object (node), "signatures")));
  json_array_add_object_element (verdicts, one);
  return true;
}

static bool
add_message (Export *e, const MessageRow *row, JsonArray *list, JsonArray *verdicts, GError **error)
{
  g_autofree char *name = g_strdup_printf ("received/%06" G_GINT64_FORMAT ".eml", row->id),
                  *at = clock_format (row->received_at);
  g_autofree char *what = g_strdup_printf ("message %" G_GINT64_FORMAT, row->id);
  bool quarantine;

  if (!find_quarantine (e, row, &quarantine, error))
    return false;
  bool out = !e->everything && (quarantine || e->closed);
  JsonObject *object = json_object_new ();
  json_array_add_object_element (list, object);
  json_object_set_int_member (object, "message", row->id);
  json_object_set_string_member (object, "file", out ? "" : name);
  json_object_set_string_member (object, "sha256", row->sha256);
  json_object_set_string_member (object, "received", at);
  json_object_set_string_member (object, "outcome", row->outcome);
  json_object_set_string_member (object, "rule", row->rule);
  json_object_set_string_member (object, "from", out ? "" : row->author);
  json_object_set_string_member (object, "subject", out ? "" : row->subject);
  json_object_set_string_member (object, "reason", out ? "" : row->reason);
  if (out)
    {
      leave_out (e, what, row->sha256,
                 quarantine ? "it has numbers that must not be passed on"
                            : "the case is confidential");
      return true;
    }
  return copy_original (e, name, row->sha256, error) && add_verdicts (e, row, verdicts, error);
}

static bool
write_messages (Export *e, GError **error)
{
  g_autoptr (GPtrArray) rows = message_rows (e->office->store, e->c->id, G_MAXINT, error);
  g_autoptr (JsonNode) messages = json_node_new (JSON_NODE_ARRAY),
                       verdicts = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (messages, json_array_new ());
  json_node_take_array (verdicts, json_array_new ());
  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    {
      admin_progress ("messages", rows->len - i, rows->len);
      if (!add_message (e, rows->pdata[i - 1], json_node_get_array (messages),
                        json_node_get_array (verdicts), error))
        return false;
    }
  return rows != NULL && write_json (e, "messages.json", messages, error)
         && write_json (e, "verdicts.json", verdicts, error);
}

static bool
add_mail (Export *e, const OutboxItem *item, JsonArray *list, GError **error)
{
  g_autofree char *name = g_strdup_printf ("sent/%06" G_GINT64_FORMAT ".eml", item->id),
                  *at = clock_format (item->at);
  g_autofree char *sealed =
    g_strdup_printf ("sent/%06" G_GINT64_FORMAT "-as-it-left.eml", item->id);
  g_autofree char *what = g_strdup_printf ("mail %" G_GINT64_FORMAT, item->id);
  bool is_sealed = item->sealed[0] != '\0' && strcmp (item->sealed, item->sha256) != 0;
  JsonObject *object = json_object_new ();

  json_array_add_object_element (list, object);
  json_object_set_int_member (object, "mail", item->id);
  json_object_set_string_member (object, "file", e->closed ? "" : name);
  json_object_set_string_member (object, "sha256", item->sha256);
  json_object_set_string_member (object, "sealed", item->sealed);
  json_object_set_string_member (object, "at", at);
  json_object_set_string_member (object, "notice", item->notice);
  json_object_set_string_member (object, "to", item->rcpt);
  json_object_set_string_member (object, "status", item->status);
  json_object_set_string_member (object, "subject", e->closed ? "" : item->subject);
  json_object_set_string_member (object, "reply", e->closed ? "" : item->reply);
  if (e->closed)
    {
      leave_out (e, what, item->sha256, "the case is confidential");
      return true;
    }
  return write_mail (e, name, item, error)
         && (!is_sealed || copy_original (e, sealed, item->sealed, error));
}

static bool
write_mails (Export *e, GError **error)
{
  g_autoptr (GPtrArray) items = outbox_of_case (e->office->store, e->c->id, error);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, json_array_new ());
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      admin_progress ("mails", i, items->len);
      if (!add_mail (e, items->pdata[i], json_node_get_array (node), error))
        return false;
    }
  return items != NULL && write_json (e, "mails.json", node, error);
}

static bool
write_readme (Export *e, GError **error)
{
  g_autofree char *now = clock_format (clock_now ());
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (
    text,
    "Case %s, as of %s.\n\n"
    "received/       every message of the case as it came; messages.json lists them\n"
    "sent/           every mail as it went; mails.json lists them\n"
    "case.json       what the office knows of the case\n"
    "timeline.txt    what happened, in order; timeline.json has every event with its hash in the "
    "journal\n"
    "verdicts.json   what each signature on a message or document was worth when it came\n"
    "MANIFEST        the SHA-256 of each file; sha256sum -c MANIFEST checks them\n\n"
    "The office's own notes are among this: look before you hand it to somebody outside.\n",
    e->c->ref, now);
  if (e->closed)
    g_string_append (
      text, "\nThe case is confidential: what happened is here, and nothing that anybody wrote.\n");
  for (guint i = 0; i < e->left_out->len; i++)
    {
      g_string_append_printf (text, "%s  %s\n", i == 0 ? "\nLeft out:\n" : "",
                              (const char *) e->left_out->pdata[i]);
      manifest_say (e->manifest, "left out", e->left_out->pdata[i]);
    }
  return write_file (e, "README.txt", text->str, text->len, error);
}

static bool
write_all (Export *e, GError **error)
{
  manifest_say (e->manifest, "case", e->c->ref);
  return write_case (e, error) && write_timeline (e, error) && write_messages (e, error)
         && write_mails (e, error) && write_readme (e, error)
         && manifest_write (e->manifest, e->dir, error);
}

static bool
pack (Export *e, const char *to, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < e->manifest->files->len; i++)
    g_ptr_array_add (names, ((ManifestFile *) e->manifest->files->pdata[i])->name);
  g_ptr_array_add (names, (gpointer) MANIFEST);
  admin_progress ("packing", 0, names->len);
  return zip_write (to, e->dir, e->c->ref, names, clock_now (), error);
}

static bool
export (Export *e, const char *to, GError **error)
{
  bool zip = g_str_has_suffix (to, ".zip");
  g_auto (FilesDraft) draft = { NULL, NULL, -1 };

  if (zip && g_file_test (to, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: it is there already", to);
      return false;
    }
  if (!files_draft_begin (&draft, to, error))
    return false;
  e->dir = draft.incomplete;
  return write_all (e, error) && (zip ? pack (e, to, error) : files_draft_finish (&draft, error));
}

int
admin_export (Office *office, const Case *c, const Program *program, const char *to,
              bool everything, bool json)
{
  const ProgramCaseType *type = program_case_type (program, c->type);
  g_autoptr (Manifest) manifest = manifest_new ();
  g_autoptr (GPtrArray) left_out = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  Export e = { office,     c,    program,  !everything && type != NULL && type->confidential,
               everything, NULL, manifest, left_out };

  to = to != NULL ? to : c->ref;
  bool good = export (&e, to, &error);
  admin_progress_end ();
  if (!good)
    return admin_error (error);
  if (!json)
    {
      printf ("%s is in %s: %u files.\n", c->ref, to, manifest->files->len);
      for (guint i = 0; i < left_out->len; i++)
        printf ("%s  %s\n", i == 0 ? "Left out (--everything has it):\n" : "",
                (const char *) left_out->pdata[i]);
      return ADMIN_YES;
    }
  g_autoptr (JsonBuilder) b = json_builder_new ();
  json_builder_begin_object (b);
  json_add_string (b, "case", c->ref);
  json_add_string (b, "to", to);
  json_add_int (b, "files", manifest->files->len);
  json_builder_set_member_name (b, "left_out");
  json_builder_begin_array (b);
  for (guint i = 0; i < left_out->len; i++)
    json_builder_add_string_value (b, left_out->pdata[i]);
  json_builder_end_array (b);
  json_builder_end_object (b);
  g_autoptr (JsonNode) node = json_builder_get_root (b);
  admin_print_json (node);
  return ADMIN_YES;
}
