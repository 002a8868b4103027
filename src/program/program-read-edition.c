/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the editions of the standards: elements and the documents that show them.
 */
#include "program/program-private.h"

#include <string.h>

#define MAX_STARS 8 /* in a file name: each multiplies the work of matching it */

static void
check_names (ProgramReader *r, const ConfNode *node, char **names)
{
  for (char **name = names; *name != NULL; name++)
    {
      guint stars = 0;

      for (const char *c = *name; *c != '\0'; c++)
        stars += *c == '*';
      if (stars > MAX_STARS || strlen (*name) > 200)
        program_mistake (r, node, "names",
                         "\"%.40s...\" is too long a pattern; write at most %d stars", *name,
                         MAX_STARS);
      else if (strspn (*name, "*? ") == strlen (*name))
        program_mistake (r, node, "names", "\"%s\" means any file; write such as \"*budget*\"",
                         *name);
    }
}

/* A document is signed by somebody of an organization, whom staff introduce; people of the office
 * sign their commands. */
static void
check_signer (ProgramReader *r, const ConfNode *node, const char *name)
{
  const ProgramRole *role = name != NULL ? program_role (r->program, name) : NULL;

  if (role != NULL && role->kind != ROLE_OUTSIDE)
    program_mistake (
      r, node, "signed",
      "'%s' is a staff role; people of an organization sign: name a role of kind = outside", name);
}

static ProgramDocument *
read_document (ProgramReader *r, const ConfNode *node)
{
  ProgramDocument *document = g_new0 (ProgramDocument, 1);

  document->place = program_place (node);
  document->name = g_strdup (conf_title (node));
  document->title = g_strdup (conf_string (node, "title"));
  document->required = conf_bool (node, "required");
  document->types = g_strdupv ((char **) conf_list (node, "types"));
  document->names = g_strdupv ((char **) conf_list (node, "names"));
  document->words = g_strdupv ((char **) conf_list (node, "words"));
  document->form = g_strdup (conf_string (node, "form"));
  document->hint = g_strdup (conf_string (node, "hint"));
  document->per_party = strcmp (conf_string (node, "per"), "party") == 0;
  document->signed_by = g_strdup (conf_string (node, "signed"));
  document->signature = g_strdup (conf_string (node, "signature"));
  program_refer (r, node, "signed", document->signed_by, "role", r->roles);
  check_signer (r, node, document->signed_by);
  check_names (r, node, document->names);
  for (char **type = document->types; *type != NULL; type++)
    if (strchr (*type, '/') == NULL)
      program_mistake (r, node, "types",
                       "\"%s\" is no media type; write such as \"application/pdf\"", *type);
  program_check_template (r, node, "form", document->form);
  return document;
}

static ProgramElement *
read_element (ProgramReader *r, const ConfNode *node)
{
  ProgramElement *element = g_new0 (ProgramElement, 1);
  const ConfNode *document;

  element->place = program_place (node);
  element->name = g_strdup (conf_title (node));
  element->title = g_strdup (conf_string (node, "title"));
  element->group = g_strdup (conf_string (node, "group"));
  element->help = g_strdup (conf_string (node, "help"));
  element->unless = g_strdup (conf_string (node, "unless"));
  if (element->unless != NULL
      && (strchr (element->unless, ' ') == NULL || strchr (element->unless, ' ')[1] == '\0'))
    program_mistake (r, node, "unless", "\"%s\" is no field and value; write such as \"small yes\"",
                     element->unless);
  element->documents = g_ptr_array_new_with_free_func (program_document_free);
  for (guint i = 0; (document = conf_section (node, "document", i)) != NULL; i++)
    g_ptr_array_add (element->documents, read_document (r, document));
  return element;
}

static ProgramEdition *
read_edition (ProgramReader *r, const ConfNode *node)
{
  ProgramEdition *edition = g_new0 (ProgramEdition, 1);
  const ConfNode *element;

  edition->place = program_place (node);
  edition->name = g_strdup (conf_title (node));
  edition->title = g_strdup (conf_string (node, "title"));
  edition->findings = g_strdupv ((char **) conf_list (node, "findings"));
  edition->passing = g_strdupv ((char **) conf_list (node, "passing"));
  edition->elements = g_ptr_array_new_with_free_func (program_element_free);
  program_refer_all (r, node, "passing", "finding", conf_list (node, "findings"));
  for (guint i = 0; (element = conf_section (node, "element", i)) != NULL; i++)
    g_ptr_array_add (edition->elements, read_element (r, element));
  return edition;
}

void
program_read_editions (ProgramReader *r)
{
  const ConfNode *node;

  r->program->editions = g_ptr_array_new_with_free_func (program_edition_free);
  for (guint i = 0; (node = conf_section (r->root, "edition", i)) != NULL; i++)
    g_ptr_array_add (r->program->editions, read_edition (r, node));
}
