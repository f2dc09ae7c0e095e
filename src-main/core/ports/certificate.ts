/** The certificate a server showed. */
export interface Certificate {
  /** Epoch milliseconds. */
  readonly expires_at: number;
  /** The name it was made for. */
  readonly subject: string;
}

/** What was found where messages are sent to: a certificate, none (no TLS there), or why nobody answers. */
export interface CertificateLook {
  /** For the admin: `the mail server mail.company.com:587`. */
  readonly what: string;
  readonly certificate?: Certificate;
  readonly problem?: string;
}
