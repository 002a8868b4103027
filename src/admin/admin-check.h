/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a definition and its templates say about each other.
 */
#pragma once

#include "program/program.h"
#include "template/template.h"

/* Appends to FINDINGS, as program_check() does: words of templates in DIR that nobody knows,
 * notices the office sends by itself that are not there; and as warnings, notices nothing sends and
 * templates nothing uses. */
void admin_check_mail (const Program *program, const TemplateSet *templates, const char *dir,
                       GPtrArray *findings);
/* And what is not there in a language people may write in: a warning for notices, a line a
 * language. */
void admin_check_languages (const Program *program, const TemplateSet *templates, const char *dir,
                            GPtrArray *findings);
