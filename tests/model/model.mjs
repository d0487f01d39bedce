// A second implementation of PROTOCOL 3, from its text: handshake, ratchet, header, content box.
// It knows no limits and no persistence; it is here to disagree when the program is wrong.
import { webcrypto, createECDH, createHash } from 'node:crypto';
import { ml_kem768 } from '@noble/post-quantum/ml-kem';

const { subtle } = webcrypto;
const none = new Uint8Array(0);
const version = Uint8Array.of(1);

export const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => Buffer.from(bytes).toString('hex');
export const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const concat = (...parts) => new Uint8Array(Buffer.concat(parts));
const label = (text) => utf8(`parley/1 ${text}.`);
const u32 = (n) => Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
const padTo = (bytes, size) => { const out = new Uint8Array(size); out.set(bytes); return out; };
const sha256 = (...parts) => new Uint8Array(createHash('sha256').update(concat(...parts)).digest());

async function hmac(key, ...parts) {
  const k = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await subtle.sign('HMAC', k, concat(...parts)));
}
async function hkdf(salt, ikm, info, size) {
  const k = await subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, k, size * 8));
}
async function gcm(direction, key, iv, additionalData, data) {
  const k = await subtle.importKey('raw', key, 'AES-GCM', false, [direction]);
  return new Uint8Array(await subtle[direction]({ name: 'AES-GCM', iv, additionalData, tagLength: 128 }, k, data));
}

// --- P-256 and ML-KEM-768 ---------------------------------------------------------------------------------------

/** RFC 9180 section 7.1.3, DeriveKeyPair for DHKEM(P-256): a key is a function of 32 random bytes. */
async function scalarOf(seed) {
  const labeled = concat(utf8('KEM'), Uint8Array.of(0x00, 0x10));
  const prk = await hmac(new Uint8Array(32), utf8('HPKE-v1'), labeled, utf8('dkp_prk'), seed);
  // One block of expand; a candidate at or above the order has a chance of 2^-32 and is not modelled.
  return hmac(prk, Uint8Array.of(0, 32), utf8('HPKE-v1'), labeled, utf8('candidate'), Uint8Array.of(0), Uint8Array.of(1));
}
export function keyOfScalar(scalar) {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  return { scalar: new Uint8Array(scalar), public: new Uint8Array(ecdh.getPublicKey()) };
}
async function agree(ours, theirs) {
  if (same(ours.public, theirs)) throw new Error('our own key');
  const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: b64(ours.scalar), x: b64(ours.public.slice(1, 33)), y: b64(ours.public.slice(33)) };
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const secret = await subtle.importKey('jwk', jwk, curve, false, ['deriveBits']);
  const point = await subtle.importKey('raw', theirs, curve, false, []);
  return new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: point }, secret, 256));
}
async function newKeys(random) {
  const key = keyOfScalar(await scalarOf(random(32)));
  return { ...key, kem: ml_kem768.keygen(random(64)) };
}

// --- PROTOCOL 3.1, handshake ------------------------------------------------------------------------------------

const cardHash = (card) => sha256(label('handshake card'), card);
const sized = (part) => concat(u32(part.length), part);

/** cards = { initiator, responder }. */
async function handshakeKeys(room, cards, init, answer, secrets) {
  const T = sha256(label('handshake transcript'), version, room, sized(cards.initiator), sized(cards.responder),
    sized(init), sized(answer));
  const keys = await hkdf(none, concat(...secrets), concat(label('handshake keys'), T), 128);
  return { T, RK: keys.slice(0, 32), HKi: await headerKeys(keys.slice(32, 64)), NHKr: await headerKeys(keys.slice(64, 96)),
    mac: await hmac(keys.slice(96), label('handshake responder'), T) };
}

export class Initiator {
  /** context = { room, ours: key pair, theirs: public key, ourCard, theirCard }. */
  static async start(context, random) {
    const self = new Initiator();
    Object.assign(self, { context, keys: await newKeys(random) });
    self.said = concat(Uint8Array.of(1), version, cardHash(context.ourCard), cardHash(context.theirCard),
      self.keys.public, self.keys.kem.publicKey);
    self.body = padTo(self.said, 4096);
    return self;
  }
  async finish(answer, random) {
    const { context, keys } = this;
    const theirs = { public: answer.slice(2, 67), ek: answer.slice(67, 1251) };
    const ct = answer.slice(1251, 2339);
    const secrets = [await agree(context.ours, theirs.public), await agree(keys, context.theirs),
      await agree(keys, theirs.public), ml_kem768.decapsulate(ct, keys.kem.secretKey)];
    const made = await handshakeKeys(context.room, { initiator: context.ourCard, responder: context.theirCard },
      this.said, answer.slice(0, 2339), secrets);
    if (!same(made.mac, answer.slice(2339, 2371))) throw new Error('the answer does not verify');
    const session = new Ratchet({ T: made.T, RK: made.RK, HKs: made.HKi, NHKr: made.NHKr, theirs });
    return { session, confirmation: await session.seal(none, random) };
  }
}

export async function respond(context, init, random) {
  if (!same(init.slice(2, 34), cardHash(context.theirCard)) || !same(init.slice(34, 66), cardHash(context.ourCard))) {
    throw new Error('other cards');
  }
  const EKi = init.slice(66, 131);
  const ours = await newKeys(random);
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(init.slice(131, 1315), random(32));
  const secrets = [await agree(ours, context.theirs), await agree(context.ours, EKi), await agree(ours, EKi), sharedSecret];
  const said = concat(Uint8Array.of(2), version, ours.public, ours.kem.publicKey, cipherText);
  const made = await handshakeKeys(context.room, { initiator: context.theirCard, responder: context.ourCard },
    init.slice(0, 1315), said, secrets);
  const session = new Ratchet({ T: made.T, RK: made.RK, NHKs: made.NHKr, NHKr: made.HKi, ours });
  return { session, answer: padTo(concat(said, made.mac), 4096) };
}

// --- PROTOCOL 3.3 to 3.6, ratchet -------------------------------------------------------------------------------

async function headerKeys(HK) {
  const both = await hkdf(none, HK, label('ratchet header'), 64);
  return { HE: both.slice(0, 32), HN: both.slice(32) };
}
const boxKeys = async (MK, salt) => {
  const both = await hkdf(salt, MK, label('ratchet content box'), 64);
  return { K: both.slice(0, 32), commitment: both.slice(32) };
};
const headerSize = 2361;
const boxAt = 1 + 12 + headerSize + 16;

export class Ratchet {
  constructor(state) { Object.assign(this, { Ns: 0, Nr: 0, PN: 0, kept: [] }, state); }

  async step(secret, stepping, other, ek, ct) {
    const info = concat(label('ratchet root'), sha256(stepping, other, ek, ct));
    const keys = await hkdf(this.RK, secret, info, 96);
    this.RK = keys.slice(0, 32);
    return { CK: keys.slice(32, 64), NHK: await headerKeys(keys.slice(64)) };
  }
  async sendStep(random) {
    this.ours = await newKeys(random);
    const dh = await agree(this.ours, this.theirs.public);
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(this.theirs.ek, random(32));
    const made = await this.step(concat(dh, sharedSecret), this.ours.public, this.theirs.public, this.theirs.ek, cipherText);
    Object.assign(this, { CKs: made.CK, NHKs: made.NHK, ct: cipherText, Ns: 0, theirs: null });
  }
  async receiveStep(header) {
    await this.keep(header.pn);
    const dh = await agree(this.ours, header.public);
    const ss = ml_kem768.decapsulate(header.ct, this.ours.kem.secretKey);
    const made = await this.step(concat(dh, ss), header.public, this.ours.public, this.ours.kem.publicKey, header.ct);
    Object.assign(this, { HKr: this.NHKr, NHKr: made.NHK, CKr: made.CK, Nr: 0, HKs: this.NHKs, PN: this.Ns, Ns: 0,
      theirs: { public: header.public, ek: header.ek }, ours: null });
  }
  /** Keeps the keys of messages up to n of the chain that is being received. */
  async keep(n) {
    for (; this.CKr && this.Nr < n; ++this.Nr) this.kept.push({ keys: this.HKr, n: this.Nr, MK: await this.nextReceived() });
  }
  async nextReceived() {
    const MK = await hmac(this.CKr, Uint8Array.of(1));
    this.CKr = await hmac(this.CKr, Uint8Array.of(2));
    return MK;
  }

  contentAad(sealedHeader) { return concat(label('ratchet content aad'), version, this.T, sealedHeader); }
  headerAad() { return concat(label('ratchet header aad'), version, this.T); }

  async seal(content, random) {
    if (this.theirs) await this.sendStep(random);
    if (!this.CKs) throw new Error('not confirmed');
    const MK = await hmac(this.CKs, Uint8Array.of(1));
    this.CKs = await hmac(this.CKs, Uint8Array.of(2));
    const size = content.length <= 1656 ? 4096 : content.length <= 13944 ? 16384 : 65536;
    const padded = padTo(concat(Uint8Array.of(content.length >> 8, content.length), content), size - 2438);
    const salt = (await hmac(MK, label('ratchet content box'), random(16), padded)).slice(0, 16);
    const header = concat(this.ours.public, u32(this.PN), u32(this.Ns++), this.ours.kem.publicKey, this.ct, salt);
    const nonce = (await hmac(this.HKs.HN, header)).slice(0, 12);
    const sealedHeader = concat(nonce, await gcm('encrypt', this.HKs.HE, nonce, this.headerAad(), header));
    const { K, commitment } = await boxKeys(MK, salt);
    const box = await gcm('encrypt', K, new Uint8Array(12), this.contentAad(sealedHeader), padded);
    return concat(Uint8Array.of(0), sealedHeader, commitment, box);
  }

  async openHeader(keys, sealed) {
    const plain = await gcm('decrypt', keys.HE, sealed.slice(0, 12), this.headerAad(), sealed.slice(12)).catch(() => null);
    if (!plain) return null;
    const view = new DataView(plain.buffer);
    return { public: plain.slice(0, 65), pn: view.getUint32(65), n: view.getUint32(69), ek: plain.slice(73, 1257),
      ct: plain.slice(1257, 2345), salt: plain.slice(2345) };
  }
  async open(body) {
    const sealedHeader = body.slice(1, boxAt);
    const old = new Set(this.kept.map((one) => one.keys));
    const current = this.HKr && await this.openHeader(this.HKr, sealedHeader);
    if (current && current.n >= this.Nr) return this.openNow(current, sealedHeader, body);
    const next = !current && this.ours && await this.openHeader(this.NHKr, sealedHeader);
    if (next) {
      await this.receiveStep(next);
      return this.openNow(next, sealedHeader, body);
    }
    for (const keys of old) {
      const header = await this.openHeader(keys, sealedHeader);
      const at = this.kept.findIndex((one) => one.keys === keys && header && one.n === header.n);
      if (at >= 0) return this.openContent(this.kept.splice(at, 1)[0].MK, header, sealedHeader, body);
    }
    throw new Error('no key opens it');
  }
  async openNow(header, sealedHeader, body) {
    await this.keep(header.n);
    ++this.Nr;
    return this.openContent(await this.nextReceived(), header, sealedHeader, body);
  }
  async openContent(MK, header, sealedHeader, body) {
    const { K, commitment } = await boxKeys(MK, header.salt);
    if (!same(commitment, body.slice(boxAt, boxAt + 32))) throw new Error('the commitment does not verify');
    const padded = await gcm('decrypt', K, new Uint8Array(12), this.contentAad(sealedHeader), body.slice(boxAt + 32));
    const size = padded[0] << 8 | padded[1];
    if (padded.slice(2 + size).some((byte) => byte !== 0)) throw new Error('padding');
    return padded.slice(2, 2 + size);
  }
}
