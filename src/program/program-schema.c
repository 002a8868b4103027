/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of the program definition, a row a word.  The help here is the
 * manual of the language: `qecp program show language` prints it.
 */
#include "program/program-private.h"

#define ASSURANCES "none|token|authenticated|signed"

static const ConfOption program_options[] = {
  { "title", CONF_STRING, .required = true, .help = "The program's full name, for people." },
  { "language", CONF_STRING, .fallback = "en", .help = "Language of its mail (a language tag)." },
  { "time-zone", CONF_STRING, .required = true,
    .help = "IANA name of the zone in which dates are counted." },
  { "business-hours", CONF_STRING, .fallback = "09:00-17:00",
    .help = "When the office is open; due dates fall at its close." },
  { "owner", CONF_STRING, .required = true,
    .help = "Role that holds a case: one of its people is assigned when it opens." },
  { "escalate", CONF_STRING, .help = "Role told about what nobody owns (default: the owner's)." },
  { "quota-per-address-and-day", CONF_INT, .fallback = "20", .min = 1, .max = 10000,
    .help = "Mails one address gets in a day at most." },
  { "quota-per-case-and-day", CONF_INT, .fallback = "40", .min = 1, .max = 10000,
    .help = "Mails one case sends in a day at most." },
  { "split-opens", CONF_STRING, .help = "Case type that /split opens when it names none." },
  { "answers-cross-within", CONF_STRING, .fallback = "1 business day",
    .help = "Who writes into a case is told of what came into it no longer than this before, when their message does not refer to it; \"0 days\": "
            "nobody is." },
  { NULL }
};

static const ConfOption holiday_options[] = {
  { "rule", CONF_STRING, .required = true,
    .help = "\"MM-DD\", \"3rd Monday of January\", \"last Monday of May\" or \"easter +1\"." },
  { "since", CONF_INT, .min = 1583, .max = 9999, .help = "First year." },
  { "until", CONF_INT, .min = 1583, .max = 9999, .help = "Last year." },
  { NULL }
};

static const ConfOption closure_options[] = {
  { "name", CONF_STRING, .required = true, .help = "Why the office is closed, for people." },
  { "until", CONF_STRING, .help = "Open until this hour only, \"12:00\"." },
  { NULL }
};

static const ConfOption calendar_options[] = {
  { "weekend-shift", CONF_STRING, .fallback = "none", .words = "none|nearest",
    .help = "What happens to a holiday on a weekend." },
  { "holiday", CONF_SECTION, .section = holiday_options, .titled = true,
    .help = "A holiday by rule." },
  { "closure", CONF_SECTION, .section = closure_options, .titled = true,
    .help = "One closed day, \"YYYY-MM-DD\"." },
  { NULL }
};

static const ConfOption role_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "kind", CONF_STRING, .required = true, .words = "staff|outside",
    .help = "Staff are in the roster; outside people belong to a case." },
  { "commands", CONF_LIST, .help = "What its people may command, in any state." },
  { "assurance", CONF_STRING, .fallback = "none", .words = ASSURANCES,
    .help = "How sure we must be who speaks before a command of this role counts." },
  { "people", CONF_INT, "1", 1, 2, .help = "2: what one person commands by this role is proposed, and another makes it happen by the same command." },
  { "second-within", CONF_STRING, .fallback = "5 business days", .help = "Until then; afterwards the proposal counts no more." },
  { NULL }
};

static const ConfOption person_options[] = {
  { "name", CONF_STRING, .required = true, .help = "For people." },
  { "roles", CONF_LIST, .required = true, .help = "What this person is." },
  { "certificates", CONF_LIST, .help = "Fingerprints (SHA-256; of an OpenPGP key its own) of what this person signs with; without them, whatever is valid "
                                         "for the address." },
  { "away", CONF_BOOL, .fallback = "false", .help = "Gets no new work." },
  { "digest", CONF_BOOL, .fallback = "true", .help = "Gets the digests of their roles." },
  { NULL }
};

static const ConfOption document_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "required", CONF_BOOL, .fallback = "false", .help = "The element is not complete without it." },
  { "per", CONF_STRING, .fallback = "case", .words = "case|party",
    .help = "Asked once a case, or of the organization and of each of its parties that has access; one that is not required, each may send." },
  { "types", CONF_LIST, .help = "Media types it may have, by content; none: any." },
  { "names", CONF_LIST,
    .help = "File names it comes under: '*' and '?', without case, '_' and '-' as space." },
  { "words", CONF_LIST, .help = "Words that name it in a line such as \"A1 letter: file.pdf\"." },
  { "form", CONF_STRING, .help = "Blank form, a file below templates/." },
  { "hint", CONF_STRING, .help = "One sentence: what a good one holds." },
  { "signed", CONF_STRING, .help = "Role outside whose electronic signature it must carry; who holds it, staff introduce." },
  { "signature", CONF_STRING, .fallback = "valid", .words = "valid|untrusted",
    .help = "What the signature must be: of an authority the office trusts, or of anybody who was introduced." },
  { NULL }
};

static const ConfOption element_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "group", CONF_STRING, .required = true, .help = "Elements asked for together have one group." },
  { "help", CONF_STRING, .help = "What is asked, for people." },
  { "unless", CONF_STRING, .help = "Field and value of a case that need not show it, such as \"small yes\"." },
  { "document", CONF_SECTION, .section = document_options, .titled = true,
    .help = "Evidence for the element." },
  { NULL }
};

static const ConfOption edition_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "findings", CONF_LIST, .required = true, .help = "Words a reviewer may find." },
  { "passing", CONF_LIST, .required = true, .help = "Those that let an element pass." },
  { "element", CONF_SECTION, .section = element_options, .titled = true, .required = true,
    .help = "A thing to be shown." },
  { NULL }
};

static const ConfOption on_options[] = {
  { "by", CONF_LIST, .help = "Roles that may cause it." },
  { "when", CONF_LIST, .help = "Guards: of several transitions for one event, the first whose guards here hold is taken." },
  { "needs", CONF_LIST, .help = "Guards: all must hold." },
  { "do", CONF_LIST, .help = "Actions, in order." },
  { "to", CONF_STRING, .help = "The state that follows; \"previous\": the one before the present one; none: stay." },
  { "notice", CONF_LIST, .help = "Notices to send." },
  { "assurance", CONF_STRING, .words = ASSURANCES,
    .help = "How sure we must be who speaks, if not as the role says." },
  { "closed", CONF_BOOL, .fallback = "false", .help = "In a closed case, too: what it does is about the organization, and moves nothing." },
  { "people", CONF_INT, "1", 1, 2, .help = "2: one person of the office proposes it, another makes it happen by the same command." },
  { "second-within", CONF_STRING, .fallback = "5 business days", .help = "Until then; afterwards the proposal counts no more." },
  { NULL }
};

static const ConfOption reminder_options[] = {
  { "before", CONF_LIST, .help = "How long before the due time: \"5 business days\"." },
  { "after", CONF_LIST, .help = "How long after the due time, while nothing has stopped the timer." },
  { "from-start", CONF_LIST, .help = "How long after the timer's start." },
  { NULL }
};

static const ConfOption timer_options[] = {
  { "title", CONF_STRING, .required = true, .help = "What is due, for people." },
  { "from", CONF_STRING, .fallback = "start",
    .help = "What it is counted from: \"start\" (entering the state, or the action that starts it), \"field NAME\" (a date of "
            "the case: begins once it is known, anew when it changes) or \"timer NAME\" (that one's due time)." },
  { "after", CONF_STRING, .help = "\"10 business days\", \"90 days\", \"6 months\", \"1 hour\"; or before." },
  { "before", CONF_STRING, .help = "The same, counted back." },
  { "id", CONF_STRING, .help = "The rule's number in the program's own list, for people." },
  { "on-entry", CONF_BOOL, .fallback = "true",
    .help = "Begins with the state, or once what it is counted from is known; else an action starts it." },
  { "basis", CONF_STRING, .fallback = "target", .words = "target|commitment|form|law",
    .help = "What makes it binding." },
  { "source", CONF_STRING, .help = "Where the rule stands; without it, it is said to be a program default." },
  { "verified", CONF_BOOL, .fallback = "false",
    .help = "Somebody has checked the source; else it is said to be a program default." },
  { "pauses", CONF_BOOL, .fallback = "false",
    .help = "Stands still while an outside role is waited for (targets only)." },
  { "restarts", CONF_BOOL, .fallback = "false",
    .help = "Begins anew with each message from outside." },
  { "reminder", CONF_SECTION, .section = reminder_options, .titled = true,
    .help = "A notice sent ahead of the due time, after it, or from the start on." },
  { NULL }
};

static const ConfOption state_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "help", CONF_STRING, .help = "What happens in it, for people." },
  { "waiting-on", CONF_STRING, .help = "The role whose turn it is." },
  { "group", CONF_STRING, .help = "Elements that may be submitted and found on here." },
  { "final", CONF_BOOL, .fallback = "false", .help = "The case ends here." },
  { "next-step", CONF_STRING, .help = "One sentence for status and receipts." },
  { "on", CONF_SECTION, .section = on_options, .titled = true, .repeats = true,
    .help = "What happens at an event; several for one event are told apart by when." },
  { "timer", CONF_SECTION, .section = timer_options, .titled = true,
    .help = "A clock of this state; what it does when due is: on \"timer NAME\"." },
  { NULL }
};

#define FIELD_KINDS "text|email|phone|yes-no|date|number|language|block"
#define FORM_FIELD_KINDS FIELD_KINDS "|parties"

static const ConfOption case_field_options[] = {
  { "label", CONF_STRING, .required = true, .help = "What people call it." },
  { "kind", CONF_STRING, .fallback = "text", .words = FIELD_KINDS, .help = "What may stand in it." },
  { "per", CONF_STRING, .fallback = "case", .words = "case|party",
    .help = "A date kept once a case, or of the organization and of each party: /mark WORD [DATE] of NAME says whose, and the guard "
            "\"field\" asks for that of each party with access." },
  { "carry", CONF_BOOL, .fallback = "false", .help = "A case opened by another one takes the value over from it." },
  { NULL }
};

static const ConfOption case_type_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "prefix", CONF_STRING, .required = true,
    .help = "First part of case numbers: capital letters." },
  { "initial", CONF_STRING, .required = true, .help = "The state a case opens in." },
  { "edition", CONF_STRING, .help = "The edition of the standards new cases are opened under." },
  { "one-open", CONF_BOOL, .fallback = "false",
    .help = "An organization has one open case of the type at most: a form that would open a second one goes into that one, which "
            "says with on \"again\" what follows; other mail that would is mail of that case." },
  { "confidential", CONF_BOOL, .fallback = "false",
    .help = "Words and files of its mail are never quoted, relayed or attached; notices name the reference only." },
  { "field", CONF_SECTION, .section = case_field_options, .titled = true,
    .help = "A field of the case.  Once one is declared, names that are neither declared nor in a form are refused." },
  { "state", CONF_SECTION, .section = state_options, .titled = true, .required = true,
    .help = "A state." },
  { "on", CONF_SECTION, .section = on_options, .titled = true, .repeats = true,
    .help = "An event in every state that is not final." },
  { "timer", CONF_SECTION, .section = timer_options, .titled = true,
    .help = "A clock that runs across states; an action starts it." },
  { NULL }
};

static const ConfOption every_case_options[] = {
  { "on", CONF_SECTION, .section = on_options, .titled = true, .repeats = true,
    .help = "An event in every state that is not final, of every type that says nothing else of it." },
  { "timer", CONF_SECTION, .section = timer_options, .titled = true,
    .help = "A clock that any case may have; an action starts it." },
  { NULL }
};

static const ConfOption field_options[] = {
  { "label", CONF_STRING, .required = true, .help = "As printed in the form." },
  { "aliases", CONF_LIST, .help = "Other labels people use." },
  { "kind", CONF_STRING, .fallback = "text", .words = FORM_FIELD_KINDS,
    .help = "What may stand in it; parties: organizations that work with the sender's, one a line, \"Name; role; access yes or no\", which "
            "become parties of the case." },
  { "required", CONF_BOOL, .fallback = "false", .help = "The form is not complete without it." },
  { "hint", CONF_STRING, .help = "A few words beside it." },
  { "maps", CONF_STRING,
    .words = "case.edition|organization.name|organization.address|organization.phone|contact.first-name|"
             "contact.last-name|contact.name|contact.title|contact.email|contact.phone|contact.language",
    .help = "What it says about the organization or the contact; none: a field of the case." },
  { "tab", CONF_STRING, .help = "The tab of the workbook it stands on; the label finds the cell, the answer is beside it." },
  { "choices", CONF_LIST, .help = "It must be one of these." },
  { "min", CONF_STRING, .help = "A number must not be less." },
  { "max", CONF_STRING, .help = "A number must not be more." },
  { "equals", CONF_STRING, .help = "It must be what the case says: \"case FIELD\" or \"organization\"." },
  { "not-before", CONF_STRING, .help = "A date must not be earlier: \"today\", \"2027-03-01\" or \"field NAME\" of this form." },
  { "not-after", CONF_STRING, .help = "A date must not be later; as not-before." },
  { NULL }
};

static const ConfOption form_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "opens", CONF_STRING, .help = "Case type that a complete form opens." },
  { "from", CONF_STRING, .fallback = "stranger", .words = "stranger|member|anyone",
    .help = "Who opens a case with it: somebody new, a contact of an organization that has a case (a further one), or either." },
  { "event", CONF_STRING, .help = "Event that it raises in an open case." },
  { "edition", CONF_STRING, .help = "The form's own edition: a blank of another one that comes back is not taken." },
  { "one-line", CONF_BOOL, .fallback = "false", .help = "Its labels are like nothing else that people write: one of them is enough." },
  { "blanks", CONF_LIST, .help = "The form as files below templates/, for attach = form; made by contrib/make-forms." },
  { "authority", CONF_LIST, .help = "Lines for the form's head." },
  { "field", CONF_SECTION, .section = field_options, .titled = true, .required = true,
    .help = "A line to fill in." },
  { NULL }
};

static const ConfOption notice_options[] = {
  { "to", CONF_LIST, .required = true, .help = "Audiences: applicant, sender, manager or a role." },
  { "attach", CONF_STRING, .words = "forms|form|original|documents",
    .help = "Blank forms of the state's elements, the form that is asked for, the message that is answered, or the messages that brought the documents on file." },
  { "form", CONF_STRING, .help = "Form it asks for: the template's {{form}}, and what attach = form attaches." },
  { "fields", CONF_LIST, .help = "Fields of the case that the template's {{fields}} shows, in this order; none: all." },
  { "promise", CONF_STRING, .help = "A person answers within this time of the message's arrival: \"1 business day\"." },
  { "calendar", CONF_STRING, .help = "Timer whose due date goes along as a calendar entry." },
  { "if-it-fails", CONF_STRING, .fallback = "tell-staff", .words = "tell-staff|next-contact",
    .help = "When it does not arrive: staff are told; or also the next contact of the organization gets it, while what it is about still stands." },
  { "confidential", CONF_STRING, .fallback = "no", .words = "no|wanted|required",
    .help = "Encrypted: for people whose key the office has pinned, or always, so that without a key it does not leave." },
  { NULL }
};

static const ConfOption identifier_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "pattern", CONF_STRING, .required = true,
    .help = "Its places: 9 a digit, 1 a digit but 0, A a letter, X a letter or digit, - a hyphen with spaces around it, or none; between digits all stand or none. A ? at the end: the last place may be left out." },
  { "letters", CONF_STRING, .fallback = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", .help = "The letters it may have." },
  { "near", CONF_LIST, .help = "Words, one of which must stand beside it; none: the pattern tells enough." },
  { "names", CONF_LIST, .help = "Names of it that may stand right before it, where any other letters make it a part of something longer." },
  { "digests", CONF_LIST, .help = "Words right before it that make hexadecimal digits in lower case a digest of something." },
  { "impossible", CONF_LIST, .help = "Numbers that nobody has, without separators: X any character, others themselves." },
  { "samples", CONF_LIST, .help = "Published examples, without separators: they are nobody's." },
  { NULL }
};

static const ConfOption rule_options[] = {
  { "mailbox", CONF_STRING, .help = "Only mail that came to this mailbox." },
  { "from", CONF_STRING, .words = "stranger|member|staff",
    .help = "Only mail from such a person." },
  { "identifiers", CONF_LIST, .help = "Only mail in which one of these identifiers stands: then nothing of it is quoted or passed on." },
  { "subject", CONF_LIST, .help = "Phrases, any of them in the subject." },
  { "words", CONF_LIST, .help = "Phrases, any of them in the subject or the new text." },
  { "alone", CONF_LIST, .help = "Phrases, one of them all that the message says: then it counts in a case, too." },
  { "category", CONF_STRING, .help = "What a message that it fits is, beyond doubt." },
  { "answer", CONF_STRING, .help = "Notice to the sender." },
  { "own-data", CONF_BOOL, .fallback = "false", .help = "The notice tells what is recorded about the sender." },
  { "open", CONF_STRING, .help = "Case type that is opened with the message, when a contact of an organization wrote it." },
  { "open-stranger", CONF_STRING, .help = "The same when anybody else did." },
  { "hold", CONF_BOOL, .fallback = "false", .help = "Leave it for a person." },
  { "beside-case", CONF_BOOL, .fallback = "false",
    .help = "What a contact writes in a case stays in it, and is answered and left for a person by this rule as well." },
  { "reason", CONF_STRING, .help = "Why it is held, for people." },
  { NULL }
};

static const ConfOption article_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people." },
  { "words", CONF_LIST, .required = true, .help = "Phrases by which people name the topic." },
  { "owner", CONF_STRING, .required = true, .help = "Role that keeps it up to date." },
  { "review-by", CONF_STRING, .required = true, .help = "Date \"YYYY-MM-DD\" by which the owner looks at it again." },
  { "sources", CONF_LIST, .required = true, .help = "Where its facts stand." },
  { NULL }
};

static const ConfOption category_options[] = {
  { "title", CONF_STRING, .required = true, .help = "For people: \"a change notice\"." },
  { "owner", CONF_STRING, .help = "Role that is told of such mail; none: whoever is told of what nobody owns." },
  { "copy", CONF_STRING, .help = "Role that is told of it, too, and when nobody answered in time." },
  { "words", CONF_LIST, .help = "Phrases that speak for it." },
  { "ends", CONF_BOOL, .fallback = "false", .help = "Nobody needs to answer it." },
  { "rights", CONF_BOOL, .fallback = "false", .help = "What a person answers says where else one can complain." },
  { NULL }
};

static const ConfOption sorting_options[] = {
  { "phrase", CONF_INT, .fallback = "8", .min = 1, .max = 1000, .help = "Points for a phrase of one word that stands in a message; likeness to sorted mail has its own." },
  { "least", CONF_INT, .fallback = "20", .min = 1, .max = 100000, .help = "Points without which nothing is sure." },
  { "margin", CONF_INT, .fallback = "4", .min = 1, .max = 1000, .help = "How many times as many points as the second the first has when it is sure." },
  { NULL }
};

static const ConfOption digest_options[] = {
  { "notice", CONF_STRING, .required = true, .help = "The mail; its audience are roles." },
  { "at", CONF_STRING, .fallback = "07:30", .help = "When, in the program's time zone." },
  { "on", CONF_LIST, .required = true,
    .help = "Days of the week; what falls on a closed day comes on the next open one." },
  { "whole", CONF_BOOL, .fallback = "false", .help = "Tells of everybody's cases, and comes when nothing waits, too." },
  { NULL }
};

static const ConfOption held_options[] = {
  { "within", CONF_STRING, .required = true, .help = "A person deals with it within this time: \"1 business day\"." },
  { "half", CONF_STRING, .help = "Notice when half of that has passed." },
  { "over", CONF_STRING, .help = "Notice when it is over." },
  { NULL }
};

static const ConfOption language_options[] = {
  { "title", CONF_STRING, .required = true, .help = "What the office calls it." },
  { "names", CONF_LIST, .help = "What else people call it." },
  { "words", CONF_LIST,
    .help = "Everyday words that tell it from the others: a message is in the language it clearly has most of." },
  { NULL }
};

const ConfOption program_schema[] = {
  { "program", CONF_SECTION, .section = program_options, .titled = true, .required = true,
    .help = "The program itself, by its short name." },
  { "language", CONF_SECTION, .section = language_options, .titled = true,
    .help = "A language people may write in, by its tag; the templates in its folder (\"es/\") answer them." },
  { "calendar", CONF_SECTION, .section = calendar_options, .help = "Holidays and closed days." },
  { "role", CONF_SECTION, .section = role_options, .titled = true,
    .help = "What a person can be." },
  { "edition", CONF_SECTION, .section = edition_options, .titled = true,
    .help = "An edition of the standards." },
  { "case-type", CONF_SECTION, .section = case_type_options, .titled = true, .required = true,
    .help = "A kind of case, its states and clocks." },
  { "every-case", CONF_SECTION, .section = every_case_options, .help = "What can happen in a case of whatever type." },
  { "form", CONF_SECTION, .section = form_options, .titled = true,
    .help = "A form filled in by reply." },
  { "notice", CONF_SECTION, .section = notice_options, .titled = true,
    .help = "A mail that goes out, by the name of its template." },
  { "identifier", CONF_SECTION, .section = identifier_options, .titled = true, .help = "A number of a person that must not come by mail." },
  { "rule", CONF_SECTION, .section = rule_options, .titled = true,
    .help = "What to do with mail that belongs to no case; the first that matches decides." },
  { "article", CONF_SECTION, .section = article_options, .titled = true,
    .help = "A knowledge article; its text is the template knowledge/NAME.md." },
  { "category", CONF_SECTION, .section = category_options, .titled = true,
    .help = "A kind of mail, as people of the office sort it." },
  { "sorting", CONF_SECTION, .section = sorting_options, .help = "How sure the office is of what a message is." },
  { "digest", CONF_SECTION, .section = digest_options, .titled = true,
    .help = "A mail to people of the office about all that waits for them." },
  { "held", CONF_SECTION, .section = held_options, .help = "How soon a person deals with mail that is held." },
  { NULL }
};

const ConfOption roster_schema[] = {
  { "person", CONF_SECTION, .section = person_options, .titled = true,
    .help = "Somebody of the office, by address." },
  { NULL }
};

const char *const program_field_kinds[] = { "text",   "email",    "phone", "yes-no",  "date",
                                            "number", "language", "block", "parties", NULL };

char *
program_describe (void)
{
  g_autofree char *rules = conf_describe (program_schema);
  g_autofree char *roster = conf_describe (roster_schema);

  return g_strdup_printf ("program.conf and the files it includes (include(\"name.conf\")):\n\n%s\n"
                          "roster.conf:\n\n%s", rules, roster);
}
