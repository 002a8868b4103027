/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Configuration text: what is read, and what is said about every mistake.
 */
#include "base/error.h"
#include "config/conf.h"

#include <glib/gstdio.h>
#include <string.h>

static const ConfOption leaf_schema[] = {
  { "colour", CONF_STRING, .words = "red|green|blue" },
  { NULL }
};

static const ConfOption box_schema[] = {
  { "size", CONF_INT, .fallback = "3", .min = 1, .max = 9, .help = "How big it is." },
  { "open", CONF_BOOL, .fallback = "true" },
  { "label", CONF_STRING, .required = true },
  { "tags", CONF_LIST, .fallback = "a|b" },
  { "sides", CONF_LIST, .words = "left|right" },
  { "leaf", CONF_SECTION, .section = leaf_schema, .titled = true },
  { "box", CONF_SECTION, .section = box_schema, .titled = true }, /* boxes in boxes */
  { NULL }
};

static const ConfOption schema[] = {
  { "name", CONF_STRING, .fallback = "nobody" },
  { "password", CONF_STRING, .secret = true },
  { "count", CONF_INT },
  { "box", CONF_SECTION, .section = box_schema, .titled = true },
  { "base", CONF_SECTION, .section = leaf_schema },
  { NULL }
};

static void
everything_written_is_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Conf) conf =
    conf_parse ("t",
                "# a comment with \"quotes\" and { braces\n"
                "name = \"J\xc3\xbcrg \\\"x\\\" \\${HOME}\"\n"
                "/* more\n lines */ password = '/etc/secret'\n"
                "box \"one\" {\n"
                "  label = simple size=5 open = no\n"
                "  tags = {\n    \"x,y\",\n    z } sides = {}\n"
                "  leaf 'a' { colour = red }\n"
                "  leaf b { }\n"
                "  box inner { label = x }\n"
                "}\r\n"
                "box \"two\" { label = \"two\n lines\" } base { colour = \"blue\" }",
                schema, &error);

  g_assert_no_error (error);
  const ConfNode *root = conf_root (conf), *one = conf_section (root, "box", 0),
                 *two = conf_section (root, "box", 1);

  g_assert_cmpstr (conf_string (root, "name"), ==, "J\xc3\xbcrg \"x\" ${HOME}");
  g_assert_cmpstr (conf_string (root, "password"), ==, "/etc/secret");
  g_assert_false (conf_is_set (root, "count"));
  g_assert_cmpuint (conf_n_sections (root, "box"), ==, 2);
  g_assert_null (conf_section (root, "box", 2));
  g_assert_cmpstr (conf_title (one), ==, "one");
  g_assert_cmpint (conf_line (one), ==, 5);
  g_assert_cmpint (conf_option_line (one, "tags"), ==, 7);
  g_assert_cmpint (conf_option_line (one, "leaf"), ==, 5);
  g_assert_cmpint (conf_int (one, "size"), ==, 5);
  g_assert_false (conf_bool (one, "open"));
  g_assert_cmpstr (conf_list (one, "tags")[0], ==, "x,y");
  g_assert_cmpstr (conf_list (one, "tags")[1], ==, "z");
  g_assert_null (conf_list (one, "sides")[0]);
  g_assert_true (conf_is_set (one, "sides"));
  g_assert_cmpstr (conf_string (conf_section (one, "leaf", 0), "colour"), ==, "red");
  g_assert_null (conf_string (conf_section (one, "leaf", 1), "colour"));
  g_assert_cmpstr (conf_string (conf_section (one, "box", 0), "label"), ==, "x");
  g_assert_cmpstr (conf_string (two, "label"), ==, "two\n lines");
  g_assert_cmpint (conf_line (two), ==, 14);
  g_assert_cmpint (conf_int (two, "size"), ==, 3);
  g_assert_true (conf_bool (two, "open"));
  g_assert_false (conf_is_set (two, "open"));
  g_assert_cmpstr (conf_list (two, "tags")[1], ==, "b");
  g_assert_cmpstr (conf_string (conf_section (root, "base", 0), "colour"), ==, "blue");
  g_assert_cmpstr (conf_files (conf)[0], ==, "t");
}

/* TEXT gives exactly the mistakes WANT; '|' ends a line, '*' stands for anything. */
static const struct {
  const char *name, *text, *want;
} mistakes[] = {
  { "unknown-option", "nmae = x", "t:1: unknown option 'nmae'; did you mean 'name'?" },
  { "unknown-option-far", "\nzzzzzz = { a, b }", "t:2: unknown option 'zzzzzz'; write one of: name, password, count, box, base" },
  { "unknown-section", "bax \"b\" { x = { } y { z = 1 } }", "t:1: unknown section 'bax'; did you mean 'box'?" },
  { "missing-required", "\n\nbox b {\n}", "t:3: box \"b\" lacks 'label'; write label = \"...\"" },
  { "not-a-word", "base {\n colour = gren }", "t:2: colour cannot be \"gren\"; did you mean 'green'?" },
  { "not-a-word-in-list", "box b { label=x sides = { left, up } }", "t:1: sides cannot be \"up\"; write one of: left, right" },
  { "range", "box b { label=x\nsize = 12 }", "t:2: size = \"12\" is not a number from 1 to 9; write such as size = 1" },
  { "number", "count = 1x", "t:1: count = \"1x\" is not a whole number; write digits only" },
  { "number-too-big", "count = 99999999999999999999", "t:1: count = *not a whole number*" },
  { "bool", "box b { label=x open = maybe }", "t:1: open = \"maybe\" is neither yes nor no; write true or false" },
  { "list-for-option", "name = { a, b }", "t:1: 'name' takes one value; write name = \"...\" without braces" },
  { "no-value-for-option", "name = { }", "t:1: 'name' takes one value; write name = \"...\" without braces" },
  { "duplicate-title", "box b { label = x }\nbox b { label = y }", "t:2: box \"b\" is here a second time (first t:1); give it another name" },
  { "duplicate-section", "base { }\nbase { }", "t:2: base is here a second time (first t:1); put both into one" },
  { "duplicate-option", "name = a\nname = b", "t:2: 'name' is written a second time (first on line 1); keep one of them" },
  { "section-as-option", "box = x", "t:1: 'box' is a section; write box \"NAME\" { ... }" },
  { "option-as-section", "name { x = y }", "t:1: 'name' is an option; write name = \"...\"" },
  { "list-as-section", "box b { label=x tags { \"a\" } }", "t:1: 'tags' is a list; write tags = { \"...\" }" },
  { "title-missing", "box { label = x }", "t:1: 'box' needs a name; write box \"NAME\" { ... }" },
  { "title-empty", "box \"\" { label = x }", "t:1: 'box' needs a name*" },
  { "title-too-many", "base b { }", "t:1: 'base' has no name; write base { ... }" },
  { "secret", "password = hunter2", "t:1: password must not hold the secret itself; write it into a file*" },
  { "bad-utf8", "name = \"\xff\xfe\"", "t:1: this line is not UTF-8 text; save the file as UTF-8" },
  { "control", "name = \"a\033b\"", "t:1: a control character (0x1b); remove it" },
  { "environment", "name = \"${HOME}\"", "t:1: '${' would be replaced from the environment; write \\${ for the characters" },
  { "environment-unclosed", "name = \"${HOME\"\ncount = x", "t:1: '${'*|t:2: count*" },
  { "environment-bare", "name = ${HOME}", "t:1: '$' cannot stand here; put text in double quotes" },
  { "escape", "name = \"C:\\dir\"", "t:1: a backslash before 'd' means nothing here; write \\\\ for a backslash" },
  { "plus", "name += x", "t:1: '+=' adds to nothing; write name = { ... } with all values" },
  { "umlaut", "name = Jürg", "t:1: 'ü' cannot stand here; put text in double quotes" },
  { "unclosed-section", "base {\n\n", "t:1: section 'base' is not closed; write } at its end" },
  { "unclosed-text", "\nname = \"x\n\n\n", "t:2: this text does not end; write \" after it" },
  { "unclosed-comment", "name = x /* \n", "t:1: this comment does not end; write */ after it" },
  { "unclosed-list", "box b { tags = { a", "t:1: the list of 'tags' is not closed; write } after it" },
  { "too-many-closed", "base { } }", "t:1: there is nothing to close here; remove the }" },
  { "comma-missing", "box b { tags = { a b } }", "t:1: a comma is missing before 'b' in the list of 'tags'*" },
  { "comma-too-many", "box b { tags = { a, } }", "t:1: '}' cannot stand in the list of 'tags'*" },
  { "no-equals", "name\ncount = 1", "t:1: 'name' is followed by neither '=' nor '{'*" },
  { "only-equals", "=", "t:1: '=' cannot begin a statement*" },
  { "path-name", "box=b|label = x", "t:1: 'box' is a section*\nt:1: '|' cannot stand here*" },
  { "function", "launch(\"x\")", "t:1: 'launch (' is nothing known*" },
  { "include-in-memory", "include(\"x\")", "t:1: a file cannot be included here; write its text instead" },
  { "include-in-section", "base { include(\"x\") }", "t:1: an include cannot stand inside a section; write it outside of all braces" },
  { "too-deep", "box a{label=x box a{label=x box a{label=x box a{label=x box a{label=x box a{label=x box a{label=x box a{label=x box a{label=x",
    "t:1: sections are nested more than 8 deep*" },
  { "all-at-once", "nmae = x\ncount = y\nbase { colour = rad }\nbox \"b\" { sise = 2 }",
    "t:1: unknown option 'nmae'*|t:4: unknown option 'sise'*|t:2: count*|t:3: colour*'red'?|t:4: box \"b\" lacks 'label'*" },
};

static void
assert_mistakes (const GError *error, const char *want)
{
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_auto (GStrv) got = g_strsplit (error->message, "\n", -1);
  g_auto (GStrv) patterns = strchr (want, '|') == NULL || strstr (want, "'|'") != NULL
                              ? g_strsplit (want, "\n", -1) : g_strsplit (want, "|", -1);

  if (g_strv_length (got) != g_strv_length (patterns))
    g_error ("wanted: %s\ngot: %s", want, error->message);
  for (guint i = 0; got[i] != NULL; i++)
    {
      g_autoptr (GString) pattern = g_string_new (patterns[i]);

      g_string_replace (pattern, "'?", "'\001", 0); /* a question mark is itself */
      g_string_replace (pattern, "\001", "?", 0);
      if (!g_pattern_match_simple (pattern->str, got[i]))
        g_error ("wanted: %s\ngot: %s", patterns[i], got[i]);
    }
}

static void
a_mistake_names_its_line_and_a_remedy (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (conf_parse ("t", mistakes[i].text, schema, &error));
  assert_mistakes (error, mistakes[i].want);
}

/* --- includes -------------------------------------------------------------- */

#define N_FILES 4
static Conf *
read_files (const char *const *names, const char *const *texts, GError **error)
{
  GBytes *bytes[N_FILES] = { NULL };

  for (guint i = 0; names[i] != NULL; i++)
    bytes[i] = g_bytes_new_static (texts[i], strlen (texts[i]));
  Conf *conf = conf_read_files (names, bytes, schema, error);
  for (guint i = 0; names[i] != NULL; i++)
    g_bytes_unref (bytes[i]);
  return conf;
}

static void
includes_are_read_where_they_stand (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Conf) conf = read_files (
    (const char *const[]){ "a.conf", "d/b.conf", "d/c.conf", NULL },
    (const char *const[]){ "box 1 { label = x }\ninclude(\"d/b.conf\")\nbox 4 { label = x }",
                           "box 2 { label = x } include(\"c.conf\")", "\n\nbox 3 { label = x }" },
    &error);

  g_assert_no_error (error);
  const ConfNode *root = conf_root (conf);

  for (int i = 0; i < 4; i++)
    g_assert_cmpint (conf_title (conf_section (root, "box", i))[0], ==, '1' + i);
  g_assert_cmpstr (conf_file (conf_section (root, "box", 2)), ==, "d/c.conf");
  g_assert_cmpint (conf_line (conf_section (root, "box", 2)), ==, 3);
  g_assert_cmpuint (g_strv_length ((char **) conf_files (conf)), ==, 3);
  g_assert_cmpuint (g_bytes_get_size (conf_file_bytes (conf, 2)), ==, 21);
}

static const struct {
  const char *name, *a, *b, *want;
} includes[] = {
  { "cycle", "\ninclude(\"b\")", "include(\"a\")", "b:1: a includes itself; remove this include" },
  { "self", "include(\"a\")", "", "a:1: a includes itself; remove this include" },
  { "twice", "include(\"b\")\ninclude(\"b\")", "", "a:2: b is included a second time; remove one of the includes" },
  { "absent", "include(\"c\")", "", "a:1: cannot read: there is no c; check*" },
  { "absolute", "include(\"/etc/passwd\")", "", "a:1: \"/etc/passwd\" cannot be included; write the name of a file in this folder or below it" },
  { "above", "include(\"../b\")", "", "a:1: \"../b\" cannot be included*" },
  { "all-at-once", "include(\"b\")\nnmae = x\nname = \"", "count = x", "a:2: unknown*|a:3: this text does not end*|b:1: count*" },
};

static void
a_wrong_include_is_refused (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;

  g_assert_null (read_files ((const char *const[]){ "a", "b", NULL },
                             (const char *const[]){ includes[i].a, includes[i].b }, &error));
  assert_mistakes (error, includes[i].want);
}

static void
files_are_read_from_the_disk (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("conf-XXXXXX", NULL);
  g_autofree char *a = g_build_filename (dir, "a.conf", NULL),
                  *b = g_build_filename (dir, "b.conf", NULL);

  g_assert_true (g_file_set_contents (a, "include(\"b.conf\")", -1, NULL));
  g_assert_true (g_file_set_contents (b, "name = x", -1, NULL));
  g_autoptr (Conf) conf = conf_read (a, schema, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (conf_string (conf_root (conf), "name"), ==, "x");

  g_assert_null (conf_read (dir, schema, &error)); /* a folder */
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_null (conf_read ("/nonexistent/x", schema, &error));
  g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
  g_unlink (a);
  g_unlink (b);
  g_rmdir (dir);
}

static void
too_much_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *big = g_strnfill (1024 * 1024 + 1, ' ');
  g_autofree char *word = g_strnfill (20000, 'x');
  g_autofree char *text = g_strdup_printf ("name = \"%s\"", word);
  g_autoptr (GString) many = g_string_new (NULL);

  g_assert_null (conf_parse ("t", big, schema, &error));
  assert_mistakes (error, "t: the file is too long*");
  g_clear_error (&error);
  g_assert_null (conf_parse ("t", text, schema, &error));
  assert_mistakes (error, "t:1: this text is too long*");
  g_clear_error (&error);
  for (int i = 0; i < 20001; i++)
    g_string_append (many, "count=1\n");
  g_assert_null (conf_parse ("t", many->str, schema, &error));
  assert_mistakes (error, "t:20001: more than 20000 statements*");
}

static void
a_schema_describes_itself (void)
{
  g_autofree char *text = conf_describe (schema);

  g_assert_nonnull (strstr (text, "password = path of a file\n"));
  g_assert_nonnull (
    strstr (text, "    size = number from 1 to 9 (default: 3)\n          How big it is.\n"));
  g_assert_nonnull (strstr (text, "    label = text (required)\n"));
}

static char *
differences (const char *before, const char *after)
{
  g_autoptr (Conf) a = conf_parse ("a", before, schema, NULL),
                   b = conf_parse ("b", after, schema, NULL);
  g_autoptr (GPtrArray) found = conf_diff (conf_root (a), conf_root (b));
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const ConfDifference *d = found->pdata[i];
      g_autofree char *text = conf_difference_text (d);

      g_string_append_printf (out, "%s:%d: %s\n", d->file, d->line, text);
    }
  return g_string_free (out, FALSE);
}

static void
two_trees_are_compared (void)
{
  static const char before[] =
    "name = n box \"one\" { label = x tags = { a, b } leaf \"l\" { colour = red } }\n"
    "box \"two\" { label = y } box \"gone\" { label = z }";
  static const struct {
    const char *after, *want;
  } pairs[] = {
    { before, "" },
    { "# layout and defaults do not count\nbox one {\nlabel = x size = 3 leaf l { colour = red } }\n"
      "box two { label = y }\nbox gone { label = z }\nname = n", "" },
    { "name = m box \"one\" { label = x size = 4 open = no\n tags = { b, c } leaf \"l\" { } }\nbox \"gone\" { label = z }\n"
      "box \"two\" { label = y box \"in\" { label = q } }\nbox \"more\" { label = r }",
      "b:1: name is now \"m\", was \"n\"\n"
      "b:1: box \"one\": size is now \"4\", was \"3\"\n"
      "b:1: box \"one\": open is now \"false\", was \"true\"\n"
      "b:2: box \"one\": tags now has \"c\"; tags no longer has \"a\"\n"
      "b:2: box \"one\", leaf \"l\": colour is no longer set, was \"red\"\n"
      "b:4: box \"two\", box \"in\" is new\n"
      "b:5: box \"more\" is new\n"
      "b:1: the order of box is another one\n" },
    { "name = n box \"one\" { label = x tags = { b, a } leaf \"l\" { colour = red } }\nbox \"two\" { label = y }\nbase { }",
      "b:1: box \"one\": tags is in another order\n"
      "a:2: box \"gone\" is gone\n"
      "b:3: base is new\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *found = differences (before, pairs[i].after);

      g_assert_cmpstr (found, ==, pairs[i].want);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conf/everything-written-is-read", everything_written_is_read);
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/conf/mistake/%s", mistakes[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), a_mistake_names_its_line_and_a_remedy);
    }
  g_test_add_func ("/conf/includes-are-read-where-they-stand", includes_are_read_where_they_stand);
  for (gsize i = 0; i < G_N_ELEMENTS (includes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/conf/include/%s", includes[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), a_wrong_include_is_refused);
    }
  g_test_add_func ("/conf/files-are-read-from-the-disk", files_are_read_from_the_disk);
  g_test_add_func ("/conf/too-much-is-refused", too_much_is_refused);
  g_test_add_func ("/conf/two-trees-are-compared", two_trees_are_compared);
  g_test_add_func ("/conf/a-schema-describes-itself", a_schema_describes_itself);
  return g_test_run ();
}
