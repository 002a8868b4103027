/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one case knows of another that people named, as rows.
 */
#include <string.h>

#include "case/case-record-private.h"

enum { LINK, UNLINK };

const char *const case_record_link_sql[] = {
  [LINK] =
    "INSERT INTO case_link (case_id, other) VALUES (:id, :other)",
  [UNLINK] =
    "DELETE FROM case_link WHERE case_id = :id AND other = :other",
  NULL
};

bool
case_record_link (CaseRecord *r, GError **error)
{
  bool off = strcmp (r->change->value, "unlinked") == 0;
  g_autoptr (StoreStmt) q = case_record_query (r, case_record_link_sql[off ? UNLINK : LINK], error);

  if (q == NULL)
    return false;
  store_bind_int (q, ":other", r->change->number);
  case_record_say (r, "what", r->change->value);
  case_record_say (r, "case", r->change->name);
  case_record_say (r, "by", r->change->who);
  return store_run (q, error);
}
