import type { Socket } from 'node:net';

const longestAnswer = 16_384;

/** Asks a mail server for STARTTLS (RFC 3207); undefined when it does not offer it. The caller sees to time and errors. */
export function startTlsOfMail(socket: Socket): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    let step: 'greeting' | 'offer' | 'start' = 'greeting';
    const end = (outcome: Socket | undefined) => {
      socket.off('data', read);
      resolve(outcome);
    };
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.length > longestAnswer) return reject(new Error('it speaks no SMTP'));
      // The last line of an answer has a space behind its code, the others a hyphen.
      if (!/^\d{3} .*\r?\n$/m.test(text) || !text.endsWith('\n')) return;
      const answer = text;
      text = '';
      if (step === 'greeting') {
        if (!answer.startsWith('220')) return reject(new Error(`it answered ${answer.slice(0, 80).trim()}`));
        step = 'offer';
        socket.write('EHLO job-scheduler.local\r\n');
      } else if (step === 'offer') {
        if (!/^250[ -]STARTTLS\b/im.test(answer)) return end(undefined);
        step = 'start';
        socket.write('STARTTLS\r\n');
      } else if (answer.startsWith('220')) end(socket);
      else end(undefined);
    };
    socket.on('data', read);
  });
}
