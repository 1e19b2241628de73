import { basename } from 'node:path';
import { isRedressError, RedressError } from '../../complaint/errors.js';

/** Why a file is unusable as a whole, each with what to do: the closed list, shown in docs/sources/files.md. */
export const FILE_ERRORS = {
  file_unreadable: 'Name a file that this user may read.',
  not_a_file: 'Write it to a file first and import that.',
  changed_while_read: 'Import it again when nobody writes to it any more; rows that are in are `repeated`.',
  empty_file: 'Nothing was imported; ask the sender for the file.',
  format_unknown: 'Save it as "CSV UTF-8" or xlsx and import that.',
  encoding_unclear: 'Ask the sender to save it as "CSV UTF-8", or correct `encoding` of the feed.',
  delimiter_unclear: 'Declare `delimiter` of the feed in config/sources.yaml.',
  headings_do_not_fit: 'Correct the mapping of the feed in config/sources.yaml, or name the right feed.',
  too_many_columns: 'Ask the sender for an export with fewer columns, or correct `delimiter` of the feed.',
  archive_damaged: 'Ask the sender to send it again; it may not have arrived as a whole.',
  archive_contents: 'Send one CSV file in an archive, without a password.',
  archive_too_large: 'If it is sound, unpack it and import the CSV.',
  spreadsheet_damaged: 'Open it in a spreadsheet program and save it again, as xlsx or as "CSV UTF-8".',
  spreadsheet_too_large: 'Save it as "CSV UTF-8", which has no such limit.',
} as const;
export type FileError = keyof typeof FILE_ERRORS;

export const fileError = (code: FileError, problem: string, cause?: unknown): RedressError =>
  new RedressError('import', code, problem, FILE_ERRORS[code], { cause });

/** What reading a file threw, as one of ours; what is not about the file stays as it is. */
export function asFileError(path: string, error: unknown): unknown {
  if (isRedressError(error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return fileError('file_unreadable', `${path} is a folder.`, error);
  if (syscall !== undefined) return fileError('file_unreadable', `${path} can't be read (${code}).`, error);
  if (code?.startsWith('Z_'))
    return fileError('archive_damaged', `${basename(path)} can't be unpacked (${code}).`, error);
  return error;
}

/** The same of an archive: what the unpacking says in no known way, it says of a damaged one. */
export function asZipError(path: string, error: unknown): unknown {
  const known = asFileError(path, error);
  if (isRedressError(known)) return known;
  return fileError('archive_damaged', `${basename(path)} can't be unpacked.`, error);
}
