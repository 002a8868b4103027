/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TLS on a wire: libetpan's own connects to anybody, whatever the certificate says.
 */
#include "mailbox/mailbox-wire.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <poll.h>
#include <string.h>

#include "base/error.h"

#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM"

static bool
load_trust (Wire *wire, const char *ca_file, GError **error)
{
  int n;

  gnutls_certificate_allocate_credentials (&wire->credentials);
  if (ca_file != NULL)
    n = gnutls_certificate_set_x509_trust_file (wire->credentials, ca_file, GNUTLS_X509_FMT_PEM);
  else
    n = gnutls_certificate_set_x509_system_trust (wire->credentials);
  if (n > 0)
    return true;
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: no certificate to trust: %s",
               ca_file != NULL ? ca_file : "the system's trust store",
               n < 0 ? gnutls_strerror (n) : "it is empty");
  return false;
}

/* Say whom we mean: a name is also sent (SNI), an address is only compared, with the
 * addresses in the certificate and never with its names (RFC 9525, 6.5). */
static void
expect_host (Wire *wire)
{
  gnutls_typed_vdata_st *host = &wire->expect[0], *purpose = &wire->expect[1];

  if (inet_pton (AF_INET, wire->host, wire->address) == 1)
    *host = (gnutls_typed_vdata_st){ GNUTLS_DT_IP_ADDRESS, wire->address, 4 };
  else if (inet_pton (AF_INET6, wire->host, wire->address) == 1)
    *host = (gnutls_typed_vdata_st){ GNUTLS_DT_IP_ADDRESS, wire->address, 16 };
  else
    {
      *host = (gnutls_typed_vdata_st){ GNUTLS_DT_DNS_HOSTNAME, (unsigned char *) wire->host, 0 };
      gnutls_server_name_set (wire->tls, GNUTLS_NAME_DNS, wire->host, strlen (wire->host));
    }
  *purpose = (gnutls_typed_vdata_st){ GNUTLS_DT_KEY_PURPOSE_OID,
                                      (unsigned char *) GNUTLS_KP_TLS_WWW_SERVER, 0 };
  gnutls_session_set_verify_cert2 (wire->tls, wire->expect, G_N_ELEMENTS (wire->expect), 0);
}

static int
shake_hands (Wire *wire)
{
  while (true)
    {
      int r = gnutls_handshake (wire->tls);

      if (r == GNUTLS_E_SUCCESS || gnutls_error_is_fatal (r))
        return r;
      if (!wire_wait (wire, gnutls_record_get_direction (wire->tls) ? POLLOUT : POLLIN))
        return GNUTLS_E_TIMEDOUT;
    }
}

static bool
set_error (Wire *wire, int result, GError **error)
{
  wire_stop (wire, "TLS failed");
  if (result != GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "TLS with %s: %s", wire->host,
                   gnutls_strerror (result));
      return false;
    }
  gnutls_datum_t why = { NULL, 0 };

  gnutls_certificate_verification_status_print (
    gnutls_session_get_verify_cert_status (wire->tls), GNUTLS_CRT_X509, &why, 0);
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "the certificate of %s is refused: %s",
               wire->host, why.data != NULL ? (const char *) why.data : "not trusted");
  gnutls_free (why.data);
  return false;
}

bool
wire_start_tls (Wire *wire, const char *ca_file, GError **error)
{
  if (!load_trust (wire, ca_file, error))
    return false;
  gnutls_init (&wire->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  gnutls_credentials_set (wire->tls, GNUTLS_CRD_CERTIFICATE, wire->credentials);
  gnutls_transport_set_int (wire->tls, wire->fd);
  int result = gnutls_priority_set_direct (wire->tls, PRIORITY, NULL);

  if (result == GNUTLS_E_SUCCESS)
    {
      expect_host (wire);
      result = shake_hands (wire);
    }
  return result == GNUTLS_E_SUCCESS || set_error (wire, result, error);
}

const char *
wire_version (const Wire *wire)
{
  return wire->tls == NULL ? "none"
                           : gnutls_protocol_get_name (gnutls_protocol_get_version (wire->tls));
}
