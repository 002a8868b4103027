/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list of what a folder of copies holds: MANIFEST.  Its lines are those of sha256sum(1), which
 * can check it without us; lines of facts begin with "# ", and the last one has the hash of all
 * before it, so that a list that was cut off is none.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define MANIFEST "MANIFEST"

typedef struct {
  char *name;              /* below the folder, with "/" */
  char sha256[65];
} ManifestFile;

typedef struct {
  GPtrArray *files;        /* ManifestFile, in the order they were added */
  GPtrArray *facts;        /* char *: "taken: 2026-11-29T05:00:00Z" */
  GHashTable *by_name;     /* of files */
} Manifest;

Manifest *manifest_new (void);
void manifest_free (Manifest *manifest);
/* NAME comes from us or from a folder of the office: INVALID where a line cannot hold it. */
bool manifest_add (Manifest *manifest, const char *name, const char *sha256, GError **error);
void manifest_say (Manifest *manifest, const char *fact, const char *value);
/* The first value of FACT, borrowed; NULL: it is not said. */
const char *manifest_fact (const Manifest *manifest, const char *fact);
/* NULL: it is not there. */
const ManifestFile *manifest_file (const Manifest *manifest, const char *name);

/* Write it into DIR. */
bool manifest_write (const Manifest *manifest, const char *dir, GError **error);
/* INVALID: DIR has none, or it is damaged or names what lies outside DIR; the error says which
 * line. */
Manifest *manifest_read (const char *dir, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Manifest, manifest_free)
