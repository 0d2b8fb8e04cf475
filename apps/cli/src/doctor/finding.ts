/** What an examination found. */
export interface Finding {
  readonly check: string;
  /** `warning`: it runs, but should not stay so; `broken`: it does not run. */
  readonly status: 'ok' | 'warning' | 'broken';
  readonly message: string;
  /** What to do; always there unless all is well. */
  readonly mend?: string;
}

/** All is well. */
export const ok = (check: string, message: string): Finding => ({ check, status: 'ok', message });

/** It runs, but should not stay so. */
export const warning = (check: string, message: string, mend: string): Finding => ({
  check,
  status: 'warning',
  message,
  mend,
});

/** It does not run. */
export const broken = (check: string, message: string, mend: string): Finding => ({
  check,
  status: 'broken',
  message,
  mend,
});
