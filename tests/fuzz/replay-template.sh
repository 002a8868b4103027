#!/bin/sh
# Replay the template corpus through its fuzz target.
echo 1..1
if "$top_builddir"/tests/fuzz/replay-template "$top_srcdir"/tests/fuzz/corpus/template/*; then
  echo "ok 1 - template"
else
  echo "not ok 1 - template"
fi
