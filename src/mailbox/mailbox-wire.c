/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libetpan's low-level stream over a socket of our own: without it there would be no way to bound a
 * whole command in time and in bytes.
 */
#include "mailbox/mailbox-wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

/* Small, because libetpan moves the rest of its buffer down for each line it takes. */
#define STREAM_BUFFER (16 * 1024)

#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_INTERVAL_S 30
#define KEEPALIVE_PROBES 4

void
wire_allow (Wire *wire, guint timeout_s, gsize bytes)
{
  wire->deadline = clock_monotonic_ms () + (gint64) timeout_s * 1000;
  wire->budget = bytes;
  wire->received = 0;
}

void
wire_extend (Wire *wire, gint64 ms)
{
  wire->deadline += ms;
}

void
wire_stop (Wire *wire, const char *why)
{
  if (wire->failed == NULL)
    wire->failed = why;
}

bool
wire_pending (const Wire *wire)
{
  return wire->tls != NULL && gnutls_record_check_pending (wire->tls) > 0;
}

bool
wire_wait (Wire *wire, short events)
{
  while (true)
    {
      gint64 left = wire->deadline - clock_monotonic_ms ();
      struct pollfd pfd = { wire->fd, events, 0 };

      if (left <= 0)
        return false;
      int r = poll (&pfd, 1, (int) MIN (left, G_MAXINT));

      if (r > 0)
        return true;
      if (r < 0 && errno != EINTR)
        return false;
    }
}

/* One attempt; *AGAIN is the event to wait for when there is nothing yet. */
static ssize_t
receive_once (Wire *wire, void *buffer, size_t n, short *again)
{
  if (wire->tls == NULL)
    {
      ssize_t r = recv (wire->fd, buffer, n, 0);

      *again = r < 0 && (errno == EAGAIN || errno == EINTR) ? POLLIN : 0;
      return r;
    }
  ssize_t r = gnutls_record_recv (wire->tls, buffer, n);

  if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED)
    *again = gnutls_record_get_direction (wire->tls) ? POLLOUT : POLLIN;
  else
    *again = r == GNUTLS_E_WARNING_ALERT_RECEIVED ? POLLIN : 0;
  return r;
}

static ssize_t
send_once (Wire *wire, const void *buffer, size_t n, short *again)
{
  if (wire->tls == NULL)
    {
      ssize_t r = send (wire->fd, buffer, n, MSG_NOSIGNAL);

      *again = r < 0 && (errno == EAGAIN || errno == EINTR) ? POLLOUT : 0;
      return r;
    }
  ssize_t r = gnutls_record_send (wire->tls, buffer, n);

  *again = r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED ? POLLOUT : 0;
  return r;
}

/* The deadline counts although data keeps coming: a trickle is not progress. */
static bool
may_go_on (Wire *wire)
{
  if (wire->failed == NULL && clock_monotonic_ms () >= wire->deadline)
    wire->failed = "no complete answer before the deadline";
  if (wire->failed == NULL && wire->budget == 0)
    wire->failed = "the server sends more than could be an answer";
  return wire->failed == NULL;
}

/* End of file is a failure as well: libetpan would ask again for ever. */
static ssize_t
wire_read (mailstream_low *low, void *buffer, size_t n)
{
  Wire *wire = low->data;

  while (may_go_on (wire))
    {
      short again = 0;
      ssize_t r = receive_once (wire, buffer, MIN (n, wire->budget), &again);

      if (r > 0)
        {
          wire->budget -= r;
          wire->received += r;
          return r;
        }
      if (again != 0)
        wire_wait (wire, again);
      else
        wire_stop (wire, r == 0 ? "the server closed the connection" : "the connection broke");
    }
  return -1;
}

static ssize_t
wire_write (mailstream_low *low, const void *buffer, size_t n)
{
  Wire *wire = low->data;

  while (may_go_on (wire))
    {
      short again = 0;
      ssize_t r = send_once (wire, buffer, n, &again);

      if (r > 0)
        return r;
      if (again != 0)
        wire_wait (wire, again);
      else
        wire_stop (wire, "the connection broke");
    }
  return -1;
}

static int
wire_close (mailstream_low *low)
{
  Wire *wire = low->data;

  if (wire->tls != NULL && wire->failed == NULL)
    gnutls_bye (wire->tls, GNUTLS_SHUT_WR);
  return 0;
}

static int
wire_get_fd (mailstream_low *low)
{
  return ((Wire *) low->data)->fd;
}

static void
wire_free_low (mailstream_low *low)
{
  wire_free (low->data);
  free (low);
}

static mailstream_low_driver wire_driver = {
  .mailstream_read = wire_read,
  .mailstream_write = wire_write,
  .mailstream_close = wire_close,
  .mailstream_get_fd = wire_get_fd,
  .mailstream_free = wire_free_low,
};

mailstream *
wire_stream (Wire *wire)
{
  return mailstream_new (mailstream_low_new (wire, &wire_driver), STREAM_BUFFER);
}

void
wire_free (Wire *wire)
{
  if (wire == NULL)
    return;
  if (wire->tls != NULL)
    gnutls_deinit (wire->tls);
  if (wire->credentials != NULL)
    gnutls_certificate_free_credentials (wire->credentials);
  if (wire->fd >= 0)
    close (wire->fd);
  g_free (wire->host);
  g_free (wire);
}

static bool
is_loopback (const struct sockaddr *address)
{
  if (address->sa_family == AF_INET)
    return ntohl (((const struct sockaddr_in *) address)->sin_addr.s_addr) >> 24 == 127;
  return address->sa_family == AF_INET6
         && IN6_IS_ADDR_LOOPBACK (&((const struct sockaddr_in6 *) address)->sin6_addr);
}

/* A peer that vanishes without a word is noticed after about three minutes of silence in IDLE. */
static void
set_socket_options (int fd)
{
  const struct { int level, name, value; } options[] = {
    { IPPROTO_TCP, TCP_NODELAY, 1 },
    { SOL_SOCKET, SO_KEEPALIVE, 1 },
    { IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
    { IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
    { IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    setsockopt (fd, options[i].level, options[i].name, &options[i].value, sizeof (int));
}

/* 0 or the reason as an errno. */
static int
connect_to (Wire *wire, const struct addrinfo *address)
{
  int problem = 0;
  socklen_t length = sizeof problem;

  wire->fd = socket (address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (wire->fd < 0)
    return errno;
  set_socket_options (wire->fd);
  if (connect (wire->fd, address->ai_addr, address->ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  if (!wire_wait (wire, POLLOUT))
    return ETIMEDOUT;
  getsockopt (wire->fd, SOL_SOCKET, SO_ERROR, &problem, &length);
  return problem;
}

static bool
connect_to_any (Wire *wire, const struct addrinfo *list, bool loopback_only, GError **error)
{
  int problem = EACCES;

  for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
    {
      if (loopback_only && !is_loopback (a->ai_addr))
        continue;
      problem = connect_to (wire, a);
      if (problem == 0)
        return true;
      if (wire->fd >= 0)
        close (wire->fd);
      wire->fd = -1;
    }
  if (problem == EACCES && loopback_only)
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG,
                 "%s is not on this machine: without TLS the password would go in clear",
                 wire->host);
  else
    g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "connecting to %s: %s", wire->host,
                 g_strerror (problem));
  return false;
}

Wire *
wire_connect (const char *host, int port, bool loopback_only, guint timeout_s, GError **error)
{
  g_autoptr (Wire) wire = g_new0 (Wire, 1);
  g_autofree char *service = g_strdup_printf ("%d", port);
  const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
  struct addrinfo *list = NULL;

  wire->fd = -1;
  wire->host = g_strdup (host);
  wire_allow (wire, timeout_s, G_MAXSIZE);
  int problem = getaddrinfo (host, service, &hints, &list);

  if (problem != 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "looking up %s: %s", host,
                   gai_strerror (problem));
      return NULL;
    }
  bool connected = connect_to_any (wire, list, loopback_only, error);

  freeaddrinfo (list);
  return connected ? g_steal_pointer (&wire) : NULL;
}
