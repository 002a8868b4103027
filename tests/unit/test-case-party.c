/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parties: who works with the organization whose case it is, and what is asked of each.
 */
#include "lib/lab.h"

static const char *const roles[] = { "staff", NULL };
static const CaseActor staff = { "s@office.example", "S", true, roles, ASSURE_TOKEN };

/* Document "a" of element A is asked per party. */
static void
open_case (Lab *lab)
{
  lab_open (lab, lab_small_program (
    "state \"one\" { title = \"One\" waiting-on = client group = \"g\""
    " on \"documents\" { by = { client } do = { \"record documents\" } }"
    " on \"party\" { by = { staff } do = { \"record party\" } }"
    " on \"submit\" { by = { client } needs = { \"documents complete\" } to = \"two\" }"
    " on \"note\" { by = { staff } needs = { \"parties complete g\" } to = \"two\" } }"
    " state \"two\" { title = \"Two\" final = true }"), "t", "2027-03-15T16:00:00Z");
  const ProgramEdition *edition = program_edition (lab->program, "e");

  ((ProgramDocument *) program_document (edition, "A", "a"))->per_party = true;
  lab->c->organization_name = g_strdup ("Lakeside");
}

static void
add (Lab *lab, const char *name, const char *access, const char *role)
{
  lab_do (lab, &(CaseEvent){ .name = "party", .actor = &staff, .value = name, .element = access, .text = role });
}

static void
file_of (Lab *lab, const char *party)
{
  static const char *const client[] = { "client", NULL };
  static const CaseActor outside = { "c@client.example", "C", false, client, ASSURE_TOKEN };
  g_autoptr (GPtrArray) list = lab_file_of ("A", "a", "a.pdf", DOCUMENT_CURRENT);
  CaseDocument *document = list->pdata[0];

  document->party = g_strdup (party);
  document->message = 1 + lab->c->serial;
  lab_do (lab, &(CaseEvent){ .name = "documents", .actor = &outside, .documents = list, .message = document->message });
}

/* What is missing, as "of A, of B". */
static char *
missing_of (const Lab *lab)
{
  g_autoptr (GArray) missing = case_missing (lab->program, lab->c, "g");
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < missing->len; i++)
    g_string_append_printf (all, "%s%s", i > 0 ? ", " : "",
                            case_party_title (lab->c, g_array_index (missing, CaseMissing, i).party));
  return g_string_free (all, FALSE);
}

#define MISSING(LAB, WANT)                     \
  G_STMT_START                                 \
  {                                            \
    g_autofree char *missing = missing_of (LAB); \
    g_assert_cmpstr (missing, ==, WANT);       \
  }                                            \
  G_STMT_END

static void
each_with_access_is_asked (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  MISSING (&lab, "Lakeside");
  add (&lab, "Copper", "access", "printing");
  add (&lab, "Bolt", "access", "");
  add (&lab, "Dash", "no-access", "");
  MISSING (&lab, "Lakeside, Bolt, Copper");
  file_of (&lab, "");
  MISSING (&lab, "Bolt, Copper");
  file_of (&lab, "Copper");
  MISSING (&lab, "Bolt");
  add (&lab, "Dash", "access", "");
  MISSING (&lab, "Bolt, Dash");
  add (&lab, "Dash", "no-access", "");
  file_of (&lab, "Bolt");
  MISSING (&lab, "");
}

static void
a_new_version_takes_the_place_of_that_partys_only (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  add (&lab, "Bolt", "access", "");
  file_of (&lab, "");
  file_of (&lab, "Bolt");
  file_of (&lab, "Bolt");
  MISSING (&lab, "");
  guint current = 0, superseded = 0;
  for (guint i = 0; i < lab.c->documents->len; i++)
    {
      const CaseDocument *document = lab.c->documents->pdata[i];

      current += document->status == DOCUMENT_CURRENT;
      superseded += document->status == DOCUMENT_SUPERSEDED;
    }
  g_assert_cmpuint (current, ==, 2);
  g_assert_cmpuint (superseded, ==, 1);
}

static void
what_is_known_of_a_party_may_change (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  add (&lab, "Bolt", "access", "analytics");
  add (&lab, "bolt", "no-access", NULL);
  g_assert_cmpuint (lab.c->parties->len, ==, 1);
  const CaseParty *party = lab.c->parties->pdata[0];
  g_assert_cmpstr (party->name, ==, "Bolt");
  g_assert_cmpstr (party->role, ==, "analytics");
  g_assert_false (party->access);
  g_assert_cmpuint (lab_count (&lab, CHANGE_PARTY, "Bolt"), ==, 1);
}

static void
no_party_without_a_name_and_an_access (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  lab_refused (&lab, &(CaseEvent){ .name = "party", .actor = &staff, .value = "", .element = "access" }, "names no party");
  lab_refused (&lab, &(CaseEvent){ .name = "party", .actor = &staff, .value = "Bolt", .element = "some" }, "names no party");
  lab_refused (&lab, &(CaseEvent){ .name = "party", .actor = &staff, .value = "lakeside", .element = "access" },
               "is the organization whose case this is");
  g_assert_cmpuint (lab.c->parties->len, ==, 0);
}

static void
guards_name_whose_is_missing (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  add (&lab, "Bolt", "access", "");
  file_of (&lab, "");
  g_autoptr (GPtrArray) submit = case_obstacles (lab.program, lab.c, "submit", lab.now);
  g_assert_cmpuint (submit->len, ==, 1);
  g_assert_cmpstr (submit->pdata[0], ==, "A Aa: Aaa of Bolt is missing");
  g_autoptr (GPtrArray) parties = case_obstacles (lab.program, lab.c, "note", lab.now);
  g_assert_cmpuint (parties->len, ==, 1);
  g_assert_cmpstr (parties->pdata[0], ==, "A Aa of Bolt: Aaa is missing");
  file_of (&lab, "Bolt");
  lab_say (&lab, &staff, "note");
  g_assert_cmpstr (lab.c->state, ==, "two");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-party/each-with-access-is-asked", each_with_access_is_asked);
  g_test_add_func ("/case-party/a-new-version-takes-the-place-of-that-partys-only",
                   a_new_version_takes_the_place_of_that_partys_only);
  g_test_add_func ("/case-party/what-is-known-of-a-party-may-change", what_is_known_of_a_party_may_change);
  g_test_add_func ("/case-party/no-party-without-a-name-and-an-access", no_party_without_a_name_and_an_access);
  g_test_add_func ("/case-party/guards-name-whose-is-missing", guards_name_whose_is_missing);
  return g_test_run ();
}
