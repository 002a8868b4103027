/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases change by mail only, so this writes one: the answer of somebody of the office, who was
 * asked about the held message, to the notice that asked.  What the office makes of it is told to
 * that person by mail, so nobody is spoken for unseen.
 */
#include <stdio.h>
#include <string.h>

#include "admin/admin-answer.h"
#include "admin/admin-held.h"
#include "admin/admin.h"
#include "base/error.h"
#include "engine/run.h"
#include "store/journal.h"

typedef struct {
  Office *office;
  const char *as;
  char *line;              /* the command */
  char *asked;             /* Message-ID of the notice that is answered */
  char *id;                /* of the answer */
  GString *others;         /* who else was asked */
} Answer;

static void
answer_clear (Answer *a)
{
  g_free (a->line);
  g_free (a->asked);
  g_free (a->id);
  if (a->others != NULL)
    g_string_free (a->others, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* Among the mails that input KIND of SUBJECT led to: those that the office takes an answer to as
 * one about a held message. */
static bool
look_for_notice (Answer *a, const char *kind, gint64 subject, GError **error)
{
  Store *store = a->office->store;
  g_autoptr (GError) inner = NULL;
  g_autoptr (JournalInput) input = journal_input_of (store, kind, subject, &inner);
  g_autoptr (GPtrArray) items = input != NULL ? outbox_of_input (store, input->id, &inner) : NULL;

  for (guint i = 0; items != NULL && inner == NULL && i < items->len; i++)
    {
      const OutboxItem *item = items->pdata[i];
      g_autoptr (HeldRow) held = held_of_notice (store, item->message_id, "held-notice", &inner);

      if (held == NULL)
        continue;
      if (a->as == NULL || g_ascii_strcasecmp (item->rcpt, a->as) != 0)
        g_string_append_printf (a->others, "%s%s", a->others->len > 0 ? ", " : "", item->rcpt);
      else
        {
          g_free (a->asked);
          a->asked = g_strdup (item->message_id);
        }
    }
  if (inner == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (&inner));
  return false;
}

/* Several messages of one sender are asked about once; who settles one settles all of them. */
static bool
find_notice (Answer *a, const GPtrArray *waiting, const HeldRow *held, bool settles, GError **error)
{
  for (guint i = 0; i < waiting->len && a->asked == NULL; i++)
    {
      const HeldRow *row = waiting->pdata[i];
      bool fits = row->id == held->id || (settles && strcmp (row->author, held->author) == 0);

      if (fits
          && (!look_for_notice (a, "message", row->message, error)
              || !look_for_notice (a, "held", row->id, error)))
        return false;
    }
  if (a->asked != NULL)
    return true;
  return error_refuse (
    error, "%s%swas asked about message %" G_GINT64_FORMAT "%s%s; name one of them with --as",
    a->as != NULL ? a->as : "nobody", a->as != NULL ? " never " : " is named who ", held->message,
    a->others->len > 0 ? ", but these were: " : "", a->others->str);
}

static const HeldRow *
find_held (const GPtrArray *waiting, const char *name)
{
  guint64 id = 0;

  if (!g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT64, &id, NULL))
    return NULL;
  for (guint i = 0; i < waiting->len; i++)
    if (((const HeldRow *) waiting->pdata[i])->message == (gint64) id)
      return waiting->pdata[i];
  return NULL;
}

static bool
find_command (Answer *a, const HeldRow *held, char **arguments, GError **error)
{
  const Program *program = a->office->definition->program;

  if (strcmp (arguments[0], "release") == 0)
    {
      a->line = g_strdup ("/done");
      return true;
    }
  g_autofree char *names = program_category_names (program);
  if (held->quarantine)
    return error_refuse (error, "message %s: nothing of it may be kept for comparison; release it",
                         arguments[1]);
  if (program_category (program, arguments[2]) == NULL)
    return error_refuse (error, "'%s' is no category; there are: %s", arguments[2], names);
  a->line = g_strconcat ("/route ", arguments[2], NULL);
  return true;
}

static void
print_json (const Answer *a, gint64 message)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "message", message);
  json_object_set_string_member (object, "as", a->as);
  json_object_set_string_member (object, "command", a->line);
  json_object_set_string_member (object, "message_id", a->id);
  json_node_take_object (node, object);
  admin_print_json (node);
}

int
admin_held_answer (Office *office, char **arguments, const char *as, bool json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waiting = held_waiting (office->store, &error);
  g_auto (Answer) a = { .office = office, .as = as, .others = g_string_new (NULL) };
  const HeldRow *held = waiting != NULL ? find_held (waiting, arguments[1]) : NULL;

  if (error == NULL && held == NULL)
    error_refuse (&error, "no message '%s' waits for a person; qecp held lists those that do",
                  arguments[1]);
  else if (error == NULL && as != NULL && program_person (office->definition->program, as) == NULL)
    error_refuse (&error, "%s is not in the roster", as);
  if (error != NULL || !find_command (&a, held, arguments, &error)
      || !find_notice (&a, waiting, held, strcmp (arguments[0], "release") == 0, &error)
      || !admin_answer (office, &(AdminAnswer){ as, a.asked, "a held message", a.line }, &a.id,
                        &error))
    return admin_error (error);
  if (json)
    print_json (&a, held->message);
  else
    printf ("The office gets \"%s\" from %s about message %" G_GINT64_FORMAT
            ", and answers %s by mail.\n",
            a.line, as, held->message, as);
  return ADMIN_YES;
}
