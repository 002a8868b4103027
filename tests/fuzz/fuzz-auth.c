/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any lines as the trace of a message: those that begin with "by", "from" or a parenthesis are
 * Received, the rest Authentication-Results.  Whatever a sender may write must not matter.
 */
#include <string.h>

#include "identity/identity.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static Message *
message_of (char **lines, guint n_received)
{
  Message *m = message_new ();
  MessageAddress *author = g_new0 (MessageAddress, 1);

  author->name = g_strdup ("");
  author->address = g_strdup ("a@b.example");
  g_ptr_array_add (m->from, author);
  for (char **l = lines; *l != NULL && m->received->len < n_received; l++)
    if (g_str_has_prefix (*l, "by") || g_str_has_prefix (*l, "from") || **l == '(')
      g_ptr_array_add (m->received, g_strdup (*l));
    else
      {
        MessageAuth *auth = g_new0 (MessageAuth, 1);

        auth->value = g_strdup (*l);
        auth->received = m->received->len;
        g_ptr_array_add (m->auth_results, auth);
      }
  return m;
}

/* What stands below the boundary changes nothing; neither does a name that is not ours vouch for
 * anybody. */
static void
check (char **lines, const char *const *hosts)
{
  Options options = { .authserv_id = (char *) "mx.office.example",
                      .trace_hosts = (char **) (gpointer) hosts };
  guint hops = hosts[0] != NULL ? g_strv_length ((char **) (gpointer) hosts) : 1;
  g_autoptr (Message) whole = message_of (lines, G_MAXUINT), ours = message_of (lines, hops);
  MailAuth auth = identity_authentication (whole, &options);

  g_assert_cmpint (auth.verdict, ==, identity_authentication (ours, &options).verdict);
  g_assert_true (mail_auth_again (mail_auth_name (auth.verdict), auth.why).why == auth.why);
  options.authserv_id = (char *) "";
  g_assert_cmpint (identity_authentication (whole, &options).verdict, ==, AUTH_NONE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const one[] = { NULL }, *const two[] = { "store.office.example",
                                                              "mx.office.example", NULL };
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 200);

  check (lines, one);
  check (lines, two);
  return 0;
}
