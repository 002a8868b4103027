/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What each line of a text is: quotation, a delimiter, a block of headers, a signature, or plain
 * text.
 *
 * Mail programs write these in the language of their user, so most of this is words; a language is
 * added by adding its words to the tables here and in message-quote-attribution.c.
 */
#include "config.h"

#include <string.h>

#include "base/marks.h"
#include "message/message-private.h"

#define MAX_HEADER_LINES 16

static const char *const delimiters[] = {
  "original message", "original appointment", "forwarded message", "forwarded by", "ursprüngliche nachricht",
  "originalnachricht", "original-nachricht", "weitergeleitete nachricht", "message d'origine", "message d’origine",
  "message original", "message transféré", "mensaje original", "mensaje reenviado", "messaggio originale",
  "messaggio inoltrato", "mensagem original", "mensagem encaminhada", "oorspronkelijk bericht",
  "doorgestuurd bericht", "ursprungligt meddelande", "ursprungsmeddelande", "opprinnelig melding",
  "oprindelig meddelelse", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość",
  "původní zpráva", "исходное сообщение", "пересылаемое сообщение", "原始邮件", "原始郵件", "元のメッセージ", "転送メッセージ",
};

typedef enum {
  NAME_FROM = 1,
  NAME_TIME = 2,
  NAME_TO = 4,
  NAME_SUBJECT = 8,
  NAME_OTHER = 16
} HeaderName;

static const struct {
  const char *name;
  HeaderName means;
} header_names[] = {
  { "from", NAME_FROM }, { "von", NAME_FROM }, { "de", NAME_FROM }, { "da", NAME_FROM }, { "van", NAME_FROM },
  { "från", NAME_FROM }, { "fra", NAME_FROM }, { "od", NAME_FROM }, { "от", NAME_FROM }, { "отправитель", NAME_FROM },
  { "lähettäjä", NAME_FROM }, { "kimden", NAME_FROM }, { "发件人", NAME_FROM }, { "寄件者", NAME_FROM },
  { "差出人", NAME_FROM }, { "보낸 사람", NAME_FROM }, { "expéditeur", NAME_FROM }, { "remitente", NAME_FROM },
  { "sent", NAME_TIME }, { "date", NAME_TIME }, { "gesendet", NAME_TIME }, { "datum", NAME_TIME },
  { "envoyé", NAME_TIME }, { "enviado", NAME_TIME }, { "enviado el", NAME_TIME }, { "enviada em", NAME_TIME },
  { "fecha", NAME_TIME }, { "data", NAME_TIME }, { "inviato", NAME_TIME }, { "verzonden", NAME_TIME },
  { "skickat", NAME_TIME }, { "sendt", NAME_TIME }, { "dato", NAME_TIME }, { "wysłano", NAME_TIME },
  { "отправлено", NAME_TIME }, { "дата", NAME_TIME }, { "lähetetty", NAME_TIME }, { "发送时间", NAME_TIME },
  { "寄件日期", NAME_TIME }, { "送信日時", NAME_TIME }, { "odesláno", NAME_TIME }, { "gönderme tarihi", NAME_TIME },
  { "to", NAME_TO }, { "an", NAME_TO }, { "à", NAME_TO }, { "para", NAME_TO }, { "a", NAME_TO }, { "aan", NAME_TO },
  { "till", NAME_TO }, { "til", NAME_TO }, { "do", NAME_TO }, { "кому", NAME_TO }, { "vastaanottaja", NAME_TO },
  { "收件人", NAME_TO }, { "宛先", NAME_TO }, { "komu", NAME_TO }, { "kime", NAME_TO },
  { "subject", NAME_SUBJECT }, { "betreff", NAME_SUBJECT }, { "objet", NAME_SUBJECT }, { "asunto", NAME_SUBJECT },
  { "assunto", NAME_SUBJECT }, { "oggetto", NAME_SUBJECT }, { "onderwerp", NAME_SUBJECT }, { "ämne", NAME_SUBJECT },
  { "emne", NAME_SUBJECT }, { "temat", NAME_SUBJECT }, { "тема", NAME_SUBJECT }, { "aihe", NAME_SUBJECT },
  { "主题", NAME_SUBJECT }, { "主旨", NAME_SUBJECT }, { "件名", NAME_SUBJECT }, { "předmět", NAME_SUBJECT },
  { "konu", NAME_SUBJECT }, { "cc", NAME_OTHER }, { "bcc", NAME_OTHER }, { "reply-to", NAME_OTHER },
  { "antwort an", NAME_OTHER }, { "risposta", NAME_OTHER }, { "importance", NAME_OTHER }, { "attachments", NAME_OTHER },
  { "copie", NAME_OTHER }, { "kopie", NAME_OTHER }, { "kopia", NAME_OTHER }, { "wichtigkeit", NAME_OTHER },
};

/* A device or program signs: one of WHO must stand in the line behind one of HOW, which begins
 * it. */
static const char *const device_openings[] = {
  "sent from", "sent via", "sent with", "sent by", "sent using", "get outlook for", "get [outlook for", "envoyé depuis", "envoyé de mon",
  "von meinem", "gesendet von", "gesendet mit", "diese nachricht wurde von meinem", "enviado desde", "enviado do meu",
  "enviado de meu", "inviato da", "inviato dal", "verzonden met", "verzonden vanaf", "sendt fra", "skickat från",
  "wysłane z", "wysłano z", "отправлено с", "отправлено из", "lähetetty", "odesláno z", "iphoneから送信", "从我的", "從我的",
  "发自我的", "發自我的", "from my ", "someone from mobile", "holen sie sich outlook", "télécharger outlook", "obtener outlook",
};

static const char *const devices[] = {
  "iphone", "ipad", "ipod", "android", "mobile", "mobil", "phone", "cell", "blackberry", "outlook", "samsung", "galaxy",
  "htc", "windows", "airmail", "mailbox", "yahoo", "mail", "telefon", "smartphone", "huawei", "alcatel", "nokia",
  "pixel", "tablet", "device", "gmx", "proton", "thunderbird", "ti-85", "móvil", "handy", "яндекс", "传送", "傳送", "手机",
};

/* --- looking at one line ------------------------------------------------------------ */

/* Most lines are ASCII, and looking up each letter in the tables of Unicode is most of the cost of
 * a long mail. */
char *
quote_lower (const char *s, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if ((guchar) s[i] >= 0x80)
      return g_utf8_strdown (s, (gssize) n);
  return g_ascii_strdown (s, (gssize) n);
}

const char *
quote_skip_marks (const char *s)
{
  return s + strspn (s, " \t*_");
}

bool
quote_starts_any (const char *s, const char *const *table, guint n)
{
  for (guint i = 0; i < n; i++)
    if (g_str_has_prefix (s, table[i]))
      return true;
  return false;
}

bool
quote_holds_any (const char *s, const char *const *table, guint n)
{
  Marks marks;

  marks_of_pairs (&marks, s);
  for (guint i = 0; i < n; i++)
    if (marks_may_hold (&marks, table[i]) && strstr (s, table[i]) != NULL)
      return true;
  return false;
}

bool
quote_line_is_quote (const QuoteLine *line)
{
  gsize i = 0;

  while (i < line->n && i < 3 && line->s[i] == ' ')
    i++;
  return i < line->n && line->s[i] == '>';
}

bool
quote_line_is_empty (const QuoteLine *line)
{
  for (gsize i = 0; i < line->n; i++)
    if (line->s[i] != ' ' && line->s[i] != '\t'
        && !((guchar) line->s[i] == 0xc2 && i + 1 < line->n && (guchar) line->s[i + 1] == 0xa0
             && ++i))
      return false;
  return true;
}

static bool
is_signature_line (const QuoteLine *line)
{
  return (line->n == 2 && memcmp (line->s, "--", 2) == 0)
         || (line->n == 3 && memcmp (line->s, "-- ", 3) == 0);
}

bool
quote_line_is_row (const QuoteLine *line, gsize at_least)
{
  gsize marks = 0;

  for (gsize i = 0; i < line->n; i++)
    if (line->s[i] == '-' || line->s[i] == '_')
      marks++;
    else if (line->s[i] != ' ' && line->s[i] != '*')
      return false;
  return marks >= at_least;
}

static bool
is_device_line (const QuoteLine *line)
{
  g_autofree char *low = NULL;
  const char *s;

  if (line->n < 6 || line->n > 200)
    return false;
  s = line->s + strspn (line->s, " \t*_<([");
  if (strchr ("sgedviwlohtfSGEDVIWLOHTF\xd0\xe4\xe5\xe7", *s) == NULL)
    return false;
  low = quote_lower (line->s, line->n);
  s = low + (s - line->s);
  return quote_starts_any (s, device_openings, G_N_ELEMENTS (device_openings)) &&
         quote_holds_any (s, devices, G_N_ELEMENTS (devices)) && strlen (low) < 140;
}

/* "-----Original Message-----", with dashes on both sides, or Apple's "Begin forwarded
 * message:". */
/* "---- On Monday, ... Ann <ann@x.example> wrote ----" (Zoho), ">>> Ann 11/25/26 9:13 AM >>>"
 * (GroupWise): nothing is marked below. */
static bool
is_framed_attribution (const QuoteLine *line)
{
  g_autofree char *text = g_strstrip (g_strndup (line->s, MIN (line->n, 300)));
  bool dashes = g_str_has_prefix (text, "---- ") && g_str_has_suffix (text, " ----");
  bool angles = g_str_has_prefix (text, ">>> ") && g_str_has_suffix (text, " >>>");

  return (dashes && strchr (text, '@') != NULL) || (angles && strpbrk (text, "0123456789") != NULL);
}

static bool
is_delimiter_line (const QuoteLine *line)
{
  g_autofree char *low = NULL;
  const char *s;
  gsize n;

  if (line->n < 8 || line->n > 160 || strchr ("-_ *\tBbAaDd", line->s[0]) == NULL)
    return false;
  low = quote_lower (line->s, line->n);
  s = quote_skip_marks (low);
  if (g_str_has_prefix (s, "begin forwarded message:")
      || g_str_has_prefix (s, "anfang der weitergeleiteten nachricht:")
      || g_str_has_prefix (s, "début du message transféré"))
    return true;
  s = low + strspn (low, " \t*");
  n = strlen (s);
  while (n > 0 && strchr (" \t*", s[n - 1]) != NULL)
    n--;
  return strspn (s, "-_") >= 2 && n > 4 && strchr ("-_", s[n - 1]) != NULL &&
         quote_holds_any (s, delimiters, G_N_ELEMENTS (delimiters));
}

static HeaderName
header_name (const QuoteLine *line)
{
  g_autofree char *low = NULL;
  const char *s, *colon;
  gsize n;

  if (line->n < 3 || memchr (line->s, ':', MIN (line->n, 60)) == NULL)
    {
      /* The fullwidth colon of Chinese and Japanese mail. */
      if (line->n < 6 || memmem (line->s, MIN (line->n, 60), "：", 3) == NULL)
        return 0;
    }
  low = quote_lower (line->s, MIN (line->n, 200));
  s = quote_skip_marks (low);
  colon = strchr (s, ':');
  if (colon == NULL || (strstr (s, "：") != NULL && strstr (s, "：") < colon))
    colon = strstr (s, "：");
  if (colon == NULL)
    return 0;
  n = (gsize) (colon - s);
  while (n > 0 && strchr (" *_", s[n - 1]) != NULL)
    n--;
  for (guint i = 0; i < G_N_ELEMENTS (header_names); i++)
    if (strlen (header_names[i].name) == n && memcmp (header_names[i].name, s, n) == 0)
      return header_names[i].means;
  return 0;
}

bool
quote_line_names_sender (const QuoteLine *line)
{
  return header_name (line) == NAME_FROM;
}

/* --- over several lines ---------------------------------------------------------------- */

/* From:, a time, and To: or Subject:, in one block: what mail programs write above the message
 * answered. */
static guint
header_block (const QuoteLines *all, guint i)
{
  guint seen = 0, count = 0, last = i, names = 0;
  bool address = false;

  if (header_name (&all->lines[i]) != NAME_FROM)
    return 0;
  for (guint k = i; k < all->n && count < MAX_HEADER_LINES; k++, count++)
    {
      const QuoteLine *line = &all->lines[k];
      HeaderName name;

      if (quote_line_is_empty (line))
        {
          /* Plain text made from paragraphs has empty lines between the headers. */
          if (names < 4 && k + 1 < all->n && header_name (&all->lines[k + 1]) != 0)
            continue;
          break;
        }
      name = header_name (line);
      if (name != 0)
        {
          names++;
          seen |= name;
          last = k;
        }
      else
        last = k; /* the header before goes on */
      address = address || memchr (line->s, '@', line->n) != NULL;
    }
  if (names < 3 || !(seen & NAME_TIME) || !(seen & (NAME_TO | NAME_SUBJECT))
      || !(address || (seen & NAME_SUBJECT)))
    return 0;
  return last - i + 1;
}

/* --- kinds ---------------------------------------------------------------------------------- */

void
quote_lines_read (const char *text, QuoteLines *all)
{
  GArray *lines = g_array_new (FALSE, TRUE, sizeof (QuoteLine));

  for (const char *s = text; *s != '\0';)
    {
      const char *end = strchrnul (s, '\n');
      QuoteLine line = { .s = s, .n = (gsize) (end - s) };

      g_array_append_val (lines, line);
      s = *end != '\0' ? end + 1 : end;
    }
  all->n = lines->len;
  all->lines = (QuoteLine *) (void *) g_array_free (lines, FALSE);
}

static void
find_kind (const QuoteLines *all, guint i)
{
  QuoteLine *line = &all->lines[i];

  line->span = 1;
  if (quote_line_is_empty (line))
    line->kind = LINE_EMPTY;
  else if (is_framed_attribution (line))
    line->kind = LINE_DELIMITER;
  else if (quote_line_is_quote (line))
    line->kind = LINE_QUOTE;
  else if (is_signature_line (line))
    line->kind = LINE_SIGNATURE;
  else if (is_delimiter_line (line))
    line->kind = LINE_DELIMITER;
  else if ((line->span = header_block (all, i)) > 0)
    line->kind = LINE_HEADERS;
  else if ((line->span = quote_attribution (all, i, &line->strong)) > 0)
    line->kind = LINE_ATTRIBUTION;
  else
    {
      line->kind = is_device_line (line) ? LINE_DEVICE : LINE_TEXT;
      line->span = 1;
    }
}

void
quote_find_kinds (const QuoteLines *all)
{
  for (guint i = 0; i < all->n;)
    {
      find_kind (all, i);
      for (guint k = 1; k < all->lines[i].span; k++)
        {
          all->lines[i + k].kind = all->lines[i].kind;
          all->lines[i + k].span = all->lines[i].span - k; /* what is left, for a pass that
                                                            * enters here */
        }
      i += all->lines[i].span;
    }
}
