/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every way of delivering has in common: checking the options, opening the mail, reporting an
 * outcome.
 */
#include "delivery/delivery.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/memory-file.h"
#include "delivery/delivery-private.h"

#define MAX_PARALLEL 4
#define MAX_TIMEOUT  3600

static bool
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return true;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static bool
is_host_name (const char *name)
{
  return name != NULL && name[0] != '\0' && strlen (name) <= 255
         && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]")
                == strlen (name);
}

static const char *
what_is_wrong (const DeliveryOptions *o)
{
  if (o->kind == DELIVERY_MAILDIR)
    return o->path == NULL || o->path[0] == '\0' ? "no Maildir to deliver to" : NULL;
  if (!is_host_name (o->host))
    return "no SMTP server, or not a host name";
  if (o->helo != NULL && !is_host_name (o->helo))
    return "our own host name is not one";
  if (o->port < 1 || o->port > 65535)
    return "the port of the SMTP server is not between 1 and 65535";
  if (o->tls == DELIVERY_TLS_NONE && !is_loopback (o->host))
    return "mail is sent without TLS to this host only (127.0.0.1, ::1)";
  if (o->parallel < 1 || o->parallel > MAX_PARALLEL)
    return "between 1 and 4 parallel connections are possible";
  if (o->timeout_s < 1 || o->timeout_s > MAX_TIMEOUT)
    return "the time-out is not between 1 second and 1 hour";
  if (o->user != NULL && o->secret_file == NULL && o->token_command == NULL)
    return "a user needs a secret file or a token command";
  return NULL;
}

Delivery *
delivery_new (const DeliveryOptions *options, GError **error)
{
  const char *wrong = what_is_wrong (options);

  if (wrong != NULL)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "delivery: %s", wrong);
      return NULL;
    }
  Delivery *delivery = g_new0 (Delivery, 1);
  DeliveryOptions *own = &delivery->options;

  *own = *options;
  own->path = g_strdup (options->path);
  own->host = g_strdup (options->host);
  own->ca_file = g_strdup (options->ca_file);
  own->user = g_strdup (options->user);
  own->secret_file = g_strdup (options->secret_file);
  own->token_command = g_strdup (options->token_command);
  own->helo = g_strdup (options->helo);
  return delivery;
}

void
delivery_close (Delivery *delivery)
{
  g_clear_pointer (&delivery->smtp, smtp_free);
}

void
delivery_free (Delivery *delivery)
{
  if (delivery == NULL)
    return;
  DeliveryOptions *own = &delivery->options;

  delivery_close (delivery);
  g_free ((char *) own->path);
  g_free ((char *) own->host);
  g_free ((char *) own->ca_file);
  g_free ((char *) own->user);
  g_free ((char *) own->secret_file);
  g_free ((char *) own->token_command);
  g_free ((char *) own->helo);
  g_free (delivery);
}

bool
delivery_send (Delivery *delivery, const DeliveryItem *items, guint n, DeliveryDone done,
               gpointer data, GError **error)
{
  const Batch batch = { items, n, done, data };

  if (delivery->options.kind == DELIVERY_MAILDIR)
    maildir_send (&delivery->options, &batch);
  else
    smtp_send (delivery, &batch);
  return true;
}

DeliveryStatus
delivery_reply_status (int code, const char *enhanced, bool at_auth)
{
  return reply_status (at_auth ? STAGE_AUTH : STAGE_RCPT, code, enhanced);
}

static const struct {
  int priority;
  const char *event;
} outcomes[] = {
  [DELIVERY_ACCEPTED] = { LOG_NOTICE,  "delivery.accepted" },
  [DELIVERY_DEFERRED] = { LOG_NOTICE,  "delivery.deferred" },
  [DELIVERY_FAILED]   = { LOG_WARNING, "delivery.failed" },
  [DELIVERY_BLOCKED]  = { LOG_ERR,     "delivery.blocked" },
};

void
batch_report (const Batch *batch, const DeliveryItem *item, Stage stage, DeliveryStatus status,
              int code, const char *enhanced, const char *reply)
{
  g_autofree char *clean = reply_clean (reply);
  DeliveryResult result = {
    .status = status, .code = code, .step = reply_step (stage), .reply = clean
  };

  g_strlcpy (result.enhanced, enhanced, sizeof result.enhanced);
  log_event (outcomes[status].priority, outcomes[status].event, LOG_INT ("outbox", item->id),
             LOG_INT ("code", code), LOG_STR ("enhanced", enhanced),
             LOG_PERSON ("rcpt", item->rcpt));
  batch->done (item->id, &result, batch->data);
}

/* Line ends other than CRLF let a part of a mail pass for a command (RFC 5321 2.3.8).  False on a
 * read error too, with errno. */
static bool
has_plain_lines (int fd)
{
  g_autofree char *buffer = g_malloc (64 * 1024);
  char before = '\0';
  gssize n;

  while ((n = read (fd, buffer, 64 * 1024)) > 0)
    for (gssize i = 0; i < n; before = buffer[i++])
      if ((buffer[i] == '\n') != (before == '\r'))
        {
          errno = EBADMSG;
          return false;
        }
  if (before == '\r')
    errno = EBADMSG;
  return n == 0 && before != '\r' && lseek (fd, 0, SEEK_SET) == 0;
}

int
batch_open (const Batch *batch, const DeliveryItem *item, goffset *size)
{
  int fd =
    item->bytes != NULL ? memory_file (item->bytes) : open (item->path, O_RDONLY | O_CLOEXEC);
  struct stat st;

  if (fd >= 0 && fstat (fd, &st) == 0 && has_plain_lines (fd))
    {
      *size = st.st_size;
      return fd;
    }
  g_autofree char *why = errno == EBADMSG
                             ? g_strdup ("our mail has line ends other than CRLF")
                             : g_strdup_printf ("cannot read our mail: %s", g_strerror (errno));
  batch_report (batch, item, STAGE_CONNECT, reply_errno_status (errno), 0, "", why);
  if (fd >= 0)
    close (fd);
  return -1;
}
