#!/bin/sh
# Every notice through axe-core in a browser, in light and dark, at phone width.
# Needs chromium and axe-core: AXE_CORE=/path/to/axe.min.js, or `npm install -g axe-core`.
skip () { echo "1..0 # SKIP $1"; exit 0; }

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  skip "no chromium"
if [ -z "$AXE_CORE" ] && command -v npm > /dev/null; then
  AXE_CORE=$(npm root -g 2> /dev/null)/axe-core/axe.min.js
fi
[ -r "$AXE_CORE" ] || skip "no axe-core: set AXE_CORE or npm install -g axe-core"

dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/notices"
"$top_builddir"/tests/unit/test-notices "$dir/notices" > "$dir/log" || exit 99

# One page holds all notices and runs axe inside a frame of each.
{
  printf '%s' '<!DOCTYPE html><html lang="en"><title>axe</title><body><script>const axe_source=utf8("'
  base64 -w0 "$AXE_CORE"
  echo '");const pages={};'
  for page in "$dir"/notices/*.html; do
    printf 'pages["%s"]="%s";\n' "$(basename "$page" .html)" "$(base64 -w0 "$page")"
  done
  cat << 'END'
function utf8 (text) {
  return new TextDecoder ().decode (Uint8Array.from (atob (text), c => c.charCodeAt (0)));
}
const lines = [];
async function check (name) {
  const frame = document.createElement ("iframe");
  frame.title = name;
  frame.width = 320;
  frame.height = 2000;
  frame.srcdoc = utf8 (pages[name]);
  await new Promise (done => { frame.onload = done; document.body.append (frame); });
  frame.contentWindow.eval (axe_source);
  const result = await frame.contentWindow.axe.run (frame.contentDocument, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  const bad = result.violations.map (v => v.id + " at " + v.nodes.map (n => n.target).join (", "));
  if (frame.contentDocument.documentElement.scrollWidth > 320)
    bad.push ("scrolls sideways at 320 pixels");
  lines.push ((bad.length ? "not ok" : "ok") + " - " + name + (bad.length ? " # " + bad.join ("; ") : ""));
  frame.remove ();
}
(async () => {
  for (const name of Object.keys (pages))
    await check (name).catch (e => lines.push ("not ok - " + name + " # " + e));
  const pre = document.createElement ("pre");
  pre.textContent = lines.join ("\n") + "\nend\n";
  document.body.replaceChildren (pre);
}) ();
</script></body></html>
END
} > "$dir/all.html"

run () {
  timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync \
    --user-data-dir="$dir/$1" --blink-settings=preferredColorScheme="$2" \
    --virtual-time-budget=600000 --dump-dom "file://$dir/all.html" 2> /dev/null |
    grep -E '(^|>)(not )?ok - |^end' | sed -e 's/.*<pre>//' -e "s/ok - /ok - $1: /"
}

{ run light 1; run dark 0; } > "$dir/result"
grep -v '^end' "$dir/result"
[ "$(grep -c '^end' "$dir/result")" = 2 ] || echo "not ok - the browser did not finish"
echo "1..$(($(grep -vc '^end' "$dir/result") + ($(grep -c '^end' "$dir/result") != 2)))"
