/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A wire: one TCP connection, later perhaps with TLS, as libetpan reads and writes it.
 *
 * libetpan's own streams check no certificate and time only single reads, so that a server
 * sending a byte a second holds them for ever.  A wire has a deadline and a number of bytes for
 * a whole command (wire_allow()); past either, every read fails.
 */
#pragma once

#include <glib.h>
#include <gnutls/gnutls.h>
#include <libetpan/libetpan.h>
#include <netinet/in.h>
#include <stdbool.h>

typedef struct {
  int fd;
  gint64 deadline;    /* clock_monotonic_ms() */
  gsize budget;       /* bytes the command may still receive */
  gsize received;     /* bytes it has received */
  const char *failed; /* why reading or writing failed, or NULL */
  gnutls_session_t tls; /* NULL: in clear */
  gnutls_certificate_credentials_t credentials;
  gnutls_typed_vdata_st expect[2]; /* GnuTLS keeps only a pointer to it */
  guint8 address[sizeof (struct in6_addr)];
  char *host;
} Wire;

/* Connect to the first address of HOST that answers.  With LOOPBACK_ONLY any other address is
 * refused (CONFIG). */
Wire *wire_connect (const char *host, int port, bool loopback_only, guint timeout_s,
                    GError **error);
void wire_free (Wire *wire);

/* Handshake within the deadline; the peer must hold a certificate for the host's name or
 * address, signed by CA_FILE (NULL: the system's).  CONFIG when it does not, TRANSIENT when the
 * handshake breaks. */
bool wire_start_tls (Wire *wire, const char *ca_file, GError **error);

/* "TLS1.3", or "none". */
const char *wire_version (const Wire *wire);

/* Give the next command this long and this many bytes. */
void wire_allow (Wire *wire, guint timeout_s, gsize bytes);

/* Time that was ours and not the server's does not count. */
void wire_extend (Wire *wire, gint64 ms);

/* Let every further read and write fail. */
void wire_stop (Wire *wire, const char *why);

/* Is there something to read that poll() on the descriptor would not see? */
bool wire_pending (const Wire *wire);

/* Wait for EVENTS until the deadline; false after it. */
bool wire_wait (Wire *wire, short events);

/* The wire as libetpan's stream, which owns it from here on. */
mailstream *wire_stream (Wire *wire);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wire, wire_free)
