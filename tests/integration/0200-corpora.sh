#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Mail that nobody here wrote, through the reader; skipped where the corpora are not beside the checkout.
corpora=${QECP_CORPORA:-$top_srcdir/../shared/corpora}
if [ ! -d "$corpora/bounces" ]; then
  echo "1..0 # SKIP no corpora in $corpora (set QECP_CORPORA)"
  exit 0
fi
exec timeout 900 "$top_builddir"/tests/lib/read-corpus "$corpora"
