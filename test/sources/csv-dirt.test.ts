import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/paths.js';
import type { FileFeed } from '../../src/sources/call-log/open.js';
import { asideOf, codeOf, readPath } from './files.js';

const root = join(packageRoot, '..', 'shared', 'data', 'csv_dirt');
/** The public collections are not part of the project. */
const withData = existsSync(root) ? describe : describe.skip;

/** Rows that are read, or why the whole is refused; then what is put aside (line and reason) and how the file is read. */
type Expected = readonly [rows: number | string, aside?: readonly string[], settings?: Partial<FileFeed>];

const mapped = { mapping: { text: ['text'] } };
const NO_TABLE: Expected = ['headings_do_not_fit', [], mapped];

const SPECTRUM = 'csv-spectrum/csvs/';
const KIT = 'csvkit/examples/';
const RVL = 'rvl-corpus/tests/fixtures/corpus/';

/** Every file of the collections. `rows` count those put aside too; blank ones are none. */
const EXPECTED: Record<string, Expected> = {
  ...under(SPECTRUM, {
    'comma_in_quotes.csv': [1],
    'empty.csv': [2],
    'empty_crlf.csv': [2],
    'escaped_quotes.csv': [2],
    'json.csv': [1],
    'newlines.csv': [3],
    'newlines_crlf.csv': [3],
    'quotes_and_newlines.csv': [2],
    'simple.csv': [1],
    'simple_crlf.csv': [1],
    'utf8.csv': [2],
  }),
  'csv-spectrum/package.json': NO_TABLE,
  'csv-spectrum/readme.md': NO_TABLE,
  'csvkit/COPYING': NO_TABLE,
  'rvl-corpus/LICENSE': NO_TABLE,
  ...under(KIT, {
    'bad.csv': [3, ['2 bad_row']],
    'bad_skip_lines.csv': [3, ['5 bad_row']],
    'blanks.csv': [1],
    'blanks_converted.csv': [0],
    'date_like_number.csv': [1],
    'dummy.csv': [1],
    'dummy.csv.bz2': ['format_unknown'],
    'dummy.csv.gz': [1],
    'dummy.tsv': [1],
    'dummy.xls': ['format_unknown'],
    'dummy.xlsx': [1],
    'dummy2.csv': [1],
    'dummy3.csv': [2],
    'dummy_col_shuffled.csv': [1],
    'dummy_col_shuffled_ragged.csv': [1],
    'empty.csv': ['empty_file'],
    'foo1.csv': [2],
    'foo2.csv': [2],
    'iris.csv': [150],
    'irismeta.csv': [3],
    'join_a.csv': [3],
    'join_a_short.csv': [3],
    'join_b.csv': [3],
    'join_no_header_row.csv': [4, [], { headings: ['a', 'b', 'c'] }],
    'join_short.csv': [2],
    'mac_newlines.csv': [2],
    'no_header_row.csv': [1, [], { headings: ['a', 'b', 'c'] }],
    'no_header_row2.csv': [1, [], { headings: ['a', 'b', 'c'] }],
    'no_header_row3.csv': [2, [], { headings: ['a', 'b', 'c'] }],
    'null_byte.csv': [1],
    'optional_quote_characters.csv': [1],
    'realdata/Datagov_FY10_EDU_recp_by_State.csv': [
      'headings_do_not_fit',
      [],
      { mapping: { text: ['State Name'] } },
    ],
    'realdata/FY09_EDU_Recipients_by_State.csv': [52],
    'realdata/README.csv': [3],
    'realdata/acs2012_5yr_population.csv': [93],
    'realdata/event-notification-rpt-lastmonth.txt': [72],
    'realdata/ks_1033_data.csv': [1_575],
    'realdata/ne_1033_data.xlsx': [1_036],
    'sheets.xls': ['format_unknown'],
    'sheets.xlsx': ['empty_file'],
    'sheetsxls_converted.csv': [5],
    'sheetsxlsx_converted.csv': [5],
    'sniff_limit.csv': [1],
    'sort_ints_nulls.csv': [3],
    'test.sql': NO_TABLE,
    'test.xls': ['format_unknown'],
    'test.xlsx': [5],
    'test_date_format.csv': [2],
    'test_date_format_converted.csv': [2],
    'test_empty_columns.csv': [2],
    'test_empty_columns_long_row.csv': [0],
    'test_empty_columns_short_row.csv': [0],
    'test_extra_header.csv': [1],
    'test_geo.csv': [17],
    'test_geojson.csv': [3],
    'test_geojson.json': NO_TABLE,
    'test_header_newline.csv': [1],
    'test_ignore_case.csv': [5],
    'test_join_short_rows.csv': [3],
    'test_latin1.csv': [2],
    'test_latin1.sql': NO_TABLE,
    'test_literal_order.csv': [3],
    'test_locale.csv': [1],
    'test_locale_converted.csv': [1],
    'test_no_leading_zeroes.csv': [1],
    'test_numeric_date_format.csv': [2],
    'test_precision.csv': [1],
    'test_query.sql': NO_TABLE,
    'test_skip_lines.csv': [1],
    'test_skip_lines.xls': ['format_unknown'],
    'test_skip_lines.xlsx': [5],
    'test_utf16_big.csv': [2],
    'test_utf16_little.csv': [2],
    'test_utf8.csv': [2],
    'test_utf8_bom.csv': [2],
    'testdbf.dbf': ['encoding_unclear'],
    'testdbf_converted.csv': [8],
    testfixed: NO_TABLE,
    'testfixed_converted.csv': [4],
    'testfixed_schema.csv': [8],
    'testfixed_schema_no_inference.csv': [3],
    testfixed_skip_lines: NO_TABLE,
    'testjson.json': NO_TABLE,
    'testjson_converted.csv': [5],
    'testjson_multiline.json': NO_TABLE,
    'testjson_multiline_converted.csv': [2],
    'testjson_nested.json': NO_TABLE,
    'testjson_nested_converted.csv': [2],
    'testxls_converted.csv': [5],
    'testxls_unicode_converted.csv': [1],
    'testxlsx_converted.csv': [5],
    'testxlsx_noinference_converted.csv': [5],
    'testxlsx_unicode_converted.csv': [1],
  }),
  ...under(RVL, {
    'README.md': NO_TABLE,
    'accounting_parentheses.csv': [5],
    'ambiguous_delimiter.csv': ['delimiter_unclear'],
    'backslash_escape.csv': [1],
    'backslash_in_quoted_rfc.csv': [2],
    'basic_new.csv': [2],
    'basic_old.csv': [2],
    'blank_lines_before_header.csv': [2],
    'blank_only.csv': ['empty_file'],
    'blank_records.csv': [2],
    'blank_records_between.csv': [2],
    'bom_no_trailing_newline.csv': [2],
    'caret_basic.csv': [2],
    'caret_delimiter.csv': [2],
    'caret_quoted.csv': [2],
    'control_byte_header.csv': [2, [], { delimiter: '\x01', mapping: { text: ['value'] } }],
    'crlf_line_endings.csv': [2],
    'currency_values.csv': [3],
    'delim_0x1f.csv': [2],
    'duplicate_headers.csv': [1],
    'empty_fields.csv': [3],
    'empty_file.csv': ['empty_file'],
    'empty_header_names.csv': [1],
    'empty_headers.csv': [1],
    'encoding_nul_first8k.csv': ['headings_do_not_fit', [], mapped],
    'encoding_utf16le.csv': ['encoding_unclear'],
    'encoding_utf32be.csv': ['encoding_unclear'],
    'excel_quoted_commas.csv': [3],
    'extra_fields_empty.csv': [2],
    'extra_fields_non_empty.csv': [1, ['3 bad_row']],
    'extra_trailing_empty_fields.csv': [2],
    'extra_trailing_nonempty.csv': [1, ['3 bad_row']],
    'header_only.csv': [0],
    'header_with_spaces.csv': [2],
    'hex_prefix_header.csv': [2],
    'invalid_quote.csv': [1],
    'leading_blank_lines.csv': [2],
    'leading_tabs_header.csv': [2],
    'locale_decimal.csv': [2],
    'missing_tokens.csv': [5],
    'missingness_numeric_vs_missing.csv': [4],
    'mixed_line_endings.csv': [2],
    'mixed_types_numeric_text.csv': [3],
    'multiline_quoted.csv': [2],
    'no_trailing_newline.csv': [2],
    'non_ascii_header.csv': [2],
    'nul_in_8k.csv': [1],
    'numeric_thousands.csv': [2],
    'only_blank_lines.csv': ['empty_file'],
    'only_header.csv': [0],
    'percent_values.csv': [2],
    'pipe_delimiter.csv': [2],
    'pipe_quoted.csv': [2],
    'pipe_with_spaces.csv': [2],
    'plus_sign_numbers.csv': [3],
    'quoted_empty_fields.csv': [2],
    'ragged_rows_long_empty.csv': [2],
    'ragged_rows_short.csv': [3],
    'rfc4180_quotes.csv': [2],
    'rfc_quote_escape.csv': [1],
    'scientific_notation.csv': [2],
    'semicolon_delimiter.csv': [2],
    'semicolon_quoted.csv': [2],
    'semicolon_with_spaces.csv': [2],
    'sep_caret.csv': [2],
    'sep_equal.csv': [2],
    'sep_equals.csv': [2],
    'sep_only.csv': ['empty_file'],
    'sep_pipe.csv': [2],
    'sep_semicolon.csv': [2],
    'sep_tab.csv': [2],
    'single_column.csv': [1],
    'tab_basic.csv': [2],
    'tab_delimiter.csv': [2],
    'tab_quoted.csv': [2],
    'tab_with_spaces.csv': [2],
    'trailing_blank_lines.csv': [2],
    'trailing_spaces_fields.csv': [2],
    'u8_prefix_header.csv': [2],
    'unterminated_quote.csv': [1, ['2 bad_row']],
    'utf16le_bom.csv': ['empty_file'],
    'utf32be_bom.csv': ['encoding_unclear'],
    'utf8_accented.csv': [2],
    'utf8_bom.csv': [2],
    'utf8_bom_blank_lines.csv': [2],
    'utf8_bom_sep_pipe.csv': [1],
    'wide_row_extra_empty.csv': [1],
    'wide_row_extra_non_empty.csv': [1, ['3 bad_row']],
    'windows_crlf.csv': [2],
    'windows_quotes_crlf.csv': [2],
  }),
};

function under<T>(folder: string, files: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(files).map(([name, value]) => [folder + name, value]));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** The solutions that csv-spectrum brings along. */
const SOLUTIONS = 'csv-spectrum/json/';

withData('dirty files of the public collections (skipped where ../shared/data/csv_dirt is absent)', () => {
  it('are all in the table', () => {
    const there = filesUnder(root).map((path) => relative(root, path));
    expect(there.filter((name) => !name.startsWith(SOLUTIONS)).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))('%s', async (name, [expected, aside = [], settings = {}]) => {
    const reading = readPath(join(root, name), settings);
    if (typeof expected === 'string') return expect(await codeOf(reading)).toBe(expected);
    const { envelopes, covered, lines } = await reading;
    expect(envelopes.length).toBe(expected);
    expect(asideOf(envelopes)).toEqual(aside);
    expect(covered).toBe(lines);
  });

  it.each(Object.keys(EXPECTED).filter((name) => name.startsWith(SPECTRUM)))(
    '%s says what its solution says',
    async (name) => {
      const { facts, cells } = await readPath(join(root, name));
      const solution = name.replace(SPECTRUM, SOLUTIONS).replace('.csv', '.json');
      const rows = cells.map((row) => Object.fromEntries(facts.headings.map((h, i) => [h, row[i]])));
      expect(rows).toEqual(JSON.parse(readFileSync(join(root, solution), 'utf8')));
    },
  );
});
