/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a program definition: read or refused with a line; what is read can be checked,
 * drawn, shown, and read again from what it keeps.  A form feed begins the roster.
 */
#include "base/error.h"
#include "case/case.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static bool
has_template (const char *name, gpointer data)
{
  return strlen (name) % 2 == 0;
}

static void
use (const Program *program)
{
  static const char *const topics[] = {
    "states",  "roles",  "people", "editions", "forms",
    "notices", "timers", "triage", "files",    "holidays 2026"
  };
  g_autoptr (GPtrArray) findings = program_check (program, has_template, NULL);

  for (guint i = 0; i < findings->len; i++)
    program_finding_is_warning (findings->pdata[i]);
  for (guint i = 0; i < program->case_types->len; i++)
    {
      g_autofree char *dot = program_graph (program, program->case_types->pdata[i]);

      g_assert_true (g_utf8_validate (dot, -1, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    {
      g_autofree char *text = program_show (program, topics[i], NULL);

      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  const guint8 *second = size > 0 ? memchr (data, '\f', size) : NULL;
  gsize n = second != NULL ? (gsize) (second - data) : size;
  g_autoptr (GBytes) a = g_bytes_new (data, n);
  g_autoptr (GBytes) b = second != NULL ? g_bytes_new (second + 1, size - n - 1) : NULL;
  const char *const names[] = { "program.conf", b != NULL ? "roster.conf" : NULL, NULL };
  GBytes *const texts[] = { a, b };
  g_autoptr (Program) program = program_read_files (names, texts, &case_vocabulary, &error);

  if (program == NULL)
    {
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      return 0;
    }
  use (program);
  g_autoptr (Program) again = program_read_files (names, texts, &case_vocabulary, NULL);
  g_assert_cmpstr (again->version, ==, program->version);
  return 0;
}
