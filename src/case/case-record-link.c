/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one case knows of another that people named, as rows.
 */
#include <string.h>

#include "case/case-record-private.h"

enum { LINK, UNLINK, JOIN };

const char *const case_record_link_sql[] = {
  [LINK] =
    "INSERT INTO case_link (case_id, other) VALUES (:id, :other)",
  [UNLINK] =
    "DELETE FROM case_link WHERE case_id = :id AND other = :other",
  [JOIN] =
    "UPDATE cases SET joined = :other WHERE id = :id",
  NULL
};

/* NULL: only the history tells. */
static const char *
sql_for (const char *what)
{
  return strcmp (what, "linked") == 0     ? case_record_link_sql[LINK]
         : strcmp (what, "unlinked") == 0 ? case_record_link_sql[UNLINK]
         : strcmp (what, "joined") == 0   ? case_record_link_sql[JOIN]
                                          : NULL;
}

bool
case_record_link (CaseRecord *r, GError **error)
{
  const char *sql = sql_for (r->change->value);

  case_record_say (r, "what", r->change->value);
  case_record_say (r, "case", r->change->name);
  case_record_say (r, "by", r->change->who);
  if (sql == NULL)
    return true;
  g_autoptr (StoreStmt) q = case_record_query (r, sql, error);
  if (q == NULL)
    return false;
  store_bind_int (q, ":other", r->change->number);
  return store_run (q, error);
}
