/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words for test programs: what a case could understand.
 */
#pragma once

#include "program/program.h"

static const ProgramWord test_guards[] = {
  { "documents complete", "group", true, "every required document is on file" },
  { "findings complete", "group", true, "every element has a finding" },
  { "findings passing", "group", true, "every element has a finding that passes" },
  { "no open clarification", NULL, false, "no question is open" },
  { "field", "field", false, "the field has a value" },
  { NULL }
};

static const ProgramWord test_actions[] = {
  { "assign", "role", false, "give the case to one of the role" },
  { "reassign", NULL, false, "give the case to the person named" },
  { "start timer", "timer", false, "start it" },
  { "stop timer", "timer", false, "stop it" },
  { "set", "field text", false, "set a field of the case" },
  { "record finding", NULL, false, "write down the finding" },
  { "record note", NULL, false, "write down the note" },
  { "open clarification", NULL, false, "ask" },
  { "answer clarification", NULL, false, "take the message as the answer" },
  { "extend clarification", NULL, false, "give more time" },
  { NULL }
};

static const ProgramWord test_events[] = {
  { "opened", NULL, false, "the case begins", true },
  { "submit", NULL, false, "the applicant says it is complete" },
  { "documents", NULL, false, "documents came" },
  { "message", NULL, false, "a message without anything else" },
  { "finding", NULL, false, "/finding" },
  { "clarify", NULL, false, "/clarify" },
  { "assign", NULL, false, "/assign" },
  { "note", NULL, false, "/note" },
  { "recommend", "word", true, "/recommend WORD" },
  { "decide", "word", true, "/decide WORD" },
  { "extend", NULL, false, "/extend" },
  { "withdraw", NULL, false, "/withdraw" },
  { "timer", "timer", false, "a timer is due" },
  { "signal", "word", false, "another case says so", true },
  { NULL }
};

static const ProgramWord test_audiences[] = {
  { "applicant", NULL, false, "contacts of the case" },
  { "sender", NULL, false, "who wrote" },
  { "manager", NULL, false, "who holds the case" },
  { NULL }
};

static const ProgramVocabulary test_vocabulary = { test_guards, test_actions, test_events, test_audiences };
