/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <curl/curl.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "delivery/delivery-private.h"

static void
a_reply_means_one_thing (void)
{
  static const struct {
    Stage stage;
    int code;
    const char *enhanced;
    DeliveryStatus want;
  } rows[] = {
    { STAGE_END, 250, "2.0.0", DELIVERY_ACCEPTED },
    { STAGE_END, 250, "", DELIVERY_ACCEPTED },
    { STAGE_END, 251, NULL, DELIVERY_ACCEPTED },
    { STAGE_RCPT, 0, "", DELIVERY_DEFERRED },
    { STAGE_RCPT, 450, "4.2.1", DELIVERY_DEFERRED },
    { STAGE_RCPT, 451, "4.7.1", DELIVERY_DEFERRED },
    { STAGE_RCPT, 452, "4.2.2", DELIVERY_DEFERRED },
    { STAGE_RCPT, 550, "5.1.1", DELIVERY_FAILED },
    { STAGE_RCPT, 550, "", DELIVERY_FAILED },
    { STAGE_RCPT, 553, "5.1.3", DELIVERY_FAILED },
    { STAGE_RCPT, 501, "5.1.3", DELIVERY_FAILED },
    { STAGE_MAIL, 552, "5.3.4", DELIVERY_FAILED },
    { STAGE_END, 554, "5.7.1", DELIVERY_FAILED },
    { STAGE_CONNECT, 421, "4.3.2", DELIVERY_DEFERRED },
    { STAGE_CONNECT, 554, "5.7.1", DELIVERY_BLOCKED },
    { STAGE_HELLO, 550, "", DELIVERY_BLOCKED },
    { STAGE_TLS, 454, "4.7.0", DELIVERY_DEFERRED },
    { STAGE_AUTH, 454, "4.7.0", DELIVERY_DEFERRED },
    { STAGE_AUTH, 432, "4.7.12", DELIVERY_BLOCKED },
    { STAGE_AUTH, 535, "5.7.8", DELIVERY_BLOCKED },
    { STAGE_AUTH, 550, "", DELIVERY_BLOCKED },
    { STAGE_MAIL, 530, "5.7.0", DELIVERY_BLOCKED },
    { STAGE_MAIL, 503, "5.5.1", DELIVERY_BLOCKED },
    { STAGE_RCPT, 535, "", DELIVERY_BLOCKED },
    { STAGE_END, 554, "5.2.252", DELIVERY_BLOCKED },
    { STAGE_MAIL, 550, "5.7.60", DELIVERY_BLOCKED },
    { STAGE_END, 550, "5.4.5", DELIVERY_DEFERRED },
    { STAGE_END, 354, "", DELIVERY_DEFERRED },
    { STAGE_RCPT, 999, "", DELIVERY_DEFERRED },
    { STAGE_RCPT, 100, "", DELIVERY_DEFERRED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("stage %d: %d %s", rows[i].stage, rows[i].code, rows[i].enhanced);
      g_assert_cmpint (reply_status (rows[i].stage, rows[i].code, rows[i].enhanced), ==,
                       rows[i].want);
    }
  g_assert_cmpint (delivery_reply_status (550, "5.1.1", false), ==, DELIVERY_FAILED);
  g_assert_cmpint (delivery_reply_status (550, NULL, true), ==, DELIVERY_BLOCKED);
  g_assert_cmpint (delivery_reply_status (0, NULL, false), ==, DELIVERY_DEFERRED);
}

static void
no_reply_means_one_thing (void)
{
  static const struct {
    CURLcode code;
    DeliveryStatus want;
  } rows[] = {
    { CURLE_COULDNT_RESOLVE_HOST, DELIVERY_DEFERRED }, { CURLE_COULDNT_CONNECT, DELIVERY_DEFERRED },
    { CURLE_OPERATION_TIMEDOUT, DELIVERY_DEFERRED },   { CURLE_RECV_ERROR, DELIVERY_DEFERRED },
    { CURLE_SEND_ERROR, DELIVERY_DEFERRED },           { CURLE_SSL_CONNECT_ERROR, DELIVERY_DEFERRED },
    { CURLE_USE_SSL_FAILED, DELIVERY_BLOCKED },        { CURLE_LOGIN_DENIED, DELIVERY_BLOCKED },
    { CURLE_PEER_FAILED_VERIFICATION, DELIVERY_BLOCKED }, { CURLE_SSL_CACERT_BADFILE, DELIVERY_BLOCKED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (reply_curl_status (rows[i].code), ==, rows[i].want);
  g_assert_cmpint (reply_errno_status (ENOENT), ==, DELIVERY_FAILED);
  g_assert_cmpint (reply_errno_status (EACCES), ==, DELIVERY_BLOCKED);
  g_assert_cmpint (reply_errno_status (ENOSPC), ==, DELIVERY_DEFERRED);
}

static void
a_reply_is_one_clean_line (void)
{
  static const struct {
    const char *raw, *want;
  } rows[] = {
    { "5.1.1 no such user\r\n", "5.1.1 no such user" },
    { "a\r\nb\tc\x1b[31m", "a b c [31m" },
    { "  \n", "" },
    { "caf\xe9", "caf\xef\xbf\xbd" },
    { "caf\xc3\xa9 \xe2\x80\xa8x\xe2\x80\xaey", "caf\xc3\xa9 x y" },
    { "\xc2\x85z", "z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *clean = reply_clean (rows[i].raw);
      g_assert_cmpstr (clean, ==, rows[i].want);
    }
  g_autofree char *huge = g_strnfill (100000, 'x'), *clean = reply_clean (huge);
  g_assert_cmpuint (strlen (clean), ==, MAX_REPLY);
}

static void
enhanced_codes_are_read (void)
{
  static const struct {
    const char *text, *want;
  } rows[] = {
    { "5.1.1 no such user", "5.1.1" }, { "2.0.0", "2.0.0" }, { "5.7.139 x", "5.7.139" },
    { "4.123.456 x", "4.123.456" }, { "3.0.0 x", "" }, { "5.1 x", "" }, { "5..1 x", "" }, { "5.1. x", "" },
    { "5.1.1.1 x", "" }, { "5.1.1x", "" }, { "", "" }, { "192.168.1.1 refused", "" }, { "no", "" },
    { "5.1234567.12345678", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      char enhanced[16];
      reply_enhanced (rows[i].text, enhanced);
      g_assert_cmpstr (enhanced, ==, rows[i].want);
    }
}

static void
options_that_cannot_work_are_refused (void)
{
  const DeliveryOptions good = { .kind = DELIVERY_SMTP, .host = "mail.example.org", .port = 587,
                                 .tls = DELIVERY_TLS_STARTTLS, .parallel = 4, .timeout_s = 60 };
  DeliveryOptions bad[9];

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    bad[i] = good;
  bad[0].tls = DELIVERY_TLS_NONE;
  bad[1].host = "mail example";
  bad[2].port = 0;
  bad[3].parallel = 5;
  bad[4].parallel = 0;
  bad[5].timeout_s = 0;
  bad[6].user = "desk";
  bad[7].helo = "a/b";
  bad[8].kind = DELIVERY_MAILDIR;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (delivery_new (&bad[i], &error));
      g_assert_error (error, QEC_ERROR, QEC_ERROR_CONFIG);
    }
  DeliveryOptions local = good;

  local.tls = DELIVERY_TLS_NONE;
  local.host = "::1";
  g_autoptr (Delivery) a = delivery_new (&good, NULL), b = delivery_new (&local, NULL);
  g_assert_nonnull (a);
  g_assert_nonnull (b);
}

static char *
secret_of (const char *file, const char *command, guint timeout_s, GError **error)
{
  DeliveryOptions options = { .user = "desk", .secret_file = file, .token_command = command,
                              .timeout_s = timeout_s };
  return secret_read (&options, error);
}

static void
secrets_are_read_at_use (void)
{
  g_autoptr (GError) missing = NULL, failed = NULL, slow = NULL, endless = NULL;
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "qecp-secret-XXXXXX", NULL);
  int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "pass word\n", -1, NULL));
  char *secret = secret_of (path, NULL, 5, NULL);
  g_assert_cmpstr (secret, ==, "pass word");
  secret_free (secret);
  g_assert_true (g_file_set_contents (path, "\n", -1, NULL));
  g_assert_null (secret_of (path, NULL, 5, NULL));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (secret_of (path, NULL, 5, &missing));
  g_assert_error (missing, QEC_ERROR, QEC_ERROR_CONFIG);

  secret = secret_of (NULL, "printf 'to%sken\\n' x", 5, NULL);
  g_assert_cmpstr (secret, ==, "toxken");
  secret_free (secret);
  g_assert_null (secret_of (NULL, "sh -c 'echo token; exit 3'", 5, &failed));
  g_assert_error (failed, QEC_ERROR, QEC_ERROR_CONFIG);
  g_assert_null (secret_of (NULL, "sleep 60", 1, &slow));
  g_assert_error (slow, QEC_ERROR, QEC_ERROR_CONFIG);
  g_assert_null (secret_of (NULL, "cat /dev/zero", 5, &endless));
  g_assert_error (endless, QEC_ERROR, QEC_ERROR_CONFIG);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/reply", a_reply_means_one_thing);
  g_test_add_func ("/delivery/no-reply", no_reply_means_one_thing);
  g_test_add_func ("/delivery/clean-line", a_reply_is_one_clean_line);
  g_test_add_func ("/delivery/enhanced", enhanced_codes_are_read);
  g_test_add_func ("/delivery/options", options_that_cannot_work_are_refused);
  g_test_add_func ("/delivery/secret", secrets_are_read_at_use);
  return g_test_run ();
}
