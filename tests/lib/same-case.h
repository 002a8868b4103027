/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two cases are the same in every field.
 */
#pragma once

#include "case/case.h"

#define SAME_TEXT(a, b, field) g_assert_cmpstr ((a)->field, ==, (b)->field)
#define SAME_INT(a, b, field) g_assert_cmpint ((a)->field, ==, (b)->field)

static inline void
same_document (gconstpointer pa, gconstpointer pb)
{
  const CaseDocument *a = pa, *b = pb;

  SAME_INT (a, b, n); SAME_TEXT (a, b, element); SAME_TEXT (a, b, name); SAME_TEXT (a, b, file);
  SAME_TEXT (a, b, type); SAME_TEXT (a, b, sha256); SAME_TEXT (a, b, part); SAME_INT (a, b, size);
  SAME_INT (a, b, message); SAME_INT (a, b, at); SAME_INT (a, b, version); SAME_INT (a, b, status);
  g_assert_cmpstr (a->party != NULL ? a->party : "", ==, b->party != NULL ? b->party : "");
}

static inline void
same_party (gconstpointer pa, gconstpointer pb)
{
  const CaseParty *a = pa, *b = pb;

  SAME_TEXT (a, b, name);
  SAME_TEXT (a, b, role);
  SAME_TEXT (a, b, since);
  SAME_TEXT (a, b, until);
  SAME_INT (a, b, access);
}

static inline void
same_finding (gconstpointer pa, gconstpointer pb)
{
  const CaseFinding *a = pa, *b = pb;

  SAME_TEXT (a, b, element); SAME_TEXT (a, b, value); SAME_TEXT (a, b, by); SAME_INT (a, b, at);
}

static inline void
same_clarification (gconstpointer pa, gconstpointer pb)
{
  const CaseClarification *a = pa, *b = pb;

  SAME_INT (a, b, n);
  SAME_TEXT (a, b, element);
  SAME_TEXT (a, b, text);
  SAME_TEXT (a, b, by);
  SAME_INT (a, b, at);
  SAME_INT (a, b, due); SAME_INT (a, b, extended); SAME_INT (a, b, open);
}

static inline void
same_timer (gconstpointer pa, gconstpointer pb)
{
  const CaseTimer *a = pa, *b = pb;

  SAME_INT (a, b, n); SAME_TEXT (a, b, name); SAME_INT (a, b, about); SAME_TEXT (a, b, reminder);
  SAME_INT (a, b, parent); SAME_TEXT (a, b, state); SAME_INT (a, b, start); SAME_INT (a, b, due);
  SAME_INT (a, b, paused);
  SAME_TEXT (a, b, span);
  SAME_TEXT (a, b, why);
  SAME_TEXT (a, b, calendar);
  SAME_INT (a, b, status);
}

static inline void
same_contact (gconstpointer pa, gconstpointer pb)
{
  const CaseContact *a = pa, *b = pb;

  SAME_TEXT (a, b, email); SAME_TEXT (a, b, name); SAME_TEXT (a, b, phone);
}

static inline void
same_rows (const GPtrArray *a, const GPtrArray *b, void (*same) (gconstpointer a, gconstpointer b))
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    same (a->pdata[i], b->pdata[i]);
}

static inline void
same_case (const Case *a, const Case *b)
{
  GHashTableIter iter;
  gpointer name, value;

  SAME_INT (a, b, id); SAME_TEXT (a, b, ref); SAME_TEXT (a, b, type); SAME_TEXT (a, b, definition);
  SAME_TEXT (a, b, edition);
  SAME_TEXT (a, b, state);
  SAME_TEXT (a, b, previous);
  SAME_TEXT (a, b, owner);
  SAME_INT (a, b, state_since);
  SAME_INT (a, b, opened_at); SAME_INT (a, b, organization); SAME_TEXT (a, b, organization_name);
  SAME_INT (a, b, open); SAME_INT (a, b, serial);
  g_assert_cmpuint (g_hash_table_size (a->fields), ==, g_hash_table_size (b->fields));
  g_hash_table_iter_init (&iter, a->fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_assert_cmpstr (value, ==, g_hash_table_lookup (b->fields, name));
  same_rows (a->contacts, b->contacts, same_contact);
  same_rows (a->documents, b->documents, same_document);
  same_rows (a->findings, b->findings, same_finding);
  same_rows (a->clarifications, b->clarifications, same_clarification);
  same_rows (a->parties, b->parties, same_party);
  same_rows (a->timers, b->timers, same_timer);
}
