/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The facts of a message: making and freeing them, and their names.
 */
#include "config.h"

#include "base/fold.h"
#include "message/message-private.h"

static const char *const machine_names[] = {
  [MACHINE_NONE] = "none",
  [MACHINE_AUTO_REPLY] = "auto-reply",
  [MACHINE_DELIVERY_REPORT] = "delivery-report",
  [MACHINE_FEEDBACK_REPORT] = "feedback-report",
  [MACHINE_READ_RECEIPT] = "read-receipt",
  [MACHINE_LIST] = "list",
  [MACHINE_CALENDAR] = "calendar",
  [MACHINE_INVITATION] = "invitation",
  [MACHINE_REACTION] = "reaction",
};

const char *
message_machine_name (MessageMachine machine)
{
  g_return_val_if_fail ((guint) machine < G_N_ELEMENTS (machine_names), "none");
  return machine_names[machine];
}

MessageAddress *
message_address_new (const char *name, const char *address)
{
  MessageAddress *a = g_new0 (MessageAddress, 1);

  a->name = g_strdup (name != NULL ? name : "");
  a->address = g_strdup (address != NULL ? address : "");
  return a;
}

void
message_address_free (MessageAddress *address)
{
  g_free (address->name);
  g_free (address->address);
  g_free (address);
}

void
message_report_free (MessageReport *report)
{
  g_free (report->recipient);
  g_free (report->action);
  g_free (report->status);
  g_free (report->reply_code);
  g_free (report->reason);
  g_free (report->original_message_id);
  g_free (report);
}

void
message_part_drop_content (MessagePart *part)
{
  g_clear_pointer (&part->content, g_bytes_unref);
  g_clear_pointer (&part->signatures, pdf_signed_free);
}

void
message_part_free (MessagePart *part)
{
  g_free (part->path);
  g_free (part->type);
  g_free (part->sniffed);
  g_free (part->name);
  g_free (part->disposition);
  g_free (part->charset);
  document_free (part->document);
  message_free (part->mail);
  message_part_drop_content (part);
  g_free (part);
}

void
message_defect_free (MessageDefect *defect)
{
  g_free (defect->where);
  g_free (defect->what);
  g_free (defect);
}

static GPtrArray *
addresses_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) message_address_free);
}

static void
message_auth_free (MessageAuth *auth)
{
  g_free (auth->value);
  g_free (auth);
}

Message *
message_new (void)
{
  Message *m = g_new0 (Message, 1);

  m->message_id = g_strdup ("");
  m->conversation = g_strdup ("");
  m->subject = g_strdup ("");
  m->machine_why = g_strdup ("");
  m->language = g_strdup ("");
  m->text = g_strdup ("");
  m->new_text = g_strdup ("");
  m->quoted_text = g_strdup ("");
  m->aside = g_strdup ("");
  m->protected_subject = g_strdup ("");
  m->in_reply_to = g_ptr_array_new_with_free_func (g_free);
  m->references = g_ptr_array_new_with_free_func (g_free);
  m->from = addresses_new ();
  m->sender = addresses_new ();
  m->reply_to = addresses_new ();
  m->to = addresses_new ();
  m->cc = addresses_new ();
  m->forwarded_from = addresses_new ();
  m->delivered_to = g_ptr_array_new_with_free_func (g_free);
  m->auth_results = g_ptr_array_new_with_free_func ((GDestroyNotify) message_auth_free);
  m->received = g_ptr_array_new_with_free_func (g_free);
  m->reports = g_ptr_array_new_with_free_func ((GDestroyNotify) message_report_free);
  m->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) message_part_free);
  m->defects = g_ptr_array_new_with_free_func ((GDestroyNotify) message_defect_free);
  m->words = g_new0 (MessageWords, 1);
  return m;
}

void
message_free (Message *message)
{
  if (message == NULL)
    return;
  g_free (message->message_id);
  g_free (message->conversation);
  g_free (message->subject);
  g_free (message->language);
  g_free (message->return_path);
  g_free (message->machine_why);
  g_free (message->text);
  g_free (message->new_text);
  g_free (message->quoted_text);
  g_free (message->aside);
  g_free (message->protected_subject);
  g_free (message->words->subject);
  g_free (message->words->text);
  g_free (message->words->folded_subject);
  g_free (message->words->folded_text);
  g_free (message->words);
  g_ptr_array_unref (message->in_reply_to);
  g_ptr_array_unref (message->references);
  g_ptr_array_unref (message->from);
  g_ptr_array_unref (message->sender);
  g_ptr_array_unref (message->reply_to);
  g_ptr_array_unref (message->to);
  g_ptr_array_unref (message->cc);
  g_ptr_array_unref (message->forwarded_from);
  g_ptr_array_unref (message->delivered_to);
  g_ptr_array_unref (message->auth_results);
  g_ptr_array_unref (message->received);
  g_ptr_array_unref (message->reports);
  g_ptr_array_unref (message->parts);
  g_ptr_array_unref (message->defects);
  g_free (message);
}

bool
message_part_is_envelope (const MessagePart *part)
{
  return g_str_equal (part->sniffed, "application/vnd.ms-tnef")
         || g_str_equal (part->sniffed, "application/pkcs7-mime");
}

const MessageAddress *
message_author (const Message *message)
{
  return message->from->len > 0 ? g_ptr_array_index (message->from, 0) : NULL;
}

const MessageWords *
message_words (const Message *message)
{
  MessageWords *words = message->words;

  if (words->text != NULL)
    return words;
  words->subject = fold_words (message->subject);
  words->text = fold_words (message->new_text);
  words->folded_subject = fold_case (message->subject);
  words->folded_text = fold_case (message->new_text);
  marks_of_pairs (&words->subject_pairs, words->folded_subject);
  marks_of_pairs (&words->text_pairs, words->folded_text);
  return words;
}
