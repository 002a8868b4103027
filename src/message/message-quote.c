/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sender's own words, apart from what they quote and sign with.
 *
 * Only what is surely quotation or signature is cut; whatever is not sure stays.  Each line gets a kind, then one pass
 * from the top decides.  No line is lost: what is not in the one text is in the other.
 */
#include "config.h"

#include <string.h>

#include "message/message-private.h"

typedef enum {
  LINE_TEXT,
  LINE_EMPTY,
  LINE_QUOTE,        /* "> ..." */
  LINE_ATTRIBUTION,  /* "On ..., ... wrote:", over N lines */
  LINE_DELIMITER,    /* "-----Original Message-----" */
  LINE_HEADERS,      /* From:, Sent:, To:, Subject:, over N lines */
  LINE_SIGNATURE,    /* "-- " */
  LINE_DEVICE,       /* "Sent from my ..." */
} LineKind;

typedef struct {
  const char *s;
  gsize n;
  LineKind kind;
  guint span;        /* lines of an attribution or a header block */
  bool strong;       /* an attribution that names an address or an exact time */
  bool cut;
} Line;

typedef struct {
  Line *lines;
  guint n;
} Lines;

#define MAX_ATTRIBUTION_LINES 4
#define MAX_ATTRIBUTION 400
#define MAX_HEADER_LINES 16
#define MAX_SIGNATURE_LINES 30
#define MAX_LOOSE_SIGNATURE_LINES 10

static const char *const verbs[] = {
  "wrote", "writes", "schrieb", "a écrit", "escribió", "escribio", "ha scritto", "escreveu", "schreef",
  "skrev", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napísal", "написал", "написала", "пишет",
  "писал", "пише", "kirjoitti", "írta", "yazdı", "a scris", "написа", "rašė", "rakstīja", "kirjutas",
  "је написао", "je napisao", "έγραψε", "写道", "寫道", "さんは書きました", "작성", "a dit",
};

/* How the line of an attribution begins when it does not begin with a name or a number. */
static const char *const openers[] = {
  "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "dnia ", "w dniu ", "dne ", "в ", "на ", "a ", "at ",
  "in ", "vom ", "från ", "pada ", "tarihinde", "от ",
};

static const char *const delimiters[] = {
  "original message", "original appointment", "forwarded message", "forwarded by", "ursprüngliche nachricht",
  "originalnachricht", "original-nachricht", "weitergeleitete nachricht", "message d'origine", "message d’origine",
  "message original", "message transféré", "mensaje original", "mensaje reenviado", "messaggio originale",
  "messaggio inoltrato", "mensagem original", "mensagem encaminhada", "oorspronkelijk bericht",
  "doorgestuurd bericht", "ursprungligt meddelande", "ursprungsmeddelande", "opprinnelig melding",
  "oprindelig meddelelse", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość",
  "původní zpráva", "исходное сообщение", "пересылаемое сообщение", "原始邮件", "原始郵件", "元のメッセージ", "転送メッセージ",
};

typedef enum { NAME_FROM = 1, NAME_TIME = 2, NAME_TO = 4, NAME_SUBJECT = 8, NAME_OTHER = 16 } HeaderName;

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

/* A device or program signs: one of WHO must stand in the line behind one of HOW, which begins it. */
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

static char *
lower (const char *s, gsize n)
{
  return g_utf8_strdown (s, (gssize) n);
}

static const char *
skip_marks (const char *s)
{
  return s + strspn (s, " \t*_");
}

static bool
starts_any (const char *s, const char *const *table, guint n)
{
  for (guint i = 0; i < n; i++)
    if (g_str_has_prefix (s, table[i]))
      return true;
  return false;
}

static bool
holds_any (const char *s, const char *const *table, guint n)
{
  for (guint i = 0; i < n; i++)
    if (strstr (s, table[i]) != NULL)
      return true;
  return false;
}

static bool
is_quote_line (const Line *line)
{
  gsize i = 0;

  while (i < line->n && i < 3 && line->s[i] == ' ')
    i++;
  return i < line->n && line->s[i] == '>';
}

static bool
is_empty_line (const Line *line)
{
  for (gsize i = 0; i < line->n; i++)
    if (line->s[i] != ' ' && line->s[i] != '\t' && !((guchar) line->s[i] == 0xc2 && i + 1 < line->n &&
                                                   (guchar) line->s[i + 1] == 0xa0 && ++i))
      return false;
  return true;
}

static bool
is_signature_line (const Line *line)
{
  return (line->n == 2 && memcmp (line->s, "--", 2) == 0) || (line->n == 3 && memcmp (line->s, "-- ", 3) == 0);
}

static bool
is_row (const Line *line, gsize at_least)
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
is_device_line (const Line *line)
{
  g_autofree char *low = NULL;
  const char *s;

  if (line->n < 6 || line->n > 200)
    return false;
  low = lower (line->s, line->n);
  s = low + strspn (low, " \t*_<([");
  if (strchr ("sgedviwlohtf\xd0\xe4\xe5\xe7", *s) == NULL)
    return false;
  return starts_any (s, device_openings, G_N_ELEMENTS (device_openings)) &&
         holds_any (s, devices, G_N_ELEMENTS (devices)) && strlen (low) < 140;
}

/* "-----Original Message-----", with dashes on both sides, or Apple's "Begin forwarded message:". */
static bool
is_delimiter_line (const Line *line)
{
  g_autofree char *low = NULL;
  const char *s;
  gsize n;

  if (line->n < 8 || line->n > 160 || strchr ("-_ *\tBbAaDd", line->s[0]) == NULL)
    return false;
  low = lower (line->s, line->n);
  s = skip_marks (low);
  if (g_str_has_prefix (s, "begin forwarded message:") || g_str_has_prefix (s, "anfang der weitergeleiteten nachricht:") ||
      g_str_has_prefix (s, "début du message transféré"))
    return true;
  s = low + strspn (low, " \t*");
  n = strlen (s);
  while (n > 0 && strchr (" \t*", s[n - 1]) != NULL)
    n--;
  return strspn (s, "-_") >= 2 && n > 4 && strchr ("-_", s[n - 1]) != NULL &&
         holds_any (s, delimiters, G_N_ELEMENTS (delimiters));
}

static HeaderName
header_name (const Line *line)
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
  low = lower (line->s, MIN (line->n, 200));
  s = skip_marks (low);
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

/* --- over several lines ---------------------------------------------------------------- */

/* From:, a time, and To: or Subject:, in one block: what mail programs write above the message answered. */
static guint
header_block (const Lines *all, guint i)
{
  guint seen = 0, count = 0, last = i, names = 0;
  bool address = false;

  if (header_name (&all->lines[i]) != NAME_FROM)
    return 0;
  for (guint k = i; k < all->n && count < MAX_HEADER_LINES; k++, count++)
    {
      const Line *line = &all->lines[k];
      HeaderName name;

      if (is_empty_line (line))
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
  if (names < 3 || !(seen & NAME_TIME) || !(seen & (NAME_TO | NAME_SUBJECT)) || !(address || (seen & NAME_SUBJECT)))
    return 0;
  return last - i + 1;
}

static bool
has_digit (const char *s)
{
  return strpbrk (s, "0123456789") != NULL;
}

/* hh:mm, hh.mm or hh h mm, and a year: the sort of time a program writes. */
static bool
has_exact_time (const char *s)
{
  bool time = false, year = false;

  for (const char *c = s; *c != '\0'; c++)
    {
      if (!g_ascii_isdigit (*c))
        continue;
      gsize n = strspn (c, "0123456789");
      if ((n == 1 || n == 2) && (c[n] == ':' || c[n] == '.') && g_ascii_isdigit (c[n + 1]) && g_ascii_isdigit (c[n + 2]))
        time = true;
      if (n == 4 && (*c == '1' || *c == '2'))
        year = true;
      c += n - 1;
    }
  return time && year;
}

static bool
ends_like_attribution (const char *s)
{
  gsize n = strlen (s);

  while (n > 0 && strchr (" \t*_", s[n - 1]) != NULL)
    n--;
  return (n > 0 && s[n - 1] == ':') || (n >= 3 && memcmp (s + n - 3, "：", 3) == 0);
}

static bool
is_attribution (const char *text, bool *strong)
{
  g_autofree char *low = lower (text, strlen (text));
  const char *s = skip_marks (low);
  const char *at = strchr (s, '@');

  /* "2017-02-05 13:29 GMT+02:00 Name <address>:" needs no verb. */
  if (!holds_any (s, verbs, G_N_ELEMENTS (verbs)) &&
      !(g_ascii_isdigit (*s) && at != NULL && has_exact_time (s) && strstr (s, ">:") != NULL))
    return false;
  *strong = at != NULL || has_exact_time (s);
  if (at != NULL)
    return true;
  return has_digit (s) && (starts_any (s, openers, G_N_ELEMENTS (openers)) || g_ascii_isdigit (*s) || has_exact_time (s));
}

/* "2013/7/20 Somebody <a@b>" above a quotation: Gmail's old form without a verb. */
static bool
is_bare_attribution (const Line *line)
{
  return line->n > 12 && line->n < 200 && g_ascii_isdigit (line->s[0]) && strspn (line->s, "0123456789/-") >= 8 &&
         line->s[line->n - 1] == '>' && memchr (line->s, '@', line->n) != NULL;
}

static guint
attribution (const Lines *all, guint i, bool *strong)
{
  g_autoptr (GString) joined = g_string_new (NULL);
  guint taken = 0;

  *strong = false;
  if (is_bare_attribution (&all->lines[i]))
    return 1;
  for (guint k = i; k < all->n && k < i + MAX_ATTRIBUTION_LINES + 3 && taken < MAX_ATTRIBUTION_LINES + 1; k++)
    {
      const Line *line = &all->lines[k];

      if (is_empty_line (line))
        {
          if (k + 1 < all->n && k > i && all->lines[k + 1].n > 0 && all->lines[k + 1].s[0] == '<')
            continue;
          return 0;
        }
      /* "> wrote:" can be the rest of an address that was wrapped; other quoted lines end the search. */
      if (k > i && is_quote_line (line) && !(line->n < 40 && line->s[line->n - 1] == ':'))
        return 0;
      if (joined->len + line->n > MAX_ATTRIBUTION)
        return 0;
      if (joined->len > 0)
        g_string_append_c (joined, ' ');
      g_string_append_len (joined, line->s, (gssize) line->n);
      taken++;
      if (ends_like_attribution (joined->str))
        return is_attribution (joined->str, strong) ? k - i + 1 : 0;
    }
  return 0;
}

/* --- kinds ---------------------------------------------------------------------------------- */

static void
split_lines (const char *text, Lines *all)
{
  GArray *lines = g_array_new (FALSE, TRUE, sizeof (Line));

  for (const char *s = text; *s != '\0';)
    {
      const char *end = strchrnul (s, '\n');
      Line line = { .s = s, .n = (gsize) (end - s) };

      g_array_append_val (lines, line);
      s = *end != '\0' ? end + 1 : end;
    }
  all->n = lines->len;
  all->lines = (Line *) (void *) g_array_free (lines, FALSE);
}

static void
find_kind (const Lines *all, guint i)
{
  Line *line = &all->lines[i];

  line->span = 1;
  if (is_empty_line (line))
    line->kind = LINE_EMPTY;
  else if (is_quote_line (line))
    line->kind = LINE_QUOTE;
  else if (is_signature_line (line))
    line->kind = LINE_SIGNATURE;
  else if (is_delimiter_line (line))
    line->kind = LINE_DELIMITER;
  else if ((line->span = header_block (all, i)) > 0)
    line->kind = LINE_HEADERS;
  else if ((line->span = attribution (all, i, &line->strong)) > 0)
    line->kind = LINE_ATTRIBUTION;
  else
    {
      line->kind = is_device_line (line) ? LINE_DEVICE : LINE_TEXT;
      line->span = 1;
    }
}

static void
find_kinds (const Lines *all)
{
  for (guint i = 0; i < all->n;)
    {
      find_kind (all, i);
      for (guint k = 1; k < all->lines[i].span; k++)
        {
          all->lines[i + k].kind = all->lines[i].kind;
          all->lines[i + k].span = all->lines[i].span - k; /* what is left, for a pass that enters here */
        }
      i += all->lines[i].span;
    }
}

/* --- the pass ---------------------------------------------------------------------------------- */

typedef struct {
  const Lines *all;
  guint own;           /* own lines so far */
  bool attributed;     /* an attribution was seen: quoted lines are quotation */
  guint last_own;      /* last line that may be the sender's own words */
} Pass;

static guint
next_filled (const Lines *all, guint i)
{
  while (i < all->n && all->lines[i].kind == LINE_EMPTY)
    i++;
  return i;
}

static guint
cut (Pass *p, guint from, guint to)
{
  for (guint i = from; i < to && i < p->all->n; i++)
    p->all->lines[i].cut = true;
  return to;
}

/* Behind an attribution other marks than ">" can quote: "| " and initials ("Jo> "). */
static bool
quotes_loosely (const Line *line)
{
  gsize word = 0;

  if (line->n > 0 && line->s[0] == '|')
    return true;
  while (word < line->n && word < 14 && g_ascii_isalpha (line->s[word]))
    word++;
  return word > 0 && word < line->n && line->s[word] == '>';
}

static guint
cut_quotation (Pass *p, guint i)
{
  const Lines *all = p->all;

  while (i < all->n)
    {
      guint filled = next_filled (all, i);

      if (filled >= all->n || (all->lines[filled].kind != LINE_QUOTE && !quotes_loosely (&all->lines[filled])))
        break;
      i = cut (p, i, filled + 1);
    }
  return i;
}

static guint
pass_attribution (Pass *p, guint i)
{
  const Line *line = &p->all->lines[i];
  guint after = i + line->span;
  guint filled = next_filled (p->all, after);

  if (filled < p->all->n && (p->all->lines[filled].kind == LINE_QUOTE || quotes_loosely (&p->all->lines[filled])))
    {
      p->attributed = true;
      cut (p, i, after);
      return cut_quotation (p, after);
    }
  if (line->strong && (p->own > 0 || filled >= p->all->n))
    return cut (p, i, p->all->n);
  if (line->strong)
    return cut (p, i, after);
  p->own++;
  return after;
}

/* What another wrote begins here; without own words above, it is what the mail is about. */
static guint
pass_headers (Pass *p, guint i)
{
  guint end = i + p->all->lines[i].span;

  if (p->own > 0)
    return cut (p, i, p->all->n);
  if (p->all->lines[i].kind == LINE_DELIMITER)
    {
      guint filled = next_filled (p->all, end);

      if (filled < p->all->n && p->all->lines[filled].kind == LINE_HEADERS)
        end = filled + p->all->lines[filled].span;
    }
  return cut (p, i, end);
}

static guint
pass_quote (Pass *p, guint i)
{
  if (p->attributed || (p->own > 0 && i > p->last_own))
    return cut_quotation (p, i);
  return i + 1;
}

static guint
pass_signature (Pass *p, guint i)
{
  const Lines *all = p->all;
  guint limit = all->lines[i].n == 3 ? MAX_SIGNATURE_LINES : MAX_LOOSE_SIGNATURE_LINES;
  guint end = i + 1, filled = 0;

  for (; end < all->n; end++)
    {
      LineKind kind = all->lines[end].kind;

      if (kind == LINE_QUOTE || kind == LINE_ATTRIBUTION || kind == LINE_DELIMITER || kind == LINE_HEADERS)
        break;
      filled += kind != LINE_EMPTY;
      if (filled > limit || end - i > 10 * MAX_SIGNATURE_LINES)
        {
          filled = limit + 1;
          break;
        }
    }
  if (p->own == 0 || filled > limit)
    {
      p->own++;
      return i + 1;
    }
  return cut (p, i, end);
}

static guint
pass_device (Pass *p, guint i)
{
  guint end = i;

  while (end < p->all->n && (p->all->lines[end].kind == LINE_EMPTY || p->all->lines[end].kind == LINE_DEVICE))
    end++;
  if (end < p->all->n && (p->all->lines[end].kind == LINE_TEXT ||
                          (p->all->lines[end].kind == LINE_QUOTE && !p->attributed && end < p->last_own)))
    {
      p->own += end - i;
      return end;
    }
  return cut (p, i, end);
}

static guint
pass_row (Pass *p, guint i)
{
  guint filled = next_filled (p->all, i + 1);

  if (filled < p->all->n && p->all->lines[filled].kind == LINE_HEADERS)
    {
      cut (p, i, filled);
      return filled;
    }
  return 0;
}

static void
decide (Pass *p)
{
  const Lines *all = p->all;

  for (guint i = 0; i < all->n;)
    {
      guint next = 0;

      switch (all->lines[i].kind)
        {
        case LINE_ATTRIBUTION:
          i = pass_attribution (p, i);
          break;
        case LINE_DELIMITER:
        case LINE_HEADERS:
          i = pass_headers (p, i);
          break;
        case LINE_QUOTE:
          i = pass_quote (p, i);
          break;
        case LINE_SIGNATURE:
          i = pass_signature (p, i);
          break;
        case LINE_DEVICE:
          i = pass_device (p, i);
          break;
        case LINE_EMPTY:
          i++;
          break;
        case LINE_TEXT:
          if (is_row (&all->lines[i], 8) && (next = pass_row (p, i)) > 0)
            i = next;
          else
            {
              p->own++;
              i++;
            }
          break;
        }
    }
}

/* Signatures below a quotation are not own words either. */
static guint
find_last_own (const Lines *all)
{
  guint last = 0;

  for (guint i = 0; i < all->n; i++)
    {
      if (all->lines[i].kind == LINE_SIGNATURE && all->n - i <= MAX_LOOSE_SIGNATURE_LINES)
        break;
      if (all->lines[i].kind == LINE_TEXT)
        last = i;
    }
  return last;
}

static char *
collect (const Lines *all, bool cut_ones)
{
  GString *out = g_string_new (NULL);
  gsize first = 0;

  for (guint i = 0; i < all->n; i++)
    if (all->lines[i].cut == cut_ones)
      {
        g_string_append_len (out, all->lines[i].s, (gssize) all->lines[i].n);
        g_string_append_c (out, '\n');
      }
  /* Empty lines at both ends; white space before the first word stays (it may be a listing). */
  while (out->len > 0 && strchr (" \t\n", out->str[out->len - 1]) != NULL)
    g_string_truncate (out, out->len - 1);
  for (gsize blank = 0; blank < out->len; blank++)
    {
      if (out->str[blank] == '\n')
        first = blank + 1;
      else if (strchr (" \t", out->str[blank]) == NULL)
        break;
    }
  g_string_erase (out, 0, (gssize) first);
  return g_string_free (out, FALSE);
}

void
quote_split (const char *text, char **new_text, char **quoted_text)
{
  Lines all;
  Pass p = { .all = &all };

  split_lines (text, &all);
  find_kinds (&all);
  p.last_own = find_last_own (&all);
  decide (&p);
  *new_text = collect (&all, false);
  *quoted_text = collect (&all, true);
  g_free (all.lines);
}
