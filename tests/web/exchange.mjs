// FAULTS W13: two clients of npm's ws exchange a mebibyte both ways through a real relay, over ws:// and wss://.
// usage: node exchange.mjs PATH-OF-parley-relay
import WebSocket from 'ws';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';
import assert from 'node:assert/strict';

const BODY = 65536;
const TOTAL = 1 << 20;
const WELCOME = 0x81, DELIVER = 0x83, REFUSED = 0x87;

// --- frames (docs/WIRE.md) ---

function frame(type, ...fields) {
  const body = Buffer.concat([Buffer.from([type]), ...fields]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
function u64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}
const none = Buffer.from([0]);
const join = (room) => frame(1, Buffer.from([1]), room, randomBytes(16), randomBytes(32), none, Buffer.alloc(4), none);
const everyone = Buffer.alloc(16);
const post = (number, body) => frame(3, u64(number), everyone, body);
const ack = (seq) => frame(4, seq);

/** Cuts the stream of frames, whatever messages carry it. */
class Frames {
  constructor(onFrame) {
    this.onFrame = onFrame;
    this.pending = Buffer.alloc(0);
  }
  feed(bytes) {
    this.pending = Buffer.concat([this.pending, bytes]);
    while (this.pending.length >= 4) {
      const end = 4 + this.pending.readUInt32BE();
      if (this.pending.length < end) return;
      this.onFrame(this.pending[4], this.pending.subarray(5, end));
      this.pending = this.pending.subarray(end);
    }
  }
}

// --- the relay ---

async function startRelay(path) {
  const relay = spawn(path, ['--listen', 'ws://127.0.0.1:0', '--listen', 'wss://127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const addresses = [];
  for await (const line of createInterface({ input: relay.stdout })) {
    // The pin is Parley's own: another client has to trust the certificate in its own way.
    addresses.push(line.split(' ').pop().replace(/:\/\/.*@/, '://'));
    if (addresses.length === 2) break;
  }
  return { relay, addresses };
}

// --- a client ---

class Client {
  constructor(address, room, cut) {
    this.cut = cut;
    this.got = [];
    this.size = 0;
    this.socket = new WebSocket(address, { rejectUnauthorized: false });
    this.frames = new Frames((type, fields) => this.onFrame(type, fields));
    this.ended = new Promise((resolve, reject) => { this.done = resolve; this.fail = reject; });
    this.joined = new Promise((resolve) => { this.onJoined = resolve; });
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', (code) => this.fail(new Error(`closed with ${code}`)));
    this.socket.on('open', () => this.socket.send(join(room)));
    this.socket.on('message', (bytes, binary) => {
      assert(binary, 'messages are binary');
      this.frames.feed(bytes);
    });
  }
  onFrame(type, fields) {
    if (type === WELCOME) this.onJoined();
    if (type === REFUSED) this.fail(new Error(`refused: ${fields[0]}`));
    if (type !== DELIVER) return;
    this.got.push(Buffer.from(fields.subarray(24)));
    this.size += fields.length - 24;
    this.socket.send(ack(fields.subarray(0, 8)));
    if (this.size >= TOTAL) this.done();
  }
  /** All of it as one stream of frames, in messages of this size: their bounds mean nothing. */
  say(bytes) {
    const posts = [];
    for (let at = 0; at < bytes.length; at += BODY) posts.push(post(at / BODY + 1, bytes.subarray(at, at + BODY)));
    const stream = Buffer.concat(posts);
    for (let at = 0; at < stream.length; at += this.cut) this.socket.send(stream.subarray(at, at + this.cut));
  }
  heard() { return Buffer.concat(this.got); }
}

async function exchange(address) {
  const room = randomBytes(32);
  const clients = [new Client(address, room, 1000), new Client(address, room, 700_000)];
  await Promise.all(clients.map((client) => client.joined));
  const said = clients.map(() => randomBytes(TOTAL));
  clients.forEach((client, i) => client.say(said[i]));
  await Promise.all(clients.map((client) => client.ended));
  assert(clients[0].heard().equals(said[1]) && clients[1].heard().equals(said[0]), 'what is said is what is heard');
  clients.forEach((client) => client.socket.terminate());
}

/** Twin: a client of text is told so, and not served. */
async function talksText(address) {
  const socket = new WebSocket(address, { rejectUnauthorized: false });
  socket.on('error', () => {});
  socket.on('open', () => socket.send('hello'));
  return new Promise((resolve) => { socket.on('close', resolve); });
}

const { relay, addresses } = await startRelay(process.argv[2]);
try {
  for (const address of addresses) {
    await exchange(address);
    assert.equal(await talksText(address), 1003);
  }
  console.log(`npm ws and the relay exchanged ${TOTAL} bytes both ways over ${addresses.length} kinds of address`);
} finally {
  relay.kill();
}
