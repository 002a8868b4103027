/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is recorded about somebody who asks: as one of the people of each organization, since when,
 * and from which message.  Of nobody else a word, and it goes to the address it is recorded
 * under. */
#include "base/words.h"
#include "engine/run.h"

enum { CONTACTS, CASES, ADDED, FIRST, MESSAGE, KEPT };

const char *const own_data_sql[] = {
  [CONTACTS] =
    "SELECT k.organization, o.name, k.name, k.phone, k.language FROM contact k JOIN organization o ON o.id = k.organization"
    " WHERE k.email = :email ORDER BY k.id",
  [CASES] =
    "SELECT ref FROM cases WHERE organization = :organization",
  /* Somebody of the office let them in; else they came with the organization's first case. */
  [ADDED] =
    "SELECT max (e.id), e.at, e.input FROM cases c JOIN event e ON e.case_id = c.id WHERE c.organization = :organization"
    " AND e.kind = 'case.contact' AND json_extract (e.detail, '$.contact') = :email AND json_extract (e.detail, '$.name') IS NOT NULL",
  [FIRST] =
    "SELECT min (e.id), e.at, e.input FROM cases c JOIN event e ON e.case_id = c.id WHERE c.organization = :organization",
  [MESSAGE] =
    "SELECT m.author, m.subject FROM input i JOIN message m ON m.id = i.subject WHERE i.id = :input AND i.kind = 'message'",
  [KEPT] =
    "SELECT count (*) FROM message WHERE author = :email",
  NULL
};

static void
own_clear (gpointer data)
{
  OutboxOwn *own = data;

  g_free (own->organization);
  g_free (own->name);
  g_free (own->phone);
  g_free (own->cases);
  g_free (own->language);
  g_free (own->source);
}

typedef struct {
  const Program *program;
  GArray *own;            /* OutboxOwn */
  GArray *organizations;  /* gint64, of the same rows */
} Found;

static void
take_contact (StoreStmt *q, gpointer data)
{
  Found *found = data;
  gint64 organization = store_column_int (q, 0);
  const ProgramLanguage *language = program_language (found->program, store_column_text (q, 4));
  OutboxOwn own = { .organization = g_strdup (store_column_text (q, 1)),
                    .name = g_strdup (store_column_text (q, 2)),
                    .phone = g_strdup (store_column_text (q, 3)),
                    .language = g_strdup (language != NULL ? language->title : "") };

  g_array_append_val (found->own, own);
  g_array_append_val (found->organizations, organization);
}

static void
take_ref (StoreStmt *q, gpointer data)
{
  GString *refs = data;

  g_string_append_printf (refs, "%s%s", refs->len > 0 ? ", " : "", store_column_text (q, 0));
}

static bool
add_cases (Run *run, gint64 organization, OutboxOwn *own, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, own_data_sql[CASES], error);
  g_autoptr (GString) refs = g_string_new (NULL);

  if (q == NULL)
    return false;
  store_bind_int (q, ":organization", organization);
  if (!store_each (q, take_ref, refs, error))
    return false;
  own->cases = g_strdup (refs->str);
  return true;
}

/* When and by which input what is recorded came in; 0 where nothing of the kind is known. */
static bool
came_by (Run *run, int sql, gint64 organization, const char *email, gint64 *at, gint64 *input,
         GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, own_data_sql[sql], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_int (q, ":organization", organization);
  if (sql == ADDED)
    store_bind_text (q, ":email", email);
  if (!store_step (q, &row, error))
    return false;
  *at = row ? store_column_int (q, 1) : 0;
  *input = row ? store_column_int (q, 2) : 0;
  return true;
}

/* Whose message it was is said only of the reader's own. */
static bool
add_source (Run *run, gint64 organization, const char *email, OutboxOwn *own, GError **error)
{
  gint64 input = 0;

  if (!came_by (run, ADDED, organization, email, &own->since, &input, error)
      || (input == 0 && !came_by (run, FIRST, organization, email, &own->since, &input, error)))
    return false;
  g_autoptr (StoreStmt) q = store_query (run->office->store, own_data_sql[MESSAGE], error);
  bool row;
  if (q == NULL)
    return false;
  store_bind_int (q, ":input", input);
  if (!store_step (q, &row, error))
    return false;
  const char *author = row ? store_column_text (q, 0) : "";
  own->source = g_ascii_strcasecmp (author, email) == 0
                  ? words_say ("your message \"%s\"", store_column_text (q, 1))
                : program_person (run->office->definition->program, author) != NULL || !row
                  ? words_say ("our office entered it")
                  : words_say ("a message of somebody else who speaks for the organization");
  return true;
}

static bool
count_kept (Run *run, const char *email, guint *kept, GError **error)
{
  g_autoptr (StoreStmt) q = store_query (run->office->store, own_data_sql[KEPT], error);
  bool row;

  if (q == NULL)
    return false;
  store_bind_text (q, ":email", email);
  if (!store_step (q, &row, error))
    return false;
  *kept = row ? (guint) store_column_int (q, 0) : 0;
  return true;
}

GArray *
run_own_data (Run *run, guint *kept, GError **error)
{
  const char *email = run->identity->address;
  g_autofree char *canonical = g_ascii_strdown (email, -1);
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (OutboxOwn));
  g_autoptr (GArray) organizations = g_array_new (FALSE, FALSE, sizeof (gint64));
  Found found = { run->office->definition->program, own, organizations };
  g_autoptr (StoreStmt) q = store_query (run->office->store, own_data_sql[CONTACTS], error);

  g_array_set_clear_func (own, own_clear);
  if (q == NULL)
    return NULL;
  store_bind_text (q, ":email", canonical);
  if (!store_each (q, take_contact, &found, error) || !count_kept (run, email, kept, error))
    return NULL;
  for (guint i = 0; i < own->len; i++)
    {
      OutboxOwn *one = &g_array_index (own, OutboxOwn, i);
      gint64 organization = g_array_index (organizations, gint64, i);

      if (!add_cases (run, organization, one, error)
          || !add_source (run, organization, canonical, one, error))
        return NULL;
    }
  return g_steal_pointer (&own);
}
