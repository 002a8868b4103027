/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is there in the languages that people may write in, and what is not.
 */
#include "admin/admin-check.h"

#include <string.h>

#include "base/fold.h"
#include "config/conf.h"
#include "outbox/outbox.h"

enum { NAMES_SHOWN = 3 };

static bool
is_for_staff (const char *name)
{
  const OutboxOwnNotice *own = outbox_own_notices;

  while (own->name != NULL && strcmp (own->name, name) != 0)
    own++;
  return own->name != NULL && own->staff;
}

static bool
goes_outside (const ProgramNotice *notice)
{
  const char *const *to = (const char *const *) notice->to;

  return (g_strv_contains (to, "applicant") || g_strv_contains (to, "sender"))
         && !is_for_staff (notice->name);
}

/* One line a language: how many notices people get in the program's own, and some of them by
 * name. */
static void
check_notices (const Program *program, const TemplateSet *templates,
               const ProgramLanguage *language, GPtrArray *findings)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint all = 0, n = 0;

  for (guint i = 0; i < program->notices->len; i++)
    {
      const ProgramNotice *notice = program->notices->pdata[i];

      if (!goes_outside (notice) || !template_set_has (templates, notice->name))
        continue;
      all++;
      if (strcmp (template_set_language (templates, notice->name, language->tag), language->tag)
          == 0)
        continue;
      if (n++ < NAMES_SHOWN)
        g_string_append_printf (names, "%s%s", n > 1 ? ", " : "", notice->name);
    }
  if (n > 0)
    conf_mistake (findings, language->place.file, language->place.line,
                  "warning: %u of %u notices to people outside have no template in %s/ and go out "
                  "in the program's own language: %s%s",
                  n, all, language->tag, names->str, n > NAMES_SHOWN ? ", ..." : "");
}

static bool
is_label_of (const ProgramField *field, const char *label)
{
  g_autofree char *wanted = fold_words (label), *own = fold_words (field->label);
  bool is = strcmp (wanted, own) == 0;

  for (char **alias = field->aliases; !is && *alias != NULL; alias++)
    {
      g_autofree char *other = fold_words (*alias);

      is = strcmp (wanted, other) == 0;
    }
  return is;
}

/* A form goes out with its labels in the reader's language, and comes back with them. */
static void
check_labels (const Program *program, const Words *words, const ProgramLanguage *language,
              GPtrArray *findings)
{
  for (guint i = 0; i < program->forms->len; i++)
    {
      const ProgramForm *form = program->forms->pdata[i];

      for (guint k = 0; k < form->fields->len; k++)
        {
          const ProgramField *field = form->fields->pdata[k];
          const char *label = words_find (words, field->label);

          if (label != NULL && !is_label_of (field, label))
            conf_mistake (findings, field->place.file, field->place.line,
                          "in %s the label is \"%s\", which would not be read when the form comes "
                          "back; add it to aliases",
                          language->title, label);
        }
    }
}

void
admin_check_languages (const Program *program, const TemplateSet *templates, const char *dir,
                       GPtrArray *findings)
{
  g_auto (GStrv) tags = template_set_languages (templates);

  for (guint i = 0; i < program->languages->len; i++)
    {
      const ProgramLanguage *language = program->languages->pdata[i];

      if (language == program_language (program, program->language))
        continue;
      check_notices (program, templates, language, findings);
      check_labels (program, template_set_words (templates, language->tag), language, findings);
    }
  for (char **tag = tags; *tag != NULL; tag++)
    if (program_language (program, *tag) == NULL)
      {
        g_autofree char *folder = g_build_filename (dir, *tag, NULL);

        conf_mistake (findings, folder, 1,
                      "warning: nobody gets these templates; write language \"%s\" { title = ... "
                      "}, or remove them",
                      *tag);
      }
}
