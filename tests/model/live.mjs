// The model and the program talk: both roles, several turns, losses, late and damaged bodies.
// usage: node live.mjs PATH-OF-parley-ratchet-peer
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { randomBytes } from 'node:crypto';
import assert from 'node:assert/strict';
import { Initiator, respond, keyOfScalar, concat, hex, unhex, utf8 } from './model.mjs';

const random = (size) => new Uint8Array(randomBytes(size));

class Program {
  constructor(path) {
    this.child = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }
  async ask(command, ...bytes) {
    this.child.stdin.write([command, ...bytes.map((b) => hex(b) || '-')].join(' ') + '\n');
    return (await this.lines.next()).value;
  }
  async bytes(command, ...args) {
    const line = await this.ask(command, ...args);
    assert(!line.startsWith('error'), `${command}: ${line}`);
    return line === '-' ? new Uint8Array(0) : unhex(line);
  }
  end() { this.child.stdin.end(); }
}

/** An identity of ours that is smaller, or larger, than theirs. */
function identityBeside(theirs, smaller) {
  for (;;) {
    const signing = keyOfScalar(random(32));
    const agreement = keyOfScalar(random(32));
    const identity = concat(signing.public, agreement.public);
    if (Buffer.compare(identity, theirs) < 0 === smaller) return { identity, agreement };
  }
}

async function meet(program, modelInitiates) {
  const theirs = await program.bytes('identity');
  const ours = identityBeside(theirs, modelInitiates);
  const room = random(32);
  const ourCard = random(1024);
  const theirCard = random(1024);
  const role = await program.ask('context', room, ours.identity, theirCard, ourCard);
  assert.equal(role, modelInitiates ? 'responder' : 'initiator');
  const context = { room, ours: ours.agreement, theirs: theirs.slice(65), ourCard, theirCard };
  if (!modelInitiates) {
    const { session, answer } = await respond(context, await program.bytes('init'), random);
    assert.equal((await session.open(await program.bytes('answer', answer))).length, 0);
    return session;
  }
  const initiator = await Initiator.start(context, random);
  const answer = await program.bytes('respond', initiator.body);
  const { session, confirmation } = await initiator.finish(answer, random);
  assert.match(await program.ask('seal', utf8('early')), /^error/, 'nothing is sealed before the confirmation');
  assert.equal((await program.bytes('open', confirmation)).length, 0);
  return session;
}

const contents = ['', 'hello', 'grüße, 世界', 'x'.repeat(1656), 'y'.repeat(1657), 'z'.repeat(60000)].map(utf8);

async function talk(path, modelInitiates) {
  const program = new Program(path);
  const session = await meet(program, modelInitiates);
  const late = [];
  for (let turn = 0; turn < 6; ++turn) {
    for (const content of contents) {
      assert.deepEqual(await program.bytes('open', await session.seal(content, random)), content);
    }
    await session.seal(utf8('lost on the way'), random);
    late.push([await session.seal(utf8(`late ${turn}`), random), `late ${turn}`]);
    for (const content of contents) {
      assert.deepEqual(await session.open(await program.bytes('seal', content)), content);
    }
    const first = await program.bytes('seal', utf8('first'));
    const second = await program.bytes('seal', utf8('second'));
    assert.deepEqual(await session.open(second), utf8('second'));
    assert.deepEqual(await session.open(first), utf8('first'));
    await program.bytes('seal', utf8('lost on the way'));
    if (turn >= 2) {
      const [body, text] = late[turn - 2];
      assert.deepEqual(await program.bytes('open', body), utf8(text));
      assert.match(await program.ask('open', body), /^error/, 'a second time');
    }
    const damaged = await session.seal(utf8('damaged'), random);
    damaged[damaged.length - 1] ^= 1;
    assert.match(await program.ask('open', damaged), /^error/);
  }
  program.end();
}

await talk(process.argv[2], true);
await talk(process.argv[2], false);
console.log('the model and the program understand each other in both roles');
