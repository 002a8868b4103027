/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as configuration: read or refused with a line, and our scan and
 * libconfuse agree on what they mean.  A form feed begins a second file, "b".
 */
#include "base/error.h"
#include "config/conf.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const ConfOption leaf_schema[] = {
  { "word", CONF_STRING, .words = "red|green" },
  { NULL }
};

static const ConfOption box_schema[] = {
  { "n", CONF_INT, .fallback = "3", .min = 1, .max = 9 },
  { "yes", CONF_BOOL },
  { "list", CONF_LIST },
  { "leaf", CONF_SECTION, .section = leaf_schema, .titled = true },
  { "box", CONF_SECTION, .section = box_schema, .titled = true },
  { "base", CONF_SECTION, .section = leaf_schema },
  { NULL }
};

static const ConfOption schema[] = {
  { "text", CONF_STRING, .required = true },
  { "secret", CONF_STRING, .secret = true },
  { "box", CONF_SECTION, .section = box_schema, .titled = true },
  { "base", CONF_SECTION, .section = box_schema },
  { NULL }
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  const guint8 *second = size > 0 ? memchr (data, '\f', size) : NULL;
  gsize n = second != NULL ? (gsize) (second - data) : size;
  g_autoptr (GBytes) a = g_bytes_new (data, n);
  g_autoptr (GBytes) b =
    second != NULL ? g_bytes_new (second + 1, size - n - 1) : g_bytes_new (NULL, 0);
  g_autoptr (Conf) conf = conf_read_files ((const char *const[]){ "a", "b", NULL },
                                           (GBytes *const[]){ a, b }, schema, &error);

  if (conf != NULL)
    g_assert_true (g_utf8_validate (conf_string (conf_root (conf), "text"), -1, NULL));
  else
    {
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
      g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);
      for (char **line = lines; *line != NULL; line++)
        g_assert_false (g_str_has_suffix (*line, "; put every value in double quotes"));
    }
  return 0;
}
