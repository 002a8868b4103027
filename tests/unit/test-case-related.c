/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What crosses from one case of an organization to another: new cases, signals, guards that ask
 * about the others.
 */
#include "base/words.h"
#include "lib/lab.h"

#define BODY(GUARD)                                                                                \
  "field \"day\" { label = \"Day\" kind = date carry = yes } field \"own\" { label = \"Own\" }"    \
  " state \"one\" { title = \"One\" waiting-on = staff"                                            \
  " on \"note\" { by = { staff } do = { \"open t\", \"signal t far\", \"signal parent up\", "      \
  "\"signal children down\" } }"                                                                   \
  " on \"clarify\" { by = { staff } needs = { \"" GUARD "\" } to = \"two\" } }"                    \
  " state \"two\" { title = \"The second\" waiting-on = staff on \"note\" { by = { staff } to = "  \
  "\"one\" } }"

static const char *const roles[] = { "staff", NULL };
static const CaseActor staff = { "s@office.example", "S", true, roles, ASSURE_TOKEN };

static void
open_with (Lab *lab, const char *type)
{
  lab_open (lab, lab_small_program (type), "t", "2027-03-15T16:00:00Z");
}

static void
add_relative (Lab *lab, gint64 id, gint64 parent, const char *type, const char *state, bool open)
{
  g_autofree char *ref = g_strdup_printf ("TT-2027-%04d", (int) id);

  g_ptr_array_add (lab->c->related, case_relative_new (id, parent, ref, type, state, open));
}

static void
a_child_is_of_the_same_organization_and_knows_what_is_carried (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (Lab) lab = { 0 };
  CaseContact *ada = g_new0 (CaseContact, 1);

  open_with (&lab, BODY ("no case t"));
  *ada = (CaseContact){ g_strdup ("ada@lakeside.example"), g_strdup ("Ada"), g_strdup ("555") };
  g_ptr_array_add (lab.c->contacts, ada);
  lab.c->organization = 7;
  lab.c->organization_name = g_strdup ("Lakeside");
  g_hash_table_insert (lab.c->fields, g_strdup ("day"), g_strdup ("2027-01-02"));
  g_hash_table_insert (lab.c->fields, g_strdup ("own"), g_strdup ("mine"));
  lab_say (&lab, &staff, "note");

  const CaseChange *open = NULL;
  for (guint i = 0; i < lab.changes->len; i++)
    if (((const CaseChange *) lab.changes->pdata[i])->kind == CHANGE_OPEN)
      open = lab.changes->pdata[i];
  g_assert_nonnull (open);
  g_autoptr (Case) child = case_child (lab.program, lab.c, open, lab.now, &error);
  g_assert_no_error (error);
  g_assert_cmpint (child->parent, ==, lab.c->id);
  g_assert_cmpint (child->organization, ==, 7);
  g_assert_cmpstr (child->organization_name, ==, "Lakeside");
  g_assert_cmpstr (child->state, ==, "one");
  g_assert_cmpstr (child->edition, ==, "e");
  g_assert_cmpstr (g_hash_table_lookup (child->fields, "day"), ==, "2027-01-02");
  g_assert_null (g_hash_table_lookup (child->fields, "own"));
  g_assert_nonnull (case_contact (child, "ada@lakeside.example"));
  g_assert_cmpint (child->id, ==, 0); /* whoever writes it down numbers it */
}

static void
what_the_definition_lacks_is_not_opened (void)
{
  g_autoptr (Program) program = lab_small_program (BODY ("no case t"));
  g_autoptr (GError) error = NULL;

  g_assert_null (case_fresh (program, "u", NULL, 0, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_null (case_fresh (program, "t", "f", 0, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
}

/* The signal to WHOM of case 1, whose parent is case 9. */
static const struct {
  const char *name, *whom;
  gint64 id, parent;
  const char *type;
  bool open, reaches;
} signals[] = {
  { "type",               "t",        2, 0, "t", true,  true },
  { "another-type",       "t",        2, 0, "u", true,  false },
  { "a-closed-case",      "t",        2, 0, "t", false, false },
  { "itself",             "t",        1, 9, "t", true,  false },
  { "parent",             "parent",   9, 0, "u", true,  true },
  { "no-parent",          "parent",   2, 9, "t", true,  false },
  { "a-closed-parent",    "parent",   9, 0, "u", false, false },
  { "child",              "children", 2, 1, "u", true,  true },
  { "a-child-of-another", "children", 2, 9, "t", true,  false },
  { "a-closed-child",     "children", 2, 1, "t", false, false },
};

static void
whom_a_signal_reaches (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (Case) c = case_new ();
  CaseChange change = { .kind = CHANGE_SIGNAL,
                        .name = (char *) "x",
                        .value = (char *) signals[i].whom };
  CaseRelative *other = case_relative_new (signals[i].id, signals[i].parent, "TT-2027-0002",
                                           signals[i].type, "one", signals[i].open);

  c->id = 1;
  c->parent = 9;
  g_assert_true (case_signal_reaches (c, &change, other) == signals[i].reaches);
  case_relative_free (other);
}

static void
actions_ask_for_signals_in_their_order (void)
{
  static const char *const want[][2] = { { "far", "t" },
                                         { "up", "parent" },
                                         { "down", "children" } };
  g_auto (Lab) lab = { 0 };
  guint n = 0;

  open_with (&lab, BODY ("no case t"));
  lab_say (&lab, &staff, "note");
  for (guint i = 0; i < lab.changes->len; i++)
    {
      const CaseChange *change = lab.changes->pdata[i];

      if (change->kind != CHANGE_SIGNAL)
        continue;
      g_assert_cmpstr (change->name, ==, want[n][0]);
      g_assert_cmpstr (change->value, ==, want[n][1]);
      n++;
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (want));
}

static const struct {
  const char *name, *type, *state;
  bool open;
  const char *there, *not_there; /* obstacle of the guard with and without "no"; NULL: it holds */
  const char *in_there, *in_not_there; /* the same for "in two" */
} others[] = {
  { "none",   NULL, NULL, false, "your organization has no open case \"T\"", NULL,
    "no case \"T\" of your organization is at the step this needs", NULL },
  { "open",   "t", "one", true, NULL, "case TT-2027-0002 stands in the way: T, One",
    "no case \"T\" of your organization is at the step this needs", NULL },
  { "there",  "t", "two", true, NULL, "case TT-2027-0002 stands in the way: T, The second",
    NULL, "case TT-2027-0002 stands in the way: T, The second" },
  { "closed", "t", "two", false, "your organization has no open case \"T\"", NULL,
    NULL, "case TT-2027-0002 stands in the way: T, The second" },
};

static void
obstacle_is (const char *type, gsize i, const char *want)
{
  g_auto (Lab) lab = { 0 };

  open_with (&lab, type);
  if (others[i].type != NULL)
    add_relative (&lab, 2, 0, others[i].type, others[i].state, others[i].open);
  g_autoptr (GPtrArray) obstacles = case_obstacles (lab.program, lab.c, "clarify", lab.now);
  g_assert_cmpuint (obstacles->len, ==, want != NULL);
  if (want != NULL)
    {
      g_autofree char *english = words_english (obstacles->pdata[0]);

      g_assert_cmpstr (english, ==, want);
    }
}

static void
guards_ask_about_the_others (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  obstacle_is (BODY ("case t"), i, others[i].there);
  obstacle_is (BODY ("no case t"), i, others[i].not_there);
  obstacle_is (BODY ("case t in two"), i, others[i].in_there);
  obstacle_is (BODY ("no case t in two"), i, others[i].in_not_there);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/case-related/a-child-is-of-the-same-organization-and-knows-what-is-carried",
                   a_child_is_of_the_same_organization_and_knows_what_is_carried);
  g_test_add_func ("/case-related/what-the-definition-lacks-is-not-opened",
                   what_the_definition_lacks_is_not_opened);
  g_test_add_func ("/case-related/actions-ask-for-signals-in-their-order",
                   actions_ask_for_signals_in_their_order);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-related/signal/%s", signals[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), whom_a_signal_reaches);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strdup_printf ("/case-related/others/%s", others[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), guards_ask_about_the_others);
    }
  return g_test_run ();
}
