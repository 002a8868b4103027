/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Submission over SMTP with libcurl: one transfer an item, several side by side, over connections
 * that are kept for the next items and calls.
 *
 * libcurl says how a transfer ended, but not how far it had got, and that is what decides whether a
 * mail may have been accepted: so the dialogue is followed by its debug function, which sees each
 * command, and its header function, which sees each line of a reply.
 */
#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "delivery/delivery-private.h"

#define MAX_ADDRESS  320
#define MAX_SILENCES 3    /* in a row; then the rest of the items wait for another time */
#define STARVED_MS                                                                                 \
  1000 /* libcurl waits for the reply to the final dot without serving the others */

typedef struct {
  CURL *easy;
  const DeliveryItem *item; /* NULL: idle */
  int fd;
  goffset size, sent;
  struct curl_slist *rcpt;
  bool retried, starved;

  Stage stage;
  bool fresh, authenticated, needs_auth, over;
  int code;         /* of the reply to STAGE's command; 0: not there yet */
  bool more;        /* it has further lines */
  GString *reply;
  char trouble[CURL_ERROR_SIZE];
} Transfer;

struct Smtp {
  CURLM *multi;
  guint n;
  Transfer transfers[];
};

static Smtp *
smtp_new (guint parallel)
{
  static gsize once;
  Smtp *smtp = g_malloc0 (sizeof (Smtp) + parallel * sizeof (Transfer));

  if (g_once_init_enter (&once))
    {
      g_assert (curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK);
      g_once_init_leave (&once, 1);
    }
  smtp->n = parallel;
  smtp->multi = curl_multi_init ();
  g_assert (smtp->multi != NULL);
  /* Not CURLMOPT_MAX_TOTAL_CONNECTIONS: libcurl 7.88 may leave a transfer waiting for a place that
   * a dead connection has given up.  There are no more connections than transfers anyway. */
  curl_multi_setopt (smtp->multi, CURLMOPT_MAXCONNECTS, (long) parallel);
  for (guint i = 0; i < parallel; i++)
    {
      smtp->transfers[i].easy = curl_easy_init ();
      g_assert (smtp->transfers[i].easy != NULL);
      smtp->transfers[i].reply = g_string_new (NULL);
      smtp->transfers[i].fd = -1;
    }
  return smtp;
}

void
smtp_free (Smtp *smtp)
{
  for (guint i = 0; i < smtp->n; i++)
    {
      curl_easy_cleanup (smtp->transfers[i].easy);
      g_string_free (smtp->transfers[i].reply, TRUE);
    }
  curl_multi_cleanup (smtp->multi);
  g_free (smtp);
}

/* --- following the dialogue ------------------------------------------------------------------- */

static const struct {
  const char *command;
  Stage stage;
} commands[] = {
  { "EHLO", STAGE_HELLO }, { "HELO", STAGE_HELLO }, { "STARTTLS", STAGE_TLS },    { "AUTH", STAGE_AUTH },
  { "MAIL FROM:", STAGE_MAIL }, { "RCPT TO:", STAGE_RCPT }, { "DATA", STAGE_DATA },
};

static void
await_reply (Transfer *t, Stage stage)
{
  t->stage = stage;
  t->code = 0;
  t->more = false;
  g_string_truncate (t->reply, 0);
}

static int
on_debug (CURL *easy, curl_infotype type, char *data, size_t length, void *user)
{
  Transfer *t = user;

  if (type != CURLINFO_HEADER_OUT || t->over)
    return 0;
  if (length >= 4 && strncmp (data, "QUIT", 4) == 0)
    {
      t->over = true;
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      gsize n = strlen (commands[i].command);

      if (t->stage != STAGE_AUTH || commands[i].stage > STAGE_AUTH) /* else a line of a secret */
        if (length >= n && strncmp (data, commands[i].command, n) == 0)
          {
            await_reply (t, commands[i].stage);
            t->fresh |= commands[i].stage == STAGE_HELLO;
            return 0;
          }
    }
  await_reply (t, t->stage);
  return 0;
}

static void
take_line (Transfer *t, const char *line, gsize length)
{
  bool more = length > 3 && line[3] == '-';

  if (length < 3 || !g_ascii_isdigit (line[0]) || !g_ascii_isdigit (line[1])
      || !g_ascii_isdigit (line[2]))
    return; /* not a reply: libcurl ignores it as well */
  if (!t->more)
    g_string_truncate (t->reply, 0);
  t->more = more;
  if (t->reply->len < 4 * MAX_REPLY && length > 4)
    {
      g_autofree char *part = g_strndup (line + 4, length - 4);
      g_string_append_printf (t->reply, "%s%s", t->reply->len > 0 ? " " : "", g_strstrip (part));
    }
  if (more)
    return;
  t->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
  if (t->stage == STAGE_AUTH && t->code == 235)
    t->authenticated = true;
  if (t->stage == STAGE_END)
    curl_easy_setopt (t->easy, CURLOPT_FORBID_REUSE, 0L);
}

/* Returning less than was given ends the transfer: a server that offers no AUTH where we have a
 * user must not be asked to take mail, as its refusal would look like the recipient's. */
static size_t
on_header (char *line, size_t size, size_t n, void *user)
{
  Transfer *t = user;

  if (t->over)
    return size * n;
  take_line (t, line, size * n);
  return t->stage == STAGE_MAIL && t->fresh && t->needs_auth && !t->authenticated ? 0 : size * n;
}

static size_t
on_read (char *buffer, size_t size, size_t n, void *user)
{
  Transfer *t = user;
  gssize got;

  if (t->stage < STAGE_BODY)
    await_reply (t, STAGE_BODY);
  do
    got = read (t->fd, buffer, size * n);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return CURL_READFUNC_ABORT;
  t->sent += got;
  /* libcurl asks no more once it has as many octets as were announced; where it doubled a dot, it
   * has more and asks. */
  if (got == 0 || t->sent >= t->size)
    await_reply (t, STAGE_END);
  return (size_t) got;
}

static size_t
on_write (char *data, size_t size, size_t n, void *user)
{
  return size * n;
}

/* --- one transfer ----------------------------------------------------------------------------- */

static char *
url_of (const DeliveryOptions *o)
{
  bool bare6 = strchr (o->host, ':') != NULL && o->host[0] != '[';
  g_autofree char *helo =
    g_uri_escape_string (o->helo != NULL ? o->helo : "localhost", NULL, FALSE);

  return g_strdup_printf ("%s://%s%s%s:%d/%s", o->tls == DELIVERY_TLS_IMPLICIT ? "smtps" : "smtp",
                          bare6 ? "[" : "", o->host, bare6 ? "]" : "", o->port, helo);
}

static void
set_security (CURL *easy, const DeliveryOptions *o, const char *secret)
{
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (easy, CURLOPT_PROXY, ""); /* not from the environment */
  curl_easy_setopt (easy, CURLOPT_USE_SSL,
                    (long) (o->tls == DELIVERY_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (o->ca_file != NULL)
    {
      curl_easy_setopt (easy, CURLOPT_CAINFO, o->ca_file);
      curl_easy_setopt (easy, CURLOPT_CAPATH, NULL);
    }
  if (o->user == NULL)
    return;
  curl_easy_setopt (easy, CURLOPT_USERNAME, o->user);
  curl_easy_setopt (easy, CURLOPT_SASL_IR, 1L);
  if (o->token_command != NULL)
    {
      curl_easy_setopt (easy, CURLOPT_LOGIN_OPTIONS, "AUTH=XOAUTH2");
      curl_easy_setopt (easy, CURLOPT_XOAUTH2_BEARER, secret);
    }
  else
    curl_easy_setopt (easy, CURLOPT_PASSWORD, secret);
}

static void
set_up (Transfer *t, const DeliveryOptions *o, const char *secret)
{
  g_autofree char *url = url_of (o), *sender = g_strdup_printf ("<%s>", t->item->sender);
  CURL *easy = t->easy;

  curl_easy_reset (easy); /* keeps connections */
  curl_easy_setopt (easy, CURLOPT_URL, url);
  set_security (easy, o, secret);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT, (long) o->timeout_s);
  curl_easy_setopt (easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long) o->timeout_s);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, (long) o->timeout_s);
  /* With room to wait for the others, or a mail may time out that is being accepted. */
  curl_easy_setopt (easy, CURLOPT_TIMEOUT, (long) (o->timeout_s * (1 + o->parallel)));
  curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, t->retried ? 1L : 0L);
  /* Until the final reply is there: libcurl 7.88 also keeps a connection on which it gave up
   * waiting for that reply, and would take it for the answer to the next mail's command. */
  curl_easy_setopt (easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt (easy, CURLOPT_MAIL_FROM, sender);
  curl_easy_setopt (easy, CURLOPT_MAIL_RCPT, t->rcpt);
  curl_easy_setopt (easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t) t->size);
  curl_easy_setopt (easy, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt (easy, CURLOPT_READDATA, t);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_write);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, t);
  curl_easy_setopt (easy, CURLOPT_DEBUGFUNCTION, on_debug);
  curl_easy_setopt (easy, CURLOPT_DEBUGDATA, t);
  curl_easy_setopt (easy, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, t->trouble);
  curl_easy_setopt (easy, CURLOPT_PRIVATE, t);
}

/* libcurl puts an address into its command as it is. */
static bool
is_path (const char *address)
{
  if (strlen (address) > MAX_ADDRESS || !g_utf8_validate (address, -1, NULL))
    return false;
  for (const char *p = address; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) || strchr ("<> ", *p) != NULL)
      return false;
  return true;
}

static void
begin (Smtp *smtp, Transfer *t, const DeliveryOptions *o, const char *secret)
{
  t->fresh = t->authenticated = t->over = t->starved = false;
  t->sent = 0;
  t->needs_auth = o->user != NULL;
  t->trouble[0] = '\0';
  await_reply (t, STAGE_CONNECT);
  set_up (t, o, secret);
  g_assert (curl_multi_add_handle (smtp->multi, t->easy) == CURLM_OK);
}

static void
finish (Transfer *t)
{
  curl_easy_reset (t->easy); /* forgets the secret; a connection keeps its own for as long as it
                              * lives */
  g_clear_pointer (&t->rcpt, curl_slist_free_all);
  if (t->fd >= 0)
    close (t->fd);
  t->fd = -1;
  t->item = NULL;
}

/* Nothing of the mail can have been accepted, and the cause was not the mail: the server had closed
 * an idle connection, or we had not served this transfer while we waited for another. */
static bool
may_retry (const Transfer *t, CURLcode result)
{
  bool reused = !t->fresh && t->stage >= STAGE_MAIL;

  if (t->retried || t->stage == STAGE_END)
    return false;
  if (result == CURLE_OPERATION_TIMEDOUT)
    return t->starved;
  return reused && t->stage < STAGE_BODY && (t->code == 0 || t->code == 421);
}

/* --- a call ----------------------------------------------------------------------------------- */

typedef struct {
  Delivery *delivery;
  const Batch *batch;
  const char *secret;
  guint next, active, silences;
  bool stop; /* and give the rest this outcome */
  DeliveryStatus status;
  int code;
  char enhanced[16];
  char *reply;
} Run;

static void
stop (Run *run, DeliveryStatus status, int code, const char *enhanced, const char *reply)
{
  if (run->stop)
    return;
  run->stop = true;
  run->status = status;
  run->code = code;
  g_strlcpy (run->enhanced, enhanced, sizeof run->enhanced);
  run->reply = g_strdup (reply);
}

static void
report (Run *run, Transfer *t, CURLcode result)
{
  const char *trouble = t->trouble[0] != '\0' ? t->trouble : curl_easy_strerror (result);
  bool answered = t->code >= 400 || (t->stage == STAGE_END && t->code > 0);
  const DeliveryItem *item = t->item;
  char enhanced[16] = "";
  g_autofree char *reply = NULL;
  DeliveryStatus status;

  if (t->stage == STAGE_MAIL && t->fresh && t->needs_auth && !t->authenticated)
    {
      status = DELIVERY_BLOCKED;
      reply = g_strdup ("the server offers no authentication, but a user is configured");
    }
  else if (answered)
    {
      reply_enhanced (t->reply->str, enhanced);
      status = reply_status (t->stage, t->code, enhanced);
      reply = g_strdup (t->reply->str);
    }
  else
    {
      bool unknown = t->stage >= STAGE_BODY;
      status = unknown ? DELIVERY_DEFERRED : reply_curl_status (result);
      reply = g_strdup_printf ("%s%s", unknown ? "outcome unknown: " : "", trouble);
    }
  int code = answered ? t->code : 0;

  run->silences = answered ? 0 : run->silences + 1;
  if (status == DELIVERY_BLOCKED || run->silences >= MAX_SILENCES
      || (!answered && t->stage == STAGE_CONNECT))
    stop (run, status, code, enhanced, reply);
  finish (t);
  run->active--;
  batch_report (run->batch, item, t->stage, status, code, enhanced, reply);
}

static void
begin_next (Run *run, Transfer *t)
{
  const DeliveryItem *item = &run->batch->items[run->next++];

  if (!is_path (item->sender) || !is_path (item->rcpt) || item->rcpt[0] == '\0')
    {
      batch_report (run->batch, item, STAGE_CONNECT, DELIVERY_FAILED, 0, "5.1.3",
                    "not an address that can be sent to");
      return;
    }
  t->fd = batch_open (run->batch, item, &t->size);
  if (t->fd < 0)
    return;
  g_autofree char *rcpt = g_strdup_printf ("<%s>", item->rcpt);

  t->rcpt = curl_slist_append (NULL, rcpt);
  t->item = item;
  t->retried = false;
  run->active++;
  begin (run->delivery->smtp, t, &run->delivery->options, run->secret);
}

/* WAITED: libcurl kept everything waiting before these ended.  One that ended alone was what it
 * waited for; of several, any may have been kept waiting. */
static void
end_finished (Run *run, bool waited)
{
  Smtp *smtp = run->delivery->smtp;
  CURLMsg *message;
  int queued, n = 0;

  while ((message = curl_multi_info_read (smtp->multi, &queued)) != NULL)
    {
      CURLcode result = message->data.result;
      Transfer *t;

      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, (char **) &t);
      curl_multi_remove_handle (smtp->multi, t->easy);
      t->starved |= waited && (n++ > 0 || queued > 0);
      if (may_retry (t, result) && lseek (t->fd, 0, SEEK_SET) == 0)
        {
          t->retried = true;
          begin (smtp, t, &run->delivery->options, run->secret);
        }
      else
        report (run, t, result);
    }
}

static void
perform (Run *run)
{
  Smtp *smtp = run->delivery->smtp;
  gint64 before = clock_monotonic_ms ();
  int running;

  curl_multi_perform (smtp->multi, &running);
  bool waited = clock_monotonic_ms () - before >= STARVED_MS;

  end_finished (run, waited);
  for (guint i = 0; waited && i < smtp->n; i++)
    smtp->transfers[i].starved = true;
}

static void
run_all (Run *run)
{
  Smtp *smtp = run->delivery->smtp;

  while (run->active > 0 || (!run->stop && run->next < run->batch->n))
    {
      for (guint i = 0; i < smtp->n; i++)
        while (!run->stop && run->next < run->batch->n && smtp->transfers[i].item == NULL)
          begin_next (run, &smtp->transfers[i]);
      if (run->active == 0)
        continue;
      perform (run);
      if (run->active > 0)
        curl_multi_poll (smtp->multi, NULL, 0, 1000, NULL);
    }
}

void
smtp_send (Delivery *delivery, const Batch *batch)
{
  g_autoptr (GError) error = NULL;
  char *secret = NULL;
  Run run = { .delivery = delivery, .batch = batch };

  if (delivery->options.user != NULL)
    secret = secret_read (&delivery->options, &error);
  if (error != NULL)
    stop (&run, DELIVERY_BLOCKED, 0, "", error->message);
  run.secret = secret;
  if (delivery->smtp == NULL)
    delivery->smtp = smtp_new (delivery->options.parallel);
  run_all (&run);
  while (run.next < batch->n)
    batch_report (batch, &batch->items[run.next++], STAGE_CONNECT, run.status, run.code,
                  run.enhanced, run.reply);
  secret_free (secret);
  g_free (run.reply);
}
