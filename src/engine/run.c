/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every intent ends with: notices sent, a message filed, answered or held.
 */
#include "engine/run.h"

#include <string.h>

#include "store/journal.h"

/* Characters of a held message that its notice shows. */
enum { WORDS_SHOWN = 4000 };

OutboxNotice
run_notice (Run *run, const Program *program, const Case *c)
{
  const Office *office = run->office;
  OutboxNotice notice = {
    .program = program, .templates = office->definition->templates, .options = office->options,
    .key = office->key, .archive = office->archive, .files = office->definition->files,
    .input = run->input, .at = run->at, .now = run->now, .c = c, .cause = run->message,
    .quarantine = run->quarantine, .language = run->language,
  };

  if (run->arrival != NULL)
    {
      notice.origin = run->arrival->sha256;
      notice.cause_sha256 = run->arrival->sha256;
      notice.cause_size = run->arrival->size;
    }
  if (run->identity != NULL)
    {
      notice.sender = run->identity->address;
      notice.goes_on = run->identity->answers && !run->identity->forged
                       && run->identity->token_case == 0 && run->identity->token_ref == NULL;
      const CaseContact *contact = c != NULL ? case_contact (c, run->identity->address) : NULL;

      /* People are addressed by the name they registered with, not by what their mail program calls
       * them. */
      notice.sender_name =
        contact != NULL && contact->name[0] != '\0' ? contact->name : run->identity->name;
    }
  return notice;
}

const char *
run_office_address (const Run *run)
{
  return ((const OptionsMailbox *) run->office->options->mailboxes->pdata[0])->address;
}

void
run_outcome (Run *run, Outcome outcome, const char *reason)
{
  run->outcome = outcome;
  g_free (run->reason);
  run->reason = g_strdup (reason);
}

/* The office is told of the first message of an item, so that a flood of one sender's is one item,
 * not ten thousand. */
static bool
is_news (Run *run, const char *item, bool *is, GError **error)
{
  bool has = false;

  if (run->identity != NULL && run->identity->address[0] != '\0'
      && !held_has_author (run->office->store, run->identity->address, run->message_id, item, &has,
                           error))
    return false;
  *is = !has;
  return true;
}

/* Who keeps all that the message may be about is told of it, unless others look after what it
 * surely is. */
static bool
tell_of_held (Run *run, OutboxNotice *notice, const ProgramCategory *category, GError **error)
{
  if (run->keeper == NULL
      || (category != NULL && (category->owner != NULL || category->copy != NULL)))
    return run_tell_role (run, notice, "held-notice", category, NULL, error);
  return outbox_write_member (run->txn, notice, "held-notice", run->keeper, error);
}

static bool
tell_of_news (Run *run, const char *reason, GError **error)
{
  OutboxNotice notice = run_notice (run, run->office->definition->program, NULL);
  g_autofree char *words =
    run->message != NULL ? g_utf8_substring (
      run->message->new_text, 0, MIN (WORDS_SHOWN, g_utf8_strlen (run->message->new_text, -1)))
                         : NULL;
  const ProgramCategory *category = run_sorted (run);
  g_autoptr (GArray) guesses = run_guesses (run);

  notice.words = words;
  notice.reason = reason;
  notice.guesses = guesses;
  notice.sorted = category != NULL;
  return tell_of_held (run, &notice, category, error);
}

bool
run_hold (Run *run, gint64 case_id, const char *reason, GError **error)
{
  bool news;

  run_outcome (run, OUTCOME_HELD, reason);
  run->case_id = case_id;
  if (!run_sort (run, NULL, error))
    return false;
  const ProgramCategory *category = run_sorted (run);
  const char *item = category != NULL && category->copy != NULL ? category->name : "";
  return is_news (run, item, &news, error) && run_held_add (run, case_id, reason, item, news, error)
         && (category == NULL || held_sorted (run->txn, run->message_id, category->name, error))
         && (!news || tell_of_news (run, reason, error));
}

bool
run_save (Run *run, const Case *c, const GPtrArray *changes, GError **error)
{
  return case_save (run->txn, c, changes, run->input, run->at, error);
}

static bool
already_sent (const GPtrArray *changes, guint index)
{
  const CaseChange *this = changes->pdata[index];

  for (guint i = 0; i < index; i++)
    {
      const CaseChange *other = changes->pdata[i];

      if (other->kind == CHANGE_NOTICE && strcmp (other->name, this->name) == 0
          && other->number == this->number && g_strcmp0 (other->value, this->value) == 0)
        return true;
    }
  return false;
}

static bool
passes_on_original (const ProgramNotice *notice)
{
  return notice != NULL && g_strcmp0 (notice->attach, "original") == 0 && notice->to != NULL;
}

/* Two notices that bring the same message to the same people: the later one, which tells what came
 * of it, is enough. */
static bool
said_better (const Program *program, const GPtrArray *changes, guint index)
{
  const ProgramNotice *this =
    program_notice (program, ((const CaseChange *) changes->pdata[index])->name);

  for (guint i = index + 1; passes_on_original (this) && i < changes->len; i++)
    {
      const CaseChange *other = changes->pdata[i];
      const ProgramNotice *that =
        other->kind == CHANGE_NOTICE ? program_notice (program, other->name) : NULL;

      if (passes_on_original (that)
          && g_strv_equal ((const char *const *) this->to, (const char *const *) that->to))
        return true;
    }
  return false;
}

bool
run_notices (Run *run, const Program *program, const Case *c, const GPtrArray *changes,
             OutboxNotice *notice, GError **error)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const CaseChange *change = changes->pdata[i];
      OutboxNotice one = *notice;

      if (change->kind == CHANGE_PROPOSAL && !run_proposal (run, program, c, change, error))
        return false;
      if (change->kind != CHANGE_NOTICE || already_sent (changes, i)
          || said_better (program, changes, i))
        continue;
      one.clarification = change->number;
      one.element = change->value;
      if (change->text != NULL)
        one.words = change->text;
      if (!outbox_notice (run->txn, &one, change->name, error))
        return false;
    }
  return true;
}

/* RULE answers a contact with a form that is filled in within a case, and opens none: the one that
 * the organization is known by, into *C; NULL: there is none, or no such form. */
static bool
case_for_form (Run *run, const ProgramTriageRule *rule, Case **c, GError **error)
{
  const Program *program = run->office->definition->program;
  const ProgramNotice *def = rule->answer != NULL ? program_notice (program, rule->answer) : NULL;
  const ProgramForm *form =
    def != NULL && def->form != NULL ? program_form (program, def->form) : NULL;
  const char *why;
  gint64 id = 0;

  if (run->identity->who != WHO_MEMBER || form == NULL || form->opens != NULL)
    return true;
  if (!run_home (run, &id, &why, error))
    return false;
  g_autoptr (Case) home = id != 0 ? case_load (run->office->store, id, error) : NULL;
  if (id != 0 && home == NULL)
    return false;
  if (home == NULL || !home->open)
    return true;
  run->case_id = id;
  *c = g_steal_pointer (&home);
  return true;
}

/* The case that RULE opens for whoever wrote; *C NULL: none.  HELD: nobody knows for which
 * organization. */
static bool
open_case (Run *run, const ProgramTriageRule *rule, Case **c, const char **held, GError **error)
{
  bool member = run->identity->who == WHO_MEMBER;
  const char *type = member ? rule->open : rule->open_stranger;
  gint64 home = 0, id;

  if (type == NULL)
    return true;
  if (member && !run_home (run, &home, held, error))
    return false;
  if (member && home == 0)
    return true;
  *held = NULL;
  if (!run_open (run, type, home, &id, error))
    return false;
  run->case_id = id;
  *c = case_load (run->office->store, id, error);
  return *c != NULL;
}

bool
run_rule (Run *run, const ProgramTriageRule *rule, GError **error)
{
  const Program *program = run->office->definition->program;
  g_autoptr (Case) c = NULL;
  const char *held = NULL;

  if (!open_case (run, rule, &c, &held, error)
      || (c == NULL && held == NULL && !case_for_form (run, rule, &c, error)))
    return false;
  OutboxNotice notice = run_notice (run, program, c);
  if (held != NULL)
    return outbox_write (run->txn, &notice, "ack-stranger", run->identity->address,
                         run->identity->name, error)
           && run_hold (run, 0, held, error);
  run_outcome (run, rule->answer != NULL || c != NULL ? OUTCOME_ANSWERED : OUTCOME_FILED,
               rule->reason);
  notice.reason = rule->reason;
  g_autoptr (GArray) articles = run_articles (run, error);
  g_autoptr (GArray) own =
    rule->own_data && articles != NULL ? run_own_data (run, &notice.kept, error) : NULL;
  if (articles == NULL || (rule->own_data && own == NULL))
    return false;
  notice.articles = articles;
  notice.own = own;
  if (rule->hold && !run_sort (run, rule, error))
    return false;
  notice.understood = run_sorted (run) != NULL ? run_sorted (run)->title : NULL;
  if (rule->answer != NULL && !outbox_notice (run->txn, &notice, rule->answer, error))
    return false;
  return !rule->hold
         || run_hold (run, run->case_id,
                      rule->reason != NULL && rule->reason[0] != '\0' ? rule->reason : rule->name,
                      error);
}
