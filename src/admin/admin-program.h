/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp program check|graph|simulate|diff|show`: looks at a program definition; only diff looks at
 * an office, if there is one.
 */
#pragma once

#include "program/program.h"
#include "template/template.h"

/* What a definition is checked against: the words of case/, and the templates.  A template set is
 * opened by OPEN_TEMPLATES (NULL: templates are not checked) and given back to the other two. */
typedef struct {
  const ProgramVocabulary *words;
  gpointer (*open_templates) (const char *dir, const char *language, GError **error);
  bool (*has_template) (const char *name, gpointer templates);
  void (*close_templates) (gpointer templates);
  /* Appends what the definition and the templates of DIR say about each other; may be NULL. */
  void (*check_templates) (const Program *program, gpointer templates, const char *dir,
                           GPtrArray *findings);
  const TemplateWord *fields; /* what templates may name, or NULL */
  const char *config;         /* of an office, or NULL */
} AdminProgramHost;

/* ARGV[0] is "program".  The exit status: 0 good; 1 findings, on stdout; 2 the call or the
 * definition is wrong, on stderr with file and line.  RULES, ROSTER and TEMPLATES are the defaults
 * of --rules, --roster and --templates; ROSTER and TEMPLATES may be NULL. */
int admin_program (int argc, char **argv, const AdminProgramHost *host, const char *rules,
                   const char *roster, const char *templates);
