#!/usr/bin/env node
// Verifies an export of Bunting's audit events (GET /api/v1/audit/export) without Bunting: plain Node 18 or newer, this file
// and nothing else.
//
//   node verify-audit-export.mjs EXPORT [--checkpoints FILE] [--key PUBLIC_KEY]
//
// --checkpoints: the file that the server appended checkpoints to, kept where nobody could rewrite it.
// --key: the only public key (base64url) that checkpoints may be signed with.
// Exits with 0 when everything agrees, 1 when something does not, 2 when it could not be read.
//
// An event's hash is SHA-256 of: the hash of the event before it in its chain (64 zeros for the first), a line end, and the
// event as canonical JSON (RFC 8785) without its `hash`, and with the `digest` alone of its `origin`. A checkpoint is an
// Ed25519 signature of its own canonical JSON without `signature`; it names the last event of every chain, and the hash of
// the checkpoint before it.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const GENESIS = '0'.repeat(64);
const problems = [];

/** By chain: the hashes of its events, and where it ends. */
const chains = new Map();
/** Chains that the export says it holds. */
const promised = new Map();
const anchors = new Map();
let exportedAt = '';
let previousCheckpoint;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { checkpoints: { type: 'string' }, key: { type: 'string' } },
  });
  if (positionals.length !== 1) throw new Error('name one file: node verify-audit-export.mjs EXPORT');
  await readExport(positionals[0], values.key);
  if (values.checkpoints !== undefined) await readKept(values.checkpoints, values.key);
  for (const [chain, end] of promised) {
    const found = chains.get(chain)?.at(-1) ?? GENESIS;
    if (found !== end.hash)
      problems.push(`${chain}: the export says that it ends at event ${end.seq}, and it does not`);
  }
  report(values.checkpoints !== undefined);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`cannot verify: ${error.message}\n`);
  process.exitCode = 2;
}

async function readExport(path, key) {
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    at += 1;
    const value = parse(line, `line ${at}`);
    if (value === undefined) continue;
    if (at === 1) {
      if (value.export !== 'bunting-audit' || value.version !== 1) throw new Error(`${path} is no export of version 1`);
      exportedAt = value.at;
      for (const { chain, ...end } of value.chains) promised.set(chain, end);
    } else if (value.event !== undefined) checkEvent(value.event, `line ${at}`);
    else if (value.checkpoint !== undefined) checkNext(value.checkpoint, key, `line ${at}`);
    else problems.push(`line ${at} is neither an event nor a checkpoint`);
  }
  if (at === 0) throw new Error(`${path} is empty`);
}

async function readKept(path, key) {
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    at += 1;
    const checkpoint = line === '' ? undefined : parse(line, `line ${at} of ${path}`);
    if (checkpoint !== undefined) checkCheckpoint(checkpoint, key, `line ${at} of ${path}`);
  }
}

function parse(line, name) {
  try {
    return JSON.parse(line);
  } catch {
    problems.push(`${name} is no JSON`);
    return undefined;
  }
}

function checkEvent({ hash, origin, ...event }, name) {
  if (!promised.has(event.chain)) {
    problems.push(`${name}: the export says nothing of the chain ${event.chain}`);
    return;
  }
  const hashes = chains.get(event.chain) ?? [];
  if (!chains.has(event.chain)) chains.set(event.chain, hashes);
  const previous = hashes.at(-1) ?? GENESIS;
  const hashed = origin === undefined ? event : { ...event, origin: { digest: origin.digest } };
  if (event.seq !== hashes.length + 1)
    problems.push(`${name}: event ${hashes.length + 1} of ${event.chain} is missing`);
  else if (sha256(`${previous}\n${canonical(hashed)}`) !== hash) {
    problems.push(`${name}: event ${event.seq} of ${event.chain} is not what was written`);
  }
  // One that was erased is its digest alone.
  const { digest, ...salted } = origin ?? {};
  if (Object.keys(salted).length > 0 && sha256(canonical(salted)) !== digest) {
    problems.push(`${name}: the origin of event ${event.seq} was changed`);
  }
  hashes.push(hash);
}

/** The checkpoints of the export follow one another. */
function checkNext(checkpoint, key, name) {
  if (checkpoint.previous !== (previousCheckpoint ?? GENESIS)) {
    problems.push(`${name}: checkpoint ${checkpoint.number} does not follow the one before it`);
  }
  previousCheckpoint = sha256(canonical(checkpoint));
  checkCheckpoint(checkpoint, key, name);
}

function checkCheckpoint(checkpoint, key, name) {
  const { signature, ...statement } = checkpoint;
  if (key !== undefined && key !== statement.publicKey) {
    problems.push(`${name}: checkpoint ${statement.number} is signed with another key, ${statement.publicKey}`);
  }
  if (!isSigned(statement, signature)) {
    problems.push(`${name}: checkpoint ${statement.number} is not what was signed`);
    return;
  }
  for (const { chain, seq, hash } of statement.heads) {
    if (!promised.has(chain)) continue;
    const found = chains.get(chain)?.[seq - 1];
    // Signed after the export was begun: it names events that came later.
    if (found === undefined && statement.at > exportedAt) continue;
    if (found === undefined) {
      problems.push(`${name}: checkpoint ${statement.number} had ${seq} events of ${chain}; the export has fewer`);
    } else if (found !== hash) {
      problems.push(`${name}: event ${seq} of ${chain} is not the one that checkpoint ${statement.number} names`);
    } else {
      anchors.set(chain, { seq, checkpoint: statement.number, at: statement.at, key: statement.publicKey });
    }
  }
}

function isSigned(statement, signature) {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: statement.publicKey }, format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    // Other texts may stand for the same bytes: only one of them was written.
    return bytes.toString('base64url') === signature && verify(null, Buffer.from(canonical(statement)), key, bytes);
  } catch {
    return false;
  }
}

function report(hasKept) {
  for (const problem of problems) print(`WRONG  ${problem}`);
  if (problems.length > 0) return;
  print(`       an export of ${exportedAt}, as it says itself`);
  for (const [chain, hashes] of chains) {
    const anchor = anchors.get(chain);
    const rest = hashes.length - (anchor?.seq ?? 0);
    const anchored =
      anchor === undefined
        ? 'none of them anchored by a checkpoint'
        : `the first ${anchor.seq} as they were at checkpoint ${anchor.checkpoint} (${anchor.at}), signed with ${anchor.key}`;
    print(
      `OK     ${chain}: ${hashes.length} events; ${anchored}${rest > 0 && anchor ? `; ${rest} not anchored yet` : ''}`,
    );
  }
  if (!hasKept) {
    print('NOTE   these checkpoints came with the export: hold them against a copy kept elsewhere (--checkpoints), or');
    print(
      '       against the public key that you know (--key). Without, whoever made the export could have made them.',
    );
  }
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** RFC 8785. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}
