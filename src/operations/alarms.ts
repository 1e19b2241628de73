import type { Mailer } from './mail.js';
import type { OperationsStore } from './store.js';

/** Every kind of alarm, with what it means for the reader and what to do. The part of a cause before `:` is its kind. */
export const ALARMS = {
  destination_stopped: {
    severity: 'critical',
    fix: 'Correct the channel or token in config/routing.yaml or the environment and start again: its deliveries wait.',
  },
  delivery_dead: {
    severity: 'critical',
    fix: 'Look at the delivery (`redress complaint ID`), correct the cause, tell the team by hand.',
  },
  record_poison: {
    severity: 'critical',
    fix: 'The record is in quarantine with reason `poison`. Report its id; replay after an upgrade.',
  },
  record_failed: {
    severity: 'critical',
    fix: 'The records are kept with status failed. Look at the log line `transform_retry` for the cause.',
  },
  run_interrupted: {
    severity: 'warning',
    fix: 'A process ended in the middle of a run. For an import: run the same command again, it goes on where that one ended.',
  },
  file_rejected: {
    severity: 'warning',
    fix: 'Read the report beside the file in rejected/ or partial/ of the drop folder, correct the cause, put the file into inbox/ again. Taken back when no such file is left there.',
  },
  file_incomplete: {
    severity: 'warning',
    fix: 'A file in a drop folder is not whole. Read the report beside it in inbox/; it is taken as soon as it is whole.',
  },
  rows_unusable: {
    severity: 'warning',
    fix: 'Many rows of the last file can not be used: look with `redress quarantine list --run RUN`, correct the mapping of the feed (or the file), start the service, replay. Taken back by itself then.',
  },
  inbox_unusable: {
    severity: 'critical',
    fix: 'Files of this feed are not taken. Correct the drop folder as the detail says; it is looked at again by itself.',
  },
  engine_down: {
    severity: 'critical',
    fix: 'An embedded engine does not stay up. See `redress doctor`; often the disk is full.',
  },
  disk_low: {
    severity: 'critical',
    fix: 'Free disk space: new complaints are refused (503) until there is some.',
  },
} as const;
export type AlarmKind = keyof typeof ALARMS;

export type Alarms = {
  /** Raises the alarm of a cause; the operators are written to once, until it is resolved. Never throws. */
  raise(kind: AlarmKind, subject: string, detail: string): Promise<void>;
  resolve(kind: AlarmKind, subject: string): Promise<void>;
};

export function createAlarms(deps: {
  readonly store: Pick<OperationsStore, 'raise' | 'resolve'>;
  readonly mailer: Mailer;
  readonly operators: readonly string[];
  readonly now: () => Date;
  readonly log: (
    event: 'alarm_raised' | 'alarm_resolved' | 'alarm_lost',
    fields: Record<string, unknown>,
  ) => void;
}): Alarms {
  const causeOf = (kind: AlarmKind, subject: string) => (subject === '' ? kind : `${kind}:${subject}`);
  return {
    async raise(kind, subject, detail) {
      const cause = causeOf(kind, subject);
      const { severity, fix } = ALARMS[kind];
      const at = deps.now();
      try {
        const isNew = await deps.store.raise({ _id: cause, severity, detail, fix }, at);
        if (!isNew) return;
        const mail = await deps.mailer.send({
          key: `${cause} ${at.toISOString()}`,
          to: deps.operators,
          subject: `[redress] ${severity}: ${cause}`,
          text: `${detail}\n\nSince: ${at.toISOString()}\nWhat to do: ${fix}\n`,
        });
        deps.log('alarm_raised', { cause, mail: mail.kind });
      } catch (error) {
        deps.log('alarm_lost', { cause, error: (error as Error).name });
      }
    },
    async resolve(kind, subject) {
      const cause = causeOf(kind, subject);
      try {
        if (await deps.store.resolve(cause, deps.now())) deps.log('alarm_resolved', { cause });
      } catch (error) {
        deps.log('alarm_lost', { cause, error: (error as Error).name });
      }
    },
  };
}
