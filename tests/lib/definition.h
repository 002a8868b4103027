/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grants program of tests/programs as texts that a test may change.
 */
#pragma once

#include "case/case.h"

#include <string.h>

static const char *const definition_names[] = { "program.conf", "cases/grant.conf", "roster.conf",
                                                NULL };
/* As they lie in the folder. */
static const char *const definition_files[] = { "program.conf", "cases/grant.conf",
                                                "roster.conf.example" };
#define DEFINITION_FILES 3

typedef struct { char *texts[DEFINITION_FILES]; } Definition;

static inline char *
definition_dir (void)
{
  return g_build_filename (g_getenv ("top_srcdir") != NULL ? g_getenv ("top_srcdir") : ".",
                           "tests/programs/grants/rules", NULL);
}

static inline Definition
definition_read (void)
{
  Definition d = { { NULL } };
  g_autofree char *dir = definition_dir ();

  for (int i = 0; i < DEFINITION_FILES; i++)
    {
      g_autofree char *name = g_build_filename (dir, definition_files[i], NULL);

      g_assert_true (g_file_get_contents (name, &d.texts[i], NULL, NULL));
    }
  return d;
}

static inline void
definition_clear (Definition *d)
{
  for (int i = 0; i < DEFINITION_FILES; i++)
    g_free (d->texts[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Definition, definition_clear)

/* Write INSTEAD for the one FIND; "FILE:LINE" of where it now stands goes to PLACE. */
static inline void
definition_change (Definition *d, const char *find, const char *instead, char place[64])
{
  for (int i = 0; i < DEFINITION_FILES; i++)
    {
      char *at = strstr (d->texts[i], find);

      if (at == NULL)
        continue;
      int line = 1;
      for (const char *c = d->texts[i]; c < at; c++)
        line += *c == '\n';
      g_snprintf (place, 64, "%s:%d", definition_names[i], line);
      *at = '\0';
      char *changed = g_strconcat (d->texts[i], instead, at + strlen (find), NULL);
      g_free (d->texts[i]);
      d->texts[i] = changed;
      return;
    }
  g_error ("the grants program has no: %s", find);
}

/* ROSTER: with the people. */
static inline Program *
definition_program (const Definition *d, bool roster, GError **error)
{
  GBytes *bytes[DEFINITION_FILES];
  const char *const names[] = { definition_names[0], definition_names[1],
                                roster ? definition_names[2] : NULL, NULL };

  for (int i = 0; i < DEFINITION_FILES; i++)
    bytes[i] = g_bytes_new (d->texts[i], strlen (d->texts[i]));
  Program *program = program_read_files (names, bytes, &case_vocabulary, error);
  for (int i = 0; i < DEFINITION_FILES; i++)
    g_bytes_unref (bytes[i]);
  return program;
}
