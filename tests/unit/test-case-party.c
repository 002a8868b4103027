/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parties: who works with the organization whose case it is, and what is asked of each.
 */
#include "base/words.h"
#include "lib/lab.h"

static const char *const roles[] = { "staff", NULL };
static const CaseActor staff = { "s@office.example", "S", true, roles, ASSURE_TOKEN };

/* Document "a" of element A is asked per party. */
static void
open_case (Lab *lab)
{
  lab_open (
    lab,
    lab_small_program (
      "field \"dua\" { label = \"Agreement\" kind = date per = party } field \"fee\" { label = "
      "\"Fee\" kind = date }"
      " state \"one\" { title = \"One\" waiting-on = client group = \"g\""
      " on \"documents\" { by = { client } do = { \"record documents\" } }"
      " on \"party\" { by = { staff } do = { \"record party\" } }"
      " on \"submit\" { by = { client } needs = { \"documents complete\" } to = \"two\" }"
      " on \"mark dua\" { by = { staff } do = { \"date dua\" } } on \"mark fee\" { by = { staff } "
      "do = { \"date fee\" } }"
      " on \"mark released\" { by = { staff } needs = { \"field dua\" } to = \"two\" }"
      " on \"form who\" { by = { client } }"
      " on \"note\" { by = { staff } needs = { \"parties complete g\" } to = \"two\" } }"
      " state \"two\" { title = \"Two\" final = true } }"
      " form \"who\" { title = \"Who\" field \"others\" { label = \"Others\" kind = parties }"),
    "t", "2027-03-15T16:00:00Z");
  const ProgramEdition *edition = program_edition (lab->program, "e");

  ((ProgramDocument *) program_document (edition, "A", "a"))->per_party = true;
  lab->c->organization_name = g_strdup ("Lakeside");
}

static void
add (Lab *lab, const char *name, const char *access, const char *role)
{
  lab_do (lab,
          &(CaseEvent){
            .name = "party", .actor = &staff, .value = name, .element = access, .text = role });
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
  lab_do (lab, &(CaseEvent){ .name = "documents",
                             .actor = &outside,
                             .documents = list,
                             .message = document->message });
}

/* What is missing, as "of A, of B". */
static char *
missing_of (const Lab *lab)
{
  g_autoptr (GArray) missing = case_missing (lab->program, lab->c, "g", lab->now);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < missing->len; i++)
    g_string_append_printf (
      all, "%s%s", i > 0 ? ", " : "",
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
  lab_refused (&lab,
               &(CaseEvent){ .name = "party", .actor = &staff, .value = "", .element = "access" },
               "names no party");
  lab_refused (&lab,
               &(CaseEvent){ .name = "party", .actor = &staff, .value = "Bolt", .element = "some" },
               "names no party");
  lab_refused (
    &lab,
    &(CaseEvent){ .name = "party", .actor = &staff, .value = "lakeside", .element = "access" },
    "is the organization whose case this is");
  g_assert_cmpuint (lab.c->parties->len, ==, 0);
}

static void
assert_says (const GPtrArray *sentences, const char *english)
{
  g_autofree char *said = words_english (sentences->pdata[0]);

  g_assert_cmpstr (said, ==, english);
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
  assert_says (submit, "A Aa: Aaa of Bolt is missing");
  g_autoptr (GPtrArray) parties = case_obstacles (lab.program, lab.c, "note", lab.now);
  g_assert_cmpuint (parties->len, ==, 1);
  assert_says (parties, "A Aa of Bolt: Aaa is missing");
  file_of (&lab, "Bolt");
  lab_say (&lab, &staff, "note");
  g_assert_cmpstr (lab.c->state, ==, "two");
}

/* --- days ------------------------------------------------------------------ */

static void
end (Lab *lab, const char *name, const char *until)
{
  lab_do (lab,
          &(CaseEvent){
            .name = "party", .actor = &staff, .value = name, .element = "end", .until = until });
}

static void
one_that_left_has_nothing_to_deliver_and_keeps_its_documents (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  file_of (&lab, "");
  add (&lab, "Bolt", "access", "analytics");
  add (&lab, "Copper", "access", "");
  file_of (&lab, "Copper");
  end (&lab, "bolt", "2027-03-16"); /* tomorrow: today it is still there */
  MISSING (&lab, "Bolt");
  lab.now += 24 * 3600;
  MISSING (&lab, "Bolt");
  lab.now += 24 * 3600;
  MISSING (&lab, "");
  end (&lab, "Copper", NULL); /* today is its last day */
  g_assert_cmpstr (case_party (lab.c, "Copper")->until, ==, "2027-03-17");
  g_assert_nonnull (case_current_document (lab.c, "A", "a", "Copper"));
  lab.now += 24 * 3600;
  MISSING (&lab, "");
  add (&lab, "Bolt", "access", ""); /* it is back */
  MISSING (&lab, "Bolt");
  g_assert_cmpstr (case_party (lab.c, "Bolt")->until, ==, "");
}

static void
days_must_follow_each_other (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  lab_do (&lab, &(CaseEvent){ .name = "party",
                              .actor = &staff,
                              .value = "Bolt",
                              .element = "access",
                              .since = "2027-02-01" });
  lab_refused (
    &lab,
    &(CaseEvent){
      .name = "party", .actor = &staff, .value = "Bolt", .element = "end", .until = "2027-01-31" },
    "Bolt began later, on 2027-02-01");
  lab_refused (&lab,
               &(CaseEvent){ .name = "party", .actor = &staff, .value = "Dash", .element = "end" },
               "Dash is no organization of this case; there are: Lakeside, Bolt");
  lab_refused (&lab,
               &(CaseEvent){ .name = "party",
                             .actor = &staff,
                             .value = "Dash",
                             .element = "access",
                             .since = "2027-02-02",
                             .until = "2027-02-01" },
               "Dash would end before it begins");
  g_assert_cmpuint (lab.c->parties->len, ==, 1);
}

/* --- what is kept of each -------------------------------------------------- */

static void
a_date_per_party_is_known_of_each_with_access (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  add (&lab, "Bolt", "access", "");
  add (&lab, "Copper", "no-access", "");
  add (&lab, "Dash", "access", "");
  lab_do (&lab, &(CaseEvent){ .name = "mark dua", .actor = &staff });
  lab_do (&lab, &(CaseEvent){ .name = "mark dua", .actor = &staff, .party = "bolt" });
  g_autoptr (GPtrArray) left = case_obstacles (lab.program, lab.c, "mark released", lab.now);
  g_assert_cmpuint (left->len, ==, 1);
  assert_says (left, "'Agreement' is not known yet of Dash");
  g_assert_cmpstr (g_hash_table_lookup (lab.c->fields, "dua of Bolt"), ==, "2027-03-15");
  end (&lab, "Dash", "2027-03-14");
  lab_do (&lab, &(CaseEvent){ .name = "mark released", .actor = &staff });
  g_assert_cmpstr (lab.c->state, ==, "two");
}

static void
a_date_of_a_party_does_for_nobody_else (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  add (&lab, "Bolt", "access", "");
  lab_do (&lab, &(CaseEvent){ .name = "mark dua", .actor = &staff, .party = "Bolt" });
  g_autoptr (GPtrArray) left = case_obstacles (lab.program, lab.c, "mark released", lab.now);
  g_assert_cmpuint (left->len, ==, 1);
  assert_says (left, "'Agreement' is not known yet");
  lab_refused (&lab, &(CaseEvent){ .name = "mark dua", .actor = &staff, .party = "Dash" },
               "Dash is no organization of this case; there are: Lakeside, Bolt");
  lab_refused (&lab, &(CaseEvent){ .name = "mark fee", .actor = &staff, .party = "Bolt" },
               "Fee is one date for the whole case");
  lab_do (&lab, &(CaseEvent){ .name = "mark dua",
                              .actor = &staff,
                              .party = "lakeside" }); /* by its name, the organization itself */
  lab_do (&lab, &(CaseEvent){ .name = "mark released", .actor = &staff });
}

static void
what_is_not_required_each_may_send (void)
{
  g_auto (Lab) lab = { 0 };

  open_case (&lab);
  ((ProgramDocument *) program_document (program_edition (lab.program, "e"), "A", "a"))->required =
    false;
  add (&lab, "Bolt", "access", "");
  MISSING (&lab, "");
  file_of (&lab, "Bolt");
  file_of (&lab, "");
  g_assert_nonnull (case_current_document (lab.c, "A", "a", "Bolt"));
  g_assert_nonnull (case_current_document (lab.c, "A", "a", ""));
  lab_say (&lab, &staff, "note");
}

/* --- what a form says ------------------------------------------------------ */

static const struct {
  const char *text, *want, *problem;
} lines[] = {
  { "Bolt; analytics; yes\nCopper Print; printing, of reports; no", "Bolt; analytics; yes\nCopper Print; printing, of reports; no", NULL },
  { "- Bolt; analytics; access yes\n\n2) Copper, Inc.; print; No access;", "Bolt; analytics; yes\nCopper, Inc.; print; no", NULL },
  { "3M Health; devices; YES", "3M Health; devices; yes", NULL },
  { "None.", "none", NULL },
  { "", "none", NULL },
  { "Bolt; analytics; yes\nbolt; data; yes", "Bolt; analytics; yes", NULL },
  { "Bolt; analytics", NULL, "\"Bolt; analytics\" does not say three things*" },
  { "Bolt, analytics, yes", NULL, "\"Bolt, analytics, yes\" does not say three things*" },
  { "; analytics; yes", NULL, "*names no organization" },
  { "Bolt;; yes", NULL, "*does not say what the organization does*" },
  { "Bolt; analytics; maybe", NULL, "\"Bolt; analytics; maybe\" does not say whether the organization has access*" },
  { "Bolt; analytics; yes\nBolt; analytics; no", NULL, "*is there twice, first with access yes, then no*" },
  { "none\nBolt; analytics; no", NULL, "It says that there are none, and names some*" },
  { "yes", NULL, "\"yes\" does not say three things*" },
};

static void
lines_are_read_or_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GPtrArray) parties = case_parties_read (lines[i].text, problems);
      g_autofree char *text = case_parties_text (parties);

      g_test_message ("%s", lines[i].text);
      g_assert_cmpuint (problems->len, ==, lines[i].problem != NULL ? 1 : 0);
      if (lines[i].problem != NULL)
        {
          g_autofree char *english = words_english (problems->pdata[0]);

          g_assert_true (g_pattern_match_simple (lines[i].problem, english));
        }
      else
        g_assert_cmpstr (text, ==, lines[i].want);
    }
}

static void
a_form_adds_parties_and_changes_none (void)
{
  g_auto (Lab) lab = { 0 };
  static const char *const client[] = { "client", NULL };
  static const CaseActor outside = { "c@client.example", "C", false, client, ASSURE_TOKEN };
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);

  open_case (&lab);
  add (&lab, "Bolt", "access", "analytics");
  g_hash_table_insert (values, (gpointer) "others",
                       (gpointer) "bolt; nothing; no\nCopper; printing; yes");
  lab_do (&lab, &(CaseEvent){ .name = "form who", .actor = &outside, .values = values });
  g_assert_cmpuint (lab.c->parties->len, ==, 2);
  g_assert_true (case_party (lab.c, "Bolt")->access);
  g_assert_cmpstr (case_party (lab.c, "Bolt")->role, ==, "analytics");
  g_assert_true (case_party (lab.c, "Copper")->access);
  MISSING (&lab, "Lakeside, Bolt, Copper");
}

static void
a_case_that_a_form_opens_has_its_parties (void)
{
  g_auto (Lab) lab = { 0 };
  g_autoptr (GError) error = NULL;

  open_case (&lab);
  g_ptr_array_set_size (lab.changes, 0);
  g_hash_table_insert (lab.c->fields, g_strdup ("others"),
                       g_strdup ("Bolt; analytics; yes\nCopper; printing; no"));
  case_begin (lab.program, lab.c, &(CaseEvent){ .name = "opened" }, lab.now, lab.changes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lab.c->parties->len, ==, 2);
  g_assert_cmpuint (lab_count (&lab, CHANGE_PARTY, "Bolt"), ==, 1);
  MISSING (&lab, "Lakeside, Bolt");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-party/each-with-access-is-asked", each_with_access_is_asked);
  g_test_add_func ("/case-party/a-new-version-takes-the-place-of-that-partys-only",
                   a_new_version_takes_the_place_of_that_partys_only);
  g_test_add_func ("/case-party/what-is-known-of-a-party-may-change",
                   what_is_known_of_a_party_may_change);
  g_test_add_func ("/case-party/no-party-without-a-name-and-an-access",
                   no_party_without_a_name_and_an_access);
  g_test_add_func ("/case-party/guards-name-whose-is-missing", guards_name_whose_is_missing);
  g_test_add_func ("/case-party/one-that-left-has-nothing-to-deliver-and-keeps-its-documents",
                   one_that_left_has_nothing_to_deliver_and_keeps_its_documents);
  g_test_add_func ("/case-party/days-must-follow-each-other",
                   days_must_follow_each_other);
  g_test_add_func ("/case-party/a-date-per-party-is-known-of-each-with-access",
                   a_date_per_party_is_known_of_each_with_access);
  g_test_add_func ("/case-party/a-date-of-a-party-does-for-nobody-else",
                   a_date_of_a_party_does_for_nobody_else);
  g_test_add_func ("/case-party/what-is-not-required-each-may-send",
                   what_is_not_required_each_may_send);
  g_test_add_func ("/case-party/lines-are-read-or-refused",
                   lines_are_read_or_refused);
  g_test_add_func ("/case-party/a-form-adds-parties-and-changes-none",
                   a_form_adds_parties_and_changes_none);
  g_test_add_func ("/case-party/a-case-that-a-form-opens-has-its-parties",
                   a_case_that_a_form_opens_has_its_parties);
  return g_test_run ();
}
