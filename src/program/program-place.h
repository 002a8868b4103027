/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a word of the definition was written, for messages about it.
 */
#pragma once

typedef struct {
  const char *file;
  int line;
} ProgramPlace;
