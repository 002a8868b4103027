/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evidence about a sender, put together.
 */
#include "identity/identity.h"

#include <string.h>

static const char *const who_names[] = { "nobody", "own", "stranger", "member", "staff" };

const char *
identity_who_name (Who who)
{
  return who_names[who];
}

void
identity_free (Identity *identity)
{
  if (identity == NULL)
    return;
  g_free (identity->address);
  g_free (identity->name);
  g_free (identity->token_ref);
  g_free (identity->why);
  g_free (identity);
}

/* A mail of ours to this address that the message answers. */
static bool
answers_ours (Identity *id, const GPtrArray *ids, const Options *options, const OfficeKey *key)
{
  for (guint i = ids->len; i > 0; i--)
    if (token_check_message_id (key, ids->pdata[i - 1], id->address, options->domain,
                                &id->token_case))
      return true;
  return false;
}

/* "program+EXTENSION@domain" among the addresses a message went to. */
static bool
check_address (Identity *id, const char *address, const Options *options, const OfficeKey *key)
{
  const char *at = strrchr (address, '@');
  const char *plus =
    options->subaddress[0] != '\0' ? strchr (address, options->subaddress[0]) : NULL;

  if (at == NULL || plus == NULL || plus > at || !options_is_own (options, address))
    return false;
  g_autofree char *extension = g_strndup (plus + 1, at - plus - 1);
  return token_check_extension (key, extension, id->address, &id->token_ref);
}

static bool
came_to_token (Identity *id, const Message *m, const Options *options, const OfficeKey *key)
{
  const GPtrArray *lists[] = { m->to, m->cc };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->len; i++)
      if (check_address (id, ((const MessageAddress *) lists[l]->pdata[i])->address, options, key))
        return true;
  for (guint i = 0; i < m->delivered_to->len; i++)
    if (check_address (id, m->delivered_to->pdata[i], options, key))
      return true;
  return false;
}

static void
find_evidence (Identity *id, const Message *m, MailAuth auth, const Options *options,
               const OfficeKey *key)
{
  bool answers = answers_ours (id, m->in_reply_to, options, key)
                 || answers_ours (id, m->references, options, key);
  bool token = came_to_token (id, m, options, key);

  id->answers = answers || token;
  id->forged = auth.verdict == AUTH_FAIL;
  if (id->forged)
    id->assurance = ASSURE_NONE;
  else if (auth.verdict == AUTH_PASS)
    id->assurance = ASSURE_AUTHENTICATED;
  else
    id->assurance = answers || token ? ASSURE_TOKEN : ASSURE_NONE;
  id->why =
    g_strdup_printf ("%s; mail authentication: %s; answers a mail only this address got: %s",
                     identity_who_name (id->who), auth.why,
                     answers && token ? "yes, by reference and address"
                     : answers        ? "yes, by reference"
                     : token          ? "yes, by address"
                                      : "no");
}

Identity *
identity_of (const Message *m, MailAuth auth, const Program *program, const Options *options,
             const OfficeKey *key, bool is_contact)
{
  Identity *id = g_new0 (Identity, 1);
  const MessageAddress *author = message_author (m);

  if (author == NULL || m->from->len != 1 || strchr (author->address, '@') == NULL)
    {
      id->address = g_strdup ("");
      id->name = g_strdup ("");
      id->why =
        g_strdup (m->from->len > 1 ? "nobody: several authors" : "nobody: no author's address");
      return id;
    }
  id->address = g_ascii_strdown (author->address, -1);
  id->person = program_person (program, id->address);
  id->name = g_strdup (id->person != NULL ? id->person->name : author->name);
  id->who = options_is_own (options, id->address) ? WHO_OWN
            : id->person != NULL ? WHO_STAFF
            : is_contact ? WHO_MEMBER : WHO_STRANGER;
  find_evidence (id, m, auth, options, key);
  return id;
}
