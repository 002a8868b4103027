/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of the program's languages a message is written in, where that is sure.
 */
#pragma once

#include "message/message.h"
#include "program/program.h"

/* By its own words, else by what its sender's program says of it; NULL: nobody can be sure. */
const ProgramLanguage *triage_language (const Program *program, const Message *message);
