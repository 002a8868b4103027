/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The facts of a message for a script (the contract's document) and for a person.
 */
#include "config.h"

#include "base/json-add.h"
#include "message/message-private.h"

static void
add_addresses (JsonBuilder *b, const char *key, const GPtrArray *addresses)
{
  json_builder_set_member_name (b, key);
  json_builder_begin_array (b);
  for (guint i = 0; i < addresses->len; i++)
    {
      const MessageAddress *a = g_ptr_array_index (addresses, i);

      json_builder_begin_object (b);
      json_add_string (b, "name", a->name);
      json_add_string (b, "address", a->address);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

/* The time as claimed: "2026-11-22T10:00:00-05:00", or NULL. */
static char *
claimed_date (const Message *m)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (m->date == 0)
    return NULL;
  utc = g_date_time_new_from_unix_utc (m->date);
  zone = g_time_zone_new_offset (m->date_offset * 60);
  local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  if (local == NULL)
    return NULL;
  g_autofree char *wall = g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s%c%02d:%02d", wall, m->date_offset < 0 ? '-' : '+',
                          ABS (m->date_offset) / 60, ABS (m->date_offset) % 60);
}

static void
add_head (JsonBuilder *b, const Message *m)
{
  g_autofree char *date = claimed_date (m);

  json_add_string (b, "sha256", m->sha256);
  json_builder_set_member_name (b, "size");
  json_builder_add_int_value (b, (gint64) m->size);
  json_add_string (b, "message_id", m->message_id);
  json_add_array (b, "in_reply_to", m->in_reply_to);
  json_add_array (b, "references", m->references);
  json_add_string (b, "conversation", m->conversation);
  json_builder_set_member_name (b, "date");
  if (date != NULL)
    json_builder_add_string_value (b, date);
  else
    json_builder_add_null_value (b);
  json_add_string (b, "subject", m->subject);
  add_addresses (b, "from", m->from);
  add_addresses (b, "sender", m->sender);
  add_addresses (b, "reply_to", m->reply_to);
  add_addresses (b, "to", m->to);
  add_addresses (b, "cc", m->cc);
  add_addresses (b, "forwarded_from", m->forwarded_from);
  json_add_array (b, "delivered_to", m->delivered_to);
  json_builder_set_member_name (b, "return_path");
  if (m->return_path != NULL)
    json_builder_add_string_value (b, m->return_path);
  else
    json_builder_add_null_value (b);
}

static void
add_machine (JsonBuilder *b, const Message *m)
{
  json_builder_set_member_name (b, "machine");
  json_builder_begin_object (b);
  json_add_string (b, "kind", message_machine_name (m->machine));
  json_add_string (b, "why", m->machine_why);
  json_builder_end_object (b);
  json_builder_set_member_name (b, "reports");
  json_builder_begin_array (b);
  for (guint i = 0; i < m->reports->len; i++)
    {
      const MessageReport *r = g_ptr_array_index (m->reports, i);

      json_builder_begin_object (b);
      json_add_string (b, "recipient", r->recipient);
      json_add_string (b, "action", r->action);
      json_add_string (b, "status", r->status);
      json_add_string (b, "reply_code", r->reply_code);
      json_add_string (b, "reason", r->reason);
      json_add_bool (b, "hard", r->hard);
      json_add_string (b, "original_message_id", r->original_message_id);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_sheet (JsonBuilder *b, const DocumentSheet *sheet)
{
  json_builder_begin_object (b);
  json_add_string (b, "name", sheet->name);
  json_add_bool (b, "hidden", sheet->hidden);
  json_builder_set_member_name (b, "cells");
  json_builder_begin_array (b);
  for (guint i = 0; i < sheet->cells->len; i++)
    {
      const DocumentCell *cell = sheet->cells->pdata[i];
      g_autofree char *place = document_cell_place (cell);

      json_builder_begin_object (b);
      json_add_string (b, "cell", place);
      json_add_string (b, "kind", document_cell_kind_name (cell->kind));
      json_add_string (b, "text", cell->text);
      json_add_bool (b, "formula", cell->formula);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
add_flaws (JsonBuilder *b, const Document *document)
{
  json_builder_set_member_name (b, "flaws");
  json_builder_begin_array (b);
  for (const DocumentFlawRow *row = document_flaws; row->name != NULL; row++)
    if ((document->flaws & row->flaw) != 0)
      json_builder_add_string_value (b, row->name);
  json_builder_end_array (b);
}

static void
add_unread (JsonBuilder *b, const Document *document)
{
  json_builder_set_member_name (b, "unread_pages");
  json_builder_begin_array (b);
  for (guint i = 0; i < document->unread->len; i++)
    {
      const DocumentPages *pages = &g_array_index (document->unread, DocumentPages, i);

      json_builder_begin_array (b);
      json_builder_add_int_value (b, pages->first);
      json_builder_add_int_value (b, pages->last);
      json_builder_end_array (b);
    }
  json_builder_end_array (b);
}

static void
add_document (JsonBuilder *b, const Document *document)
{
  json_builder_set_member_name (b, "document");
  if (document == NULL)
    {
      json_builder_add_null_value (b);
      return;
    }
  json_builder_begin_object (b);
  json_add_string (b, "kind", document_kind_name (document->kind));
  json_add_bool (b, "read", !document_is_unread (document));
  add_flaws (b, document);
  json_add_string (b, "title", document->title);
  if (document->kind == DOCUMENT_PDF)
    {
      json_add_string (b, "text", document_text_name (document->text_state));
      add_unread (b, document);
    }
  json_builder_set_member_name (b, "fields");
  json_builder_begin_array (b);
  for (guint i = 0; i < document->fields->len; i++)
    {
      const DocumentField *field = document->fields->pdata[i];

      json_builder_begin_object (b);
      json_add_string (b, "name", field->name);
      json_add_string (b, "value", field->value);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
  json_builder_set_member_name (b, "sheets");
  json_builder_begin_array (b);
  for (guint i = 0; i < document->sheets->len; i++)
    add_sheet (b, document->sheets->pdata[i]);
  json_builder_end_array (b);
  json_builder_end_object (b);
}

static void
add_parts (JsonBuilder *b, const Message *m)
{
  json_builder_set_member_name (b, "parts");
  json_builder_begin_array (b);
  for (guint i = 0; i < m->parts->len; i++)
    {
      const MessagePart *p = g_ptr_array_index (m->parts, i);

      json_builder_begin_object (b);
      json_add_string (b, "path", p->path);
      json_add_string (b, "type", p->type);
      json_add_string (b, "sniffed", p->sniffed);
      json_add_string (b, "name", p->name);
      json_add_string (b, "disposition", p->disposition);
      json_add_string (b, "charset", p->charset);
      json_add_int (b, "size", (gint64) p->size);
      json_add_string (b, "sha256", p->sha256);
      json_add_bool (b, "from_tnef", p->from_tnef);
      add_document (b, p->document);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_defects (JsonBuilder *b, const Message *m)
{
  json_builder_set_member_name (b, "defects");
  json_builder_begin_array (b);
  for (guint i = 0; i < m->defects->len; i++)
    {
      const MessageDefect *d = g_ptr_array_index (m->defects, i);

      json_builder_begin_object (b);
      json_add_string (b, "where", d->where);
      json_add_string (b, "what", d->what);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

static void
add_auth_results (JsonBuilder *b, const Message *m)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  for (guint i = 0; i < m->auth_results->len; i++)
    g_ptr_array_add (values, ((const MessageAuth *) m->auth_results->pdata[i])->value);
  json_add_array (b, "authentication_results", values);
}

JsonNode *
message_to_json (const Message *m)
{
  g_autoptr (JsonBuilder) b = json_builder_new ();

  json_builder_begin_object (b);
  add_head (b, m);
  add_machine (b, m);
  json_add_string (b, "text", m->text);
  json_add_string (b, "new_text", m->new_text);
  json_add_string (b, "quoted_text", m->quoted_text);
  add_parts (b, m);
  json_builder_set_member_name (b, "protected_headers");
  json_builder_begin_object (b);
  json_add_bool (b, "present", m->protected_present);
  json_add_string (b, "subject", m->protected_subject);
  json_builder_end_object (b);
  add_auth_results (b, m);
  json_add_array (b, "received", m->received);
  add_defects (b, m);
  json_builder_end_object (b);
  return json_builder_get_root (b);
}

/* --- for a person ------------------------------------------------------------- */

static void
print_addresses (GString *out, const char *label, const GPtrArray *addresses)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const MessageAddress *a = g_ptr_array_index (addresses, i);

      if (*a->name != '\0')
        g_string_append_printf (out, "%-12s %s <%s>\n", i == 0 ? label : "", a->name, a->address);
      else
        g_string_append_printf (out, "%-12s %s\n", i == 0 ? label : "", a->address);
    }
}

static void
print_document (GString *out, const Document *document)
{
  g_autofree char *pages = document_unread_pages (document);

  g_string_append_printf (out, "%-12s        read as %s: ", "",
                          document_kind_name (document->kind));
  if (document->kind == DOCUMENT_PDF)
    g_string_append_printf (out, "%u form fields", document->fields->len);
  else
    g_string_append_printf (out, "%u sheets", document->sheets->len);
  for (const DocumentFlawRow *row = document_flaws; row->name != NULL; row++)
    if ((document->flaws & row->flaw) != 0)
      g_string_append_printf (out, "; %s", row->help);
  if (pages != NULL)
    g_string_append_printf (out, "; not all that is seen on pages %s is text", pages);
  g_string_append_c (out, '\n');
}

static void
print_parts (GString *out, const Message *m)
{
  for (guint i = 0; i < m->parts->len; i++)
    {
      const MessagePart *p = g_ptr_array_index (m->parts, i);

      g_string_append_printf (out, "%-12s %-6s %s", i == 0 ? "Parts" : "", p->path, p->type);
      if (g_ascii_strcasecmp (p->type, p->sniffed) != 0)
        g_string_append_printf (out, " (content: %s)", p->sniffed);
      g_string_append_printf (out, ", %" G_GUINT64_FORMAT " bytes", p->size);
      if (*p->name != '\0')
        g_string_append_printf (out, ", %s", p->name);
      g_string_append_c (out, '\n');
      if (p->document != NULL)
        print_document (out, p->document);
    }
}

static void
print_findings (GString *out, const Message *m)
{
  if (m->machine != MACHINE_NONE)
    g_string_append_printf (out, "%-12s %s (%s)\n", "Machine", message_machine_name (m->machine),
                            m->machine_why);
  for (guint i = 0; i < m->reports->len; i++)
    {
      const MessageReport *r = g_ptr_array_index (m->reports, i);

      g_string_append_printf (out, "%-12s %s %s %s %s %s%s\n", i == 0 ? "Reports" : "",
                              r->recipient, r->action, r->status, r->reply_code, r->reason,
                              r->hard ? ", for good" : "");
    }
  for (guint i = 0; i < m->defects->len; i++)
    {
      const MessageDefect *d = g_ptr_array_index (m->defects, i);

      g_string_append_printf (out, "%-12s %s: %s\n", i == 0 ? "Defects" : "", d->where, d->what);
    }
}

char *
message_to_text (const Message *m)
{
  GString *out = g_string_new (NULL);
  g_autofree char *date = claimed_date (m);

  g_string_append_printf (out, "%-12s %s (%" G_GUINT64_FORMAT " bytes)\n", "SHA-256", m->sha256,
                          m->size);
  g_string_append_printf (out, "%-12s %s\n", "Message-ID",
                          *m->message_id != '\0' ? m->message_id : "(none)");
  g_string_append_printf (out, "%-12s %s\n", "Date", date != NULL ? date : "(none)");
  print_addresses (out, "From", m->from);
  print_addresses (out, "Sender", m->sender);
  print_addresses (out, "Reply-To", m->reply_to);
  print_addresses (out, "To", m->to);
  print_addresses (out, "Cc", m->cc);
  print_addresses (out, "Forwards", m->forwarded_from);
  g_string_append_printf (out, "%-12s %s\n", "Subject", m->subject);
  if (m->protected_present)
    g_string_append_printf (out, "%-12s %s\n", "Protected", m->protected_subject);
  print_findings (out, m);
  print_parts (out, m);
  g_string_append_printf (out, "\n%s", m->new_text);
  if (*m->new_text != '\0' && out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\n');
  if (*m->quoted_text != '\0')
    g_string_append (out, "\n[quoted text left out]\n");
  return g_string_free (out, FALSE);
}
