/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms that other programs made (tests/data/forms/make.py), whole and broken in every way that has
 * a name.
 */
#include "config.h"

#include <string.h>

#include "document/document-private.h"

static GBytes *
file (const char *name)
{
  const char *top = g_getenv ("top_srcdir");
  g_autofree char *path =
    g_build_filename (top != NULL ? top : ".", "tests/data/forms", name, NULL);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize n;

  g_file_get_contents (path, &data, &n, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, n);
}

static Document *
read_bytes (const char *name, GBytes *bytes)
{
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  if (g_str_has_suffix (name, ".pdf"))
    return document_read_pdf (data, n);
  if (g_str_has_suffix (name, "sv"))
    {
      g_autofree char *text =
        g_utf8_validate ((const char *) data, (gssize) n, NULL)
          ? g_strndup ((const char *) data, n)
          : g_convert ((const char *) data, (gssize) n, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
      return document_read_csv (text);
    }
  return document_read_workbook (data, n);
}

/* Everything a document says, on one line: "name=value; ...", "[sheet]B4=12 ...". */
static char *
said (const Document *d)
{
  GString *all = g_string_new (NULL);

  for (const DocumentFlawRow *row = document_flaws; row->name != NULL; row++)
    if (d->flaws & row->flaw)
      g_string_append_printf (all, "!%s ", row->name);
  for (guint i = 0; i < d->fields->len; i++)
    {
      const DocumentField *f = d->fields->pdata[i];

      g_string_append_printf (all, "%s=%s; ", f->name, f->value);
    }
  for (guint i = 0; i < d->sheets->len; i++)
    {
      const DocumentSheet *sheet = d->sheets->pdata[i];

      g_string_append_printf (all, "[%s%s] ", sheet->name, sheet->hidden ? " hidden" : "");
      for (guint k = 0; k < sheet->cells->len; k++)
        {
          const DocumentCell *cell = sheet->cells->pdata[k];
          g_autofree char *place = document_cell_place (cell);

          g_string_append_printf (all, "%s%s=%s(%s); ", place, cell->formula ? "f" : "", cell->text,
                                  document_cell_kind_name (cell->kind));
        }
    }
  return g_strchomp (g_string_free (all, FALSE));
}

#define FIELDS                                                                                     \
  "organization=Lakeside Health; address=1 Main St\rSpringfield, IL; umlaut=Größe – 10 €; "  \
  "empty=; checked=Yes; unchecked=; "                                                              \
  "radio=second; states=VA, MD;"
#define NESTED " contact.phone=217 555 0101; contact.name=Ada; twice=same;"
#define CLAIMS(label, date, more)                                                                  \
  "[Claims] A1=" label "(text); B1=1234(number); A2=Report date(text); B2=" date                   \
  "(date); A3=Market share(text); "                                                                \
  "B3=25%(number); A4=Applies(text); B4=yes(yes-no); A5=Comment(text); B5=first line\nsecond "     \
  "line(text); "                                                                                   \
  "A6=Average(text); B6=12.5(number); A7=Elsewhere(text); B7f=(text); A8=Wrong(text); "            \
  "B8=#N/A(error); "                                                                               \
  "[Security & <more>] C7=only here(text);" more

static const struct { const char *name, *says; } files[] = {
  { "filled.pdf", FIELDS NESTED },
  { "compressed.pdf", FIELDS NESTED },
  { "linearized.pdf", FIELDS NESTED },
  { "owner-password.pdf", FIELDS NESTED },
  { "encrypted.pdf", "!encrypted" },
  { "flattened.pdf", "!no-fields" },
  { "xfa-only.pdf", "!xfa-only" },
  { "xfa-dynamic.pdf", "!xfa-only" },
  { "xfa-beside-fields.pdf", FIELDS },
  { "script-on-open.pdf", "!scripts " FIELDS },
  { "script-named.pdf", "!scripts " FIELDS },
  { "script-in-field.pdf", "!scripts total=5;" },
  { "script-behind-link.pdf", "!scripts total=5;" },
  { "link.pdf", "total=5;" },
  { "stream-value.pdf", "long=a long answer;" },
  { "filled-by-poppler.pdf",
    "form-name=registration; form-edition=2026-11; organization=Größe of organization; "
    "organization-address=Größe of organization-address; organization-phone=Größe of organization-phone; "
    "first-name=Größe of first-name; last-name=Größe of last-name; email=Größe of email; phone=Größe of phone; quasi-qe=no;" },
  { "truncated.pdf", "!damaged" },
  { "no-pdf.pdf", "!damaged" },
  { "bad-xref.pdf", "!damaged" },
  { "circle.pdf", "!damaged" },
  { "deep.pdf", "!damaged" },
  { "many-fields.pdf", "!too-large" },
  { "plain.xlsx", "!formulas " CLAIMS ("Number of claims", "2027-03-01", "") },
  { "shared-strings.xlsx", "!formulas " CLAIMS ("Number of claims", "2027-03-01", "") },
  { "xlsxwriter.xlsx", "!formulas [Claims] A1=Number of claims(text); B1=1234.5(number); A2=Report date(text); "
                       "B2=2027-03-01(date); A3=Market share(text); B3=12.5%(number); A4=Sum(text); B4f=2469(number); "
                       "B5=no(yes-no);" },
  { "since-1904.xlsx", "!formulas " CLAIMS ("Number of claims", "2027-03-01", "") },
  { "hidden-sheet.xlsx", "!hidden-sheets !formulas " CLAIMS ("Number of claims", "2027-03-01", " [Secret hidden]") },
  { "macros.xlsm", "!macros !formulas " CLAIMS ("Number of claims", "2027-03-01", "") },
  { "macros-by-type.xlsx", "!macros !formulas " CLAIMS ("Number of claims", "2027-03-01", "") },
  { "macro-sheet.xlsx", "!macros !formulas " CLAIMS ("Number of claims", "2027-03-01", "") },
  { "binary.xlsb", "!other-format" },
  { "other.ods", "!other-format" },
  { "old.xls", "!other-format" },
  { "encrypted.xlsx", "!encrypted" },
  { "no-zip.xlsx", "!damaged" },
  { "truncated.xlsx", "!damaged" },
  { "doctype.xlsx", "!damaged" },
  { "broken-xml.xlsx", "!damaged" },
  { "same-cell-twice.xlsx", "!damaged" },
  { "no-such-string.xlsx", "!damaged" },
  { "missing-sheet.xlsx", "!damaged" },
  { "plain.csv", "[] A1=Number of claims(text); B1=1234(text); A2=Comment(text); B2=first, \"second\"\r\nthird(text); "
                 "A4=last(text); B4=x(text);" },
  { "semicolons.csv", "[] A1=Größe(text); B1=12,5(text); A2=Datum(text); B2=01.03.2027(text);" },
  { "tabs.tsv", "[] A1=a(text); B1=b(text); A2=c(text); B2=d, e(text);" },
  { "said.csv", "[] A1=a,b(text); B1=c(text);" },
};

static void
files_say_what_is_in_them_or_why_not (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) bytes = file (files[i].name);
      g_autoptr (Document) d = read_bytes (files[i].name, bytes);
      g_autofree char *says = said (d);

      g_test_message ("%s", files[i].name);
      g_assert_cmpstr (says, ==, files[i].says);
    }
}

static bool
take (const guint8 *bytes, gsize n, gpointer data)
{
  g_byte_array_append (data, bytes, (guint) n);
  return true;
}

/* The bombs are kept packed once more: 1 MB of them is 3 KB here. */
static Document *
read_packed (const char *name, const char *member)
{
  g_autoptr (GBytes) bytes = file (name);
  g_autoptr (GByteArray) inside = g_byte_array_new ();
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);
  DocumentFlaw flaw;
  g_autoptr (DocumentZip) zip = document_zip_open (data, n, &flaw);

  g_assert_true (document_zip_read (zip, member, take, inside, &flaw));
  return document_read_workbook (inside->data, inside->len);
}

static void
a_workbook_that_grows_too_large_is_refused (void)
{
  static const char *const bombs[][2] = { { "expands-to-1-gb.zipped", "bomb.xlsx" },
                                          { "says-1-kb.zipped", "liar.xlsx" } };

  for (guint i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (Document) d = read_packed (bombs[i][0], bombs[i][1]);

      g_test_message ("%s: flaws %x", bombs[i][0], d->flaws);
      g_assert_true ((d->flaws & (FLAW_TOO_LARGE | FLAW_DAMAGED)) != 0);
      g_assert_true (document_is_unread (d));
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
    }
  g_autoptr (Document) honest = read_packed (bombs[0][0], bombs[0][1]);
  g_assert_cmphex (honest->flaws, ==, FLAW_TOO_LARGE);
}

/* ECMA-376 part 1, 18.8.30, and what people make themselves. */
static const struct { const char *format; DocumentStyle style; } formats[] = {
  { "General", STYLE_PLAIN }, { "0.00", STYLE_PLAIN }, { "#,##0", STYLE_PLAIN }, { "0%", STYLE_PERCENT },
  { "0.00%", STYLE_PERCENT }, { "m/d/yy", STYLE_DATE }, { "yyyy-mm-dd", STYLE_DATE }, { "[$-409]d\\-mmm\\-yy;@", STYLE_DATE },
  { "[h]:mm", STYLE_DATE }, { "0 \"days\"", STYLE_PLAIN }, { "[Red]0", STYLE_PLAIN }, { "_(* #,##0_)", STYLE_PLAIN },
  { "0\\d", STYLE_PLAIN }, { "\"", STYLE_PLAIN }, { "[", STYLE_PLAIN }, { "\\", STYLE_PLAIN }, { "", STYLE_PLAIN },
  { "0;\"yes\"", STYLE_PLAIN },
};

static void
number_formats_tell_dates_from_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_test_message ("%s", formats[i].format);
      g_assert_cmpint (document_style_of_format (formats[i].format), ==, formats[i].style);
    }
}

static const struct { double serial; bool since_1904; const char *date; } serials[] = {
  { 1, false, "1900-01-01" },     { 59, false, "1900-02-28" },     { 61, false, "1900-03-01" },
  { 36526, false, "2000-01-01" }, { 46447, false, "2027-03-01" },  { 46447.5, false, "2027-03-01 12:00" },
  { 44985, true, "2027-03-01" },  { 2958465, false, "9999-12-31" }, { 2958466, false, NULL },
  { 0, false, NULL },             { -5, false, NULL },             { 1e300, false, NULL },
};

static void
serial_numbers_are_days (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (serials); i++)
    {
      g_autofree char *date = document_date_of_serial (serials[i].serial, serials[i].since_1904);

      g_assert_cmpstr (date, ==, serials[i].date);
    }
}

static void
cells_have_the_names_people_use (void)
{
  static const struct { guint row, column; const char *place; } cells[] = {
    { 4, 2, "B4" }, { 1, 26, "Z1" }, { 1, 27, "AA1" }, { 1048576, 16384, "XFD1048576" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      DocumentCell cell = { .row = cells[i].row, .column = cells[i].column };
      g_autofree char *place = document_cell_place (&cell);

      g_assert_cmpstr (place, ==, cells[i].place);
    }
}

/* Files cut at any place, and with any one byte changed, give a document and nothing else. */
static void
damaged_files_do_no_harm (void)
{
  static const char *const names[] = { "filled.pdf", "compressed.pdf", "plain.xlsx" };

  for (guint f = 0; f < G_N_ELEMENTS (names); f++)
    {
      g_autoptr (GBytes) bytes = file (names[f]);
      gsize n = g_bytes_get_size (bytes);

      for (gsize i = 0; i < n; i += 7)
        {
          g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), n);
          g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, i);
          copy[i] ^= 0x20;
          g_autoptr (GBytes) changed = g_bytes_new (copy, n);
          g_autoptr (Document) a = read_bytes (names[f], cut);
          g_autoptr (Document) b = read_bytes (names[f], changed);

          g_assert_true (a->kind == b->kind);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  document_preload ();
  g_test_add_func ("/document/files-say-what-is-in-them-or-why-not",
                   files_say_what_is_in_them_or_why_not);
  g_test_add_func ("/document/a-workbook-that-grows-too-large-is-refused",
                   a_workbook_that_grows_too_large_is_refused);
  g_test_add_func ("/document/number-formats-tell-dates-from-numbers",
                   number_formats_tell_dates_from_numbers);
  g_test_add_func ("/document/serial-numbers-are-days", serial_numbers_are_days);
  g_test_add_func ("/document/cells-have-the-names-people-use", cells_have_the_names_people_use);
  g_test_add_func ("/document/damaged-files-do-no-harm", damaged_files_do_no_harm);
  return g_test_run ();
}
