/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp verify`: the verdict on one signed document or message, for anybody, without an office.
 */
#include "config.h"

#include "admin/admin-read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "signature/signature.h"

enum { GOOD = 0, NOT_GOOD = 1, WRONG_CALL = 2, FAILED = 3 };

typedef struct {
  GStrv files, trust, keys, crls;
  char *at;
  gboolean json;
} Call;

/* By content: a document is a document whatever its name is. */
static bool
is_pdf (int fd)
{
  char head[1024];
  gssize n = pread (fd, head, sizeof head, 0);

  return n >= 5 && g_strstr_len (head, n, "%PDF-") != NULL;
}

static bool
looks_like_pdf (int fd, const char *file)
{
  return is_pdf (fd) || g_str_has_suffix (file, ".pdf") || g_str_has_suffix (file, ".PDF");
}

static int
print (const Verification *v, const char *file, bool json)
{
  g_autofree char *text = NULL;

  if (json)
    {
      g_autoptr (JsonNode) node = verification_to_json (v);

      text = json_to_string (node, TRUE);
      puts (text);
    }
  else
    {
      text = verification_to_text (v, file);
      fputs (text, stdout);
    }
  if (fflush (stdout) != 0)
    return FAILED;
  return v->verdict == VERDICT_VALID ? GOOD : NOT_GOOD;
}

static int
complain (const GError *error)
{
  fprintf (stderr, "qecp verify: %s\n", error->message);
  return g_error_matches (error, QEC_ERROR, QEC_ERROR_CONFIG) ? WRONG_CALL : FAILED;
}

static int
verify_file (const Call *call, const char *file, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Reader) reader = NULL;
  g_autoptr (Verifier) verifier = NULL;
  g_autoptr (Verification) result = NULL;
  const VerifierOptions options = { (const char *const *) call->trust,
                                    (const char *const *) call->crls,
                                    (const char *const *) call->keys, 0 };
  int fd = admin_open_message (file);

  if (fd < 0)
    {
      fprintf (stderr, "qecp verify: %s: %s\n", file, g_strerror (errno));
      return WRONG_CALL;
    }
  reader = reader_new (NULL, &error);
  verifier = reader != NULL ? verifier_new (&options, &error) : NULL;
  if (verifier != NULL)
    result = looks_like_pdf (fd, file) ? verifier_pdf (verifier, reader, fd, now)
                                       : verifier_mail (verifier, reader, fd, now);
  close (fd);
  return result != NULL ? print (result, file, call->json) : complain (error);
}

int
admin_verify (int argc, char **argv)
{
  Call call = { 0 };
  gint64 now = clock_now ();
  int status = WRONG_CALL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry options[] = {
    { "trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &call.trust, "Root certificates to trust, and authorities below them (PEM)", "FILE" },
    { "crl", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &call.crls, "A list of revoked certificates; nothing is fetched", "FILE" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &call.keys, "OpenPGP keys to trust", "FILE" },
    { "at", 0, 0, G_OPTION_ARG_STRING, &call.at, "As of this time instead of now", "TIME" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &call.json, "Print one JSON document", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &call.files, NULL, "FILE.pdf|FILE.eml" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (
    context,
    "The verdict on the signatures of a PDF document or a message.  - reads standard input.\n"
    "Exit status: 0 valid; 1 anything else; 2 the call or a file is wrong; 3 it failed.");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    fprintf (stderr, "qecp verify: %s\n", error->message);
  else if (call.files == NULL || g_strv_length (call.files) != 1)
    fprintf (stderr, "qecp verify: give one FILE, or - for standard input\n");
  else if (call.at != NULL && !clock_parse (call.at, &now, &error))
    fprintf (stderr, "qecp verify: --at: %s\n", error->message);
  else
    status = verify_file (&call, call.files[0], now);
  g_strfreev (call.files);
  g_strfreev (call.trust);
  g_strfreev (call.keys);
  g_strfreev (call.crls);
  g_free (call.at);
  return status;
}
