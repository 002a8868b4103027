/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fills in a notice: the subject, and the body as text and as HTML.
 */
#include "template/template-internal.h"

#include "base/error.h"

#include <string.h>

void
template_mail_clear (TemplateMail *mail)
{
  g_clear_pointer (&mail->subject, g_free);
  g_clear_pointer (&mail->text, g_free);
  g_clear_pointer (&mail->html, g_free);
}

static void
set_missing (GError **error, const char *name, const char *field, const GError *why)
{
  if (field != NULL)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "template %s: there is no field '%s'", name,
                 field);
  else
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "template %s: %s", name, why->message);
}

/* template-glib names what it misses only in its message: No such symbol "x" in scope. */
static char *
missing_in (const GError *why)
{
  bool symbol = g_error_matches (why, TMPL_ERROR, TMPL_ERROR_MISSING_SYMBOL) ||
                g_error_matches (why, TMPL_ERROR, TMPL_ERROR_NO_SUCH_PROPERTY);
  g_auto (GStrv) pieces = g_strsplit (why->message, "\"", 3);

  if (!symbol || g_strv_length (pieces) != 3 || !g_str_has_prefix (pieces[1], NAME_PREFIX))
    return NULL;
  return g_strdup (pieces[1] + strlen (NAME_PREFIX));
}

static char *
expand (TmplTemplate *template, const char *name, const TemplateFields *fields, GError **error)
{
  g_autoptr (TmplScope) scope = template_fields_scope (fields);
  g_autoptr (GError) why = NULL;
  g_autofree char *text = tmpl_template_expand_string (template, scope, &why);
  const char *missing = template_fields_take_missing (fields);

  if (text != NULL && missing == NULL)
    return g_steal_pointer (&text);
  g_autofree char *symbol = why != NULL ? missing_in (why) : NULL;

  set_missing (error, name, missing != NULL ? missing : symbol, why);
  return NULL;
}

bool
template_render (const TemplateSet *set, const char *name, const char *lang,
                 const TemplateFields *fields, TemplateMail *mail, GError **error)
{
  TemplateNotice *notice = template_set_find (set, name, lang);

  if (notice == NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "there is no template '%s'", name);
      return false;
    }
  if (!template_notice_compile (set, notice, error))
    return false;
  g_autofree char *subject = expand (notice->subject, name, fields, error);

  if (subject == NULL)
    return false;
  g_autofree char *body = expand (notice->body, name, fields, error);

  if (body == NULL)
    return false;
  g_autofree char *markdown = template_lines (body);
  g_autoptr (cmark_node) document = template_parse (markdown);

  mail->subject = template_unescape (subject);
  mail->text = template_text (document);
  mail->html = template_html (document, notice->lang, mail->subject);
  return true;
}
