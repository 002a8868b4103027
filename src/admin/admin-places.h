/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What belongs to an office, under the names it has in a backup:
 *
 *     qecp.conf  office.key  roster.conf  rules/...  templates/...     as the configuration names
 * them qecp.db  archive/ab/abcd...                                      the database, and what it
 * speaks of keys/...                                                         of the key home: all
 * but the office's secret keys files/... certificates and keys to trust that lie in the office's
 * folder
 *
 * Passwords and secret keys are never among them.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "config/options.h"

#define PLACE_CONFIG   "qecp.conf"
#define PLACE_KEY      "office.key"
#define PLACE_ROSTER   "roster.conf"
#define PLACE_DATABASE "qecp.db"

typedef struct {
  char *name;              /* in the backup */
  char *path;
} Place;

/* All but database and archive: Place.  LEFT_OUT gets the path of what the configuration names and
 * a backup does not hold. */
GPtrArray *places_of_office (const Options *options, GPtrArray *left_out, GError **error);
/* Where a file that a backup calls NAME lies in the office; NULL: a backup has no such file. */
char *places_path (const Options *options, const char *name);
/* The name of a file of the archive, in a backup; to be freed. */
char *places_archived (const char *sha256);
