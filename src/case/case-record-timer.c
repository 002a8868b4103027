/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Clocks as rows: set, ended, paused and resumed, moved.
 */
#include <string.h>

#include "case/case-record-private.h"

enum { TIMER, TIMER_STATUS, TIMER_PAUSE, TIMER_RESUME, TIMER_MOVE };

const char *const case_record_timer_sql[] = {
  [TIMER] =
    "INSERT INTO timer (case_id, n, name, about, reminder, parent, state, start, span, due, why, calendar, paused,"
    " who, text, status) VALUES (:id, :n, :name, :about, :reminder, :parent, :state, :start, :span, :due, :why, :calendar, 0,"
    " :who, :text, 'running')",
  [TIMER_STATUS] =
    "UPDATE timer SET status = :status WHERE case_id = :id AND n = :n",
  [TIMER_PAUSE] =
    "UPDATE timer SET paused = :at WHERE case_id = :id AND n = :n",
  [TIMER_RESUME] =
    "UPDATE timer SET paused = 0, start = :start, due = :due, why = :why WHERE case_id = :id AND n = :n",
  [TIMER_MOVE] =
    "UPDATE timer SET start = :start, span = :span, due = :due, why = :why, calendar = :calendar WHERE case_id = :id AND n = :n",
  NULL
};

bool
case_record_timer (CaseRecord *r, GError **error)
{
  const CaseTimer *t = r->change->timer;
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_timer_sql[TIMER], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", t->n);
  store_bind_text (q, ":name", t->name);
  store_bind_int (q, ":about", t->about);
  store_bind_text (q, ":reminder", t->reminder);
  store_bind_int (q, ":parent", t->parent);
  store_bind_text (q, ":state", t->state);
  store_bind_int (q, ":start", t->start);
  store_bind_text (q, ":span", t->span);
  store_bind_int (q, ":due", t->due);
  store_bind_text (q, ":why", t->why);
  store_bind_text (q, ":calendar", t->calendar);
  store_bind_text (q, ":who", t->who != NULL ? t->who : "");
  store_bind_text (q, ":text", t->text != NULL ? t->text : "");
  case_record_say_int (r, "n", t->n);
  case_record_say (r, "timer", t->name);
  case_record_say (r, "for", t->who);
  case_record_say (r, "text", t->text);
  case_record_say (r, "reminder", t->reminder);
  case_record_say_int (r, "about", t->about);
  case_record_say_int (r, "start", t->start);
  case_record_say_int (r, "due", t->due);
  case_record_say (r, "why", t->why);
  case_record_say (r, "calendar", t->calendar);
  case_record_say (r, "rule", r->change->name);
  case_record_say (r, "basis", r->change->value);
  case_record_say (r, "source", r->change->text);
  return store_run (q, error);
}

bool
case_record_timer_status (CaseRecord *r, GError **error)
{
  bool pause = strcmp (r->change->name, "paused") == 0,
       resume = strcmp (r->change->name, "resumed") == 0;
  g_autoptr (StoreStmt) q = case_record_query (r,
                                               case_record_timer_sql[pause    ? TIMER_PAUSE
                                                                     : resume ? TIMER_RESUME
                                                                              : TIMER_STATUS],
                                               error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", r->change->number);
  if (pause)
    store_bind_int (q, ":at", r->now);
  else if (resume)
    {
      const CaseTimer *t = case_timer (r->c, r->change->number);

      store_bind_int (q, ":start", t != NULL ? t->start : r->now);
      store_bind_int (q, ":due", r->change->at);
      store_bind_text (q, ":why", r->change->text);
    }
  else
    store_bind_text (q, ":status", r->change->name);
  case_record_say_int (r, "n", r->change->number);
  case_record_say (r, "timer", r->change->value);
  case_record_say (r, "what", r->change->name);
  if (resume)
    {
      case_record_say_int (r, "due", r->change->at);
      case_record_say (r, "why", r->change->text);
    }
  return store_run (q, error);
}

bool
case_record_timer_moved (CaseRecord *r, GError **error)
{
  const CaseTimer *t = r->change->timer;
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_timer_sql[TIMER_MOVE], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":n", t->n);
  store_bind_int (q, ":start", t->start);
  store_bind_text (q, ":span", t->span);
  store_bind_int (q, ":due", t->due);
  store_bind_text (q, ":why", t->why);
  store_bind_text (q, ":calendar", t->calendar);
  case_record_say_int (r, "n", t->n);
  case_record_say (r, "timer", t->name);
  case_record_say (r, "reminder", t->reminder);
  case_record_say (r, "what", r->change->name);
  case_record_say_int (r, "was", r->change->at);
  case_record_say_int (r, "due", t->due);
  case_record_say (r, "why", t->why);
  case_record_say (r, "calendar", t->calendar);
  case_record_say (r, "by", r->change->who);
  case_record_say (r, "text", r->change->text);
  return store_run (q, error);
}
