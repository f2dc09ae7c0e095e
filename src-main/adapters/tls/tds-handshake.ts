import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

// The first packets of SQL Server's protocol: [MS-TDS] 2.2.3.1 (packet header) and 2.2.6.5 (PRELOGIN).
const preloginType = 0x12;
const headerBytes = 8;
const largestPayload = 4096 - headerBytes;
const encryptionOption = 1;
const encryptionOff = 2;

function packet(payload: Uint8Array, isLast: boolean): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(preloginType, 0);
  header.writeUInt8(isLast ? 1 : 0, 1);
  header.writeUInt16BE(headerBytes + payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** VERSION and ENCRYPTION (on), which every server reads. */
function prelogin(): Buffer {
  const options = Buffer.from([0, 0, 11, 0, 6, encryptionOption, 0, 17, 0, 1, 0xff]);
  const version = Buffer.from([16, 0, 0, 0, 0, 0]);
  return packet(Buffer.concat([options, version, Buffer.from([1])]), true);
}

/** Whether the answer's ENCRYPTION allows TLS. */
function offersTls(payload: Buffer): boolean {
  for (let at = 0; at + 5 <= payload.length && payload[at] !== 0xff; at += 5) {
    if (payload[at] !== encryptionOption) continue;
    const value = payload[payload.readUInt16BE(at + 1)];
    return value !== undefined && value !== encryptionOff;
  }
  return false;
}

/**
 * Says hello to a SQL Server and gives a stream in which TLS begins as its protocol wants it, within packets; undefined
 * when the server does not encrypt. The caller sees to time and errors.
 */
export function beginTds(socket: Socket): Promise<Duplex | undefined> {
  let held = Buffer.alloc(0);
  let onPayload: (payload: Buffer) => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const length = held.length < headerBytes ? 0 : held.readUInt16BE(2);
      if (held.length < headerBytes) return;
      if (length < headerBytes) return void socket.destroy(new Error('it is no SQL Server'));
      if (held.length < length) return;
      const payload = held.subarray(headerBytes, length);
      held = held.subarray(length);
      onPayload(payload);
    }
  });
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += largestPayload)
        socket.write(packet(chunk.subarray(at, at + largestPayload), at + largestPayload >= chunk.length));
      done();
    },
  });
  return new Promise((resolve) => {
    onPayload = (payload) => {
      onPayload = (more) => stream.push(more);
      resolve(offersTls(payload) ? stream : undefined);
    };
    socket.write(prelogin());
  });
}
