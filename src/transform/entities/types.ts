export type EntityContext = {
  readonly occurredAt: Date;
  /** IANA zone of the customer's clock; also says which currency a bare `5k` is in. */
  readonly zone: string;
  /** Names and handles of our operator, lower case, with or without @. */
  readonly own: readonly string[];
  readonly author?: { readonly handle?: string };
};
