/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An office's options and mails made by hand.
 */
#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "config/options.h"
#include "message/message.h"

static const char office_conf[] =
  "office { name = \"The Office\" domain = \"office.example\" authserv-id = \"mx.office.example\" "
  "}\n"
  "mailbox program { address = \"qecp@office.example\" kind = maildir path = \"in\" }\n"
  "mailbox support { address = \"support@office.example\" kind = maildir path = \"support\" }\n"
  "delivery { kind = maildir path = \"out\" }\n";

static inline Options *
office_read (const char *text, GError **error)
{
  g_autofree char *dir = g_dir_make_tmp ("test-office-XXXXXX", NULL),
                  *file = g_build_filename (dir, "qecp.conf", NULL);

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  Options *options = options_read (file, error);
  g_unlink (file);
  g_rmdir (dir);
  return options;
}

static inline Options *
office_options (void)
{
  g_autoptr (GError) error = NULL;
  Options *options = office_read (office_conf, &error);

  g_assert_no_error (error);
  return options;
}

static inline void
office_add_address (GPtrArray *list, const char *address)
{
  MessageAddress *a = g_new0 (MessageAddress, 1);

  a->name = g_strdup ("Ada");
  a->address = g_strdup (address);
  g_ptr_array_add (list, a);
}

static inline Message *
office_mail (const char *from, const char *subject, const char *text)
{
  Message *m = message_new ();

  g_free (m->subject);
  g_free (m->text);
  g_free (m->new_text);
  m->subject = g_strdup (subject);
  m->text = g_strdup (text);
  m->new_text = g_strdup (text);
  if (from != NULL)
    office_add_address (m->from, from);
  return m;
}
