/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Up to the first NUL: a template.  Behind it: a value from outside, which is also put into a
 * template of ours, where it may not add a single tag to the HTML.
 */
#include "template/template.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define OURS                                                                                       \
  "Subject: A {{v}}\n\nA {{v}} b\n\n{{v}}\n\n- {{v}}\n\n> {{v}}\n\n## {{v}}\n\n"                   \
  "**{{v}}** [t](mailto:{{v}})\n\n| A | B |\n|---|---|\n| {{v}} | {{v}} |\n| {{v}} | c |\n\n"      \
  "{{l}}\n\n1. {{l}}\n\nend\n"

static TemplateFields *
fields_of (const char *value)
{
  TemplateFields *fields = template_fields_new ();
  TemplateFields *row = template_fields_add_row (fields, "rows");

  template_fields_set (fields, "v", value);
  template_fields_set_block (fields, "b", value);
  template_fields_set_literal (fields, "l", value);
  template_fields_set_list (fields, "none");
  template_fields_set (row, "v", value);
  template_fields_set_list (row, "inner");
  return fields;
}

static guint
count (const char *text, char c)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == c;
  return n;
}

static bool
shows_something (const char *value)
{
  for (const guchar *p = (const guchar *) value; *p != '\0'; p++)
    if (*p > ' ' && *p < 0x7f)
      return true;
  return false;
}

static void
render_theirs (const char *text, const TemplateFields *fields)
{
  const char *names[] = { "x.md", "parts/p.md", NULL };
  const char *texts[] = { text, "part {{v}} {{b}}\n", NULL };
  g_autoptr (TemplateSet) set = template_set_new (names, texts, NULL, NULL);
  g_auto (TemplateMail) mail = { 0 };

  if (set == NULL || !template_render (set, "x", "en", fields, &mail, NULL))
    return;
  g_assert_true (g_utf8_validate (mail.subject, -1, NULL));
  g_assert_true (g_utf8_validate (mail.text, -1, NULL));
  g_assert_true (g_utf8_validate (mail.html, -1, NULL));
  g_assert_null (strpbrk (mail.subject, "\r\n"));
  g_assert_null (strstr (mail.html, "<img"));
  g_assert_null (strstr (mail.html, "<script"));
}

static void
render_ours (const char *value, const TemplateFields *fields)
{
  static TemplateSet *set;
  static guint tags;
  g_auto (TemplateMail) mail = { 0 };

  if (set == NULL)
    {
      g_autoptr (TemplateFields) plain = fields_of ("x");
      g_auto (TemplateMail) first = { 0 };

      set = template_set_new ((const char *[]){ "x.md", NULL }, (const char *[]){ OURS, NULL },
                              NULL, NULL);
      g_assert_true (template_render (set, "x", NULL, plain, &first, NULL));
      tags = count (first.html, '<');
    }
  g_assert_true (template_render (set, "x", NULL, fields, &mail, NULL));
  g_assert_null (strpbrk (mail.subject, "\r\n"));
  /* A value with a blank or '<' in it cannot be an address: then there is no link. */
  if (shows_something (value))
    g_assert_cmpuint (count (mail.html, '<') + (strstr (mail.html, "<a ") == NULL ? 2 : 0), ==,
                      tags);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *template = g_strndup ((const char *) data, size);
  gsize length = strlen (template);
  g_autofree char *value = length < size
                             ? g_strndup ((const char *) data + length + 1, size - length - 1)
                             : g_strdup (template);
  g_autoptr (TemplateFields) fields = fields_of (value);

  render_theirs (template, fields);
  render_ours (value, fields);
  return 0;
}
