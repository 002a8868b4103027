/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resources of a form (/DR), with which viewers make what has no appearance of its own.
 *
 * Fonts for new appearances may be added.  Nothing that was there may change, and nothing may be
 * added that was missing: what was signed would be shown with it from then on.
 */
#include <string.h>

#include "document/pdf-private.h"

/* The names of "/F1 12 Tf 0 g", without the slash, into NAMES. */
static void
add_names (const PdfDoc *doc, qpdf_oh text, GHashTable *names)
{
  g_autofree char *words = pdf_text (doc, text);

  for (const char *at = strchr (words, '/'); at != NULL; at = strchr (at, '/'))
    {
      gsize n = strcspn (++at, " \t\r\n\f()<>[]{}/%");
      g_autofree char *name = g_strndup (at, n);
      GString *plain = g_string_new (NULL);

      /* "#46" is how a name writes any octet. */
      for (const char *c = name; *c != '\0'; c++)
        if (c[0] == '#' && g_ascii_isxdigit (c[1]) && g_ascii_isxdigit (c[2]))
          {
            g_string_append_c (
              plain, (char) (g_ascii_xdigit_value (c[1]) * 16 + g_ascii_xdigit_value (c[2])));
            c += 2;
          }
        else
          g_string_append_c (plain, *c);
      g_hash_table_add (names, g_string_free (plain, FALSE));
    }
}

static bool
is_written (const PdfDoc *doc, qpdf_oh value)
{
  g_autofree char *text = pdf_text (doc, value);

  return value != 0 && (!qpdf_oh_is_string (doc->q, value) || text[0] != '\0');
}

/* It is drawn as it is, in the state that it is in.  Else some viewers draw it anew; what is off
 * they leave alone. */
static bool
has_look (const PdfDoc *doc, qpdf_oh annotation, bool is_button)
{
  qpdf_oh look = pdf_get (doc, pdf_get (doc, annotation, "/AP"), "/N"),
          state = pdf_get (doc, annotation, "/AS");

  if (look == 0 || qpdf_oh_is_stream (doc->q, look))
    return look != 0;
  if (state == 0 || !qpdf_oh_is_name (doc->q, state))
    return false;
  g_autofree char *name = g_strdup (qpdf_oh_get_name (doc->q, state));
  look = pdf_get (doc, look, name);
  return (is_button && strcmp (name, "/Off") == 0)
         || (look != 0 && qpdf_oh_is_stream (doc->q, look));
}

static bool
is_remade (const PdfDoc *doc)
{
  qpdf_oh form = pdf_get (doc, qpdf_get_root (doc->q), "/AcroForm"),
          needed = pdf_get (doc, form, "/NeedAppearances");

  return needed != 0 && qpdf_oh_is_bool (doc->q, needed) && qpdf_oh_get_bool_value (doc->q, needed);
}

/* A viewer writes something there, by itself.  REMADE: even where it is drawn already. */
static bool
is_written_anew (const PdfDoc *doc, const PdfField *field, bool remade)
{
  qpdf_oh captions = pdf_get (doc, field->dict, "/MK");
  bool speaks = (strcmp (field->type, "Sig") != 0 && is_written (doc, field->value))
                || pdf_get (doc, field->dict, "/Opt") != 0 || pdf_get (doc, captions, "/CA") != 0
                || pdf_get (doc, captions, "/RC") != 0 || pdf_get (doc, captions, "/AC") != 0;

  return speaks && (field->terminal || pdf_get (doc, field->dict, "/Rect") != 0)
         && (remade || !has_look (doc, field->dict, strcmp (field->type, "Btn") == 0));
}

/* It says how it is written, or the form does where a viewer does not understand it.  Some have
 * names of their own for what neither says, and for the mark in a box. */
static void
add_names_of_fields (const PdfCompare *c, qpdf_oh form, GHashTable *names)
{
  static const char *const known[] = { "Helv", "Helvetica", "ZaDb" };
  bool remade = is_remade (c->then);

  for (guint i = 0; i < c->fields_then->len; i++)
    {
      const PdfField *f = c->fields_then->pdata[i];

      if (!is_written_anew (c->then, f, remade))
        continue;
      add_names (c->then, f->text, names);
      add_names (c->then, pdf_get (c->then, form, "/DA"), names);
      for (guint k = 0; k < G_N_ELEMENTS (known); k++)
        g_hash_table_add (names, g_strdup (known[k]));
    }
}

static void
add_names_of_notes (const PdfDoc *doc, GHashTable *names)
{
  bool too_deep = false;
  g_autoptr (GArray) pages = pdf_pages (doc, &too_deep);

  for (guint p = 0; p < pages->len; p++)
    {
      qpdf_oh annotations = pdf_get (doc, g_array_index (pages, qpdf_oh, p), "/Annots");

      for (guint i = 0; i < pdf_length (doc, annotations); i++)
        {
          qpdf_oh one = pdf_item (doc, annotations, i);

          if (pdf_is_name (doc, pdf_get (doc, one, "/Subtype"), "/FreeText")
              && !has_look (doc, one, false))
            add_names (doc, pdf_get (doc, one, "/DA"), names);
        }
    }
}

/* What is shown with a resource that has one of these names. */
static GHashTable *
names_in_use (const PdfCompare *c)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_names_of_fields (c, pdf_get (c->then, qpdf_get_root (c->then->q), "/AcroForm"), names);
  add_names_of_notes (c->then, names);
  return names;
}

static void
compare_kind (PdfCompare *c, const char *kind, qpdf_oh a, qpdf_oh b)
{
  g_autoptr (GPtrArray) names = pdf_keys (c->then, a);
  bool same = a == 0 || names->len > 0 || pdf_same (c->then, a, c->now, b, c->compared, c->met);

  for (guint i = 0; same && i < names->len; i++)
    same = pdf_same (c->then, pdf_get (c->then, a, names->pdata[i]), c->now,
                     pdf_get (c->now, b, names->pdata[i]), c->compared, c->met);
  if (!same)
    pdf_changed (c, false, "form: its resources (%s) were changed", kind + 1);
}

static void
judge_added (PdfCompare *c, const char *kind, qpdf_oh a, qpdf_oh b, GHashTable **in_use)
{
  g_autoptr (GPtrArray) names = pdf_keys (c->now, b);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];

      if (pdf_get (c->then, a, name) != 0)
        continue;
      if (*in_use == NULL)
        *in_use = names_in_use (c);
      if (g_hash_table_contains (*in_use, name + 1))
        pdf_changed (c, false,
                     "form: %s %s was missing and was added; what was signed is shown with it",
                     kind + 1, name);
    }
}

void
pdf_compare_resources (PdfCompare *c, qpdf_oh a, qpdf_oh b)
{
  g_autoptr (GPtrArray) before = pdf_keys (c->then, a);
  g_autoptr (GPtrArray) after = pdf_keys (c->now, b);
  GHashTable *in_use = NULL;

  for (guint i = 0; i < before->len; i++)
    compare_kind (c, before->pdata[i], pdf_get (c->then, a, before->pdata[i]),
                  pdf_get (c->now, b, before->pdata[i]));
  for (guint i = 0; i < after->len; i++)
    judge_added (c, after->pdata[i], pdf_get (c->then, a, after->pdata[i]),
                 pdf_get (c->now, b, after->pdata[i]), &in_use);
  g_clear_pointer (&in_use, g_hash_table_unref);
}

void
pdf_compare_text (PdfCompare *c, qpdf_oh a, qpdf_oh b)
{
  bool remade = is_remade (c->then), unseen = false;

  /* What has no word of its own on how, or none that a viewer understands, is not written yet. */
  for (guint i = 0; i < c->fields_then->len && !unseen; i++)
    unseen = is_written_anew (c->then, c->fields_then->pdata[i], remade);
  if ((a != 0 || unseen) && !pdf_same (c->then, a, c->now, b, c->compared, c->met))
    pdf_changed (c, false, "form: how its text looks was changed");
}
