/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Verify a file again and again in one process, as an office does:
 *
 *   bench-verify TRUST.pem KEYS.asc|- N FILE
 *
 * Prints microseconds of wall clock for each of N verifications, after a first one that starts what is needed.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "signature/signature.h"

int
main (int argc, char **argv)
{
  const char *trust[] = { argc > 1 ? argv[1] : NULL, NULL }, *keys[] = { argc > 2 ? argv[2] : NULL, NULL };
  const VerifierOptions options = { trust, NULL, argc > 2 && strcmp (argv[2], "-") != 0 ? keys : NULL, 0 };
  g_autoptr (GError) error = NULL;

  if (argc != 5)
    return fprintf (stderr, "usage: bench-verify TRUST.pem KEYS.asc|- N FILE\n"), 2;
  guint n = (guint) atoi (argv[3]);
  bool pdf = g_str_has_suffix (argv[4], ".pdf");
  int fd = open (argv[4], O_RDONLY | O_CLOEXEC);
  g_autoptr (Reader) reader = reader_new (NULL, &error);
  g_autoptr (Verifier) verifier = reader != NULL ? verifier_new (&options, &error) : NULL;
  if (fd < 0 || verifier == NULL)
    return fprintf (stderr, "%s: %s\n", argv[4], error != NULL ? error->message : "cannot be opened"), 1;
  for (guint i = 0; i <= n; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (Verification) v = pdf ? verifier_pdf (verifier, reader, fd, clock_now ())
                                       : verifier_mail (verifier, reader, fd, clock_now ());

      if (v->verdict != VERDICT_VALID)
        return fprintf (stderr, "%s: %s\n", argv[4], verdict_name (v->verdict)), 1;
      if (i > 0)
        printf ("%" G_GINT64_FORMAT "\n", g_get_monotonic_time () - start);
    }
  close (fd);
  return 0;
}
