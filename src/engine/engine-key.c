/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The office's own key ends: the administrator is told before, and when it has.
 *
 * Once a day, and again whenever the key home is another one, delivery looks at the key that it
 * signs with.  What it saw is an input of its own: the key of that day cannot be observed again.
 * Each step of a key (a month left, a week left, ended) is told once.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/engine-seal.h"
#include "engine/run.h"
#include "store/journal.h"

#define DAY ((gint64) 24 * 60 * 60)
#define FACT "key-told"

/* Days that are left, the fewest first. */
static const struct {
  const char *step;
  int days;
} steps[] = { { "ended", 0 }, { "week", 7 }, { "month", 30 } };

/* NULL: nothing is to be said of it. */
static const char *
step_of (const SealKey *key, gint64 now)
{
  if (key->revoked)
    return "revoked";
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (key->signs_until <= now + steps[i].days * DAY)
      return steps[i].step;
  return NULL;
}

static bool
has_ended (const char *step)
{
  return strcmp (step, "ended") == 0 || strcmp (step, "revoked") == 0;
}

static char *
describe (const Office *office, const EngineKey *key)
{
  g_autofree char *when =
    key->until > 0 ? calendar_short (office->definition->program->calendar, key->until) : NULL;

  if (strcmp (key->step, "revoked") == 0)
    return g_strdup ("the key that the office signs its mail with was revoked");
  if (when == NULL)
    return g_strdup ("the key that the office signs its mail with cannot sign");
  return g_strdup_printf ("the key that the office signs its mail with %s on %s",
                          has_ended (key->step) ? "expired" : "expires", when);
}

static const char *
what_follows (const EngineKey *key)
{
  if (has_ended (key->step))
    return key->required ? "Mail is kept back until there is another one."
                         : "Mail leaves without a signature until there is another one.";
  return key->required ? "From then on mail is kept back."
                       : "From then on mail leaves without a signature.";
}

static bool
tell (Run *run, const EngineKey *key, GError **error)
{
  const char *admin = run->office->options->admin;
  const Program *program = run->office->definition->program;
  OutboxNotice notice = run_notice (run, program, NULL);
  g_autofree char *reason = describe (run->office, key),
                  *which = g_strconcat ("Its fingerprint: ", key->fingerprint, NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new ();

  g_ptr_array_add (problems, which);
  g_ptr_array_add (problems, (gpointer) what_follows (key));
  notice.reason = reason;
  notice.problems = problems;
  return admin[0] != '\0'
           ? outbox_write (run->txn, &notice, "alarm-admin", admin, NULL, error)
           : outbox_write_role (run->txn, &notice, "alarm-admin", program->escalate, error);
}

static JsonObject *
said_of (const EngineKey *key)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "key", key->fingerprint);
  json_object_set_string_member (object, "step", key->step);
  json_object_set_int_member (object, "until", key->until);
  json_object_set_boolean_member (object, "required", key->required);
  return object;
}

static char *
fact_of (const EngineKey *key)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %s", key->fingerprint, key->until, key->step);
}

static bool
note_key (Run *run, const char *trouble, gpointer data, GError **error)
{
  const EngineKey *key = data;
  g_autofree char *fact = fact_of (key);

  return office_affirm (run->office, run->txn, run->now, error)
         && journal_input (run->txn, "key", run->at, 0, said_of (key), &run->input, error)
         && journal_event (run->txn, run->input, 0, run->at, "office.key", said_of (key), error)
         && office_set_fact (run->txn, FACT, fact, error)
         && (trouble != NULL || tell (run, key, error));
}

bool
engine_key (Office *office, const EngineKey *key, gint64 now, GError **error)
{
  Run run = { .office = office, .at = now, .now = now };

  if (!run_attempt (&run, "key", note_key, (gpointer) key, error))
    return false;
  log_event (has_ended (key->step) ? LOG_ERR : LOG_WARNING,
             has_ended (key->step) ? "key.ended" : "key.ends", LOG_STR ("key", key->fingerprint),
             LOG_STR ("step", key->step),
             LOG_INT ("days", key->until > now ? (key->until - now) / DAY : 0));
  return true;
}

bool
engine_look_at_key (Office *office, gint64 now, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if (office->options->delivery.signing_key == NULL || office->options->delivery.key_home == NULL
      || (office->key_looked / DAY == now / DAY && !engine_seal_is_stale (office)))
    return true;
  office->key_looked = now;
  const SealKey *own = engine_seal_key (office, &inner);
  const char *step = own != NULL ? step_of (own, now) : NULL;
  /* A key that is not there is told of with the first mail that waits for it. */
  if (step == NULL)
    return true;
  const EngineKey key = { own->fingerprint, step, own->signs_until,
                          office->options->delivery.signing_required };
  g_autofree char *fact = fact_of (&key), *before = office_fact (office->store, FACT, &inner);
  if (inner != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return false;
    }
  return g_strcmp0 (before, fact) == 0 || engine_key (office, &key, now, error);
}
