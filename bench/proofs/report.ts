/** A sentence that should hold, what was expected and what was found. */
export type Check = {
  readonly name: string;
  readonly expected: string | number;
  readonly found: string | number;
  readonly ok: boolean;
  /** Of a failure: which records, in which layer. */
  readonly detail?: string;
};

export type Report = {
  readonly proof: string;
  readonly checks: readonly Check[];
  /** What was measured, by name: seconds, counts. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** Set instead of checks if the proof could not be run here. */
  readonly skipped?: string;
  /** Where data and logs are kept; absent if they were removed. */
  readonly folder?: string;
};

export const equal = (name: string, expected: string | number, found: string | number): Check => ({
  name,
  expected,
  found,
  ok: expected === found,
});

const SHOWN = 5;

/** A check that no such record exists; the first ones are named. */
export function none(name: string, ids: readonly string[]): Check {
  const detail = ids.length > 0 ? { detail: ids.slice(0, SHOWN).join(', ') } : {};
  return { name, expected: 0, found: ids.length, ok: ids.length === 0, ...detail };
}

export const holds = (report: Report): boolean =>
  report.skipped !== undefined || (report.checks.length > 0 && report.checks.every((c) => c.ok));

const shown = (value: string | number): string =>
  typeof value === 'number' ? value.toLocaleString('en') : value;

/** Lines of columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((r) => r[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For people: every check with its numbers, failures with their records, figures, verdict. */
export function printed(report: Report): string {
  if (report.skipped !== undefined) return `${report.proof}: SKIPPED, ${report.skipped}`;
  const rows = report.checks.map((c) => [c.ok ? 'ok' : 'FAILED', c.name, shown(c.expected), shown(c.found)]);
  const failed = report.checks.filter((c) => !c.ok);
  return [
    table([['', 'check', 'expected', 'found'], ...rows]),
    ...failed.filter((c) => c.detail).map((c) => `FAILED ${c.name}: ${c.detail}`),
    '',
    table(Object.entries(report.figures).map(([name, value]) => [name, shown(value)])),
    '',
    failed.length === 0
      ? `${report.proof}: proven, ${report.checks.length} checks hold.`
      : `${report.proof}: NOT PROVEN, ${failed.length} of ${report.checks.length} checks failed. Logs: ${report.folder ?? 'not kept'}`,
  ].join('\n');
}
