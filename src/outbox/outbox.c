/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a notice to rows of the outbox: audience, gate, rendering, bytes, journal.
 */
#include "outbox/outbox-private.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "store/journal.h"

/* The mail with everything it borrows. */
typedef struct {
  char *lang;              /* it is written in */
  TemplateMail text;
  GPtrArray *references;   /* char *, NULL-terminated */
  GArray *attachments;     /* ComposeAttachment */
  GPtrArray *owned;        /* GBytes of attachments */
  GPtrArray *names;        /* char *: names made for them */
  char *subject, *reply_to, *message_id, *in_reply_to, *conversation, *ics;
} Draft;

static void
draft_clear (Draft *draft)
{
  g_free (draft->lang);
  template_mail_clear (&draft->text);
  g_clear_pointer (&draft->references, g_ptr_array_unref);
  g_clear_pointer (&draft->attachments, g_array_unref);
  g_clear_pointer (&draft->owned, g_ptr_array_unref);
  g_clear_pointer (&draft->names, g_ptr_array_unref);
  g_free (draft->subject);
  g_free (draft->reply_to);
  g_free (draft->message_id);
  g_free (draft->in_reply_to);
  g_free (draft->conversation);
  g_free (draft->ics);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static void
attach (Draft *draft, const char *name, const char *type, GBytes *bytes)
{
  ComposeAttachment attachment = { name, type, bytes };

  g_ptr_array_add (draft->owned, bytes);
  g_array_append_val (draft->attachments, attachment);
}

static const char *
type_of_form (const char *form)
{
  if (g_str_has_suffix (form, ".pdf"))
    return "application/pdf";
  return g_str_has_suffix (form, ".xlsx")
           ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
           : "text/plain; charset=utf-8";
}

/* A blank form of the definition, in the language of the mail where there is one, under the last
 * part of its name. */
static bool
attach_form (const OutboxNotice *n, Draft *draft, const char *form, GError **error)
{
  g_autofree char *name = g_strconcat ("templates/", form, NULL);
  g_autofree char *own = g_strconcat ("templates/", draft->lang, "/", form, NULL);
  const char *translated = n->files != NULL ? g_hash_table_lookup (n->files, own) : NULL;
  const char *sha256 =
    translated != NULL || n->files == NULL ? translated : g_hash_table_lookup (n->files, name);
  const char *slash = strrchr (form, '/');

  if (sha256 == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the definition has no file %s", name);
      return false;
    }
  GBytes *bytes = archive_get (n->archive, sha256, error);
  if (bytes == NULL)
    return false;
  attach (draft, slash != NULL ? slash + 1 : form, type_of_form (form), bytes);
  return true;
}

/* The form that is asked for, in each kind of file it is given out as. */
static bool
attach_asked (const OutboxNotice *n, const ProgramNotice *def, Draft *draft, GError **error)
{
  const ProgramForm *form = outbox_form (n, def);

  for (char **blank = form != NULL ? form->blanks : NULL; blank != NULL && *blank != NULL; blank++)
    if (!attach_form (n, draft, *blank, error))
      return false;
  return true;
}

static bool
attach_forms (const OutboxNotice *n, Draft *draft, GError **error)
{
  const ProgramCaseType *type = n->c != NULL ? program_case_type (n->program, n->c->type) : NULL;
  const ProgramState *state = type != NULL ? program_state (type, n->c->state) : NULL;
  const ProgramEdition *edition = n->c != NULL ? program_edition (n->program, n->c->edition) : NULL;

  for (guint i = 0; state != NULL && edition != NULL && i < edition->elements->len; i++)
    {
      const ProgramElement *element = edition->elements->pdata[i];

      for (guint j = 0; g_strcmp0 (element->group, state->group) == 0
                        && case_is_asked (n->c, element) && j < element->documents->len;
           j++)
        {
          const ProgramDocument *document = element->documents->pdata[j];

          if (document->form != NULL && !attach_form (n, draft, document->form, error))
            return false;
        }
    }
  return true;
}

/* The message that caused it, as it came: staff read what the applicant really sent. */
static bool
attach_original (const OutboxNotice *n, Draft *draft, GError **error)
{
  if (n->cause_sha256 == NULL || (gint64) n->cause_size > n->options->max_attach)
    return true;
  GBytes *bytes = archive_get (n->archive, n->cause_sha256, error);
  if (bytes == NULL)
    return false;
  attach (draft, "original.eml", "message/rfc822", bytes);
  return true;
}

static bool
attach_message (Store *store, const OutboxNotice *n, gint64 message, gint64 *left, Draft *draft,
                GError **error)
{
  g_autofree char *sha256 = NULL;
  gint64 size;
  GBytes *bytes;

  if (!outbox_message (store, message, &sha256, &size, error))
    return false;
  if (sha256 == NULL || size > *left) /* the folder for filed mail has it */
    return true;
  *left -= size;
  bytes = archive_get (n->archive, sha256, error);
  if (bytes == NULL)
    return false;
  char *name = g_strdup_printf ("documents-%" G_GINT64_FORMAT ".eml", message);
  g_ptr_array_add (draft->names, name);
  attach (draft, name, "message/rfc822", bytes);
  return true;
}

/* The messages that brought the documents on file, each once, as they came. */
static bool
attach_documents (Store *store, const OutboxNotice *n, Draft *draft, GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new (NULL, NULL);
  gint64 left = n->options->max_attach;

  for (guint i = 0; n->c != NULL && !n->confidential && i < n->c->documents->len; i++)
    {
      const CaseDocument *document = n->c->documents->pdata[i];

      if (document->status == DOCUMENT_CURRENT && document->message != 0
          && g_hash_table_add (done, GSIZE_TO_POINTER ((gsize) document->message))
          && !attach_message (store, n, document->message, &left, draft, error))
        return false;
    }
  return true;
}

static bool
attach_all (Store *store, const OutboxNotice *n, const ProgramNotice *def, Draft *draft,
            GError **error)
{
  const char *what = def != NULL && def->attach != NULL ? def->attach : "";

  draft->attachments = g_array_new (FALSE, FALSE, sizeof (ComposeAttachment));
  draft->owned = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  draft->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n->n_attachments; i++)
    attach (draft, n->attachments[i].name, n->attachments[i].type,
            g_bytes_ref (n->attachments[i].bytes));
  if (strcmp (what, "forms") == 0)
    return attach_forms (n, draft, error);
  if (strcmp (what, "form") == 0)
    return attach_asked (n, def, draft, error);
  if (strcmp (what, "documents") == 0)
    return attach_documents (store, n, draft, error);
  return strcmp (what, "original") != 0 || attach_original (n, draft, error);
}

/* An answer refers to what it answers; anything else to the last mail this person had about the
 * case. */
static bool
thread (Store *store, const OutboxNotice *n, const char *rcpt, Draft *draft, GError **error)
{
  g_autoptr (GError) inner = NULL;

  draft->references = g_ptr_array_new_with_free_func (g_free);
  if (n->cause != NULL && n->sender != NULL && n->cause->message_id[0] != '\0'
      && g_ascii_strcasecmp (n->sender, rcpt) == 0)
    {
      const GPtrArray *before = n->cause->references;

      for (guint i = before->len > 20 ? before->len - 20 : 0; i < before->len; i++)
        g_ptr_array_add (draft->references, g_strdup (before->pdata[i]));
      draft->in_reply_to = g_strdup (n->cause->message_id);
    }
  else if (n->answers != NULL && n->answers[0] != '\0')
    draft->in_reply_to = g_strdup (n->answers);
  else if (n->c != NULL)
    draft->in_reply_to = outbox_last_in_thread (store, n->c->id, rcpt, &inner);
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  if (draft->in_reply_to != NULL)
    g_ptr_array_add (draft->references, g_strdup (draft->in_reply_to));
  g_ptr_array_add (draft->references, NULL);
  return true;
}

static char *
reply_address (const OutboxNotice *n, const char *rcpt)
{
  const OptionsMailbox *program = n->options->mailboxes->pdata[0];
  const char *at = strrchr (program->address, '@');

  if (n->c == NULL || n->options->subaddress[0] == '\0' || at == NULL)
    return g_strdup (program->address);
  g_autofree char *extension = token_extension (n->key, n->c->ref, rcpt);
  return g_strdup_printf ("%.*s%s%s%s", (int) (at - program->address), program->address,
                          n->options->subaddress, extension, at);
}

static char *
calendar_entry (const OutboxNotice *n, const ProgramNotice *def, const Draft *draft)
{
  const CaseTimer *timer = outbox_timer (n, def);
  static const int days[] = { 5, 1, 0 };

  if (timer == NULL)
    return NULL;
  const OptionsMailbox *program = n->options->mailboxes->pdata[0];
  g_autofree char *uid =
    g_strdup_printf ("%s-%" G_GINT64_FORMAT "@%s", n->c->ref,
                     timer->about != 0 ? timer->about : timer->n, n->options->domain);
  const CaseClarification *k = case_clarification ((Case *) n->c, timer->about);
  const OutboxVoice voice = outbox_voice (n, draft->lang);
  g_autofree char *why = outbox_say (&voice, timer->why);
  g_autofree char *description =
    g_strdup_printf ("%s\n%s", why != NULL ? why : "", program->address);
  return template_ics (uid, k != NULL ? k->extended : 0, n->now, timer->due, draft->subject,
                       description, days, false);
}

/* It follows from what led to the mail, not from how many there were before: a database that is
 * made again from the mail store knows the mails that its correspondents have.  Two that are the
 * same in all this are told apart by their order. */
static bool
name_mail (Store *store, const OutboxNotice *n, const char *name, const char *rcpt,
           char **message_id, GError **error)
{
  gint64 case_id = n->c != NULL ? n->c->id : 0;

  for (guint i = 0;; i++)
    {
      g_autofree char *what =
        g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n%s\n%" G_GINT64_FORMAT "\n%s\n%u",
                         n->origin != NULL ? n->origin : "", n->at, name, case_id, rcpt, i);
      g_autofree char *id =
        token_message_id (n->key, token_serial (n->key, what), case_id, rcpt, n->options->domain);
      g_autoptr (GError) inner = NULL;
      g_autoptr (OutboxItem) there = outbox_by_message_id (store, id, &inner);

      if (inner != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return false;
        }
      if (there == NULL)
        {
          *message_id = g_steal_pointer (&id);
          return true;
        }
    }
}

static bool
compose (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def, const char *name,
         const char *rcpt, const char *rcpt_name, Draft *draft, GBytes **bytes, GError **error)
{
  const OptionsMailbox *program = n->options->mailboxes->pdata[0];
  g_autofree char *reads = NULL;

  if (!outbox_language (store_of (txn), n, rcpt, &reads, error))
    return false;
  draft->lang = g_strdup (template_set_language (n->templates, name, reads));
  g_autoptr (TemplateFields) fields = outbox_fields (n, def, name, rcpt_name, draft->lang);
  if (!template_render (n->templates, name, draft->lang, fields, &draft->text, error)
      || !attach_all (store_of (txn), n, def, draft, error)
      || !thread (store_of (txn), n, rcpt, draft, error)
      || !name_mail (store_of (txn), n, name, rcpt, &draft->message_id, error))
    return false;
  draft->subject = n->c != NULL ? g_strdup_printf ("[%s] %s", n->c->ref, draft->text.subject)
                                : g_strdup (draft->text.subject);
  draft->reply_to = reply_address (n, rcpt);
  draft->conversation =
    n->c != NULL ? token_conversation (n->key, n->c->id, n->c->opened_at) : NULL;
  draft->ics = calendar_entry (n, def, draft);

  ComposeMail mail = {
    .from_name = n->options->name, .from_address = program->address, .to_name = rcpt_name, .to_address = rcpt,
    .reply_to = draft->reply_to, .subject = draft->subject, .message_id = draft->message_id,
    .in_reply_to = draft->in_reply_to, .references = (const char *const *) draft->references->pdata,
    .conversation = draft->conversation, .date = n->now, .auto_submitted = n->person ? NULL : n->cause != NULL ? "auto-replied" : "auto-generated",
    .language = draft->lang, .case_ref = n->c != NULL ? n->c->ref : NULL,
    .text = draft->text.text, .html = draft->text.html, .ics = draft->ics,
    .attachments = (const ComposeAttachment *) (gpointer) draft->attachments->data,
    .n_attachments = draft->attachments->len,
  };
  *bytes = compose_mail (&mail, error);
  return *bytes != NULL;
}

static bool
refuse (StoreTxn *txn, const OutboxNotice *n, const char *name, const char *rcpt, const char *why,
        GError **error)
{
  JsonObject *detail = json_object_new ();

  /* What somebody was to get and does not is worth a line that a monitor sees. */
  log_event (LOG_WARNING, "outbox.refused", LOG_STR ("notice", name), LOG_STR ("why", why),
             LOG_PERSON ("rcpt", rcpt));
  if (n->refused != NULL)
    g_ptr_array_add (n->refused, g_strdup_printf ("no mail went to %s: %s", rcpt, why));
  json_object_set_string_member (detail, "notice", name);
  json_object_set_string_member (detail, "rcpt", rcpt);
  json_object_set_string_member (detail, "why", why);
  return journal_event (txn, n->input, n->c != NULL ? n->c->id : 0, n->now, "outbox.refused",
                        detail, error);
}

static bool
record (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def, const OutboxItem *item,
        GBytes *bytes, GError **error)
{
  JsonObject *detail;

  if (!outbox_add (txn, item, n->input, (gint64) g_bytes_get_size (bytes),
                   calendar_day_number (n->program->calendar, n->now), error)
      || !outbox_bytes_add (txn, item->id, bytes, error)
      || !outbox_again_keep (txn, n, def, item, error))
    return false;
  detail = json_object_new ();
  json_object_set_int_member (detail, "outbox", item->id);
  json_object_set_string_member (detail, "notice", item->notice);
  json_object_set_string_member (detail, "rcpt", item->rcpt);
  json_object_set_string_member (detail, "message_id", item->message_id);
  json_object_set_string_member (detail, "subject", item->subject);
  json_object_set_string_member (detail, "sha256", item->sha256);
  return journal_event (txn, n->input, item->case_id, n->now, "outbox.queued", detail, error);
}

/* Of a confidential case nothing that somebody wrote or sent goes out by mail: the reference is
 * enough. */
static OutboxNotice
quiet (const OutboxNotice *n, const char *rcpt)
{
  const ProgramCaseType *type = n->c != NULL ? program_case_type (n->program, n->c->type) : NULL;
  OutboxNotice notice = *n;

  notice.staff = program_person (n->program, rcpt) != NULL;
  notice.confidential = n->quarantine || (type != NULL && type->confidential);
  if (!notice.confidential)
    return notice;
  notice.words = NULL;
  notice.cause_sha256 = NULL;
  notice.n_attachments = 0;
  notice.received = NULL;
  notice.questions = NULL;
  return notice;
}

bool
outbox_write_as (StoreTxn *txn, const OutboxNotice *loud, const ProgramNotice *def,
                 const char *name, const char *to, const char *rcpt_name, GError **error)
{
  g_autofree char *rcpt = g_ascii_strdown (to, -1);
  const OutboxNotice notice = quiet (loud, rcpt), *n = &notice;
  g_auto (Draft) draft = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  char sha256[65];
  gint64 id;
  bool failed;
  const char *why = outbox_gate (store_of (txn), n, name, rcpt, error, &failed);

  if (failed)
    return false;
  if (why != NULL)
    return refuse (txn, n, name, rcpt, why, error)
           && (strcmp (why, GATE_FAILED) != 0
               || outbox_missed_keep (txn, n, def, name, rcpt, error));
  if (!outbox_next_id (store_of (txn), &id, error)
      || !compose (txn, n, def, name, rcpt, rcpt_name, &draft, &bytes, error)
      || !outbox_bytes_name (n->archive, bytes, sha256, error))
    return false;
  OutboxItem item = { .id = id,
                      .case_id = n->c != NULL ? n->c->id : 0,
                      .at = n->now,
                      .rcpt = rcpt,
                      .sha256 = sha256,
                      .notice = (char *) name,
                      .subject = draft.subject,
                      .message_id = draft.message_id,
                      .confidential =
                        (char *) program_confidence_name (def != NULL ? def->confidential : 0) };
  return record (txn, n, def, &item, bytes, error);
}

bool
outbox_write (StoreTxn *txn, const OutboxNotice *n, const char *name, const char *rcpt,
              const char *rcpt_name, GError **error)
{
  return outbox_write_as (txn, n, program_notice (n->program, name), name, rcpt, rcpt_name, error);
}

bool
outbox_write_role (StoreTxn *txn, const OutboxNotice *n, const char *name, const char *role,
                   GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return role == NULL
         || outbox_write_to_role (txn, n, program_notice (n->program, name), name, role, done,
                                  error);
}

static bool
write_applicants (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def, const char *name,
                  GHashTable *done, GError **error)
{
  for (guint i = 0; n->c != NULL && i < n->c->contacts->len; i++)
    {
      const CaseContact *contact = n->c->contacts->pdata[i];

      if (g_hash_table_add (done, g_ascii_strdown (contact->email, -1))
          && !outbox_write_as (txn, n, def, name, contact->email, contact->name, error))
        return false;
    }
  return true;
}

static bool
write_audience (StoreTxn *txn, const OutboxNotice *n, const ProgramNotice *def, const char *name,
                const char *audience, GHashTable *done, GError **error)
{
  if (strcmp (audience, "applicant") == 0)
    return write_applicants (txn, n, def, name, done, error);
  if (strcmp (audience, "sender") == 0)
    return n->sender == NULL || n->sender[0] == '\0'
           || !g_hash_table_add (done, g_ascii_strdown (n->sender, -1))
           || outbox_write_as (txn, n, def, name, n->sender, n->sender_name, error);
  if (strcmp (audience, "reminded") == 0 && n->timer != NULL && n->timer->who != NULL
      && program_person (n->program, n->timer->who) != NULL)
    return outbox_write_person (txn, n, def, name, n->timer->who, done, error);
  if (strcmp (audience, "reminded") == 0)
    audience = "manager";
  if (strcmp (audience, "manager") == 0 && n->c != NULL && n->c->owner != NULL
      && n->c->owner[0] != '\0')
    return outbox_write_person (txn, n, def, name, n->c->owner, done, error);
  if (strcmp (audience, "manager") == 0)
    return n->program->escalate == NULL
           || outbox_write_to_role (txn, n, def, name, n->program->escalate, done, error);
  return outbox_write_to_role (txn, n, def, name, audience, done, error);
}

bool
outbox_notice (StoreTxn *txn, const OutboxNotice *n, const char *name, GError **error)
{
  const ProgramNotice *def = program_notice (n->program, name);
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (def == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the definition has no notice '%s'", name);
      return false;
    }
  for (char **audience = def->to; audience != NULL && *audience != NULL; audience++)
    if (!write_audience (txn, n, def, name, *audience, done, error))
      return false;
  if (n->to_role != NULL && !outbox_write_to_role (txn, n, def, name, n->to_role, done, error))
    return false;
  return outbox_nobody_reached (txn, n, def, error);
}
