/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The durable list of a Maildir's UIDs.  One append and one fdatasync however many files are
 * new: a list of 20,000 new messages costs one write.
 */
#include "mailbox/mailbox-uidlist.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"

#define NAME "qecp-uidlist"
#define FORMAT 1

/* The list is rewritten when fewer than half of its lines are needed, but not for less. */
#define COMPACT_MIN 1000

struct UidList {
  char *file;
  guint32 validity, next;
  GHashTable *uids;  /* base -> GUINT_TO_POINTER (uid) */
  GString *pending;  /* lines that are not in the file yet */
  bool rewrite;      /* the file is missing, or ends in the middle of a line */
};

static bool
set_error (const UidList *list, GError **error)
{
  QecErrorCode code
    = errno == EACCES || errno == EPERM || errno == EROFS ? QEC_ERROR_CONFIG : QEC_ERROR_TRANSIENT;

  g_set_error (error, QEC_ERROR, code, "%s: %s", list->file, g_strerror (errno));
  return false;
}

static void
append_line (GString *text, guint32 uid, const char *base)
{
  g_string_append_printf (text, "%u %s\n", uid, base);
}

/* LINE, ended by NUL, as "uid base"; UIDs only grow. */
static bool
read_line (UidList *list, guint32 *last, const char *line)
{
  char *end;
  guint64 uid = g_ascii_strtoull (line, &end, 10);

  if (end == line || *end != ' ' || end[1] == '\0' || uid <= *last || uid > G_MAXUINT32 - 1)
    return false;
  *last = (guint32) uid;
  list->next = MAX (list->next, *last + 1);
  g_hash_table_insert (list->uids, g_strdup (end + 1), GUINT_TO_POINTER (*last));
  return true;
}

static bool
read_header (UidList *list, const char *line)
{
  int format;

  return sscanf (line, NAME " %d %u %u", &format, &list->validity, &list->next) == 3
         && format == FORMAT && list->validity > 0 && list->next > 0;
}

/* TEXT is cut into lines in place.  A last line without its end was being written when power
 * failed: nobody was told its UID. */
static bool
read_lines (UidList *list, char *text)
{
  guint32 last = 0;
  bool header = true;

  for (char *line = text, *end; *line != '\0'; line = end + 1)
    {
      end = strchr (line, '\n');
      if (end == NULL)
        {
          list->rewrite = true;
          return !header;
        }
      *end = '\0';
      if (header ? !read_header (list, line) : !read_line (list, &last, line))
        return false;
      header = false;
    }
  return !header;
}

static void
begin_anew (UidList *list, gint64 now)
{
  g_hash_table_remove_all (list->uids);
  list->validity = MAX ((guint32) now, list->validity + 1);
  list->next = 1;
  list->rewrite = true;
}

UidList *
uidlist_open (const char *path, gint64 now, GError **error)
{
  g_autoptr (UidList) list = g_new0 (UidList, 1);
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;

  list->file = g_build_filename (path, NAME, NULL);
  list->uids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  list->pending = g_string_new (NULL);
  if (!g_file_get_contents (list->file, &text, NULL, &why))
    {
      if (!g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        {
          g_set_error (error, QEC_ERROR, QEC_ERROR_CONFIG, "%s", why->message);
          return NULL;
        }
      begin_anew (list, now);
    }
  else if (!read_lines (list, text))
    {
      log_event (LOG_WARNING, "mailbox.uidlist-lost", LOG_INT ("uidvalidity", list->validity));
      begin_anew (list, now);
    }
  return g_steal_pointer (&list);
}

void
uidlist_free (UidList *list)
{
  if (list == NULL)
    return;
  g_hash_table_unref (list->uids);
  g_string_free (list->pending, TRUE);
  g_free (list->file);
  g_free (list);
}

guint32
uidlist_validity (const UidList *list)
{
  return list->validity;
}

bool
uidlist_knows (const UidList *list, const char *base)
{
  return g_hash_table_contains (list->uids, base);
}

guint32
uidlist_uid (UidList *list, const char *base)
{
  guint32 uid = GPOINTER_TO_UINT (g_hash_table_lookup (list->uids, base));

  if (uid != 0)
    return uid;
  uid = list->next++;
  g_hash_table_insert (list->uids, g_strdup (base), GUINT_TO_POINTER (uid));
  append_line (list->pending, uid, base);
  return uid;
}

static bool
append (UidList *list, GError **error)
{
  int fd = open (list->file, O_WRONLY | O_APPEND | O_CLOEXEC);
  const char *p = list->pending->str;
  gsize left = list->pending->len;

  while (fd >= 0 && left > 0)
    {
      ssize_t n = write (fd, p, left);

      if (n < 0 && errno != EINTR)
        break;
      p += MAX (n, 0);
      left -= MAX (n, 0);
    }
  bool done = fd >= 0 && left == 0 && fdatasync (fd) == 0;
  int problem = errno;

  if (fd >= 0)
    close (fd);
  errno = problem;
  if (!done)
    return set_error (list, error);
  g_string_truncate (list->pending, 0);
  return true;
}

static int
compare_uid (gconstpointer a, gconstpointer b, gpointer uids)
{
  guint x = GPOINTER_TO_UINT (g_hash_table_lookup (uids, *(const char *const *) a));
  guint y = GPOINTER_TO_UINT (g_hash_table_lookup (uids, *(const char *const *) b));

  return x < y ? -1 : x > y;
}

/* g_file_set_contents_full() writes aside, syncs, renames and syncs the folder. */
static bool
rewrite (UidList *list, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) why = NULL;
  guint n;
  g_autofree const char **bases
    = (const char **) g_hash_table_get_keys_as_array (list->uids, &n);

  g_string_append_printf (text, NAME " %d %u %u\n", FORMAT, list->validity, list->next);
  g_qsort_with_data (bases, (gint) n, sizeof *bases, compare_uid, list->uids);
  for (guint i = 0; i < n; i++)
    append_line (text, GPOINTER_TO_UINT (g_hash_table_lookup (list->uids, bases[i])), bases[i]);
  if (!g_file_set_contents_full (list->file, text->str, (gssize) text->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &why))
    {
      g_set_error (error, QEC_ERROR,
                   g_error_matches (why, G_FILE_ERROR, G_FILE_ERROR_ACCES) ? QEC_ERROR_CONFIG
                                                                          : QEC_ERROR_TRANSIENT,
                   "%s", why->message);
      return false;
    }
  g_string_truncate (list->pending, 0);
  list->rewrite = false;
  return true;
}

bool
uidlist_save (UidList *list, GError **error)
{
  if (!list->rewrite && list->pending->len == 0)
    return true;
  fault_point ("uidlist.save");
  if (list->rewrite)
    return rewrite (list, error);
  return append (list, error);
}

bool
uidlist_compact (UidList *list, GHashTable *live, GError **error)
{
  if (g_hash_table_size (list->uids) <= 2 * g_hash_table_size (live) + COMPACT_MIN)
    return true;
  GHashTableIter i;
  gpointer base;

  g_hash_table_iter_init (&i, list->uids);
  while (g_hash_table_iter_next (&i, &base, NULL))
    if (!g_hash_table_contains (live, base))
      g_hash_table_iter_remove (&i);
  return rewrite (list, error);
}
