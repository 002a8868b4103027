/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an SMTP reply means, or its absence: the one place that decides accepted, deferred, failed
 * or blocked.
 *
 * When in doubt, what can be repaired is preferred: a mail wrongly deferred is late, a queue
 * wrongly blocked is noticed, but a mail wrongly failed is lost.
 */
#include "delivery/delivery-private.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

/* First match wins; 0 and NULL match all.  STAGES is a set. */
#define AT(stage) (1u << (stage))
#define AT_START  (AT (STAGE_CONNECT) | AT (STAGE_HELLO) | AT (STAGE_TLS))

static const struct {
  int from, to;
  const char *enhanced; /* the whole code */
  guint stages;
  DeliveryStatus status;
  const char *help;
} replies[] = {
  { 200, 299, NULL, 0, DELIVERY_ACCEPTED, "taken over (RFC 5321 4.2.1)" },
  { 421, 421, NULL, 0, DELIVERY_DEFERRED, "the server is closing (RFC 5321 3.8)" },
  { 432, 432, NULL, AT (STAGE_AUTH), DELIVERY_BLOCKED, "the password has to be changed (RFC 4954 4.7.12)" },
  { 400, 499, NULL, 0, DELIVERY_DEFERRED, "for now (RFC 5321 4.2.1)" },
  { 500, 599, NULL, AT (STAGE_AUTH), DELIVERY_BLOCKED, "user or password (RFC 4954 6)" },
  { 500, 599, NULL, AT_START, DELIVERY_BLOCKED, "the server does not want us (RFC 5321 3.1, RFC 3207 4)" },
  { 530, 530, NULL, 0, DELIVERY_BLOCKED, "authentication or STARTTLS required (RFC 4954 6, RFC 3207 4)" },
  { 534, 535, NULL, 0, DELIVERY_BLOCKED, "authentication too weak or refused (RFC 4954 6)" },
  { 538, 538, NULL, 0, DELIVERY_BLOCKED, "encryption required (RFC 4954 6)" },
  { 500, 500, NULL, 0, DELIVERY_BLOCKED, "not an SMTP server as we know it" },
  { 502, 503, NULL, 0, DELIVERY_BLOCKED, "not an SMTP server as we know it; some mean AUTH first" },
  { 500, 599, "5.7.57", 0, DELIVERY_BLOCKED, "Exchange: client was not authenticated" },
  { 500, 599, "5.7.60", 0, DELIVERY_BLOCKED, "Exchange: this user may not send as this sender" },
  { 500, 599, "5.2.252", 0, DELIVERY_BLOCKED, "Exchange: this user may not send as this sender" },
  { 500, 599, "5.4.5", 0, DELIVERY_DEFERRED, "Gmail: daily limit of this user" },
  { 500, 599, "5.1.90", 0, DELIVERY_DEFERRED, "Exchange: daily limit of this user" },
  { 500, 599, NULL, 0, DELIVERY_FAILED, "never (RFC 5321 4.2.1)" },
};

DeliveryStatus
reply_status (Stage stage, int code, const char *enhanced)
{
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    if (code >= replies[i].from && code <= replies[i].to
        && (replies[i].enhanced == NULL || g_strcmp0 (replies[i].enhanced, enhanced) == 0)
        && (replies[i].stages == 0 || (replies[i].stages & AT (stage)) != 0))
      return replies[i].status;
  return DELIVERY_DEFERRED; /* none, or nonsense */
}

const char *
reply_step (Stage stage)
{
  return stage < STAGE_MAIL    ? "connect"
         : stage == STAGE_MAIL ? "sender"
         : stage == STAGE_RCPT ? "recipient"
                               : "data";
}

/* What is not here is the network's doing, and passes. */
static const struct {
  CURLcode code;
  DeliveryStatus status;
} curl_codes[] = {
  { CURLE_UNSUPPORTED_PROTOCOL, DELIVERY_BLOCKED },
  { CURLE_URL_MALFORMAT, DELIVERY_BLOCKED },
  { CURLE_NOT_BUILT_IN, DELIVERY_BLOCKED },
  { CURLE_USE_SSL_FAILED, DELIVERY_BLOCKED }, /* STARTTLS is not offered */
  { CURLE_SSL_ENGINE_NOTFOUND, DELIVERY_BLOCKED },
  { CURLE_SSL_CERTPROBLEM, DELIVERY_BLOCKED },
  { CURLE_SSL_CIPHER, DELIVERY_BLOCKED },
  { CURLE_SSL_CACERT_BADFILE, DELIVERY_BLOCKED },
  { CURLE_SSL_CRL_BADFILE, DELIVERY_BLOCKED },
  { CURLE_SSL_ISSUER_ERROR, DELIVERY_BLOCKED },
  { CURLE_PEER_FAILED_VERIFICATION, DELIVERY_BLOCKED },
  { CURLE_LOGIN_DENIED, DELIVERY_BLOCKED },
  { CURLE_AUTH_ERROR, DELIVERY_BLOCKED },
};

DeliveryStatus
reply_curl_status (int curl_code)
{
  for (guint i = 0; i < G_N_ELEMENTS (curl_codes); i++)
    if ((int) curl_codes[i].code == curl_code)
      return curl_codes[i].status;
  return DELIVERY_DEFERRED;
}

DeliveryStatus
reply_errno_status (int errno_)
{
  switch (errno_)
    {
    case ENOENT: /* of the mail: it will not come back */
    case EBADMSG:
    case EISDIR:
      return DELIVERY_FAILED;
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOTDIR:
      return DELIVERY_BLOCKED;
    default:
      return DELIVERY_DEFERRED;
    }
}

char *
reply_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p != '\0' && n < MAX_REPLY; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      switch (g_unichar_type (c))
        {
        case G_UNICODE_CONTROL:
        case G_UNICODE_FORMAT: /* may turn the direction of what follows */
        case G_UNICODE_LINE_SEPARATOR:
        case G_UNICODE_PARAGRAPH_SEPARATOR:
        case G_UNICODE_SPACE_SEPARATOR:
          c = ' ';
          break;
        default:
          break;
        }
      if (c == ' ' && (line->len == 0 || line->str[line->len - 1] == ' '))
        continue;
      g_string_append_unichar (line, c);
      n++;
    }
  if (line->len > 0 && line->str[line->len - 1] == ' ')
    g_string_truncate (line, line->len - 1);
  return g_string_free (line, FALSE);
}

void
reply_enhanced (const char *text, char enhanced[16])
{
  gsize n = strspn (text, "0123456789.");
  int dots = 0;

  enhanced[0] = '\0';
  if (n < 5 || n > 9 || (text[n] != '\0' && text[n] != ' ') || strchr ("245", text[0]) == NULL
      || text[1] != '.' || text[n - 1] == '.')
    return;
  for (gsize i = 0; i < n; i++)
    {
      dots += text[i] == '.';
      if (text[i] == '.' && text[i + 1] == '.')
        return;
    }
  if (dots == 2)
    g_strlcpy (enhanced, text, n + 1);
}
