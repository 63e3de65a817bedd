import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext, Server as TlsServer } from 'node:tls';
import type { FastifyBaseLogger } from 'fastify';
import { ConfigError } from '../config/read-config.ts';

/** Where the server's certificate (with its chain) and its key are, as PEM. */
export interface TlsFiles {
  readonly tlsCertFile?: string | undefined;
  readonly tlsKeyFile?: string | undefined;
  /** Processes that the sockets are divided among, if any. */
  readonly workers?: number;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How often the files are looked at, in milliseconds: whoever renews certificates replaces them long before they end. */
const LOOK_EVERY_MS = 10_000;

/**
 * Reads the certificate to serve HTTPS with; undefined: HTTP.
 * @throws {ConfigError} that says which file, and why
 */
export function readCertificate({ tlsCertFile, tlsKeyFile, workers = 0 }: TlsFiles): Certificate | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined) return undefined;
  if (tlsCertFile === undefined || tlsKeyFile === undefined) {
    throw new ConfigError('TLS needs both files: BUNTING_TLS_CERT_FILE and BUNTING_TLS_KEY_FILE.');
  }
  if (workers > 0) {
    throw new ConfigError(
      'A socket that speaks TLS cannot be handed to another process: leave the workers away, or let a proxy in front speak TLS.',
    );
  }
  try {
    const certificate = { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) };
    createSecureContext(certificate);
    return certificate;
  } catch (error) {
    throw new ConfigError(
      `Cannot serve HTTPS with ${tlsCertFile} and ${tlsKeyFile}: ${(error as Error).message}. Give a certificate with its chain and its key, as PEM files.`,
    );
  }
}

/**
 * Serves a renewed certificate without a restart. One that cannot be used is logged, and the one before stays.
 * @returns a function that stops looking
 */
export function followCertificate(
  server: unknown,
  files: TlsFiles,
  log: FastifyBaseLogger,
  everyMs = LOOK_EVERY_MS,
): () => void {
  const { tlsCertFile, tlsKeyFile } = files;
  if (!(server instanceof TlsServer) || tlsCertFile === undefined || tlsKeyFile === undefined) return () => {};
  const renew = () => {
    try {
      const certificate = readCertificate(files);
      if (certificate !== undefined) server.setSecureContext(certificate);
      log.info({ file: tlsCertFile }, 'serving a renewed certificate');
    } catch (error) {
      // The other of the two files may come in a moment.
      log.warn({ err: error }, 'a renewed certificate cannot be used; the one before stays');
    }
  };
  for (const file of [tlsCertFile, tlsKeyFile]) watchFile(file, { interval: everyMs, persistent: false }, renew);
  return () => {
    for (const file of [tlsCertFile, tlsKeyFile]) unwatchFile(file, renew);
  };
}
