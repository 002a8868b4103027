/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How sure we are of who speaks, when the message is signed.
 *
 * A signature proves who wrote the words, not that they were meant for this case, or now: a signed
 * message can be kept, and sent again by anybody in any thread, or to another office.  So it lifts
 * the assurance only when the case (or, of what belongs to none, the office) is named in what was
 * signed, it was signed lately, and it has not counted before.  A signature that does not count
 * takes nothing away from what else vouches for the sender.
 */
#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "engine/run.h"

/* How long after signing a message may arrive: mail waits for days at times.  Clocks differ by less
 * than MAX_AHEAD. */
#define MAX_AGE (3 * 24 * 60 * 60)
#define MAX_AHEAD (60 * 60)

enum { FIND, USE };

const char *const signed_sql[] = {
  [FIND] = "SELECT message FROM used_signature WHERE digest = :digest",
  [USE] = "INSERT INTO used_signature (digest, message, at) VALUES (:digest, :message, :at)",
  NULL
};

/* Of what was signed, by whom and when; not of what it was wrapped in, nor of other signatures that
 * were put beside it: the same signed words in another mail are the same. */
static void
sum_up (const EvidenceSigner *signer, char sha256[65])
{
  Digest sum;

  digest_begin (&sum);
  digest_add (&sum, signer->fingerprint, strlen (signer->fingerprint) + 1);
  digest_add (&sum, &signer->signed_at, sizeof signer->signed_at);
  digest_add (&sum, signer->content, strlen (signer->content));
  digest_end (&sum, sha256);
}

/* The value of the first command NAME among the signed words; NULL: there is none.  Free with
 * g_free(). */
static char *
signed_value (const Run *run, const Program *program, const char *name)
{
  g_autoptr (CommandReading) reading = commands_of (run->message, program->calendar);

  for (guint i = 0; i < reading->commands->len; i++)
    {
      const Command *command = reading->commands->pdata[i];

      if (g_str_equal (command->name, name) && command->value != NULL)
        return g_strdup (command->value);
    }
  return NULL;
}

/* "/case APP-2026-0001" among the signed words, or the tag in a subject that is signed, too. */
static bool
names_case (const Run *run, const Program *program, const Case *c)
{
  g_autofree char *value = signed_value (run, program, "case");
  g_autofree char *tag = value == NULL && run->message->protected_present
                           ? triage_subject_tag (program, run->message->protected_subject)
                           : NULL;
  const char *named = value != NULL ? value : tag;

  return named != NULL && g_ascii_strcasecmp (named, c->ref) == 0;
}

/* What belongs to no case says for which office it is: one person may work in several. */
static bool
names_office (const Run *run, const Program *program)
{
  g_autofree char *value = signed_value (run, program, "office");

  return value != NULL && options_is_own (run->office->options, value);
}

static bool
is_fresh (const Run *run, const Evidence *e)
{
  for (guint i = 0; i < e->signers->len; i++)
    {
      gint64 at = ((const EvidenceSigner *) e->signers->pdata[i])->signed_at;

      if (at == 0 || at < run->at - MAX_AGE || at > run->at + MAX_AHEAD)
        return false;
    }
  return e->signers->len > 0;
}

/* "AB:CD:..." as the roster may have it. */
static bool
same_fingerprint (const char *one, const char *other)
{
  g_auto (GStrv) parts = g_strsplit (one, ":", -1);
  g_autofree char *bare = g_strjoinv ("", parts);

  return g_ascii_strcasecmp (bare, other) == 0;
}

/* Where the roster names certificates of the person, no other counts: what is signed further inside
 * may be a mail of that person that somebody has kept. */
static bool
is_of_roster (const Run *run, const Evidence *e)
{
  const ProgramPerson *person = run->identity->person;

  if (person == NULL || person->certificates == NULL || person->certificates[0] == NULL)
    return true;
  for (guint i = 0; i < e->signers->len; i++)
    {
      const EvidenceSigner *signer = e->signers->pdata[i];

      for (char **name = person->certificates; signer->outermost && *name != NULL; name++)
        if (same_fingerprint (*name, signer->fingerprint))
          return true;
    }
  return false;
}

/* *BEFORE: the other message in which it has counted, or 0. */
static bool
use_up (Run *run, const EvidenceSigner *signer, gint64 *before, GError **error)
{
  Store *store = run->office->store;
  char digest[65];
  bool known;

  sum_up (signer, digest);
  {
    g_autoptr (StoreStmt) q = store_query (store, signed_sql[FIND], error);

    if (q == NULL)
      return false;
    store_bind_text (q, ":digest", digest);
    if (!store_step (q, &known, error))
      return false;
    *before = known ? store_column_int (q, 0) : 0;
    /* A signature may stand twice in one message. */
    *before = *before != run->message_id ? *before : 0;
  }
  g_autoptr (StoreStmt) q = known ? NULL : store_query (store, signed_sql[USE], error);
  if (known)
    return true;
  if (q == NULL)
    return false;
  store_bind_text (q, ":digest", digest);
  store_bind_int (q, ":message", run->message_id);
  store_bind_int (q, ":at", run->at);
  return store_run (q, error);
}

bool
run_assurance (Run *run, const Program *program, const Case *c, Assurance *assurance, char **why,
               GError **error)
{
  const Evidence *e = evidence_about (run->evidence, "");
  gint64 before = 0;

  *assurance = run->identity->assurance;
  *why = NULL;
  if (e == NULL || run->identity->forged)
    return true;
  if (e->verdict != VERDICT_VALID)
    *why = g_strdup_printf (
      "the signature of your message does not count (%s): %s", verdict_name (e->verdict),
      e->reasons->len > 0 ? (const char *) e->reasons->pdata[0] : "no reason is known");
  else if (!is_of_roster (run, e))
    *why =
      g_strdup ("the message is signed with a certificate that the roster does not name for you");
  else if (!is_fresh (run, e))
    *why = g_strdup ("the message was not signed in the last three days: sign it anew");
  else if (c != NULL && !names_case (run, program, c))
    *why = g_strdup_printf ("what you signed does not name this case: write /case %s", c->ref);
  else if (c == NULL && !names_office (run, program))
    *why = g_strdup_printf ("what you signed does not name this office: write /office %s",
                            run_office_address (run));
  if (*why != NULL)
    return true;
  for (guint i = 0; before == 0 && i < e->signers->len; i++)
    if (!use_up (run, e->signers->pdata[i], &before, error))
      return false;
  if (before != 0)
    *why = g_strdup_printf (
      "what you signed has counted already, in message %" G_GINT64_FORMAT ": sign anew", before);
  else
    *assurance = ASSURE_SIGNED;
  return true;
}
