/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery reports in fields: one block for each recipient (RFC 3464, RFC 6533).
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

char *
report_field (const char *block, const char *name)
{
  gsize length = strlen (name);
  const char *at = block;

  while (at != NULL)
    {
      if (g_ascii_strncasecmp (at, name, length) == 0 && at[length] == ':')
        {
          const char *end = at + length;

          do
            end = strchrnul (end + 1, '\n');
          while (*end != '\0' && (end[1] == ' ' || end[1] == '\t'));
          g_autofree char *value = g_strndup (at + length + 1, (gsize) (end - at - length - 1));
          return clean_line (value, -1);
        }
      at = strchr (at, '\n');
      at = at != NULL ? at + 1 : NULL;
    }
  return NULL;
}

char *
report_typed_value (const char *value)
{
  const char *s = strchr (value, ';');
  gsize n;

  s = s != NULL ? s + 1 : value;
  s += strspn (s, " <");
  n = strlen (s);
  while (n > 0 && strchr (" >", s[n - 1]) != NULL)
    n--;
  return g_strndup (s, n);
}

/* Who the mail was for.  A pipe or a mailbox of the last system is nobody: then the address that
 * was written to. */
static char *
recipient_of (const char *block)
{
  static const char *const fields[] = { "Final-Recipient", "Original-Recipient",
                                        "X-Actual-Recipient" };
  char *any = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *value = report_field (block, fields[i]);
      g_autofree char *recipient = value != NULL ? report_typed_value (value) : NULL;

      if (recipient == NULL || *recipient == '\0')
        continue;
      if (strchr (recipient, '@') != NULL && strpbrk (recipient, " |") == NULL)
        {
          g_free (any);
          return g_steal_pointer (&recipient);
        }
      if (any == NULL)
        any = g_steal_pointer (&recipient);
    }
  return any;
}

static void
add_block (Parse *parse, const char *fields, const char *block, const char *words,
           const GPtrArray *all)
{
  g_autofree char *recipient = recipient_of (block);
  g_autofree char *action = report_field (block, "Action");
  g_autofree char *status = report_field (block, "Status");
  g_autofree char *diagnostic = report_field (block, "Diagnostic-Code");
  g_autofree char *own = report_own_words (words, recipient, all);
  ReportClaim claim = { recipient, action, status, diagnostic != NULL ? diagnostic : "", own,
                        report_stage_of_system (parse, fields, block) };

  report_add (parse, &claim);
}

void
report_fields (Parse *parse, const char *text, const char *words)
{
  g_autofree char *clean = clean_text (text, -1);
  g_autoptr (GPtrArray) blocks = g_ptr_array_new ();
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func (g_free);
  char *block = clean;

  while (block != NULL && *block != '\0')
    {
      char *end = strstr (block, "\n\n");
      char *recipient;

      if (end != NULL)
        *end = '\0';
      if (blocks->len <= MAX_REPORTS && (recipient = recipient_of (block)) != NULL)
        {
          g_ptr_array_add (blocks, block);
          g_ptr_array_add (recipients, recipient);
        }
      block = end != NULL ? end + 2 + strspn (end + 2, "\n") : NULL;
    }
  for (guint i = 0; i < blocks->len; i++)
    add_block (parse, text, blocks->pdata[i], words, recipients);
}
