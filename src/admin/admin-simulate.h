/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `qecp program simulate`: what years of a definition come to, as a report.
 */
#pragma once

#include "program/program.h"

typedef struct {
  int years, entities, seed;
} AdminSimulate;

/* The exit status: 0; 1 when a case waits for nobody, a law clock was missed or something happened
 * that must not; 2 with ERROR. */
int admin_simulate (const Program *program, const AdminSimulate *options, bool json,
                    GError **error);
