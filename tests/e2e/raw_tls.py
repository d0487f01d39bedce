"""TLS 1.3 as no library would speak it: any first hello, and behind a real handshake any record (RFC 8446)."""
import ctypes
import ctypes.util
import functools
import hmac
import os
import ssl
import struct
import tempfile

from support import Raw, Skip, check, trusts_anyone

# Kinds of records and messages, and what an alert says.
CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO = 1, 2
UNEXPECTED_MESSAGE, RECORD_OVERFLOW, HANDSHAKE_FAILURE, ILLEGAL_PARAMETER, DECODE_ERROR, PROTOCOL_VERSION = 10, 22, 40, 47, 50, 70

TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 = 0x0301, 0x0302, 0x0303, 0x0304
P_384, P_521, X25519, X448, FFDHE_2048 = 24, 25, 29, 30, 256
ECDSA_SHA256 = 0x0403
MOST_CONTENT = 1 << 14


def sized(width, content):
    return len(content).to_bytes(width, "big") + content


def numbers(values):
    return b"".join(struct.pack(">H", value) for value in values)


def extension(kind, content):
    return struct.pack(">H", kind) + sized(2, content)


def record(kind, content, size=None):
    """`size` is what it says to have, where that is not true."""
    return struct.pack(">BHH", kind, TLS_1_2, len(content) if size is None else size) + content


def message(kind, content):
    return bytes([kind]) + sized(3, content)


def hello(versions=(TLS_1_3,), groups=(X25519,), signatures=(ECDSA_SHA256,), compression=b"\0", more=b"", legacy_version=TLS_1_2):
    """A ClientHello as a message. Any 32 bytes are a share of X25519; of another group these are none."""
    extensions = [extension(10, sized(2, numbers(groups))), extension(13, sized(2, numbers(signatures))),
                  extension(51, sized(2, struct.pack(">H", groups[0]) + sized(2, os.urandom(32))))]
    if versions:
        extensions.append(extension(43, sized(1, numbers(versions))))
    ciphers = numbers((0x1301, 0x1302, 0xc02b, 0xc02f))
    return message(CLIENT_HELLO, struct.pack(">H", legacy_version) + os.urandom(32) + sized(1, b"") + sized(2, ciphers)
                   + sized(1, compression) + sized(2, b"".join(extensions) + more))


def unknown_session():
    """Offers to go on with a session that the relay cannot know; the last of all extensions."""
    identity = sized(2, sized(2, os.urandom(32)) + bytes(4))
    return extension(45, sized(1, b"\1")) + extension(41, identity + sized(2, sized(1, os.urandom(32))))


def records_of(heard):
    """(kind, content) of each whole one."""
    while len(heard) >= 5 and len(heard) >= 5 + int.from_bytes(heard[3:5], "big"):
        size = int.from_bytes(heard[3:5], "big")
        yield heard[0], heard[5:5 + size]
        heard = heard[5 + size:]


# --- behind the handshake ---

@functools.cache
def libcrypto():
    path = ctypes.util.find_library("crypto")
    if not path:
        raise Skip("libcrypto is missing")
    library = ctypes.CDLL(path)
    library.EVP_CIPHER_CTX_new.restype = library.EVP_aes_256_gcm.restype = ctypes.c_void_p
    return library


def seal_aes_gcm(key, nonce, clear, content):
    library = libcrypto()
    context, cipher = ctypes.c_void_p(library.EVP_CIPHER_CTX_new()), ctypes.c_void_p(library.EVP_aes_256_gcm())
    out, tag, size = ctypes.create_string_buffer(len(content)), ctypes.create_string_buffer(16), ctypes.c_int()
    EVP_CTRL_GCM_GET_TAG = 0x10
    try:
        for done in (library.EVP_EncryptInit_ex(context, cipher, None, key, nonce),
                     library.EVP_EncryptUpdate(context, None, ctypes.byref(size), clear, len(clear)),
                     library.EVP_EncryptUpdate(context, out, ctypes.byref(size), content, len(content)),
                     library.EVP_EncryptFinal_ex(context, None, ctypes.byref(size)),
                     library.EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag)):
            check(done == 1, "libcrypto seals")
    finally:
        library.EVP_CIPHER_CTX_free(context)
    return out.raw + tag.raw


class Sealer:
    """Seals records as the client itself would, from its traffic secret (RFC 8446 sections 5.2, 7.1, 7.3)."""

    def __init__(self, secret):
        self.secret = secret
        self.derive()

    def seal(self, kind, content, padding=0):
        inner = content + bytes([kind]) + bytes(padding)
        head = struct.pack(">BHH", DATA, TLS_1_2, len(inner) + 16)
        nonce = bytes(a ^ b for a, b in zip(self.iv, self.number.to_bytes(12, "big")))
        self.number += 1
        return head + seal_aes_gcm(self.key, nonce, head, inner)

    def update(self):
        """The next key, as after a KeyUpdate."""
        self.secret = self.expand(b"traffic upd", 48)
        self.derive()

    def derive(self):
        self.key, self.iv, self.number = self.expand(b"key", 32), self.expand(b"iv", 12), 0

    def expand(self, label, size):
        info = struct.pack(">H", size) + sized(1, b"tls13 " + label) + sized(1, b"")
        return hmac.digest(self.secret, info + b"\1", "sha384")[:size]


class RawTls(Raw):
    """Has shaken hands as it should, and from there on sends what it is given as it is."""

    def __init__(self, port, prepare=lambda context: None):
        super().__init__(port)
        context = trusts_anyone()
        prepare(context)
        with tempfile.NamedTemporaryFile("r", prefix="parley-tls-") as secrets:
            context.keylog_filename = secrets.name
            self.received, self.to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
            self.tls = context.wrap_bio(self.received, self.to_send)
            while not self.finished():
                self.flush()
                self.take()
            self.flush()
            lines = dict(line.split(None, 1) for line in secrets.read().splitlines() if line[0] != "#")
        check(self.tls.cipher()[0] == "TLS_AES_256_GCM_SHA384", self.tls.cipher())
        self.sealer = Sealer(bytes.fromhex(lines["CLIENT_TRAFFIC_SECRET_0"].split()[1]))

    def finished(self):
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def flush(self):
        self.send(self.to_send.read())

    def take(self):
        piece = self.socket.recv(65536)
        self.received.write(piece) if piece else self.received.write_eof()

    def seal(self, kind, content, padding=0):
        return self.send(self.sealer.seal(kind, content, padding))

    def hear(self, size):
        """So many bytes of data; fewer where it ends before."""
        heard = b""
        while len(heard) < size:
            try:
                piece = self.tls.read(size - len(heard))
                if not piece:
                    break
                heard += piece
            except ssl.SSLWantReadError:
                self.take()
        return heard

    def end(self):
        """How the relay ends it: the word of its alert, "closed" after an orderly end, "cut" without a word."""
        try:
            while self.tls.read(65536):
                pass
        except ssl.SSLWantReadError:
            try:
                self.take()
            except ConnectionError:
                self.received.write_eof()
            return self.end()
        except ssl.SSLEOFError:
            return "cut"
        except ssl.SSLError as error:
            return error.reason
        return "closed"
