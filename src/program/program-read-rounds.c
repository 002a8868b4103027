/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the office does by itself, at its hours: digests for its people, and looking after what
 * waits for a person.
 */
#include "program/program-private.h"

#include <string.h>

static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday",    NULL };

static guint
read_weekdays (ProgramReader *r, const ConfNode *node)
{
  guint set = 0;

  for (const char *const *day = conf_list (node, "on"); *day != NULL; day++)
    {
      guint i = 0;

      program_refer (r, node, "on", *day, "day of the week", weekdays);
      while (weekdays[i] != NULL && strcmp (weekdays[i], *day) != 0)
        i++;
      set |= weekdays[i] != NULL ? 1U << i : 0;
    }
  if (set == 0)
    program_mistake (r, node, "on", "digest \"%s\" never comes; write such as on = { \"monday\" }",
                     conf_title (node));
  return set;
}

static ProgramDigest *
read_digest (ProgramReader *r, const ConfNode *node)
{
  ProgramDigest *digest = g_new0 (ProgramDigest, 1);
  const char *at = conf_string (node, "at");

  digest->place = program_place (node);
  digest->name = g_strdup (conf_title (node));
  digest->notice = g_strdup (conf_string (node, "notice"));
  digest->minutes = program_minutes (at);
  digest->weekdays = read_weekdays (r, node);
  digest->whole = conf_bool (node, "whole");
  program_refer (r, node, "notice", digest->notice, "notice", r->notices);
  if (digest->minutes < 0)
    program_mistake (r, node, "at", "\"%s\" is no hour; write such as \"07:30\"", at);
  return digest;
}

static void
read_held (ProgramReader *r, const ConfNode *node, ProgramHeld *held)
{
  g_autoptr (GError) error = NULL;

  held->within = (Span){ 0, SPAN_DAYS };
  if (node == NULL)
    return;
  if (!span_parse (conf_string (node, "within"), &held->within, &error))
    program_mistake (r, node, "within", "%s", error->message);
  else if (held->within.n <= 0)
    program_mistake (r, node, "within", "nobody can answer within \"%s\"",
                     conf_string (node, "within"));
  held->half = g_strdup (conf_string (node, "half"));
  held->over = g_strdup (conf_string (node, "over"));
  program_refer (r, node, "half", held->half, "notice", r->notices);
  program_refer (r, node, "over", held->over, "notice", r->notices);
}

void
program_read_rounds (ProgramReader *r)
{
  const ConfNode *node;

  r->program->digests = g_ptr_array_new_with_free_func (program_digest_free);
  for (guint i = 0; (node = conf_section (r->root, "digest", i)) != NULL; i++)
    g_ptr_array_add (r->program->digests, read_digest (r, node));
  node = conf_section (r->root, "held", 1);
  if (node != NULL)
    program_mistake (r, node, NULL, "this is a second section held; keep one");
  read_held (r, conf_section (r->root, "held", 0), &r->program->held);
}
