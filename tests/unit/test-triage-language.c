/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of a message: said only where it is sure.
 */
#include "triage/triage-language.h"

#include "lib/lab.h"
#include "lib/office.h"

#define SPANISH                                                                                      \
  "Queremos registrar nuestra organización en el programa. ¿Qué tenemos que hacer para empezar? " \
  "Gracias por su ayuda."
#define ENGLISH                                                                                    \
  "We want to register our organization with the program. What do we have to do? Thank you for "   \
  "your help."

static const struct { const char *name, *text, *header, *want; } rows[] = {
  { "Spanish", SPANISH, "", "es" },
  { "English", ENGLISH, "", "en" },
  { "in capitals", "QUEREMOS REGISTRAR NUESTRA ORGANIZACIÓN EN EL PROGRAMA, ¿QUÉ HACEMOS?", "", "es" },
  { "one word", "SUBMIT", "", NULL },
  { "one word, and a program set to Spanish", "SUBMIT", "es-mx", "es" },
  { "one word, and a program set to what nobody answers in", "SUBMIT", "fr", NULL },
  { "a program set to English around Spanish words", SPANISH, "en-us", "es" },
  { "both languages", SPANISH "\n\n" ENGLISH, "", NULL },
  { "both languages, and a header", SPANISH "\n\n" ENGLISH, "en", "en" },
  { "names that look Spanish", "Please add Juan de la Cruz of El Paso to the case. He is the director of our office in Las Cruces.", "", NULL },
  { "another language", "Wir möchten uns anmelden und bitten um das Formular.", "", NULL },
  { "words inside of words", "elite lasting delta enquire yes", "", NULL },
  { "no text", "", "", NULL },
};

static void
a_language_is_told_where_it_is_sure (void)
{
  g_autoptr (Program) program = lab_program ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Message) m = office_mail ("ada@x.example", "Program", rows[i].text);

      g_free (m->language);
      m->language = g_strdup (rows[i].header);
      const ProgramLanguage *found = triage_language (program, m);
      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (found != NULL ? found->tag : NULL, ==, rows[i].want);
    }
}

/* Each word tells one language: one that two have tells nothing. */
static void
no_word_is_of_two_languages (void)
{
  g_autoptr (Program) program = lab_program ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (program->languages->len, >=, 2);
  for (guint i = 0; i < program->languages->len; i++)
    for (char **word = ((const ProgramLanguage *) program->languages->pdata[i])->words;
         *word != NULL; word++)
      if (!g_hash_table_add (seen, *word))
        g_error ("'%s' stands twice", *word);
}

static void
a_language_is_found_by_tag_and_name (void)
{
  static const struct { const char *text, *want; } names[] = {
    { "es", "es" }, { "ES", "es" }, { "es-US", "es" }, { "Spanish", "es" }, { " español ", "es" }, { "ESPAÑOL", "es" },
    { "English", "en" }, { "inglés", "en" }, { "Klingon", NULL }, { "", NULL }, { "e", NULL },
  };
  g_autoptr (Program) program = lab_program ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const ProgramLanguage *found = program_language (program, names[i].text);

      g_test_message ("'%s'", names[i].text);
      g_assert_cmpstr (found != NULL ? found->tag : NULL, ==, names[i].want);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triage-language/sure", a_language_is_told_where_it_is_sure);
  g_test_add_func ("/triage-language/words", no_word_is_of_two_languages);
  g_test_add_func ("/triage-language/names", a_language_is_found_by_tag_and_name);
  return g_test_run ();
}
