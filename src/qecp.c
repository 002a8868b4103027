/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * qecp: looks at an office and operates it.  The verbs are rows of admin_verbs.
 */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/clock.h"

static int
usage (FILE *to, int status)
{
  fprintf (to, "usage: qecp [--config FILE] [--now TIME] VERB ...\n\n");
  for (const AdminVerb *verb = admin_verbs; verb->name != NULL; verb++)
    fprintf (to, "  %-8s %-26s %s\n", verb->name, verb->arguments, verb->help);
  fprintf (to, "\nqecp VERB --help tells more.  The configuration is qecp.conf in this folder "
               "unless said otherwise.\n"
               "Exit status: 0 done; 1 done, and the answer is no; 2 the call or the input is "
               "wrong; 3 the store or a "
               "server failed.\n");
  return status;
}

int
main (int argc, char **argv)
{
  const char *config = "qecp.conf";
  int i = 1;

  setlocale (LC_CTYPE, "");
  signal (SIGXFSZ, SIG_IGN); /* no room is an error like others */
  for (; i < argc && argv[i][0] == '-' && argv[i][1] == '-'; i += 2)
    {
      g_autoptr (GError) error = NULL;
      gint64 now;

      if (strcmp (argv[i], "--help") == 0)
        return usage (stdout, ADMIN_YES);
      if (strcmp (argv[i], "--version") == 0)
        return printf ("qecp %s\n", PACKAGE_VERSION) < 0;
      if (i + 1 < argc && strcmp (argv[i], "--config") == 0)
        config = argv[i + 1];
      else if (i + 1 < argc && strcmp (argv[i], "--now") == 0
               && clock_parse (argv[i + 1], &now, &error))
        clock_pretend (now);
      else
        {
          fprintf (stderr, "qecp: %s; see --help\n",
                   error != NULL ? error->message : "unknown option, or its value is missing");
          return ADMIN_CALL;
        }
    }
  if (i >= argc)
    return usage (stderr, ADMIN_CALL);
  for (const AdminVerb *verb = admin_verbs; verb->name != NULL; verb++)
    if (strcmp (verb->name, argv[i]) == 0)
      {
        g_autofree char *name = g_strconcat ("qecp ", verb->name, NULL);

        g_set_prgname (name); /* what --help calls it */
        return verb->run (argc - i, argv + i, config);
      }
  fprintf (stderr, "qecp: there is no verb '%s'; qecp --help lists them\n", argv[i]);
  return ADMIN_CALL;
}
