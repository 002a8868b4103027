/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses in headers, each with its name as it is to be read.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

/* Only the domain: the local part belongs to its host (RFC 5321 2.4). */
char *
address_normalise (const char *address)
{
  char *clean = clean_line (address, -1);
  char *at = strrchr (clean, '@');

  if (at != NULL)
    for (char *c = at; *c != '\0'; c++)
      *c = g_ascii_tolower (*c);
  return clean;
}

static char *
display_name (const char *name)
{
  guint flaws;

  if (name == NULL)
    return g_strdup ("");
  /* gmime leaves words in quotes, and broken ones, as they were. */
  if (strstr (name, "=?") != NULL)
    return header_decode (name, &flaws);
  return clean_line (name, -1);
}

/* gmime shows "xn--" domains in Unicode; here an address stays as its sender wrote it (ACE). */
static void
add_mailbox (InternetAddress *one, bool ace, GPtrArray *to)
{
  InternetAddressMailbox *mailbox = INTERNET_ADDRESS_MAILBOX (one);
  const char *raw = ace ? internet_address_mailbox_get_idn_addr (mailbox)
                        : internet_address_mailbox_get_addr (mailbox);
  MessageAddress *a;

  if (raw == NULL)
    return;
  a = g_new0 (MessageAddress, 1);
  a->name = display_name (internet_address_get_name (one));
  a->address = address_normalise (raw);
  if (*a->address == '\0' && *a->name == '\0')
    message_address_free (a);
  else
    g_ptr_array_add (to, a);
}

static void
add_list (Parse *parse, const char *where, InternetAddressList *list, bool ace, GPtrArray *to,
          guint depth)
{
  int n = internet_address_list_length (list);

  for (int i = 0; i < n; i++)
    {
      InternetAddress *one = internet_address_list_get_address (list, i);

      if (to->len >= MAX_ADDRESSES)
        {
          parse_defect (parse, where, "more addresses than are read");
          return;
        }
      if (INTERNET_ADDRESS_IS_MAILBOX (one))
        add_mailbox (one, ace, to);
      else if (INTERNET_ADDRESS_IS_GROUP (one) && depth < 4)
        {
          InternetAddressList *members =
            internet_address_group_get_members (INTERNET_ADDRESS_GROUP (one));

          if (g_str_equal (where, "header From"))
            parse_defect (parse, where, "a group instead of an address");
          if (members != NULL)
            add_list (parse, where, members, ace, to, depth + 1);
        }
    }
}

void
header_addresses (Parse *parse, const char *where, const char *raw, GPtrArray *to)
{
  g_autofree char *unfolded = header_unfold (raw);
  const char *used;
  bool damaged;
  g_autofree char *utf8 =
    charset_decode (NULL, (const guint8 *) unfolded, strlen (unfolded), &used, &damaged);
  g_autofree char *joined = header_join_words (utf8);
  InternetAddressList *list;
  guint before = to->len;

  if (strcmp (used, "us-ascii") != 0)
    parse_defect (parse, where, "8-bit characters without encoding");
  if (*utf8 == '\0')
    {
      parse_defect (parse, where, "empty");
      return;
    }
  list = internet_address_list_parse (parse->options, joined);
  if (list != NULL)
    {
      add_list (parse, where, list, strstr (utf8, "xn--") != NULL, to, 0);
      g_object_unref (list);
    }
  if (to->len == before && strchr (utf8, ':') == NULL)
    parse_defect (parse, where, "no address can be read");
  for (guint i = before; i < to->len; i++)
    if (strchr (((MessageAddress *) g_ptr_array_index (to, i))->address, '@') == NULL)
      parse_defect (parse, where, "an address without a domain");
}
