/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * delivery-driver: send mails with delivery/ and print what became of each, for the shell tests.
 *
 *   delivery-driver [option=value ...] SENDER RCPT=FILE ...
 *
 * An argument "sleep=N" among the mails ends a call, waits and begins another on the same
 * connections.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "delivery/delivery.h"

static const char *const statuses[] = { "ACCEPTED", "DEFERRED", "FAILED", "BLOCKED" };

static void
print_result (gint64 id, const DeliveryResult *result, gpointer data)
{
  printf ("%d %s %d %s %s\n", (int) id, statuses[result->status], result->code,
          result->enhanced[0] != '\0' ? result->enhanced : "-", result->reply);
  fflush (stdout);
}

static bool
set_option (DeliveryOptions *o, const char *key, const char *value)
{
  const struct {
    const char *key;
    const char **value;
  } texts[] = {
    { "host", &o->host },          { "ca", &o->ca_file },          { "user", &o->user },
    { "secret", &o->secret_file }, { "token", &o->token_command }, { "helo", &o->helo }
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (key, texts[i].key) == 0)
      {
        *texts[i].value = value;
        return true;
      }
  if (strcmp (key, "port") == 0)
    o->port = atoi (value);
  else if (strcmp (key, "parallel") == 0)
    o->parallel = (guint) atoi (value);
  else if (strcmp (key, "timeout") == 0)
    o->timeout_s = (guint) atoi (value);
  else if (strcmp (key, "tls") == 0)
    o->tls = strcmp (value, "implicit") == 0   ? DELIVERY_TLS_IMPLICIT
             : strcmp (value, "starttls") == 0 ? DELIVERY_TLS_STARTTLS
                                               : DELIVERY_TLS_NONE;
  else
    return false;
  return true;
}

int
main (int argc, char **argv)
{
  DeliveryOptions options = { .kind = DELIVERY_SMTP, .host = "127.0.0.1", .tls = DELIVERY_TLS_NONE,
                              .helo = "client.example.org", .parallel = 4, .timeout_s = 20 };
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (DeliveryItem));
  g_autoptr (GError) error = NULL;
  const char *sender = NULL;
  int i = 1;

  for (; i < argc && sender == NULL; i++)
    {
      char *equals = strchr (argv[i], '=');

      if (equals == NULL)
        {
          sender = argv[i];
          continue;
        }
      *equals = '\0';
      if (!set_option (&options, argv[i], equals + 1))
        g_error ("no option %s", argv[i]);
    }
  g_autoptr (Delivery) delivery = delivery_new (&options, &error);

  if (delivery == NULL)
    {
      printf ("REFUSED %s\n", error->message);
      return 0;
    }
  for (gint64 id = 1; i < argc; i++)
    {
      char *equals = strchr (argv[i], '=');

      g_assert (equals != NULL);
      *equals = '\0';
      if (strcmp (argv[i], "sleep") != 0)
        {
          DeliveryItem item = { id++, sender, argv[i], equals + 1 };
          g_array_append_val (items, item);
          continue;
        }
      delivery_send (delivery, (DeliveryItem *) items->data, items->len, print_result, NULL, NULL);
      g_array_set_size (items, 0);
      g_usleep ((gulong) (atof (equals + 1) * G_USEC_PER_SEC));
    }
  delivery_send (delivery, (DeliveryItem *) items->data, items->len, print_result, NULL, NULL);
  return 0;
}
