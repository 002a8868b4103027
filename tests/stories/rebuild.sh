#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Some stories whose offices lose their database at the end, and are made again from their mail.
: "${top_srcdir:=$(dirname "$0")/../..}"
exec "$top_srcdir/tests/stories/run.sh" --rebuild a-bounced-deadline-goes-to-the-next-contact a-letter-that-must-be-signed a-new-contact-is-confirmed \
  answers-that-cross away-and-deputy cases-of-one-organization held-mail-is-answered linked-cases
