/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "template/template.h"

#include "base/error.h"

#include <string.h>

/* --- help ------------------------------------------------------------------------ */

static TemplateSet *
set_of (const char *text)
{
  g_autoptr (GError) error = NULL;
  TemplateSet *set = template_set_new ((const char *[]){ "x.md", NULL },
                                       (const char *[]){ text, NULL }, NULL, &error);

  g_assert_no_error (error);
  return set;
}

static void
render (const char *text, const TemplateFields *fields, TemplateMail *mail)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = set_of (text);
  bool ok = template_render (set, "x", NULL, fields, mail, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
}

static void
assert_text (const char *body, const TemplateFields *fields, const char *want)
{
  g_auto (TemplateMail) mail = { 0 };
  g_autofree char *text = g_strconcat ("Subject: S\n\n", body, NULL);

  render (text, fields, &mail);
  g_assert_cmpstr (mail.text, ==, want);
}

static void
assert_holds (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("'%s' is not in: %s", part, text);
}

static void
assert_lacks (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    g_error ("'%s' is in: %s", part, text);
}

static void
assert_refused (const char *text, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_new ((const char *[]){ "x.md", NULL },
                                                  (const char *[]){ text, NULL }, NULL, &error);

  g_assert_null (set);
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  assert_holds (error->message, why);
}

/* --- values from outside ----------------------------------------------------------- */

static const char *const hostile[] = {
  "**x** <script>[a](http://evil)",
  "# heading",
  "{{secret}}",
  "{{\"a\"}} {{end}}",
  "1. one",
  "12) twelve",
  "- item",
  "+ item",
  "* item",
  "===",
  "---",
  ":-:",
  "| a | b |",
  "> quote",
  "`code` ``more``",
  "```",
  "~~~",
  "~~gone~~",
  "_under_ __score__",
  "![i](http://evil/x.png)",
  "[ref]: http://evil",
  "[x][y] [x]",
  "<http://evil>",
  "&lt;b&gt; &amp; &#35; &copy;",
  "back\\slash \\* \\",
  "<!-- comment -->",
  "a@example.org www.evil.example http://evil.example",
  "^[note] $x$",
  "\\{{x}}",
  "50% of \"all\" 'things' (and more); e.g. $5 = 5?",
  "Ünïcode – 東京 ✓",
};

static void
a_value_appears_as_it_is (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (TemplateFields) fields = template_fields_new ();
      g_autofree char *want = g_strdup_printf ("Before %s after.\n\n%s\n\n- %s\n", hostile[i],
                                               hostile[i], hostile[i]);
      g_autofree char *html = g_markup_escape_text (hostile[i], -1);
      g_auto (TemplateMail) mail = { 0 };

      template_fields_set (fields, "v", hostile[i]);
      render ("Subject: About {{v}}\n\nBefore {{v}} after.\n\n{{v}}\n\n- {{v}}\n", fields, &mail);
      g_assert_cmpstr (mail.text, ==, want);
      g_assert_true (g_str_has_prefix (mail.subject, "About "));
      g_assert_cmpstr (mail.subject + strlen ("About "), ==, hostile[i]);
      g_autoptr (GString) page = g_string_new (mail.html);

      g_string_replace (page, "&#39;", "'", 0); /* the two escape an apostrophe differently */
      g_autoptr (GString) wanted = g_string_new (html);

      g_string_replace (wanted, "&apos;", "'", 0);
      g_string_replace (wanted, "&#39;", "'", 0);
      assert_holds (page->str, wanted->str);
      assert_lacks (mail.html, "<script");
      assert_lacks (mail.html, "<img");
      assert_lacks (mail.html, "<a ");
    }
}

static void
a_value_cannot_leave_its_table_cell (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autoptr (TemplateFields) fields = template_fields_new ();
      g_auto (TemplateMail) mail = { 0 };

      template_fields_set (fields, "v", hostile[i]);
      render ("Subject: S\n\n| A | B |\n|---|---|\n| {{v}} | end |\n", fields, &mail);
      assert_holds (mail.text, hostile[i]);
      assert_holds (mail.html, "<td>end</td>");
      assert_holds (mail.html, "</tbody>");
    }
}

static void
a_value_cannot_change_where_a_link_goes (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_auto (TemplateMail) mail = { 0 };

  template_fields_set (fields, "a", "a_b*c@example.org");
  template_fields_set (fields, "bad", "x) [y](http://evil");
  template_fields_set (fields, "js", "javascript:alert(1)");
  render ("Subject: S\n\n[{{a}}](mailto:{{a}}) [t]({{bad}}) [j]({{js}})\n", fields, &mail);
  assert_holds (mail.text, "a_b*c@example.org [t](");
  assert_lacks (mail.text, "(a_b");
  assert_holds (mail.html, "<a href=\"mailto:a_b*c@example.org\">a_b*c@example.org</a>");
  assert_lacks (mail.html, "href=\"http://evil");
  assert_lacks (mail.html, "javascript");
}

static void
controls_and_line_breaks_are_folded (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_auto (TemplateMail) mail = { 0 };

  template_fields_set (fields, "v", " a\r\nBcc: x\tb\x1e" "c\x1d" "d\xe2\x80\xae" "e\x7f\xff ");
  render ("Subject: {{v}}\n\n{{v}}\n", fields, &mail);
  g_assert_cmpstr (mail.subject, ==, "a Bcc: x b c de \xef\xbf\xbd");
  g_assert_cmpstr (mail.text, ==, "a Bcc: x b c de \xef\xbf\xbd\n");
}

static void
blanks_of_all_kinds_are_blanks (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_auto (TemplateMail) mail = { 0 };

  template_fields_set (fields, "v", "\xe2\x80\x80 a\xc2\xa0 b\xe3\x80\x80");
  render ("Subject: S\n\n**{{v}}**\n", fields, &mail);
  assert_holds (mail.html, "<p><strong>a  b</strong></p>");
}

static void
a_block_keeps_its_lines (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();

  template_fields_set_block (fields, "w", "Dear all,\n\n# one\r\n  - two\n    three\n\n\n1. bye\n");
  assert_text ("{{w}}\n", fields, "Dear all,\n\n# one\n- two\nthree\n\n1. bye\n");
  assert_text ("> {{w}}\n\nEnd\n", fields,
               "> Dear all,\n>\n> # one\n> - two\n> three\n>\n> 1. bye\n\nEnd\n");
  assert_text ("- a {{w}}\n- b\n", fields,
               "- a Dear all,\n\n  # one\n  - two\n  three\n\n  1. bye\n\n- b\n");
  assert_text ("| A |\n|---|\n| {{w}} |\n", fields,
               "A\n-------------------------------------\nDear all,  # one - two three   1. bye\n");
}

static void
a_literal_is_shown_exactly (void)
{
  const char *form = "Name:   ____\n```\n~~~\n  <b> {{x}} **y** \\*\n````\n\n# A long line that is "
                     "not to be wrapped although it is much longer than the others: ____\n";
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_auto (TemplateMail) mail = { 0 };
  g_autofree char *want = g_strdup_printf ("Fill in:\n\n%s\nThen send.\n", form);

  template_fields_set_literal (fields, "form", form);
  render ("Subject: S\n\nFill in:\n\n{{form}}\n\nThen send.\n", fields, &mail);
  g_assert_cmpstr (mail.text, ==, want);
  assert_holds (mail.html,
                "<pre><code>Name:   ____\n```\n~~~\n  &lt;b&gt; {{x}} **y** \\*\n````\n");
  g_autofree char *amid = g_strdup_printf ("Fill in:\n\n%s\nthen send.\n", form);

  assert_text ("Fill in: {{form}} then send.\n", fields, amid);
}

static void
a_literal_stays_in_its_list (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();

  template_fields_set_literal (fields, "form", "a\n\n b");
  assert_text ("- one\n\n  {{form}}\n\n- two\n", fields, "- one\n\n  a\n\n   b\n\n- two\n");
  assert_text ("> {{form}}\n", fields, "> a\n>\n>  b\n");
}

/* --- the language of templates ---------------------------------------------------------- */

static void
conditions_and_lists (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();

  template_fields_set (fields, "yes", "x");
  template_fields_set (fields, "no", NULL);
  template_fields_set_list (fields, "none");
  for (int i = 0; i < 2; i++)
    {
      TemplateFields *row = template_fields_add_row (fields, "rows");

      template_fields_set (row, "file_name", i == 0 ? "a_b.pdf" : "");
      template_fields_set_list (row, "documents");
      for (int k = 0; k < i; k++)
        template_fields_set (template_fields_add_row (row, "documents"), "title", "T");
    }
  assert_text ("{{if yes}}1{{else}}2{{end}} {{if no}}1{{else}}2{{end}}\n", fields, "1 2\n");
  assert_text ("A {{if yes}}x{{end}}\nB\n", fields, "A x B\n");
  assert_text ("{{if !no && (yes == \"x\" || no)}}1{{else if yes}}2{{end}}\n", fields, "1\n");
  assert_text ("{{if none}}some{{else}}none{{end}}{{for r in none}}{{r.x}}{{end}}\n", fields,
               "none\n");
  assert_text ("{{if rows}}\nRows:\n\n{{for r in rows}}\n- {{if r.file_name}}{{r.file_name}}"
               "{{else}}?{{end}}: {{yes}}\n  {{if r.documents}}\n{{for d in r.documents}}\n"
               "  - {{d.title}}\n{{end}}\n  {{end}}\n{{end}}\n{{end}}\n",
               fields, "Rows:\n\n- a_b.pdf: x\n- ?: x\n  - T\n");
}

/* Wherever a notice names it: in its subject, in any branch, in a row, in a part, in its
 * language. */
static void
fields_of_a_notice_keep_what_it_names (void)
{
  static const char *const files[] = { "x.md", "parts/p.md", "es/x.md", NULL };
  static const char *const texts[] = {
    "Subject: {{a}}\n\n{{if b == \"quoted\"}}{{c}}{{else if d}}{{for row in list}}{{row.e}}{{end}}"
    "{{end}}\n{{include \"parts/p.md\"}}\n",
    "{{f}}", "Subject: S\n\n{{only_es}}\n", NULL
  };
  static const char *const all[] = { "a", "b", "quoted", "c", "d", "f", "only_es", "nobody", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_new (files, texts, NULL, &error);

  g_assert_no_error (error);
  static const struct {
    const char *name, *lang, *kept;
  } rows[] = { { "x", NULL, "a b c d f list list.e" },
               { "x", "es", "only_es" },
               { "y", NULL, "a b c d f list list.e list.nobody nobody only_es other quoted" } };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (TemplateFields) fields =
        template_fields_new_for (set, rows[i].name, rows[i].lang);

      for (const char *const *name = all; *name != NULL; name++)
        template_fields_set (fields, *name, "1");
      if (template_fields_set_list (fields, "list"))
        {
          TemplateFields *row = template_fields_add_row (fields, "list");

          template_fields_set_block (row, "e", "1");
          template_fields_set_literal (row, "nobody", "1");
        }
      g_assert_true (template_fields_set_list (fields, "other") == (rows[i].name[0] == 'y'));
      g_auto (GStrv) names = template_fields_names (fields);
      g_autofree char *kept = g_strjoinv (" ", names);
      g_assert_cmpstr (kept, ==, rows[i].kept);
    }
}

static void
no_name_is_reserved (void)
{
  static const char *const names[] = { "version", "log", "print", "hex", "true", "null", "func",
                                       "typeof", "f_x", "in", "date", "list", "require", "pass" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TemplateFields) fields = template_fields_new ();
      g_autofree char *body = g_strdup_printf ("{{%1$s}} {{if %1$s}}{{for r in rows}}{{r.%1$s}}"
                                               "{{end}}{{end}}\n", names[i]);

      template_fields_set (fields, names[i], "a");
      template_fields_set (template_fields_add_row (fields, "rows"), names[i], "a");
      assert_text (body, fields, "a a\n");
    }
}

static void
a_missing_field_is_named (void)
{
  static const struct {
    const char *body, *field;
  } rows[] = {
    { "{{nope}}", "'nope'" },
    { "{{if nope}}x{{end}}", "'nope'" },
    { "{{for r in nope}}x{{end}}", "'nope'" },
    { "{{for r in l}}{{r.nowhere}}{{end}}", "'nowhere'" },
    { "{{for r in l}}{{r.only_first}}{{end}}", "'only_first'" },
  };
  g_autoptr (TemplateFields) fields = template_fields_new ();
  TemplateFields *row = template_fields_add_row (fields, "l");

  template_fields_set (row, "only_first", "1");
  template_fields_add_row (fields, "l");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat ("Subject: S\n\n", rows[i].body, "\n", NULL);
      g_autoptr (TemplateSet) set = set_of (text);
      g_autoptr (GError) error = NULL;
      g_auto (TemplateMail) mail = { 0 };

      g_assert_false (template_render (set, "x", NULL, fields, &mail, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      assert_holds (error->message, rows[i].field);
      assert_holds (error->message, "template x");
      g_assert_null (mail.subject);
    }
}

static void
a_bad_template_is_refused_with_its_line (void)
{
  assert_refused ("No subject\n\nx\n", "x.md:1");
  assert_refused ("Subject: S\nFrom: x\n\nx\n", "x.md:1");
  assert_refused ("Subject: S\n\nok\n{{if a}}\nx\n", "x.md:4: no {{end}}");
  assert_refused ("Subject: S\n\n{{end}}\n", "x.md:3: '{{end}}'");
  assert_refused ("Subject: S\n\n\n{{else}}\n", "x.md:4");
  assert_refused ("Subject: S\n\n{{bad bad}}\n", "x.md:3");
  assert_refused ("Subject: S\n\n{{}}\n", "x.md:3");
  assert_refused ("Subject: S\n\n\n\n{{a\n", "x.md:5: '{{' without '}}'");
  assert_refused ("Subject: S\n\n{{require GLib}}\n", "x.md:3");
  assert_refused ("Subject: S\n\nA `{{a}}`\n", "x.md:3: a value cannot stand between backquotes");
  assert_refused ("Subject: S\n\n{{a = b}}\n", "x.md:3");
  assert_refused ("Subject: S\n\n{{a.b()}}\n", "x.md:3");
  assert_refused ("Subject: S\n\n{{if (a}}{{end}}\n", "x.md:3");
  assert_refused ("Subject: S\n\n{{include \"../../etc/passwd\"}}\n", "x.md:3");
  assert_refused ("Subject: S\n\n{{include \"parts/none.md\"}}\n",
                  "cannot include 'parts/none.md'");
  assert_refused ("Subject: S\n\n{{include \"x.md\"}}\n", "x.md:3");
  assert_refused ("Subject: {{if a}}S\n\n{{end}}\n", "x.md:1: no {{end}}");
}

/* What was let pass when a set was read must parse when it is first used. */
static void
what_is_not_refused_compiles (void)
{
  g_autofree char *dir = g_build_filename (g_getenv ("top_srcdir") ?: ".", "templates", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_read (dir, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (template_set_prove (set, &error));
  g_assert_no_error (error);
}

static void
a_part_that_includes_itself_is_refused (void)
{
  const char *names[] = { "n.md", "parts/a.md", NULL };
  const char *texts[] = { "Subject: S\n\n{{include \"parts/a.md\"}}\n",
                          "{{include \"parts/a.md\"}}\n", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_new (names, texts, NULL, &error);

  g_assert_null (set);
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  assert_holds (error->message, "parts/a.md:1: cannot include 'parts/a.md'");
}

/* Nobody can keep the program busy with a value. */
static void
a_huge_value_takes_time_in_proportion (void)
{
  static const char *const pieces[] = { "[",  "*a_", "> ",  "`",  "- x\n", "\n\n",
                                        "&#", "|",   "<a ", "東", "\\",    " " };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (TemplateFields) fields = template_fields_new ();
      g_autoptr (GString) value = g_string_new ("x");
      g_auto (TemplateMail) mail = { 0 };

      while (value->len < 32 * 1024)
        g_string_append (value, pieces[i]);
      template_fields_set (fields, "v", value->str);
      template_fields_set_block (fields, "b", value->str);
      template_fields_set_literal (fields, "l", value->str);
      gint64 start = g_get_monotonic_time ();

      render ("Subject: {{v}}\n\n{{v}}\n\n> - {{b}}\n\n{{l}}\n", fields, &mail);
      double seconds = (g_get_monotonic_time () - start) / 1e6;

      g_test_message ("%s: %.2f s", pieces[i], seconds);
      g_assert_cmpfloat (seconds, <, 10); /* with sanitizers */
    }
}

static void
languages_and_parts (void)
{
  const char *names[] = { "n.md",       "es/n.md",       "parts/s.md", "es/parts/s.md",
                          "parts/t.md", "es/parts/t.md", "o.md",       NULL };
  const char *texts[] = { "Subject: Hello\n\nText\n\n{{include \"parts/s.md\"}}\n",
                          "Subject: Hola\n\nTexto\n\n{{include \"parts/s.md\"}}\n",
                          "Bye {{include \"parts/t.md\"}}\n",
                          "Adios {{include \"parts/t.md\"}}\n",
                          "{{who}}.\n",
                          "y {{who}}.\n",
                          "Subject: Other\n\n{{include \"parts/s.md\"}}\n",
                          NULL };
  static const struct {
    const char *name, *lang, *subject, *text, *html, *is;
  } rows[] = {
    { "n", NULL, "Hello", "Text\n\nBye Ana.\n", "<html lang=\"en\">", "en" },
    { "n", "es", "Hola", "Texto\n\nAdios y Ana.\n", "<html lang=\"es\">", "es" },
    { "n", "es-MX", "Hola", "Texto\n\nAdios y Ana.\n", "<html lang=\"es\">", "es" },
    { "n", "de", "Hello", "Text\n\nBye Ana.\n", "<html lang=\"en\">", "en" },
    { "o", "es", "Other", "Bye Ana.\n", "<html lang=\"en\">", "en" }, /* whole, with the parts of its language */
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_new (names, texts, NULL, &error);
  g_autoptr (TemplateFields) fields = template_fields_new ();

  g_assert_no_error (error);
  g_auto (GStrv) languages = template_set_languages (set);
  g_assert_cmpuint (g_strv_length (languages), ==, 1);
  g_assert_cmpstr (languages[0], ==, "es");
  g_assert_true (template_set_has (set, "n"));
  g_assert_false (template_set_has (set, "parts/s"));
  g_assert_false (template_set_has (set, "es/n"));
  g_assert_cmpstr (template_set_names (set)[0], ==, "n");
  g_assert_cmpstr (template_set_names (set)[1], ==, "o");
  g_assert_null (template_set_names (set)[2]);
  template_fields_set (fields, "who", "Ana");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (TemplateMail) mail = { 0 };

      g_assert_true (template_render (set, rows[i].name, rows[i].lang, fields, &mail, &error));
      g_assert_cmpstr (mail.subject, ==, rows[i].subject);
      g_assert_cmpstr (mail.text, ==, rows[i].text);
      assert_holds (mail.html, rows[i].html);
      g_assert_cmpstr (template_set_language (set, rows[i].name, rows[i].lang), ==, rows[i].is);
    }
}

/* A mail never mixes languages: a translation has all its parts, or the office does not start. */
static void
a_translation_is_whole (void)
{
  static const struct {
    const char *names[5], *texts[5], *says;
  } rows[] = {
    { { "n.md", "parts/s.md", "es/n.md" },
      { "Subject: Hello\n\nText\n", "Bye\n", "Subject: Hola\n\n{{include \"parts/s.md\"}}\n" },
      "es/n.md:1: cannot include 'es/parts/s.md'" },
    { { "n.md", "es/m.md" }, { "Subject: Hello\n\nText\n", "Subject: Hola\n\nTexto\n" },
      "es/m.md:1: there is no m.md that it could be a translation of" },
    { { "n.md", "es/parts/s.md" }, { "Subject: Hello\n\nText\n", "Adios\n" },
      "es/parts/s.md:1: there is no parts/s.md that it could be a translation of" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (template_set_new (rows[i].names, rows[i].texts, NULL, &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      assert_holds (error->message, rows[i].says);
    }
}

/* --- text ------------------------------------------------------------------------------- */

static void
text_reads_well (void)
{
  static const struct {
    const char *markdown, *want;
  } rows[] = {
    { "## What to do\n\nText with **bold**, *soft* and `code`.\n",
      "What to do\n----------\n\nText with bold, soft and code.\n" },
    { "### Small\n\nx\n", "Small\n\nx\n" },
    { "one two three four five six seven eight nine ten eleven twelve thirteen\nfourteen\n",
      "one two three four five six seven eight nine ten eleven twelve thirteen\nfourteen\n" },
    { "- one two three four five six seven eight nine ten eleven twelve thirteen\n- b\n",
      "- one two three four five six seven eight nine ten eleven twelve\n  thirteen\n- b\n" },
    { "9. a\n10. b\n\n    c\n", "9. a\n\n10. b\n\n    c\n" },
    { "See [the guide](https://example.org/g) or <https://example.org/>.\n",
      "See the guide (https://example.org/g) or https://example.org/.\n" },
    { "[a@example.org](mailto:a@example.org) or [us](mailto:a@example.org)\n",
      "a@example.org or us (a@example.org)\n" },
    { "| What | When |\n|---|---|\n| First | Monday |\n| Second thing | x |\n",
      "What          When\n------------  ------\nFirst         Monday\nSecond thing  x\n" },
    { "| What | Why |\n|---|---|\n| A b | one two three four five six seven eight nine ten eleven "
      "twelve thirteen |\n| C | |\n",
      "What: A b\nWhy: one two three four five six seven eight nine ten eleven twelve\n  thirteen\n\n"
      "What: C\n" },
    { "東京 | 大阪\n---|---\n一 | x\n", "東京  大阪\n----  ----\n一    x\n" },
    { "> quoted\n> - item\n", "> quoted\n>\n> - item\n" },
    { "a\\\nb\n", "a\nb\n" },
    { "a <b>x</b> ![pic](http://x/y.png) &amp; &copy;\n\n<div>no</div>\n", "a x pic & \xc2\xa9\n" },
    { "------\n", "------------------------------------------------------------------------\n" },
    { "averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword-without-a-break x\n",
      "averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword-without-a-break\nx\n" },
    { "東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京\n",
      "東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京\n東京東京\n" },
  };
  g_autoptr (TemplateFields) fields = template_fields_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_text (rows[i].markdown, fields, rows[i].want);
}

/* --- HTML -------------------------------------------------------------------------------- */

static void
html_is_a_whole_accessible_document (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_auto (TemplateMail) mail = { 0 };

  template_fields_set (fields, "v", "<b> & \"q\"");
  render ("Subject: Hello {{v}}\n\n# One\n\n| A | B |\n|---|:-:|\n| 1 | 2 |\n", fields, &mail);
  assert_holds (mail.html, "<!DOCTYPE html>\n<html lang=\"en\">");
  assert_holds (mail.html, "<meta charset=\"utf-8\">");
  assert_holds (mail.html, "<title>Hello &lt;b&gt; &amp; &quot;q&quot;</title>");
  assert_holds (mail.html, "<h1>Hello &lt;b&gt; &amp; &quot;q&quot;</h1>");
  assert_holds (mail.html, "<h2>One</h2>");
  assert_holds (mail.html, "<th scope=\"col\">A</th>");
  assert_holds (mail.html, "<th scope=\"col\"");
  assert_holds (mail.html, "<thead>");
  assert_lacks (mail.html, "http");
  assert_lacks (mail.html, "<theadscope");
}

static void
rendering_is_fast (void)
{
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_autoptr (TemplateSet) set =
    set_of ("Subject: S {{a}}\n\n## H\n\n{{for r in l}}\n- **{{r.n}}**: "
            "{{a}} and {{a}}\n{{end}}\n\n| A | B |\n|---|---|\n"
            "{{for r in l}}\n| {{r.n}} | {{a}} |\n{{end}}\n");

  template_fields_set (fields, "a", "A value of some words - as they come");
  for (int i = 0; i < 12; i++)
    template_fields_set (template_fields_add_row (fields, "l"), "n", "row");
  gint64 start = g_get_monotonic_time ();

  for (int i = 0; i < 200; i++)
    {
      g_auto (TemplateMail) mail = { 0 };

      g_assert_true (template_render (set, "x", NULL, fields, &mail, NULL));
    }
  double each = (g_get_monotonic_time () - start) / 200.0 / 1000;

  g_test_message ("%.3f ms a notice", each);
  g_assert_cmpfloat (each, <, 20); /* with sanitizers and on a busy machine */
}

static void
words_nobody_knows_are_found (void)
{
  static const TemplateWord known[] = { { "who", false, "" },       { "rows", true, "" },
                                        { "rows.a", false, "" },    { "rows.in", true, "" },
                                        { "rows.in.b", false, "" }, { NULL } };
  const char *names[] = { "good.md", "bad.md", "bad.de.md", "parts/p.md", NULL };
  const char *texts[] = {
    "Subject: {{who}}\n\n{{if who == \"wh\" && !rows}}x{{else}}{{who}}{{end}}\n"
    "{{for r in rows}}\n{{r.a}}\n{{for i in r.in}}\n{{include \"parts/p.md\"}}\n{{end}}\n{{end}}\n",
    "Subject: {{whom}}\n\n{{if rows}}{{rows}}{{end}}\n{{for r in who}}\n{{end}}\n{{for r in rows}}\n"
    "{{r.c}} {{a}}\n{{end}}\n{{r.a}}\n{{if x || y}}{{end}}\n",
    "Subject: {{wer}}\n\n{{include \"parts/p.md\"}}\n",
    "{{i.b}}\n", NULL };
  static const char *const want[] = {
    "bad.de.md:1 wer 0", "parts/p.md:1 i.b 0", "bad.md:1 whom 0", "bad.md:3 rows 1", "bad.md:4 who 1", "bad.md:7 rows.c 0",
    "bad.md:7 a 0", "bad.md:9 r.a 0", "bad.md:10 x 0", "bad.md:10 y 0" };
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_new (names, texts, NULL, &error);

  g_assert_no_error (error);
  g_autoptr (GPtrArray) found = template_unknown_words (set, known);
  for (guint i = 0; i < found->len; i++)
    {
      const TemplateUnknown *u = found->pdata[i];
      g_autofree char *line = g_strdup_printf ("%s:%d %s %d", u->file, u->line, u->name, u->list);

      g_assert_cmpuint (i, <, G_N_ELEMENTS (want));
      g_assert_cmpstr (line, ==, want[i]);
    }
  g_assert_cmpuint (found->len, ==, G_N_ELEMENTS (want));
}

static void
the_language_of_a_set_is_that_of_its_templates (void)
{
  const char *names[] = { "n.md", "en/n.md", "parts/t.md", "en/parts/t.md", NULL };
  const char *texts[] = { "Subject: Hallo\n\n{{include \"parts/t.md\"}}\n", "Subject: Hello\n\n{{include \"parts/t.md\"}}\n",
                          "deutsch\n", "english\n", NULL };
  g_autoptr (TemplateSet) set = template_set_new (names, texts, "de", NULL);
  g_autoptr (TemplateFields) fields = template_fields_new ();
  g_auto (TemplateMail) own = { 0 }, other = { 0 };

  g_assert_true (template_render (set, "n", NULL, fields, &own, NULL));
  assert_holds (own.html, "<html lang=\"de\">");
  g_assert_cmpstr (own.text, ==, "deutsch\n");
  g_assert_true (template_render (set, "n", "en", fields, &other, NULL));
  assert_holds (other.html, "<html lang=\"en\">");
  g_assert_cmpstr (other.text, ==, "english\n");
}

/* Of the set's own language, too: what the program says in English is German in a German program. */
static void
words_belong_to_a_language (void)
{
  const char *names[] = { "n.md", "words.po", "es/n.md", "es/words.po", NULL };
  const char *texts[] = { "Subject: Hallo\n\nText\n", "msgid \"%s is missing.\"\nmsgstr \"%s fehlt.\"\n",
                          "Subject: Hola\n\nTexto\n", "msgid \"%s is missing.\"\nmsgstr \"Falta %s.\"\n", NULL };
  const char *wrong[] = { "Subject: Hallo\n\nText\n", "msgid \"%s is missing.\"\nmsgstr \"fehlt\"\n",
                          "Subject: Hola\n\nTexto\n", "", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TemplateSet) set = template_set_new (names, texts, "de", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (words_find (template_set_words (set, NULL), "%s is missing."), ==, "%s fehlt.");
  g_assert_cmpstr (words_find (template_set_words (set, "de-AT"), "%s is missing."), ==, "%s fehlt.");
  g_assert_cmpstr (words_find (template_set_words (set, "es"), "%s is missing."), ==, "Falta %s.");
  g_assert_null (template_set_words (set, "fr"));
  g_assert_null (template_set_new (names, wrong, "de", &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  assert_holds (error->message, "words.po:");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/a-value-appears-as-it-is", a_value_appears_as_it_is);
  g_test_add_func ("/template/a-value-cannot-leave-its-cell", a_value_cannot_leave_its_table_cell);
  g_test_add_func ("/template/a-value-cannot-redirect", a_value_cannot_change_where_a_link_goes);
  g_test_add_func ("/template/controls-are-folded", controls_and_line_breaks_are_folded);
  g_test_add_func ("/template/blanks-are-blanks", blanks_of_all_kinds_are_blanks);
  g_test_add_func ("/template/a-block-keeps-its-lines", a_block_keeps_its_lines);
  g_test_add_func ("/template/a-literal-is-exact", a_literal_is_shown_exactly);
  g_test_add_func ("/template/a-literal-in-a-list", a_literal_stays_in_its_list);
  g_test_add_func ("/template/conditions-and-lists", conditions_and_lists);
  g_test_add_func ("/template/fields-of-a-notice", fields_of_a_notice_keep_what_it_names);
  g_test_add_func ("/template/no-name-is-reserved", no_name_is_reserved);
  g_test_add_func ("/template/a-missing-field-is-named", a_missing_field_is_named);
  g_test_add_func ("/template/a-bad-template-is-refused", a_bad_template_is_refused_with_its_line);
  g_test_add_func ("/template/what-is-not-refused-compiles", what_is_not_refused_compiles);
  g_test_add_func ("/template/a-part-in-itself", a_part_that_includes_itself_is_refused);
  g_test_add_func ("/template/a-huge-value", a_huge_value_takes_time_in_proportion);
  g_test_add_func ("/template/languages-and-parts", languages_and_parts);
  g_test_add_func ("/template/a-translation-is-whole", a_translation_is_whole);
  g_test_add_func ("/template/words", words_belong_to_a_language);
  g_test_add_func ("/template/text-reads-well", text_reads_well);
  g_test_add_func ("/template/html-is-accessible", html_is_a_whole_accessible_document);
  g_test_add_func ("/template/fast", rendering_is_fast);
  g_test_add_func ("/template/words-nobody-knows-are-found", words_nobody_knows_are_found);
  g_test_add_func ("/template/language-of-a-set", the_language_of_a_set_is_that_of_its_templates);
  return g_test_run ();
}
