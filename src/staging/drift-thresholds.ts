/**
 * When a difference between two runs of a feed is said to be drift. One place: docs/sources/mapping.md has the same
 * numbers. They are meant to stay silent over a quiet year and speak when a column means something else.
 */
export const DRIFT = {
  /** Cells that a column must have in both runs before its contents are compared at all. */
  leastCells: 50,
  /** Share of a kind that makes it the kind of the column, and the share under which it is no longer. */
  kindIs: 0.9,
  kindWas: 0.6,
  /** Share of empty cells: least change in it, and least change in standard errors, so that small files stay silent. */
  nullsBy: 0.2,
  nullsErrors: 4,
  /** Median length: least factor, and least characters. */
  lengthFactor: 2,
  lengthChars: 10,
  /** Renamed: most distance of kinds and of the share of empty cells, most factor of lengths, least common values. */
  sameKinds: 0.15,
  sameNulls: 0.2,
  sameLength: 1.6,
  sameValues: 0.5,
  /** Keys of posts: share of the posts that makes one new, and share it had that lets it be missed when none has it. */
  keyNew: 0.05,
  keyMissed: 0.5,
  /** Findings kept of one run. */
  findings: 50,
  /** Columns kept in a profile. */
  columns: 500,
} as const;
