import { createTransport } from 'nodemailer';
import { base32, hashParts } from '../complaint/ids.js';

export type Mail = {
  /** Stable: the same key is the same message, so that a repeat can be told by its Message-ID. */
  readonly key: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
};
export type MailResult =
  | { readonly kind: 'sent' | 'kept' }
  | { readonly kind: 'failed'; readonly code: string };

/** Sends mail, or keeps it in the outbox where no SMTP server is configured. Never throws. */
export type Mailer = { send(mail: Mail): Promise<MailResult>; close(): void };

export type MailerOptions = {
  readonly smtpUrl: string | undefined;
  readonly from: string;
  readonly keep: (message: { _id: string; to: string; subject: string; body: string }) => Promise<void>;
};

export function createMailer(options: MailerOptions): Mailer {
  const transport =
    options.smtpUrl === undefined
      ? undefined
      : createTransport(options.smtpUrl, {
          from: options.from,
          connectionTimeout: 10_000,
          socketTimeout: 20_000,
        } as object);
  const idOf = (mail: Mail) =>
    `<${base32(hashParts(['mail', mail.key]).subarray(0, 15))}@${options.from.split('@')[1] ?? 'redress'}>`;
  return {
    async send(mail) {
      const messageId = idOf(mail);
      const keep = () =>
        options.keep({
          _id: messageId,
          to: mail.to.join(', ') || 'operator',
          subject: mail.subject,
          body: mail.text,
        });
      if (!transport || mail.to.length === 0) {
        await keep();
        return { kind: 'kept' };
      }
      try {
        await transport.sendMail({
          from: options.from,
          to: [...mail.to],
          subject: mail.subject.replace(/[\r\n]+/g, ' '),
          text: mail.text,
          messageId,
        });
        return { kind: 'sent' };
      } catch (error) {
        await keep();
        return { kind: 'failed', code: (error as { code?: string }).code ?? (error as Error).name };
      }
    },
    close: () => transport?.close(),
  };
}
