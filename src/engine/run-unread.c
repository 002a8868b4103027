/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that came and could not be read, or not all that their pages show: numbers that must not
 * come by mail could stand there, and no rule has seen them.  That is recorded with the message,
 * and told to whoever holds the case: people look where a program cannot.  Who sent it is not asked
 * for anything: a scanned page is as good as a printed one.
 */
#include <string.h>

#include "engine/run.h"
#include "store/journal.h"

#define NOTICE "pages-unread"
/* The part of a template that does the same. */
#define PART "unread"

bool
run_tells (Run *run, const Program *program, const char *part, bool *told, GError **error)
{
  g_autoptr (GPtrArray) items = outbox_of_input (run->office->store, run->input, error);
  g_autofree char *words = g_strdup_printf ("{{include \"parts/%s.md\"}}", part);

  *told = false;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const OutboxItem *item = items->pdata[i];
      const char *source = template_set_source (run->office->definition->templates, item->notice);

      *told |= program_person (program, item->rcpt) != NULL && source != NULL
               && strstr (source, words) != NULL;
    }
  return items != NULL;
}

/* The name of a file may be such a number, too. */
static bool
keep (Run *run, const MessagePart *part, const char *pages, const char *why, GError **error)
{
  JsonObject *detail = json_object_new ();
  g_autofree char *place = g_strdup_printf ("part %s of the message", part->path);

  json_object_set_int_member (detail, "message", run->message_id);
  json_object_set_string_member (detail, "file",
                                 run->quarantine || part->name[0] == '\0' ? place : part->name);
  if (why != NULL)
    json_object_set_string_member (detail, "why", why);
  else
    json_object_set_string_member (detail, "pages", pages);
  return journal_event (run->txn, run->input, run->case_id, run->at, "message.unread", detail,
                        error);
}

/* How many files that are into *N. */
static bool
keep_all (Run *run, guint *n, GError **error)
{
  *n = 0;
  for (guint i = 0; i < run->message->parts->len; i++)
    {
      const MessagePart *part = run->message->parts->pdata[i];
      const char *why = part->document != NULL ? document_why_unread (part->document) : NULL;
      g_autofree char *pages =
        part->document != NULL ? document_unread_pages (part->document) : NULL;

      if (why == NULL && pages == NULL)
        continue;
      ++*n;
      if (!keep (run, part, pages, why, error))
        return false;
    }
  return true;
}

bool
run_unread (Run *run, GError **error)
{
  guint n;
  bool told;
  const Program *program;

  if (!keep_all (run, &n, error))
    return false;
  if (n == 0 || run->case_id == 0 || run->message->machine != MACHINE_NONE || run->quarantine)
    return true;
  g_autoptr (Case) c = run_load (run, run->case_id, &program, error);
  if (c == NULL)
    return false;
  if (case_contact (c, run->identity->address) == NULL || program_notice (program, NOTICE) == NULL)
    return true;
  OutboxNotice notice = run_notice (run, program, c);
  return run_tells (run, program, PART, &told, error)
         && (told || outbox_notice (run->txn, &notice, NOTICE, error));
}
