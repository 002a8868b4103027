/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an engine says about a signature.
 *
 * Its answer is asked for first and taken later, so that other work is done while it works.
 * gpgsm reads both from open files: the signature from one in memory, what is signed from a pipe
 * that is filled straight from the document (splice(2)).  gpgme passes such descriptors on as they
 * are.
 */
#define _GNU_SOURCE
#include "config.h"

#include "signature/gpg-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory-file.h"

#define MAX_PLAIN (64 * 1024 * 1024)

/* As much as a pipe can be told to hold without privilege (pipe(7)). */
#define PIPE_MAX_BYTES 1048576

struct GpgVerifying {
  Gpg *gpg;
  bool openpgp;
  gpgme_ctx_t context;
  gpgme_data_t signature, data, inside;
  gpgme_error_t started;

  /* gpgsm gets files: the signature, and a pipe for what is signed. */
  int signature_file, lent_signature, pipe, lent_pipe; /* -1: none, or not any more */
  const Covered *covered;
  gint64 poured; /* octets of it */
  void *pouring; /* its place in the loop, or NULL */
  bool unread;   /* it could not be poured to its end */

  GBytes *joined; /* gpg gets it from memory */
};

/* --- verification ----------------------------------------------------------------------------- */

void
gpg_signature_free (GpgSignature *s)
{
  g_free (s->why);
  g_free (s->fingerprint);
  g_free (s->hash);
  g_free (s);
}

/* The one place that decides what a status of GPGME is worth. */
static GpgState
state_of (gpgme_signature_t g)
{
  switch (gpgme_err_code (g->status))
    {
    case GPG_ERR_NO_ERROR:
    case GPG_ERR_SIG_EXPIRED:
    case GPG_ERR_KEY_EXPIRED:
    case GPG_ERR_CERT_EXPIRED:
    case GPG_ERR_CERT_REVOKED:
      return GPG_INTACT;
    case GPG_ERR_BAD_SIGNATURE:
      return GPG_BAD;
    case GPG_ERR_NO_PUBKEY:
      return GPG_NO_KEY;
    default:
      return GPG_CANNOT;
    }
}

static GpgSignature *
signature_of (gpgme_signature_t g)
{
  const guint good = GPGME_SIGSUM_VALID | GPGME_SIGSUM_GREEN,
              late = GPGME_SIGSUM_KEY_EXPIRED | GPGME_SIGSUM_SIG_EXPIRED;
  GpgSignature *s = g_new0 (GpgSignature, 1);
  const char *hash = gpgme_hash_algo_name (g->hash_algo);

  s->state = state_of (g);
  s->past_time = (g->summary & late) != 0 || gpgme_err_code (g->status) == GPG_ERR_SIG_EXPIRED;
  s->revoked = (g->summary & GPGME_SIGSUM_KEY_REVOKED) != 0
               || gpgme_err_code (g->status) == GPG_ERR_CERT_REVOKED;
  s->accepted = s->state == GPG_INTACT && !g->wrong_key_usage
                && ((gpgme_err_code (g->status) == GPG_ERR_NO_ERROR
                     && (g->summary & GPGME_SIGSUM_VALID) != 0 && (g->summary & ~good) == 0)
                    || (s->past_time && (g->summary & ~(good | late)) == 0));
  s->why = g_strdup (gpgme_err_code (g->status) != GPG_ERR_NO_ERROR ? gpgme_strerror (g->status)
                     : g->validity_reason != 0 ? gpgme_strerror (g->validity_reason)
                                               : "it is not trusted");
  s->fingerprint = g_ascii_strup (g->fpr != NULL ? g->fpr : "", -1);
  s->hash = g_strdup (hash != NULL ? hash : "");
  s->signed_at = (gint64) g->timestamp;
  return s;
}

static GPtrArray *
collect (gpgme_verify_result_t r)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) gpg_signature_free);

  for (gpgme_signature_t g = r != NULL ? r->signatures : NULL; g != NULL; g = g->next)
    g_ptr_array_add (list, signature_of (g));
  return list;
}

/* --- what is handed over to the engine -------------------------------------------------------- */

/* gpgme closes what it handed over, and leaves open what it did not get to. */
static void
close_lent (int lent, int twin)
{
  struct stat a, b;

  if (lent >= 0 && twin >= 0 && fstat (lent, &a) == 0 && fstat (twin, &b) == 0
      && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
    close (lent);
}

static void
stop_pouring (GpgVerifying *run)
{
  if (run->pouring != NULL)
    gpg_unwatch (run->pouring);
  run->pouring = NULL;
  if (run->pipe >= 0)
    close (run->pipe);
  run->pipe = -1;
}

static gpgme_error_t
pour (void *data, int fd)
{
  GpgVerifying *run = data;
  bool ok = covered_pour (run->covered, &run->poured, fd);

  run->unread |= !ok;
  if (!ok || run->poured == covered_size (run->covered))
    stop_pouring (run);
  return 0;
}

static void
begin_pouring (GpgVerifying *run)
{
  run->pouring = gpg_watch_writable (run->gpg, run->pipe, pour, run);
  run->unread = run->pouring == NULL;
  pour (run, run->pipe);
}

/* A pipe, so that megabytes are not copied into a file first, and are hashed while they come. */
static gpgme_error_t
lend_pipe (GpgVerifying *run)
{
  int ends[2];

  if (pipe2 (ends, O_CLOEXEC) != 0)
    return gpgme_error_from_errno (errno);
  run->lent_pipe = ends[0];
  run->pipe = ends[1];
  /* Where a user is out of large pipes it stays a small one. */
  fcntl (run->pipe, F_SETPIPE_SZ, (int) CLAMP (covered_size (run->covered), 1, PIPE_MAX_BYTES));
  fcntl (run->pipe, F_SETFL, O_NONBLOCK);
  return gpgme_data_new_from_fd (&run->data, run->lent_pipe);
}

static gpgme_error_t
hand_over_to_gpgsm (GpgVerifying *run, GBytes *signature)
{
  gpgme_error_t e;

  run->signature_file = memory_file (signature);
  run->lent_signature = fcntl (run->signature_file, F_DUPFD_CLOEXEC, 0);
  if (run->lent_signature < 0)
    return gpgme_error_from_errno (errno);
  e = gpgme_data_new_from_fd (&run->signature, run->lent_signature);
  return e == 0 && run->covered != NULL ? lend_pipe (run) : e;
}

/* gpgme gives gpg everything through pipes of its own. */
static gpgme_error_t
hand_over_to_gpg (GpgVerifying *run, GBytes *signature)
{
  run->signature = gpg_data (signature);
  if (run->covered == NULL)
    return 0;
  run->joined = covered_join (run->covered);
  if (run->joined == NULL)
    return gpgme_error (GPG_ERR_EIO);
  run->data = gpg_data (run->joined);
  return 0;
}

/* --- the answer ------------------------------------------------------------------------------- */

GpgVerifying *
gpg_verify_begin (Gpg *gpg, bool openpgp, GBytes *signature, const Covered *data, GError **error)
{
  gpgme_ctx_t c = gpg_context (gpg, openpgp, error);
  GpgVerifying *run;

  if (c == NULL)
    return NULL;
  run = g_new (GpgVerifying, 1);
  *run = (GpgVerifying){ .gpg = gpg,
                         .openpgp = openpgp,
                         .context = c,
                         .covered = data,
                         .signature_file = -1,
                         .lent_signature = -1,
                         .pipe = -1,
                         .lent_pipe = -1 };
  run->started = openpgp ? hand_over_to_gpg (run, signature) : hand_over_to_gpgsm (run, signature);
  if (run->started == 0 && data == NULL)
    run->started = gpgme_data_new (&run->inside);
  if (run->started == 0)
    run->started = gpgme_op_verify_start (c, run->signature, run->data, run->inside);
  close_lent (run->lent_signature, run->signature_file);
  close_lent (run->lent_pipe, run->pipe);
  if (run->started == 0 && run->pipe >= 0)
    begin_pouring (run);
  return run;
}

static void
verifying_free (GpgVerifying *run)
{
  stop_pouring (run);
  if (run->signature_file >= 0)
    close (run->signature_file);
  if (run->signature != NULL)
    gpgme_data_release (run->signature);
  if (run->data != NULL)
    gpgme_data_release (run->data);
  if (run->inside != NULL)
    gpgme_data_release (run->inside);
  g_clear_pointer (&run->joined, g_bytes_unref);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GpgVerifying, verifying_free)

/* Errors that say something about the signature, not about the engine. */
static bool
is_about_signature (gpgme_error_t e)
{
  switch (gpgme_err_code (e))
    {
    case GPG_ERR_NO_DATA:
    case GPG_ERR_BAD_DATA:
    case GPG_ERR_INV_CMS_OBJ:
    case GPG_ERR_BAD_BER:
    case GPG_ERR_CONFLICT:
    case GPG_ERR_UNKNOWN_ALGORITHM:
      return true;
    default:
      return gpgme_err_source (e) == GPG_ERR_SOURCE_KSBA;
    }
}

/* What an engine that ended with E says: nothing, when that is about itself. */
static GPtrArray *
answer (GpgVerifying *run, gpgme_error_t e, GError **error)
{
  g_autoptr (GPtrArray) list = collect (gpgme_op_verify_result (run->context));
  const char *engine = run->openpgp ? "gpg" : "gpgsm";

  /* A process that died is not asked again. */
  if (e != 0 || run->unread)
    gpg_drop_context (run->gpg, run->openpgp);
  if (e != 0 && !is_about_signature (e) && list->len == 0)
    g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s failed: %s", engine,
                 gpgme_strerror (e));
  else if (run->unread)
    g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "what is signed could not be given to %s",
                 engine);
  else
    return g_steal_pointer (&list);
  return NULL;
}

GPtrArray *
gpg_verify_end (GpgVerifying *verifying, GBytes **plain, GError **error)
{
  g_autoptr (GpgVerifying) run = verifying;
  gpgme_error_t e;

  if (!gpg_finish (run->gpg, run->openpgp, run->started, &e, error))
    {
      run->pouring = NULL; /* it went with the context */
      return NULL;
    }
  if (e == 0 && run->inside != NULL)
    {
      g_autoptr (GBytes) content = gpg_take (g_steal_pointer (&run->inside));

      if (plain != NULL && g_bytes_get_size (content) <= MAX_PLAIN)
        *plain = g_steal_pointer (&content);
    }
  return answer (run, e, error);
}

GPtrArray *
gpg_verify (Gpg *gpg, bool openpgp, GBytes *signature, const Covered *data, GBytes **plain,
            GError **error)
{
  GpgVerifying *run = gpg_verify_begin (gpg, openpgp, signature, data, error);

  return run != NULL ? gpg_verify_end (run, plain, error) : NULL;
}
