/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The only file that knows libconfuse.  Every option is given to it as a list of
 * strings, so that it takes any value and ours is the check and the message; its
 * validation callbacks come in the order of the scanned statements and fill them in.
 */
#include "config/conf-private.h"

#include <confuse.h>
#include <string.h>

/* libconfuse has one lexer for the whole process and no place for a caller's pointer in
 * its callbacks: so neither have we. */
static struct {
  ConfScan *scan;
  guint at;             /* next statement to be filled in */
  Statement *statement; /* the one that is, */
  guint calls;          /* and how often we shall be called for it still */
  const char *file;
  GPtrArray *mistakes;
} parsing;

/* The statement the next callback must be about; NULL at the end. */
static Statement *
expected (void)
{
  while (parsing.at < parsing.scan->statements->len)
    {
      Statement *s = parsing.scan->statements->pdata[parsing.at++];

      /* libconfuse says nothing of an empty list */
      if ((s->kind == STATEMENT_OPTION && s->n_values > 0) || s->kind == STATEMENT_END)
        return s;
    }
  return NULL;
}

/* libconfuse calls after each value, and once more at the brace that closes a list. */
static int
on_value (cfg_t *cfg, cfg_opt_t *opt)
{
  bool section = opt->type == CFGT_SEC;

  if (parsing.calls == 0)
    {
      parsing.statement = expected ();
      if (parsing.statement != NULL && parsing.statement->braced)
        parsing.calls = parsing.statement->n_values + 1;
      else
        parsing.calls = 1;
    }
  Statement *s = parsing.statement;

  if (s == NULL || (s->kind == STATEMENT_END) != section
      || strcmp (s->option->name, opt->name) != 0)
    {
      conf_mistake (parsing.mistakes, parsing.file, cfg->line,
                    "'%s' cannot be read here; put every value in double quotes", opt->name);
      return -1;
    }
  if (--parsing.calls > 0 || section)
    return 0;
  s->values = g_new0 (char *, s->n_values + 1);
  for (guint i = 0; i < s->n_values && i < cfg_opt_size (opt); i++)
    s->values[i] = g_strdup (cfg_opt_getnstr (opt, i));
  return 0;
}

static void G_GNUC_PRINTF (2, 0)
on_error (cfg_t *cfg, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);

  conf_mistake (parsing.mistakes, parsing.file, cfg->line, "%s; put every value in double quotes",
                text);
}

/* The rows that the text uses: libconfuse copies all it is given for each section that it opens. */
static GHashTable *
used_rows (const ConfScan *scan)
{
  GHashTable *used = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < scan->statements->len; i++)
    g_hash_table_add (used, (gpointer) ((const Statement *) scan->statements->pdata[i])->option);
  return used;
}

/* DEPTH ends a schema that contains itself where the text does. */
static cfg_opt_t *
opts_new (const ConfOption *schema, int depth, GHashTable *used)
{
  cfg_opt_t *opts = g_new0 (cfg_opt_t, conf_n_rows (schema) + 1);
  guint n = 0;

  for (const ConfOption *o = schema; o->name != NULL; o++)
    {
      if ((o->kind == CONF_SECTION && depth == 0) || !g_hash_table_contains (used, o))
        continue;
      opts[n].name = o->name;
      opts[n].type = o->kind == CONF_SECTION ? CFGT_SEC : CFGT_STR;
      opts[n].flags =
          o->kind != CONF_SECTION ? CFGF_LIST : CFGF_MULTI | (o->titled ? CFGF_TITLE : CFGF_NONE);
      opts[n].subopts = o->kind == CONF_SECTION ? opts_new (o->section, depth - 1, used) : NULL;
      opts[n].validcb = on_value;
      n++;
    }
  return opts;
}

static void
opts_free (cfg_opt_t *opts)
{
  for (cfg_opt_t *o = opts; o->name != NULL; o++)
    if (o->subopts != NULL)
      opts_free (o->subopts);
  g_free (opts);
}

bool
conf_parse_values (const char *file, ConfScan *scan, const ConfOption *schema, GPtrArray *mistakes)
{
  g_autoptr (GHashTable) used = used_rows (scan);
  cfg_opt_t *opts = opts_new (schema, scan->depth, used);
  cfg_t *cfg = cfg_init (opts, CFGF_NONE);
  guint before = mistakes->len;

  memset (&parsing, 0, sizeof parsing);
  parsing.scan = scan;
  parsing.file = file;
  parsing.mistakes = mistakes;
  cfg_set_error_function (cfg, on_error);

  bool good = cfg_parse_buf (cfg, scan->text->str) == CFG_SUCCESS && expected () == NULL;

  if (!good && mistakes->len == before)
    conf_mistake (mistakes, file, cfg->line,
                  "the file cannot be read from here; put every value in double quotes");
  cfg_free (cfg);
  opts_free (opts);
  return good;
}
