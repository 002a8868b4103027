/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp keys`: the keys the office signs with, those it encrypts for, and whom staff introduced.
 *
 * The first two are a part of the configuration, and changed here.  Who signs for an organization
 * is a matter of a case: staff say so by mail (/introduce, /retire-signer); to retire one here
 * writes such a mail.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin-answer.h"
#include "admin/admin.h"
#include "base/clock.h"
#include "base/error.h"
#include "engine/run.h"
#include "signature/sealer.h"

#define SOON (30 * 24 * 60 * 60)

/* A line of the list, whatever it is about. */
typedef struct {
  const char *use;          /* "signs", "own", "person", "signer" */
  const char *state;        /* "pinned", "expired" */
  const char *kind;         /* "openpgp", "smime", "" */
  const char *fingerprint, *name, *address, *role, *organization, *by;
  gint64 since, until, message;
} Line;

typedef struct {
  Office *office;
  GPtrArray *cells;
  JsonArray *array;
} List;

static void
add_time (JsonObject *object, const char *name, gint64 at)
{
  g_autofree char *text = at != 0 && at != G_MAXINT64 ? clock_format (at) : g_strdup ("");

  json_object_set_string_member (object, name, text);
}

static void
add_cell (GPtrArray *cells, const char *text)
{
  g_ptr_array_add (cells, g_strdup (text != NULL ? text : ""));
}

static void
add_day (GPtrArray *cells, gint64 at)
{
  g_autofree char *text = at != 0 && at != G_MAXINT64 ? clock_format (at) : g_strdup ("");

  g_ptr_array_add (cells, g_strndup (text, 10));
}

static void
add_line (List *list, const Line *line)
{
  JsonObject *object = json_object_new ();
  const struct {
    const char *name, *value;
  } texts[] = {
    { "use", line->use },   { "state", line->state }, { "kind", line->kind }, { "fingerprint", line->fingerprint },
    { "name", line->name }, { "address", line->address }, { "role", line->role }, { "organization", line->organization },
    { "by", line->by },
  };
  g_autofree char *by =
    line->message != 0 ? g_strdup_printf ("%s, message %" G_GINT64_FORMAT, line->by, line->message)
                       : g_strdup (line->by);
  g_autofree char *whose =
    line->role != NULL
      ? g_strdup_printf ("%s of %s: %s", line->role, line->organization, line->name)
      : g_strdup_printf ("%s <%s>", line->name, line->address);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].value != NULL)
      json_object_set_string_member (object, texts[i].name, texts[i].value);
  add_time (object, "since", line->since);
  add_time (object, "until", line->until);
  if (line->message != 0)
    json_object_set_int_member (object, "message", line->message);
  json_array_add_object_element (list->array, object);
  add_cell (list->cells, line->use);
  add_cell (list->cells, line->state);
  add_cell (list->cells, line->kind);
  add_day (list->cells, line->since);
  add_day (list->cells, line->until);
  add_cell (list->cells, whose);
  add_cell (list->cells, by);
  add_cell (list->cells, line->fingerprint);
}

/* --- list ------------------------------------------------------------------------------------- */

static const char *
own_state (const SealKey *key, gint64 now)
{
  return key->revoked                     ? "revoked"
         : key->signs_until == 0          ? "cannot sign"
         : key->signs_until <= now        ? "expired"
         : key->signs_until <= now + SOON ? "expires soon"
                                          : "good";
}

static bool
list_own (List *list, Sealer *sealer, const GPtrArray *keys, gint64 now)
{
  const SealKey *own =
    list->office->options->delivery.signing_key != NULL ? sealer_own_key (sealer, NULL) : NULL;
  bool good = list->office->options->delivery.signing_key == NULL || own != NULL;

  for (guint i = 0; i < keys->len; i++)
    {
      const SealKey *key = keys->pdata[i];
      const Line line = { .use = key == own ? "signs" : "own",
                          .state = own_state (key, now),
                          .kind = key->openpgp ? "openpgp" : "smime",
                          .fingerprint = key->fingerprint,
                          .name = key->name,
                          .address = key->emails->len > 0 ? key->emails->pdata[0] : "",
                          .by = "",
                          .since = key->created,
                          .until = key->signs_until };

      if (!key->secret)
        continue;
      add_line (list, &line);
      good &= key != own || strcmp (line.state, "good") == 0;
    }
  return good;
}

static gint64
encrypts_until (const GPtrArray *keys, const char *fingerprint)
{
  for (guint i = 0; i < keys->len; i++)
    if (strcmp (((const SealKey *) keys->pdata[i])->fingerprint, fingerprint) == 0)
      return ((const SealKey *) keys->pdata[i])->encrypts_until;
  return 0;
}

static void
list_people (List *list, const GPtrArray *people, const GPtrArray *keys)
{
  for (guint i = 0; i < people->len; i++)
    {
      const PersonKey *key = people->pdata[i];
      const Line line = { .use = "person",
                          .state = person_key_state_name (key->state),
                          .kind = key->openpgp ? "openpgp" : "smime",
                          .fingerprint = key->fingerprint,
                          .name = key->name,
                          .address = key->address,
                          .by = key->by,
                          .since = key->since,
                          .until = encrypts_until (keys, key->fingerprint) };

      add_line (list, &line);
    }
}

static bool
list_signers (List *list, GError **error)
{
  g_autoptr (GPtrArray) rows = signer_rows (list->office->store, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const SignerRow *row = rows->pdata[i];
      const Line line = { .use = "signer",
                          .state = row->retired != 0 ? "retired" : "pinned",
                          .kind = "",
                          .fingerprint = row->fingerprint,
                          .name = row->name,
                          .role = row->role,
                          .organization = row->organization,
                          .by = row->retired != 0 ? row->retired_by : row->by,
                          .since = row->retired != 0 ? row->retired : row->at,
                          .message = row->message };

      add_line (list, &line);
    }
  return rows != NULL;
}

static Sealer *
open_sealer (const Options *o, GError **error)
{
  const SealerOptions options = { o->delivery.key_home, o->delivery.signing_key,
                                  (const char *const *) o->signatures.trust,
                                  (guint) o->signatures.timeout };

  return sealer_new (&options, error);
}

static int
list_all (Office *office, bool json)
{
  static const char *const head[] = { "USE",   "STATE", "KIND", "SINCE",
                                      "UNTIL", "WHOSE", "BY",   "FINGERPRINT" };
  const char *home = office->options->delivery.key_home;
  g_autoptr (GError) error = NULL;
  g_autoptr (Sealer) sealer = home != NULL ? open_sealer (office->options, &error) : NULL;
  const GPtrArray *keys = sealer != NULL ? sealer_keys (sealer, &error) : NULL;
  g_autoptr (GPtrArray) people = keys != NULL ? person_keys_read (home, &error) : NULL;
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) array = json_array_new ();
  List list = { office, cells, array };

  if (home != NULL && people == NULL)
    return admin_error (error);
  bool good = keys == NULL || list_own (&list, sealer, keys, clock_now ());
  if (people != NULL)
    list_people (&list, people, keys);
  if (!list_signers (&list, &error))
    return admin_error (error);
  admin_print_list (array, json, head, G_N_ELEMENTS (head), cells, "There are no keys.");
  return good ? ADMIN_YES : ADMIN_NO;
}

/* --- changes ---------------------------------------------------------------------------------- */

static bool
make_home (const char *home, GError **error)
{
  if (home != NULL && g_mkdir_with_parents (home, 0700) == 0)
    return true;
  if (home == NULL)
    g_set_error_literal (error, QEC_ERROR, QEC_ERROR_CONFIG,
                         "the configuration names no key-home (section delivery)");
  else
    g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: %s", home, g_strerror (errno));
  return false;
}

static PersonKey *
find_key (const GPtrArray *people, const char *fingerprint, GError **error)
{
  PersonKey *found = NULL;

  for (guint i = 0; i < people->len; i++)
    {
      PersonKey *key = people->pdata[i];

      if (g_ascii_strcasecmp (key->fingerprint, fingerprint) == 0)
        found = key;
    }
  if (found == NULL)
    g_set_error (
      error, QEC_ERROR, QEC_ERROR_INVALID,
      "no key with the fingerprint %s was introduced; write all of it, as qecp keys list has it",
      fingerprint);
  return found;
}

static bool
store_key (const char *home, PersonKey *key, const GPtrArray *people, GBytes *bytes, GError **error)
{
  g_autofree char *path = person_key_file (home, key->fingerprint),
                  *folder = g_path_get_dirname (path);
  g_autoptr (GError) inner = NULL;
  gsize n;
  const char *data = g_bytes_get_data (bytes, &n);

  if (g_mkdir_with_parents (folder, 0700) == 0
      && g_file_set_contents_full (path, data, (gssize) n,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &inner))
    return person_keys_write (home, people, error);
  g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s: %s", path,
               inner != NULL ? inner->message : g_strerror (errno));
  return false;
}

static bool
introduce (const Options *o, const char *file, const char *address, GError **error)
{
  const char *home = o->delivery.key_home;
  g_autoptr (GError) inner = NULL;
  char *text;
  gsize n;

  if (!g_file_get_contents (file, &text, &n, &inner))
    {
      g_set_error_literal (error, QEC_ERROR, QEC_ERROR_INVALID, inner->message);
      return false;
    }
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, n);
  PersonKey *key =
    person_key_new (bytes, address, (const char *const *) o->signatures.trust, clock_now (), error);
  g_autoptr (GPtrArray) people = key != NULL ? person_keys_read (home, error) : NULL;
  if (people == NULL)
    {
      g_prefix_error (error, "%s: ", file);
      person_key_free (key);
      return false;
    }
  for (guint i = 0; i < people->len; i++)
    if (strcmp (((const PersonKey *) people->pdata[i])->fingerprint, key->fingerprint) == 0)
      {
        g_ptr_array_remove_index (people, i);
        break;
      }
  g_free (key->by);
  key->by = g_strdup (g_get_user_name ());
  g_ptr_array_add (people, key);
  if (!store_key (home, key, people, bytes, error))
    return false;
  printf ("introduced: %s <%s>\n  %s\nNothing is encrypted for it yet.  Compare the fingerprint "
          "with its owner, by phone say, then:\n"
          "  qecp keys pin %s\n",
          key->name, key->address, key->fingerprint, key->fingerprint);
  return true;
}

static bool
set_state (const char *home, const char *fingerprint, PersonKeyState state, GError **error)
{
  g_autoptr (GPtrArray) people = person_keys_read (home, error);
  PersonKey *key = people != NULL ? find_key (people, fingerprint, error) : NULL;

  if (key == NULL)
    return false;
  key->state = state;
  key->since = clock_now ();
  g_free (key->by);
  key->by = g_strdup (g_get_user_name ());
  if (!person_keys_write (home, people, error))
    return false;
  printf ("%s: %s <%s>\n", person_key_state_name (state), key->name, key->address);
  return true;
}

/* --- signers of organizations ----------------------------------------------------------------- */

/* By fingerprint, or by the address in the certificate. */
static const SignerRow *
find_signer (const GPtrArray *rows, const char *who)
{
  g_autofree char *lower = g_ascii_strdown (who, -1), *address = g_strdup_printf ("<%s>", lower);

  for (guint i = 0; i < rows->len; i++)
    {
      const SignerRow *row = rows->pdata[i];
      g_autofree char *name = g_ascii_strdown (row->name, -1);

      if (row->retired == 0
          && (g_ascii_strcasecmp (row->fingerprint, who) == 0 || g_str_has_suffix (name, address)))
        return row;
    }
  return NULL;
}

/* The command goes into a case of the organization, open or not, about which AS got a mail: the
 * answer to that shows who writes. */
static bool
find_mail (Office *office, const SignerRow *row, const char *as, char **asked, GError **error)
{
  g_autoptr (GArray) cases = signer_cases (office->store, row, error);
  g_autoptr (GError) inner = NULL;

  for (guint i = 0; cases != NULL && inner == NULL && *asked == NULL && i < cases->len; i++)
    *asked = outbox_last_in_thread (office->store, g_array_index (cases, gint64, i), as, &inner);
  if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  else if (cases != NULL && *asked == NULL)
    error_refuse (error, "%s got no mail about a case of %s, which the command could answer", as,
                  row->organization);
  return *asked != NULL;
}

static bool
retire_signer (Office *office, const SignerRow *row, const char *who, const char *as,
               GError **error)
{
  g_autofree char *line = g_strdup_printf ("/retire-signer %s", who);
  g_autofree char *asked = NULL, *id = NULL;

  if (as == NULL)
    return error_refuse (error,
                         "it is the certificate of %s, who signs for %s, and retired by mail: name "
                         "who of the office does that with --as, "
                         "or let them write %s in a case of that organization",
                         row->name, row->organization, line);
  if (program_person (office->definition->program, as) == NULL)
    return error_refuse (error, "%s is not in the roster", as);
  if (!find_mail (office, row, as, &asked, error)
      || !admin_answer (office, &(AdminAnswer){ as, asked, "a signer", line }, &id, error))
    return false;
  printf ("The office gets \"%s\" from %s, and answers %s by mail.\n", line, as, as);
  return true;
}

/* Somebody's we encrypt for, or one that signs for an organization. */
static bool
retire (Office *office, const char *who, const char *as, GError **error)
{
  g_autoptr (GPtrArray) rows = signer_rows (office->store, error);
  const SignerRow *row = rows != NULL ? find_signer (rows, who) : NULL;
  const char *home = office->options->delivery.key_home;

  if (rows == NULL)
    return false;
  return row != NULL ? retire_signer (office, row, who, as, error)
                     : make_home (home, error) && set_state (home, who, PERSON_KEY_RETIRED, error);
}

int
admin_keys (int argc, char **argv, const char *config)
{
  gboolean json = FALSE;
  g_autofree char *address = NULL, *as = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document (list)", NULL },
    { "for", 0, 0, G_OPTION_ARG_STRING, &address, "Whose key it is (introduce)", "ADDRESS" },
    { "as", 0, 0, G_OPTION_ARG_STRING, &as, "Who of the office retires the certificate of a signer (retire)", "ADDRESS" },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!admin_options (
        &argc, &argv, entries,
        "list | introduce FILE --for ADDRESS | pin FINGERPRINT | retire FINGERPRINT | retire "
        "SIGNER --as ADDRESS",
        "Exit status 1 of list: the office's key cannot sign, or not for 30 days more.", &status))
    return status;
  const char *what = argc > 1 ? argv[1] : "list";
  bool is_list = strcmp (what, "list") == 0, is_introduce = strcmp (what, "introduce") == 0,
       is_pin = strcmp (what, "pin") == 0;
  bool is_retire = strcmp (what, "retire") == 0;
  if (argc > 3 || (!is_list && !is_introduce && !is_pin && !is_retire) || (argc == 3) == is_list
      || (address != NULL) != is_introduce || (as != NULL && !is_retire))
    {
      fprintf (stderr, "qecp: write keys list, keys introduce FILE --for ADDRESS, keys pin "
                       "FINGERPRINT, or keys retire FINGERPRINT|SIGNER [--as ADDRESS]\n");
      return ADMIN_CALL;
    }
  g_autoptr (Office) office = admin_office (config, false, &error);
  if (office == NULL)
    return admin_error (error);
  if (is_list)
    return list_all (office, json);
  if (is_retire)
    return retire (office, argv[2], as, &error) ? ADMIN_YES : admin_error (error);
  const char *home = office->options->delivery.key_home;
  bool good = make_home (home, &error)
              && (is_introduce ? introduce (office->options, argv[2], address, &error)
                               : set_state (home, argv[2], PERSON_KEY_PINNED, &error));
  return good ? ADMIN_YES : admin_error (error);
}

gint64
admin_key_days (const Options *options, gint64 now, char **warning)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Sealer) sealer =
    options->delivery.signing_key != NULL ? open_sealer (options, &error) : NULL;
  const SealKey *key = sealer != NULL ? sealer_own_key (sealer, &error) : NULL;

  if (options->delivery.signing_key == NULL)
    return -1;
  gint64 days = key == NULL || key->revoked || key->signs_until <= now ? 0
                : key->signs_until == G_MAXINT64                       ? 36500
                                                 : (key->signs_until - now) / (24 * 60 * 60);
  if (key == NULL)
    *warning = g_strdup (error->message);
  else if (days < 30)
    {
      g_autofree char *when = clock_format (key->signs_until);

      *warning =
        key->revoked || key->signs_until == 0
          ? g_strdup ("the office's key cannot sign")
          : g_strdup_printf (
            days == 0 ? "the office's key expired on %s" : "the office's key expires on %s", when);
    }
  return days;
}
