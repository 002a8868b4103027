/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GPGME, which gpg-seal.c, gpg-verify.c and this file know alone.  One context for each protocol
 * stays as long as it answers, so that gpgsm is started once; every operation has a deadline, and a
 * context that missed it is thrown away.
 */
#include "config.h"

#include "signature/gpg-private.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define MAX_WATCHES 16
/* How much longer than an engine is given, we wait for its end. */
#define GRACE_MS 2000

typedef struct {
  int fd;
  int dir; /* 1: gpgme reads */
  gpgme_io_cb_t call;
  void *data;
} Descriptor;

struct Gpg {
  KeyHome *home;
  guint seconds;
  Watch *engines;          /* ends those that do not answer */
  gpgme_ctx_t contexts[2]; /* CMS, OpenPGP */
  Descriptor watches[MAX_WATCHES];
  bool done;
  gpgme_error_t result;
};

/* --- a loop of our own, because gpgme_wait() knows no deadline -------------------------------- */

static gpgme_error_t
add_watch (void *data, int fd, int dir, gpgme_io_cb_t call, void *call_data, void **tag)
{
  Gpg *gpg = data;

  for (guint i = 0; i < MAX_WATCHES; i++)
    if (gpg->watches[i].call == NULL)
      {
        gpg->watches[i] = (Descriptor){ fd, dir, call, call_data };
        *tag = &gpg->watches[i];
        return 0;
      }
  return gpgme_error (GPG_ERR_ENOMEM);
}

static void
remove_watch (void *tag)
{
  *(Descriptor *) tag = (Descriptor){ 0 };
}

void *
gpg_watch_writable (Gpg *gpg, int fd, gpgme_io_cb_t call, void *data)
{
  void *tag = NULL;

  add_watch (gpg, fd, 0, call, data, &tag);
  return tag;
}

void
gpg_unwatch (void *tag)
{
  remove_watch (tag);
}

static void
on_event (void *data, gpgme_event_io_t type, void *type_data)
{
  Gpg *gpg = data;

  if (type != GPGME_EVENT_DONE)
    return;
  const struct gpgme_io_event_done_data *done = type_data;
  gpg->done = true;
  gpg->result = done->err != 0 ? done->err : done->op_err;
}

static void
serve_watches (Gpg *gpg, int wait_ms)
{
  struct pollfd fds[MAX_WATCHES];
  Descriptor *watches[MAX_WATCHES];
  nfds_t n = 0;

  for (guint i = 0; i < MAX_WATCHES; i++)
    if (gpg->watches[i].call != NULL)
      {
        watches[n] = &gpg->watches[i];
        fds[n++] =
          (struct pollfd){ gpg->watches[i].fd, gpg->watches[i].dir != 0 ? POLLIN : POLLOUT, 0 };
      }
  if (poll (fds, n, wait_ms) <= 0)
    return;
  for (nfds_t i = 0; i < n && !gpg->done; i++)
    if (fds[i].revents != 0 && watches[i]->call != NULL && watches[i]->fd == fds[i].fd)
      watches[i]->call (watches[i]->data, fds[i].fd);
}

void
gpg_drop_context (Gpg *gpg, bool openpgp)
{
  if (gpg->contexts[openpgp] != NULL)
    gpgme_release (gpg->contexts[openpgp]);
  gpg->contexts[openpgp] = NULL;
  memset (gpg->watches, 0, sizeof gpg->watches);
}

bool
gpg_finish (Gpg *gpg, bool openpgp, gpgme_error_t started, gpgme_error_t *result, GError **error)
{
  gint64 deadline = clock_monotonic_ms () + (gint64) gpg->seconds * 1000 + GRACE_MS;

  *result = started;
  if (started != 0)
    gpg->done = true;
  while (!gpg->done)
    {
      gint64 left = deadline - clock_monotonic_ms ();

      if (left <= 0)
        {
          gpg_drop_context (gpg, openpgp);
          watch_over (gpg->engines, 0);
          g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s did not answer within %u seconds",
                       openpgp ? "gpg" : "gpgsm", gpg->seconds);
          return false;
        }
      serve_watches (gpg, (int) left);
    }
  if (started == 0)
    *result = gpg->result;
  watch_over (gpg->engines, 0);
  return true;
}

/* --- contexts --------------------------------------------------------------------------------- */

Gpg *
gpg_new (KeyHome *home, guint seconds)
{
  static bool begun;
  Gpg *gpg = g_new0 (Gpg, 1);

  if (!begun)
    gpgme_check_version (NULL);
  begun = true;
  gpg->home = home;
  gpg->seconds = seconds;
  return gpg;
}

void
gpg_free (Gpg *gpg)
{
  if (gpg == NULL)
    return;
  gpg_drop_context (gpg, false);
  gpg_drop_context (gpg, true);
  watch_free (gpg->engines);
  g_free (gpg);
}

gpgme_ctx_t
gpg_context (Gpg *gpg, bool openpgp, GError **error)
{
  struct gpgme_io_cbs calls = { add_watch, gpg, remove_watch, on_event, gpg };
  gpgme_protocol_t protocol = openpgp ? GPGME_PROTOCOL_OpenPGP : GPGME_PROTOCOL_CMS;
  gpgme_ctx_t c = NULL;
  gpgme_error_t e = gpgme_engine_check_version (protocol);

  gpg->done = false;
  gpg->result = 0;
  gpg_watch (gpg, true);
  if (gpg->contexts[openpgp] != NULL)
    return gpg->contexts[openpgp];
  if (e == 0)
    e = gpgme_new (&c);
  if (e == 0)
    e = gpgme_set_protocol (c, protocol);
  if (e == 0)
    e = gpgme_ctx_set_engine_info (c, protocol, NULL, key_home_path (gpg->home));
  if (e != 0)
    {
      if (c != NULL)
        gpgme_release (c);
      watch_over (gpg->engines, 0);
      g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "%s cannot be run: %s",
                   openpgp ? "gpg" : "gpgsm", gpgme_strerror (e));
      return NULL;
    }
  gpgme_set_offline (c, 1);
  gpgme_set_io_cbs (c, &calls);
  gpg->contexts[openpgp] = c;
  return c;
}

const char *
gpg_home (const Gpg *gpg)
{
  return key_home_path (gpg->home);
}

void
gpg_watch (Gpg *gpg, bool on)
{
  if (gpg->engines == NULL)
    gpg->engines = watch_new (key_home_path (gpg->home));
  watch_over (gpg->engines, on ? gpg->seconds : 0);
}

/* --- keys ------------------------------------------------------------------------------------- */

gpgme_data_t
gpg_data (GBytes *bytes)
{
  gpgme_data_t data = NULL;
  gsize n;
  const void *start = g_bytes_get_data (bytes, &n);

  gpgme_data_new_from_mem (&data, start != NULL ? start : "", n, 0);
  return data;
}

GBytes *
gpg_take (gpgme_data_t data)
{
  size_t n = 0;
  char *bytes = gpgme_data_release_and_get_mem (data, &n);
  GBytes *copy = g_bytes_new (bytes, n);

  gpgme_free (bytes);
  return copy;
}

bool
gpg_import (Gpg *gpg, bool openpgp, GBytes *bytes, GError **error)
{
  gpgme_ctx_t c = gpg_context (gpg, openpgp, error);
  gpgme_error_t e;

  if (c == NULL)
    return false;
  gpgme_data_t data = gpg_data (bytes);
  bool ended = gpg_finish (gpg, openpgp, gpgme_op_import_start (c, data), &e, error);
  gpgme_data_release (data);
  if (!ended)
    return false;
  gpgme_import_result_t r = gpgme_op_import_result (c);
  if (e != 0 || r == NULL || r->imported + r->unchanged == 0)
    {
      g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "no %s in it%s%s",
                   openpgp ? "OpenPGP key" : "certificate", e != 0 ? ": " : "",
                   e != 0 ? gpgme_strerror (e) : "");
      return false;
    }
  return true;
}

void
gpg_key_free (GpgKey *key)
{
  g_free (key->fingerprint);
  g_free (key->primary);
  g_free (key->name);
  g_free (key->algorithm);
  g_ptr_array_unref (key->emails);
  g_free (key);
}

static const char *
algorithm_name (gpgme_pubkey_algo_t algorithm)
{
  switch (algorithm)
    {
    case GPGME_PK_RSA:
    case GPGME_PK_RSA_E:
    case GPGME_PK_RSA_S:
      return "RSA";
    case GPGME_PK_DSA:
      return "DSA";
    case GPGME_PK_ECDSA:
    case GPGME_PK_ECC:
    case GPGME_PK_EDDSA:
      return "EC";
    default:
      return "unknown";
    }
}

/* "Ann (<boss@example.org>) <ann@example.net>": which of them was meant, nobody can tell. */
static bool
names_one_address (const char *uid)
{
  const char *open = uid != NULL ? strchr (uid, '<') : NULL;

  return open == NULL || strchr (open + 1, '<') == NULL;
}

static void
add_key (GPtrArray *to, gpgme_key_t key, gpgme_subkey_t sub)
{
  GpgKey *k = g_new0 (GpgKey, 1);

  k->fingerprint = g_strdup (sub->fpr != NULL ? sub->fpr : "");
  k->primary = g_strdup (key->subkeys->fpr != NULL ? key->subkeys->fpr : "");
  k->name =
    signature_text (key->uids != NULL && key->uids->name != NULL ? key->uids->name : "",
                    key->uids != NULL && key->uids->name != NULL ? strlen (key->uids->name) : 0);
  k->emails = g_ptr_array_new_with_free_func (g_free);
  for (gpgme_user_id_t u = key->uids; u != NULL; u = u->next)
    if (!u->revoked && !u->invalid && u->address != NULL && u->address[0] != '\0'
        && names_one_address (u->uid))
      g_ptr_array_add (k->emails, signature_text (u->address, strlen (u->address)));
  k->algorithm = g_strdup (algorithm_name (sub->pubkey_algo));
  k->bits = sub->length;
  k->expires = sub->expires > 0 ? sub->expires : 0;
  if (key->subkeys->expires > 0 && (k->expires == 0 || key->subkeys->expires < k->expires))
    k->expires = key->subkeys->expires;
  k->revoked = sub->revoked || key->revoked || key->disabled;
  g_ptr_array_add (to, k);
}

GPtrArray *
gpg_keys (Gpg *gpg, GError **error)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func ((GDestroyNotify) gpg_key_free);
  gpgme_ctx_t c = NULL;
  gpgme_key_t key;
  gpgme_error_t e = gpgme_new (&c);

  /* Once, at the start, with a context of its own. */
  gpg_watch (gpg, true);
  if (e == 0)
    e = gpgme_ctx_set_engine_info (c, GPGME_PROTOCOL_OpenPGP, NULL, key_home_path (gpg->home));
  if (e == 0)
    e = gpgme_op_keylist_start (c, NULL, 0);
  for (; e == 0 && gpgme_op_keylist_next (c, &key) == 0; gpgme_key_unref (key))
    for (gpgme_subkey_t sub = key->subkeys; sub != NULL; sub = sub->next)
      add_key (keys, key, sub);
  if (c != NULL)
    gpgme_release (c);
  gpg_watch (gpg, false);
  if (e == 0)
    return keys;
  g_ptr_array_unref (keys);
  g_set_error (error, QEC_ERROR, QEC_ERROR_TRANSIENT, "the keys cannot be listed: %s",
               gpgme_strerror (e));
  return NULL;
}
