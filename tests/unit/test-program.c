/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program definition: what is read, and what is said about every mistake.
 */
#include "base/error.h"
#include "lib/definition.h"

/* --- what is read ---------------------------------------------------------- */

static Program *
grants (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = definition_dir ();
  g_autofree char *roster = g_build_filename (dir, "roster.conf.example", NULL);
  Program *program = program_read (dir, roster, &case_vocabulary, &error);

  g_assert_no_error (error);
  return program;
}

static void
the_program_says_who_and_when (void)
{
  g_autoptr (Program) p = grants ();
  const ProgramRole *role = program_role (p, "leitung");
  const ProgramPerson *person = program_person (p, "MERAL@AMT.EXAMPLE");

  g_assert_cmpstr (p->name, ==, "Kleinprojekte");
  g_assert_cmpstr (p->language, ==, "de");
  g_assert_cmpstr (p->escalate, ==, "leitung");
  g_assert_cmpint (p->quota_case_day, ==, 15);
  g_assert_true (p->has_roster);
  g_assert_cmpint (role->kind, ==, ROLE_STAFF);
  g_assert_cmpint (role->assurance, ==, ASSURE_SIGNED);
  g_assert_cmpstr (person->address, ==, "meral@amt.example");
  g_assert_true (program_person_has_role (person, "sachbearbeitung"));
  g_assert_false (program_person_has_role (person, "leitung"));
  g_assert_true (program_person (p, "ute@amt.example")->away);
  g_assert_null (program_person (p, "nobody@amt.example"));
  g_assert_null (program_role (p, NULL));
  g_assert_cmpstr (calendar_holiday_name (p->calendar, 2026, 4, 3), ==, "Karfreitag");
}

static void
the_standards_are_read (void)
{
  g_autoptr (Program) p = grants ();
  const ProgramEdition *edition = program_edition (p, "2026");
  const ProgramDocument *document = program_document (edition, "Projekt", "kostenplan");

  g_assert_cmpstr (edition->findings[1], ==, "nein");
  g_assert_cmpstr (program_element (edition, "Nachweis")->group, ==, "nachweis");
  g_assert_true (document->required);
  g_assert_cmpstr (document->names[1], ==, "*finanzplan*");
  g_assert_null (document->types[0]);
  g_assert_null (program_document (edition, "Projekt", "x"));
  g_assert_null (program_document (edition, "x", "kostenplan"));
}

static void
the_cases_are_read (void)
{
  g_autoptr (Program) p = grants ();
  const ProgramCaseType *type = program_case_type_by_prefix (p, "kp");
  const ProgramState *first = program_state (type, type->initial),
                     *asked = program_state (type, "nachforderung");
  const ProgramTransition *t = program_transition (type, first, "recommend vorlage");
  const ProgramTimer *timer = program_timer (type, asked, "nachforderung");

  g_assert_true (type == program_case_type (p, "grant"));
  g_assert_cmpstr (first->waiting_on, ==, "sachbearbeitung");
  g_assert_cmpstr (t->to, ==, "vorlage");
  g_assert_cmpuint (t->needs->len, ==, 3);
  g_assert_cmpint (((ProgramTerm *) t->needs->pdata[0])->index, ==, 0);
  g_assert_cmpstr (((ProgramTerm *) t->needs->pdata[0])->argument, ==, "antrag");
  g_assert_cmpstr (((ProgramTerm *) t->needs->pdata[2])->argument, ==, "summe");
  g_assert_cmpint (timer->after.n, ==, 10);
  g_assert_cmpint (timer->after.unit, ==, SPAN_BUSINESS_DAYS);
  g_assert_cmpint (timer->basis, ==, BASIS_COMMITMENT);
  g_assert_false (timer->on_entry);
  g_assert_cmpuint (timer->reminders->len, ==, 2);
  g_assert_cmpint (((ProgramReminder *) timer->reminders->pdata[1])->span.n, ==, -1);
  g_assert_false (program_timer (type, NULL, "abrechnung")->on_entry);
  g_assert_null (program_timer (type, asked, "pruefung"));
  g_assert_cmpstr (program_transition (type, first, "withdraw")->to, ==, "zurueckgezogen");
  g_assert_null (program_transition (type, program_state (type, "abgelehnt"), "withdraw"));
  g_assert_cmpint (
    program_transition (type, program_state (type, "vorlage"), "decide bewilligt")->assurance, ==,
    ASSURE_SIGNED);
}

static void
the_mail_is_read (void)
{
  g_autoptr (Program) p = grants ();
  const ProgramForm *form = program_form (p, "antrag");
  const ProgramNotice *notice = program_notice (p, "nachforderung");
  const ProgramTriageRule *rule = p->triage->pdata[0];

  g_assert_cmpstr (form->opens, ==, "grant");
  g_assert_cmpint (((ProgramField *) form->fields->pdata[4])->kind, ==, FIELD_BLOCK);
  g_assert_cmpstr (((ProgramField *) form->fields->pdata[0])->maps, ==, "organization.name");
  g_assert_cmpstr (notice->to[1], ==, "manager");
  g_assert_cmpstr (notice->calendar, ==, "nachforderung");
  g_assert_cmpstr (rule->from, ==, "stranger");
  g_assert_cmpstr (rule->words[1], ==, "zuschuss beantragen");
  g_assert_true (((ProgramTriageRule *) p->triage->pdata[1])->hold);
}

static void
the_version_is_that_of_all_bytes (void)
{
  g_autoptr (Program) disk = grants ();
  g_auto (Definition) d = definition_read ();
  g_autoptr (Program) memory = definition_program (&d, true, NULL);
  g_autoptr (Program) without = definition_program (&d, false, NULL);
  char place[64];

  definition_change (&d, "Ute Krüger", "Ute Krueger", place);
  g_autoptr (Program) changed = definition_program (&d, true, NULL);

  g_assert_cmpuint (strlen (disk->version), ==, 64);
  g_assert_cmpstr (disk->version, ==, memory->version);
  g_assert_cmpstr (disk->version, !=, without->version);
  g_assert_cmpstr (disk->version, !=, changed->version);
  g_assert_cmpuint (disk->files->len, ==, 3);
  g_assert_cmpstr (((ProgramFile *) disk->files->pdata[1])->name, ==, "cases/grant.conf");
  g_assert_cmpstr (((ProgramFile *) disk->files->pdata[2])->name, ==, "roster.conf");
}

/* What a program keeps of its files gives it again. */
static void
an_old_version_can_be_read_again (void)
{
  g_autoptr (Program) p = grants ();
  const char *names[4] = { NULL };
  GBytes *bytes[3];

  for (guint i = 0; i < p->files->len; i++)
    {
      names[i] = ((ProgramFile *) p->files->pdata[i])->name;
      bytes[i] = ((ProgramFile *) p->files->pdata[i])->bytes;
    }
  g_autoptr (Program) again = program_read_files (names, bytes, &case_vocabulary, NULL);
  g_assert_cmpstr (again->version, ==, p->version);
}

/* Changes lie over the roster that was read, which stays as it is. */
static void
changes_lie_over_the_roster (void)
{
  g_autoptr (Program) p = grants ();
  const char *first = ((const ProgramPerson *) p->people->pdata[0])->address;
  g_autofree char *gone = g_strdup (first);
  guint n = p->people->len;
  const ProgramRosterChange changes[] = {
    { "neu@amt.example", "Neu", "sachbearbeitung leitung", false },
    { gone, "", "", true },
    { "neu@amt.example", "Neu", "leitung", false },
  };

  program_change_roster (p, changes, 1);
  g_assert_cmpuint (p->people->len, ==, n + 1);
  g_assert_true (
    program_person_has_role (program_person (p, "neu@amt.example"), "sachbearbeitung"));
  program_change_roster (p, changes, 3);
  g_assert_cmpuint (p->people->len, ==, n);
  g_assert_null (program_person (p, gone));
  g_assert_false (
    program_person_has_role (program_person (p, "neu@amt.example"), "sachbearbeitung"));
  g_assert_true (program_person_has_role (program_person (p, "neu@amt.example"), "leitung"));
  program_change_roster (p, changes, 0);
  g_assert_nonnull (program_person (p, gone));
}

/* --- mistakes -------------------------------------------------------------- */

/* FIND replaced by INSTEAD gives the one mistake WANT, on the line where INSTEAD stands. */
static const struct {
  const char *name, *find, *instead, *want;
} mistakes[] = {
  { "option", "quota-per-case-and-day", "quota-per-case", "unknown option 'quota-per-case'; *" },
  { "zone", "\"Europe/Berlin\"", "\"Europe/Berlni\"", "*Europe/Berlni*" },
  { "hours", "\"09:00-16:30\"", "\"17-9\"", "\"17-9\" are no business hours; write such as \"08:30-17:00\"" },
  { "owner", "owner = \"sachbearbeitung\"", "owner = \"sachbearbeiter\"", "there is no role 'sachbearbeiter'; write one of: verein, sachbearbeitung, leitung" },
  { "escalate", "escalate = \"leitung\"", "escalate = \"leitng\"", "there is no role 'leitng'; did you mean 'leitung'?" },
  { "second-program", "calendar {", "program \"B\" { title=B time-zone=\"UTC\" owner=leitung }\ncalendar {", "this is a second program; keep one" },
  { "holiday", "rule = \"05-01\"", "rule = \"1st of May\"", "*1st of May*" },
  { "closure", "closure \"2026-12-24\"", "closure \"2026-13-24\"", "*2026-13-24*" },
  { "closure-hour", "until = \"12:00\"", "until = \"noon\"", "\"noon\" is no hour; write such as \"12:00\"" },
  { "role-command", "\"note\", \"assign\"", "\"note\", \"asign\"", "there is no command 'asign'; did you mean 'assign'?" },
  { "role-audience", "role \"leitung\" { title = \"Leitung\"", "role \"sender\" { title = x kind = staff } role \"leitung\" { title = \"Leitung\"", "'sender' already means an audience; give the role another name" },
  { "person-role", "roles = { \"sachbearbeitung\" }", "roles = { \"chef\" }", "there is no role 'chef'; write one of*" },
  { "person-outside", "roles = { \"sachbearbeitung\" }", "roles = { \"verein\" }", "'verein' is an outside role; people of the office have staff roles" },
  { "person-address", "Meral@amt.example", "Meral Aydin", "\"meral aydin\" is no address; write person \"name@office.example\"" },
  { "person-twice", "\"ute@amt.example\"", "\"MERAL@amt.example\"", "person \"meral@amt.example\" is here a second time; put both into one" },
  { "passing", "passing = { ja }", "passing = { jein }", "there is no finding 'jein'; did you mean 'nein'?" },
  { "media-type", "\"application/pdf\"", "\"pdf\"", "\"pdf\" is no media type; write such as \"application/pdf\"" },
  { "any-file", "\"*skizze*\"", "\"**\"", "\"**\" means any file; write such as \"?budget?\"" },
  { "stars", "\"*skizze*\"", "\"*a*a*a*a*a*a*a*a*a\"", "*is too long a pattern; write at most 8 stars" },
  { "form-file", "words = { \"skizze\" }", "words = { \"skizze\" } form = \"../x\"", "\"../x\" is not below templates/; write such as \"forms/letter.txt\"" },
  { "signed-by-staff", "words = { \"skizze\" }", "words = { \"skizze\" } signed = \"leitung\"", "'leitung' is a staff role; people of an organization sign: name a role of kind = outside" },
  { "duplicate", "document \"kostenplan\"", "document \"projektskizze\"", "document \"projektskizze\" is here a second time (first program.conf:*); give it another name" },
  { "edition", "edition = \"2026\"", "edition = \"2025\"", "there is no edition '2025'; did you mean '2026'?" },
  { "prefix", "prefix = \"KP\"", "prefix = \"kp-\"", "\"kp-\" is no prefix; write up to eight capital letters" },
  { "initial", "initial = \"eingegangen\"", "initial = \"eingang\"", "there is no state 'eingang'; write one of: eingegangen, *" },
  { "waiting-on", "waiting-on = \"leitung\"", "waiting-on = \"leiter\"", "there is no role 'leiter'; write one of*" },
  { "waiting-on-missing", "state \"abgelehnt\" { title = \"Abgelehnt\" final = true }", "state \"abgelehnt\" { title = \"Abgelehnt\" }", "state \"abgelehnt\" waits for nobody; write waiting-on = ROLE, or final = true" },
  { "final-waits", "\"Abgelehnt\" final = true", "\"Abgelehnt\" final = true waiting-on = \"leitung\"", "a final state waits for nobody; remove waiting-on" },
  { "final-moves", "\"Abgelehnt\" final = true", "\"Abgelehnt\" final = true on \"message\" { by = { \"verein\" } to = \"abgelehnt\" }", "nothing can happen in a final state; remove its on and timer sections" },
  { "group", "group = \"nachweis\"\n    on", "group = \"nachweise\" on", "there is no group 'nachweise'; did you mean 'nachweis'?" },
  { "event", "on \"finding\"", "on \"findings\"", "'findings' is no event; did you mean 'finding'?" },
  { "event-argument", "on \"withdraw\"", "on \"withdraw now\"", "'withdraw now' says too much; write withdraw" },
  { "event-timer", "on \"timer pruefung\"", "on \"timer prüfung\"", "there is no timer 'prüfung'; did you mean 'pruefung'?" },
  { "event-timer-none", "on \"timer pruefung\"", "on \"timer\"", "'timer' is not complete; write timer TIMER" },
  { "by-missing", "on \"clarify\" { by = { \"sachbearbeitung\" }", "on \"clarify\" { ", "nobody may cause 'clarify'; write by = { \"ROLE\" }" },
  { "by-needless", "on \"opened\" {", "on \"opened\" { by = { \"leitung\" }", "'opened' happens by itself; remove by" },
  { "by", "on \"clarify\" { by = { \"sachbearbeitung\" }", "on \"clarify\" { by = { \"jemand\" }", "there is no role 'jemand'; write one of*" },
  { "guard", "\"findings complete antrag\"", "\"findings complet antrag\"", "'findings complet antrag' is no guard; *" },
  { "guard-group", "\"findings complete antrag\"", "\"findings complete antraege\"", "there is no group 'antraege'; *" },
  { "action", "\"open clarification nachforderung\"", "\"open clarificaton nachforderung\"", "'open clarificaton nachforderung' is no action; *" },
  { "action-role", "\"assign sachbearbeitung\"", "\"assign alle\"", "there is no role 'alle'; write one of*" },
  { "action-argument", "do = { \"open clarification nachforderung\" }", "do = { \"set ergebnis\" }", "'set ergebnis' is not complete; write set FIELD TEXT" },
  { "to", "to = \"vorlage\"", "to = \"vorlag\"", "there is no state 'vorlag'; did you mean 'vorlage'?" },
  { "state-previous", "state \"abgelehnt\"", "state \"previous\" { title = \"P\" final = true } state \"abgelehnt\"", "no state can be called \"previous\": *" },
  { "notice", "notice = { \"eingang\",", "notice = { \"eingnag\",", "there is no notice 'eingnag'; did you mean 'eingang'?" },
  { "people-outside", "on \"withdraw\" {", "on \"withdraw\" { people = 2", "'verein' is an outside role; two people are asked for of the office only" },
  { "role-people", "\"note\", \"decide\" } assurance = signed", "\"note\", \"search\" } people = 2", "\"search\" cannot be proposed to a second person; put it into a role of its own" },
  { "role-people-outside", "kind = outside", "kind = outside people = 2", "two people are asked for in the office only; 'verein' is an outside role" },
  { "closed-moves", "on \"withdraw\" {", "on \"withdraw\" { closed = yes", "what moves a case cannot happen to a closed one; remove closed, or to" },
  { "closed-waits", "on \"timer abrechnung\" {", "on \"timer abrechnung\" { closed = yes do = { \"start timer nachforderung\" }",
    "'start timer nachforderung' cannot happen in a closed case; remove closed" },
  { "second-within", "on \"withdraw\" {", "on \"withdraw\" { second-within = \"-1 days\"", "\"-1 days\" is no time ahead; write such as \"5 business days\"" },
  { "nothing", "on \"finding\" { by = { \"sachbearbeitung\" } do = { \"record finding\" } }", "on \"finding\" { by = { \"sachbearbeitung\" } }", "'finding' does nothing; write to, do or notice" },
  { "span", "after = \"4 weeks\"", "after = \"4 wochen\"", "*4 wochen*" },
  { "span-back", "after = \"4 weeks\"", "after = \"-4 weeks\"", "\"-4 weeks\" is no time ahead; write such as \"10 business days\"" },
  { "pauses", "source = \"Ziel des Amtes\" pauses = true", "source = \"x\" basis = law pauses = true", "only a target may pause; remove pauses, or write basis = target" },
  { "on-entry", "after = \"6 months\"", "after = \"6 months\" on-entry = true", "a timer outside of states is started by an action; *" },
  { "reminder", "reminder \"erinnerung\" {", "reminder \"mahnung\" {", "there is no notice 'mahnung'; write one of*" },
  { "reminder-before", "before = \"1 month\"", "before = \"1 moon\"", "*1 moon*" },
  { "opens", "opens = \"grant\"", "opens = \"grants\"", "there is no case type 'grants'; did you mean 'grant'?" },
  { "blank-file", "title = \"Antrag\"", "title = \"Antrag\" blanks = { \"/etc/passwd\" }", "\"/etc/passwd\" is not below templates/; write such as \"forms/letter.txt\"" },
  { "notice-form", "form = \"antrag\"", "form = \"antrg\"", "there is no form 'antrg'; did you mean 'antrag'?" },
  { "limit-word", "kind = number", "kind = number min = \"few\"", "\"few\" is not a number; write min = 0" },
  { "limit-kind", "kind = email", "kind = email max = 5", "only a number has a limit; write kind = number" },
  { "limit-order", "kind = number", "kind = number min = 9 max = 5", "it is less than min, so that no number fits; write a larger one" },
  { "day-kind", "kind = email", "kind = email not-before = today", "only a date is early or late; write kind = date" },
  { "day-word", "kind = date", "kind = date not-after = \"soon\"", "\"soon\" is no day; write \"today\", \"2027-03-01\" or \"field NAME\" of a date above" },
  { "day-of-no-month", "kind = date", "kind = date not-after = \"2027-02-30\"", "\"2027-02-30\" is no day; write \"today\", \"2027-03-01\" or \"field NAME\" of a date above" },
  { "day-field", "kind = date", "kind = date not-after = \"field summe\"", "\"field summe\" is no day; write \"today\", \"2027-03-01\" or \"field NAME\" of a date above" },
  { "equals", "kind = email", "kind = email equals = \"year\"", "\"year\" is nothing a case says; write \"case FIELD\" or \"organization\"" },
  { "tab", "kind = date", "kind = date tab = \"a/b\"", "\"a/b\" cannot be a tab; write at most 31 characters, and none of []:*?/\\'" },
  { "choices-kind", "kind = number", "kind = number choices = { \"5\" }", "choices are texts; leave kind or choices out" },
  { "form-event", "opens = \"grant\"", "event = \"sumbit\"", "there is no event 'sumbit'; did you mean 'submit'?" },
  { "field-kind", "kind = number", "kind = numbr", "kind cannot be \"numbr\"; did you mean 'number'?" },
  { "field-maps", "maps = \"contact.email\"", "maps = \"contact.emial\"", "maps cannot be \"contact.emial\"; did you mean 'contact.email'?" },
  { "field-label", "label = \"E-Mail\"", "label = \"verein\"", "\"verein\" already names the field 'name'; write another label" },
  { "field-colon", "label = \"E-Mail\"", "label = \"E-Mail:\"", "\"E-Mail:\" cannot be a label; write words without a colon" },
  { "audience", "notice \"eingang\" { to = { applicant }", "notice \"eingang\" { to = { aplicant }", "there is no audience 'aplicant'; did you mean 'applicant'?" },
  { "audience-none", "notice \"eingang\" { to = { applicant }", "notice \"eingang\" { to = { }", "notice \"eingang\" goes to nobody; write to = { applicant }" },
  { "crossing", "owner = ", "answers-cross-within = \"soon\"\n  owner = ", "\"soon\" is no time; write such as \"1 business day\"" },
  { "fails-nobody", "notice \"eingang\" { to = { applicant }", "notice \"eingang\" { if-it-fails = next-contact to = { sachbearbeitung }", "notice \"eingang\" goes to no contact; leave if-it-fails away" },
  { "attach", "attach = original", "attach = orignal", "attach cannot be \"orignal\"; did you mean 'original'?" },
  { "notice-timer", "calendar = \"abrechnung\"", "calendar = \"rechnung\"", "there is no timer 'rechnung'; did you mean 'abrechnung'?" },
  { "answer", "answer = \"antragsformular\"", "answer = \"formular\"", "there is no notice 'formular'; write one of*" },
  { "rule-nothing", "answer = \"antragsformular\"", "", "rule \"foerderung\" does nothing; write answer = \"NOTICE\", open = \"CASE-TYPE\" or hold = true" },
  { "rule-reason", "hold = true reason = \"gehört zu keinem Antrag\"", "hold = true", "rule \"rest\" holds mail without saying why; write reason = \"...\"" },
};

static void
a_mistake_names_its_line_and_a_remedy (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, mistakes[i].find, mistakes[i].instead, place);
  g_autoptr (Program) program = definition_program (&d, true, &error);
  g_autofree char *want = g_strdup_printf ("%s: %s", place, mistakes[i].want);
  g_autoptr (GString) pattern = g_string_new (want);

  g_assert_null (program);
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  if (strchr (error->message, '\n') != NULL
      || !g_pattern_match_simple (pattern->str, error->message))
    g_error ("wanted: %s\ngot: %s", want, error->message);
}

static void
all_mistakes_are_said_at_once (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, "to = \"vorlage\"", "to = \"vorlag\"", place);
  definition_change (&d, "owner = \"sachbearbeitung\"", "owner = \"x\"", place);
  definition_change (&d, "notice = { \"eingang\",", "notice = { \"eingnag\",", place);
  definition_change (&d, "roles = { \"sachbearbeitung\" }", "roles = { \"chef\" }", place);
  g_assert_null (definition_program (&d, true, &error));
  g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
}

static void
mistakes_of_form_are_said_for_rules_and_roster (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (Definition) d = definition_read ();
  char place[64];

  definition_change (&d, "away = true", "awy = true", place);
  definition_change (&d, "weekend-shift = none", "weekend-shift = non", place);
  g_assert_null (definition_program (&d, true, &error));
  g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_true (g_str_has_prefix (lines[0], "program.conf:"));
  g_assert_true (g_str_has_prefix (lines[1], "roster.conf:"));
}

/* --- for people ------------------------------------------------------------ */

static void
every_topic_can_be_shown (void)
{
  static const char *const topics[] = {
    "states",  "roles",  "people", "editions", "forms",
    "notices", "timers", "triage", "files",    "holidays 2026"
  };
  g_autoptr (Program) p = grants ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    {
      g_autofree char *text = program_show (p, topics[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (strlen (text), >, 20);
    }
  g_assert_null (program_show (p, "holidays", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "holidays YEAR"));
}

static void
the_language_explains_every_word (void)
{
  g_autofree char *text = program_describe ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint named = 0, explained = 0;

  for (char **line = lines; *line != NULL; line++)
    {
      gsize indent = strspn (*line, " ");

      if ((*line)[indent] == '\0' || g_str_has_suffix (*line, ":"))
        continue;
      if (indent % 4 == 0)
        named++;
      else
        explained++;
    }
  g_assert_cmpuint (named, >, 80);
  g_assert_cmpuint (named, ==, explained);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/program/the-program-says-who-and-when", the_program_says_who_and_when);
  g_test_add_func ("/program/the-standards-are-read", the_standards_are_read);
  g_test_add_func ("/program/the-cases-are-read", the_cases_are_read);
  g_test_add_func ("/program/the-mail-is-read", the_mail_is_read);
  g_test_add_func ("/program/the-version-is-that-of-all-bytes", the_version_is_that_of_all_bytes);
  g_test_add_func ("/program/an-old-version-can-be-read-again", an_old_version_can_be_read_again);
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/program/mistake/%s", mistakes[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), a_mistake_names_its_line_and_a_remedy);
    }
  g_test_add_func ("/program/changes-lie-over-the-roster", changes_lie_over_the_roster);
  g_test_add_func ("/program/all-mistakes-are-said-at-once", all_mistakes_are_said_at_once);
  g_test_add_func ("/program/mistakes-of-form-are-said-for-rules-and-roster",
                   mistakes_of_form_are_said_for_rules_and_roster);
  g_test_add_func ("/program/every-topic-can-be-shown", every_topic_can_be_shown);
  g_test_add_func ("/program/the-language-explains-every-word", the_language_explains_every_word);
  return g_test_run ();
}
