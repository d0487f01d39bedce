// The model reproduces every byte of the frozen vectors. usage: node vectors.mjs ratchet.json
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import assert from 'node:assert/strict';
import { Initiator, respond, keyOfScalar, hex, unhex, utf8, concat } from './model.mjs';

/** SHA-256(seed || counter), a fresh block for every 32 bytes begun. */
function seeded(seed) {
  let count = 0;
  return (size) => {
    const out = [];
    for (let at = 0; at < size; at += 32) {
      const counter = Buffer.alloc(4);
      counter.writeUInt32BE(count++);
      out.push(createHash('sha256').update(seed).update(counter).digest().subarray(0, Math.min(32, size - at)));
    }
    return concat(...out);
  };
}

const vectors = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const person = (one) => ({ agreement: keyOfScalar(unhex(one.agreement_scalar)), card: unhex(one.card), random: seeded(one.seed),
  identity: unhex(one.identity) });
const people = { initiator: person(vectors.initiator), responder: person(vectors.responder) };
const context = (ours, theirs) => ({ room: unhex(vectors.room), ours: ours.agreement, theirs: theirs.identity.slice(65),
  ourCard: ours.card, theirCard: theirs.card });
const { initiator, responder } = people;

const first = await Initiator.start(context(initiator, responder), initiator.random);
assert.equal(hex(first.body), vectors.init, 'Init');
const response = await respond(context(responder, initiator), first.body, responder.random);
assert.equal(hex(response.answer), vectors.answer, 'Answer');
const { session, confirmation } = await first.finish(response.answer, initiator.random);
assert.equal(hex(session.T), vectors.transcript, 'T');
assert.equal(hex(confirmation), vectors.confirmation, 'confirmation');
assert.equal((await response.session.open(confirmation)).length, 0);

const sessions = { initiator: session, responder: response.session };
const bodies = [];
for (const event of vectors.events) {
  if (event.seal) {
    const body = await sessions[event.seal].seal(utf8(event.content), people[event.seal].random);
    assert.equal(hex(body), event.body, `body ${bodies.length}`);
    bodies.push({ body, content: event.content, to: event.seal === 'initiator' ? 'responder' : 'initiator' });
  } else {
    const { body, content, to } = bodies[event.open];
    assert.deepEqual(await sessions[to].open(body), utf8(content), `content ${event.open}`);
  }
}
console.log(`the model agrees with ${bodies.length + 3} bodies of the vectors`);
