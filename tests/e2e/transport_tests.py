"""TLS, WebSocket and proxies with the real programs (FAULTS N, W, O12). Certificates are made at run time."""
import contextlib
import hashlib
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from crowd_tests import beside
from support import *


class Folder:
    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="parley-tls-")
        return self

    def __exit__(self, *_):
        Program.end_all()  # who may still write there
        shutil.rmtree(self.path)

    def __call__(self, name):
        return os.path.join(self.path, name)


def openssl(*words):
    try:
        return subprocess.run(["openssl", *words], check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise Skip("the openssl program is missing")


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def self_signed(folder, name, alt="IP:127.0.0.1", days="1"):
    key, certificate = folder(name + ".key"), folder(name + ".pem")
    openssl("req", "-x509", *NEW_KEY, "-keyout", key, "-out", certificate, "-subj", "/CN=" + name, "-days", days,
            "-addext", "subjectAltName=" + alt)
    os.chmod(key, 0o600)
    return certificate, key


class Authority:
    def __init__(self, folder):
        self.folder = folder
        self.certificate, self.key = self_signed(folder, "authority", "DNS:authority")
        self.trusted = {**os.environ, "SSL_CERT_FILE": self.certificate, "SSL_CERT_DIR": folder.path}

    def vouch(self, name, alt, days="1"):
        key, request, certificate, extension = (self.folder(name + end) for end in (".key", ".csr", ".pem", ".ext"))
        openssl("req", *NEW_KEY, "-keyout", key, "-out", request, "-subj", "/CN=" + name)
        with open(extension, "w") as file:
            file.write("subjectAltName=" + alt)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-set_serial", "7",
                "-days", days, "-extfile", extension, "-out", certificate)
        os.chmod(key, 0o600)
        return certificate, key


def pin_of(certificate):
    public = openssl("x509", "-in", certificate, "-pubkey", "-noout")
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=public, check=True, capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()[:32]


def with_a_door(scheme, *words):
    """A relay, the port of its address with this scheme, and whom to ask what became of it."""
    relay = Relay("--listen", f"{scheme}://127.0.0.1:0", *words)
    return relay, beside(relay, scheme), Oracle(relay)


class Served(Program):
    """A relay at an address with a scheme; `address` is what it says to hand out."""

    def __init__(self, scheme, *words, port=0):
        super().__init__("parley-relay", "--listen", f"{scheme}://127.0.0.1:{port or free_port()}", *words, stdin=False)
        self.address = self.start_line().split()[-1]
        self.port = int(self.address.rsplit(":", 1)[1])


def person(name, address, *words, **more):
    return Program("parley", *words, "--relay", address, "--name", name, "--no-host", "--plain", **more)


def meet(anna, ben):
    anna.wait_err("Secure channel established with ben#")
    ben.wait_err("Secure channel established with anna#")


def talk(anna, ben):
    meet(anna, ben)
    anna.say("hello ben")
    ben.wait_out("hello ben")
    ben.say("y" * 60_000)
    anna.wait_out("y" * 60_000)
    for one in (anna, ben):
        one.end_input()
        check(one.wait_exit() == 0, one.err)


def two_at(address, *words, **more):
    return [person(name, address, *words, **more) for name in ("anna", "ben")]


def ends_with(code, text, address, *words, environment=None):
    done = subprocess.run([os.path.join(BIN, "parley"), "--relay", address, "--plain", "--no-host", *words], input="secret\n",
                          capture_output=True, text=True, timeout=PATIENCE, env=environment)
    check(done.returncode == code, f"{address}: exit {done.returncode}, {done.stderr}")
    wrong = [line for line in done.stderr.splitlines() if not line.startswith("[*]")]
    check(len(wrong) == 1 and text in wrong[0], f"{address}: one line with {text!r}, not {wrong}")


def what_comes_along_with_the_end_of_a_handshake_is_read():
    """In one segment: OpenSSL has read it before anybody waits for it."""
    relay = Served("tls", "--join-deadline", "600")
    context = trusts_anyone()
    for _ in range(10):
        received, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(received, to_send)
        with socket.create_connection(("127.0.0.1", relay.port), PATIENCE) as raw:
            while not finished(tls):
                raw.sendall(to_send.read())
                received.write(raw.recv(65536))
            tls.write(join(os.urandom(32), os.urandom(16)))
            raw.sendall(to_send.read())
            received.write(raw.recv(65536))
            check(tls.read(5)[4] == 0x81, "its Join is answered")


def finished(tls):
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def two_people_talk_over_tls():
    talk(*two_at(Served("tls").address))


def two_people_talk_over_websocket():
    talk(*two_at(Served("ws").address))


def two_people_talk_over_websocket_in_tls():
    talk(*two_at(Served("wss").address))


def rooms_on_several_loops_are_one_relay_whatever_carries_them():
    for scheme in ("tls", "ws", "wss"):
        relay = Served(scheme, "--threads", "3")
        for _ in range(3):
            link = invitation(relay.address)
            anna, ben = (Program("parley", "join", link, "--name", name, "--no-host", "--plain") for name in ("anna", "ben"))
            talk(anna, ben)


def invitation(address, *words):
    done = subprocess.run([os.path.join(BIN, "parley"), "invite", "--print", "--relay", address, *words],
                          capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 0, done)
    return done.stdout.strip()


def an_invitation_carries_the_pin():
    relay = Served("tls")
    link = invitation(relay.address)
    check("#" in link and relay.address.split("//")[1].split("@")[0] not in link, "only behind #, and not as text")
    anna, ben = (Program("parley", "join", link, "--name", name, "--no-host", "--plain") for name in ("anna", "ben"))
    talk(anna, ben)
    stranger = Served("tls")  # another relay in its place
    wrong = invitation(relay.address.replace(f":{relay.port}", f":{stranger.port}"))
    done = subprocess.run([os.path.join(BIN, "parley"), "join", wrong, "--no-host", "--plain"], input="", capture_output=True,
                          text=True, timeout=PATIENCE)
    check(done.returncode == 4 and "another key" in done.stderr, done)


def n01_a_client_that_knows_tls_1_2_at_most_is_refused():  # FAULTS N01
    relay, port, oracle = with_a_door("tls")
    for version, accepted in ((ssl.TLSVersion.TLSv1_2, False), (ssl.TLSVersion.TLSv1_3, True)):
        context = trusts_anyone()
        context.maximum_version = version
        try:
            with context.wrap_socket(socket.create_connection(("127.0.0.1", port))) as raw:
                check(accepted and raw.version() == "TLSv1.3", f"{version}: {raw.version()}")
        except ssl.SSLError:
            check(not accepted, f"{version} is refused")
    oracle.holds()


def n01_no_older_protocol_is_spoken_to():  # FAULTS N01
    relay, port, oracle = with_a_door("tls")

    def speaks(version):
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", version, "-cipher", "ALL:@SECLEVEL=0"], input=b"",
                              capture_output=True, timeout=PATIENCE)
        return b"Cipher is TLS_" in done.stdout or b"BEGIN CERTIFICATE" in done.stdout
    openssl("version")
    check(speaks("-tls1_3"), "the twin: the search finds what is spoken")
    for version in ("-tls1", "-tls1_1", "-tls1_2"):
        check(not speaks(version), version)
    # A hello of SSL 2: a length with its highest bit, type 1, version 2, three ciphers, a challenge.
    ancient = Raw(port).send(b"\x80\x22\x01\x00\x02\x00\x09\x00\x00\x00\x10" + b"\x01\x00\x80\x02\x00\x80\x06\x00\x40" + bytes(16))
    heard = heard_until_end(ancient)
    check(heard == b"" or heard[:1] == b"\x15", f"an alert at most: {heard}")
    ancient.close()
    oracle.holds()


class TlsServer:
    """Some other server with that certificate, which says nothing."""

    def __init__(self, certificate, key, **settings):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        for name, value in settings.items():
            setattr(context, name, value)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard = b""  # of one after the other
        self.context = context
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            try:
                with self.context.wrap_socket(connection, server_side=True) as secured:
                    self.heard += secured.recv(65536)
            except OSError:
                pass


    def hears_nothing(self):
        """Of all that came before this last one."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as raw, trusts_anyone().wrap_socket(raw) as last:
            last.sendall(b"the last one")
            wait_until(lambda: self.heard.endswith(b"the last one"), lambda: f"the last one; it heard {self.heard}")
        return self.heard == b"the last one"


def n01_a_client_refuses_a_server_of_tls_1_2():  # FAULTS N01
    with Folder() as folder:
        server = TlsServer(*self_signed(folder, "old"), maximum_version=ssl.TLSVersion.TLSv1_2)
        ends_with(4, "no TLS 1.3", f"tls://127.0.0.1:{server.port}")
        check(server.hears_nothing(), "nothing was said to it")


def n02_a_relay_that_nobody_vouches_for_is_refused():  # FAULTS N02
    with Folder() as folder:
        authority = Authority(folder)
        with Folder() as others:
            stranger = Authority(others).vouch("stranger", "IP:127.0.0.1")
            table = ((authority.vouch("elsewhere", "DNS:elsewhere.example.org,IP:192.0.2.1"), "for another name"),
                     (authority.vouch("expired", "IP:127.0.0.1", days="-1"), "has expired"),
                     (self_signed(folder, "self"), "nobody this machine trusts"),
                     (stranger, "nobody this machine trusts"))
            for (certificate, key), line in table:
                server = TlsServer(certificate, key)
                ends_with(4, line, f"tls://127.0.0.1:{server.port}", environment=authority.trusted)
                check(server.hears_nothing(), f"{line}: nothing was said to it")
        # The twin: the same with a certificate for this address, from an authority this machine knows.
        certificate, key = authority.vouch("good", "IP:127.0.0.1")
        relay = Served("tls", "--certificate", certificate, "--key", key)
        check("@" not in relay.address, "no pin is needed: " + relay.address)
        talk(*two_at(relay.address, environment=authority.trusted))
        named = Served("tls", "--certificate", authority.vouch("local", "DNS:localhost")[0], "--key", folder("local.key"))
        talk(*two_at(f"tls://localhost:{named.port}", environment=authority.trusted))


def n02_another_pin_is_refused_whatever_the_certificate_says():  # FAULTS N02
    with Folder() as folder:
        authority = Authority(folder)
        certificate, key = authority.vouch("good", "IP:127.0.0.1")
        server = TlsServer(certificate, key)
        right = pin_of(certificate)
        wrong = ("0" if right[0] != "0" else "1") + right[1:]
        ends_with(4, "another key", f"tls://{wrong}@127.0.0.1:{server.port}", environment=authority.trusted)
        check(server.hears_nothing(), "nothing was said to it")
        # The twin: the right pin does, whoever signed and however long ago.
        expired = authority.vouch("expired", "DNS:elsewhere", days="-1")
        server = TlsServer(*expired)
        anna = person("anna", f"tls://{pin_of(expired[0])}@127.0.0.1:{server.port}")
        wait_until(lambda: server.heard, "a first frame")
        anna.kill()


def a_relay_that_comes_back_with_another_key_is_not_spoken_to():
    with Folder() as folder:
        relay = Served("tls", "--key", folder("one.pem"))
        anna, ben = two_at(relay.address)
        meet(anna, ben)
        relay.kill()
        anna.wait_err("Not connected")
        thief = Served("tls", "--key", folder("other.pem"), "--metrics", "127.0.0.1:0", port=relay.port)
        anna.say("said meanwhile")
        anna.wait_err("another key")
        ben.wait_err("another key")
        check(anna.alive() and thief.metric("parley_frames_in_total") == 0, "they wait, and nothing passes")
        thief.kill()
        again = Served("tls", "--key", folder("one.pem"), port=relay.port)
        check(again.address == relay.address, "the pin stays")
        ben.wait_out("said meanwhile")


class Between:
    """Carries bytes between clients and a relay, as a network that does what it wants."""

    def __init__(self, port, carry):
        self.port_behind, self.carry = port, carry
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.ends = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            front, _ = self.socket.accept()
            back = socket.create_connection(("127.0.0.1", self.port_behind))
            for one in (front, back):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.ends.append((front, back))
            for pair in ((front, back), (back, front)):
                threading.Thread(target=pump, args=(*pair, self.carry), daemon=True).start()

    def cut(self):
        for ends in self.ends:
            for end in ends:
                try:
                    end.shutdown(socket.SHUT_WR)
                except OSError:
                    pass


def through(relay, between):
    return relay.address.replace(f":{relay.port}", f":{between.port}")


def n05_records_may_come_byte_by_byte():  # FAULTS N05
    def drip(to, data):
        for i in range(len(data)):
            to.sendall(data[i:i + 1])
    relay, port, oracle = with_a_door("tls", "--handshake-deadline", "600", "--join-deadline", "600")
    address = relay.out[1].split()[-1]
    anna, ben = two_at(address.replace(f":{port}", f":{Between(port, drip).port}"))
    meet(anna, ben)
    anna.say("drop by drop")
    ben.wait_out("drop by drop")
    anna.kill()
    ben.kill()
    oracle.holds()


def n04_a_cut_stream_delivers_no_part_of_a_message():  # FAULTS N04
    relay, port, oracle = with_a_door("tls")
    room = os.urandom(32)

    def member():
        raw = Raw(port)
        raw.socket = trusts_anyone().wrap_socket(raw.socket)
        raw.send(join(room, os.urandom(16))).receive_kind(0x81)
        return raw
    reader, writer = member(), member()
    whole = post(1, b"whole" * 100)
    writer.send(whole + post(2, b"half" * 500)[:1000])
    os.close(writer.socket.detach())  # FIN, and no TLS close before it
    check(reader.bodies(1) == [b"whole" * 100], "what came whole is delivered")
    reader.send(frame(6))
    while True:
        kind, _ = reader.receive()
        check(kind != 0x83, "nothing of the half")
        if kind == 0x89:
            break
    reader.close()
    oracle.holds()


def n04_a_client_whose_stream_is_cut_comes_back_and_loses_nothing():  # FAULTS N04
    relay = Served("tls")
    between = Between(relay.port, lambda to, data: to.sendall(data))
    anna, ben = two_at(through(relay, between))
    meet(anna, ben)
    for i in range(3):
        between.cut()
        wait_until(lambda: sum("the connection to the relay was lost" in line for line in anna.err) > i, "a word of it")
        anna.say(f"after the cut {i}")
        ben.wait_out(f"after the cut {i}")
    check([line.split(": ", 1)[1] for line in ben.out] == [f"after the cut {i}" for i in range(3)], ben.out)


def a_flipped_bit_on_the_way_ends_the_connection_and_nothing_is_shown():
    relay, port, oracle = with_a_door("tls")
    room, flip = os.urandom(32), threading.Event()

    def carry(to, data):
        to.sendall(data[:-1] + bytes([data[-1] ^ 1]) if flip.is_set() else data)
    between = Between(port, carry)

    def member(port):
        raw = Raw(port)
        raw.socket = trusts_anyone().wrap_socket(raw.socket)
        raw.send(join(room, os.urandom(16))).receive_kind(0x81)
        return raw
    reader, writer = member(port), member(between.port)
    writer.send(post(1, b"as it was sent"))
    check(reader.bodies(1) == [b"as it was sent"], "the twin: without the flip it arrives")
    flip.set()
    writer.send(post(2, b"flipped"))
    check(ended(writer), "the connection ends")
    reader.send(frame(6))
    while (kind := reader.receive()[0]) != 0x89:
        check(kind != 0x83, "nothing is delivered")
    reader.close()
    oracle.holds()


def ended(raw):
    try:
        return raw.ended()
    except ssl.SSLError:
        return True


def n06_no_ticket_is_given_and_n08_no_certificate_asked_for():  # FAULTS N06, N08
    relay, port, oracle = with_a_door("tls")
    with Folder() as folder:
        process = subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-sess_out", folder("session"), "-ign_eof"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        process.stdin.write(join(os.urandom(32), os.urandom(16)))
        process.stdin.flush()
        said = b""
        while b"Welcome" not in said and b"\x81" not in said.split(b"Verify return code")[-1]:
            piece = os.read(process.stdout.fileno(), 65536)
            check(piece, said)
            said += piece
        process.kill()
        process.wait()
        check(b"No client certificate CA names sent" in said, said)
        check(b"New Session Ticket" not in said and not os.path.exists(folder("session")), "there is nothing to resume with")
        oracle.holds()


def f07_a_handshake_that_stalls_is_cut_at_its_deadline():  # FAULTS F07
    (_, tls, of_tls), (_, web, of_web) = (with_a_door(scheme, "--handshake-deadline", "1") for scheme in ("tls", "ws"))
    # The twin: one that has more time is still waited for.
    patient = Raw(Served("tls", "--handshake-deadline", "600", "--join-deadline", "600").port)
    begun = time.monotonic()
    stalled = [Raw(port).send(beginning) for port, beginning in ((tls, b"\x16\x03\x01"), (tls, b""), (web, b"GET / HT"), (web, b""))]
    for raw in stalled:
        try:
            while raw.socket.recv(4096):
                pass
        except ConnectionError:
            pass
    took = time.monotonic() - begun
    check(took > 0.9, f"after {took:.1f} s")
    check(not select.select([patient.socket], [], [], 0)[0], "one that has more time is still waited for")
    for oracle in (of_tls, of_web):
        oracle.holds()


def what_is_no_tls_and_no_request_is_closed_at_once():
    for scheme in ("tls", "ws", "wss"):
        relay = Served(scheme, "--handshake-deadline", "600", "--join-deadline", "600")
        for garbage in (b"GET / HTTP/1.0\r\n\r\n", join(os.urandom(32), os.urandom(16)) + b"\r\n\r\n", b"\0" * 5000, os.urandom(9000)):
            raw = socket.create_connection(("127.0.0.1", relay.port))
            raw.settimeout(PATIENCE)
            try:
                raw.sendall(garbage)
                with contextlib.suppress(OSError):  # it may have ended already
                    raw.shutdown(socket.SHUT_WR)
                while data := raw.recv(65536):
                    check(b"101 Switching" not in data, data)
            except ConnectionError:
                pass
        talk(*two_at(relay.address))


def o12_bad_files_are_one_line_at_the_start():  # FAULTS O12
    with Folder() as folder:
        certificate, key = self_signed(folder, "one")
        other, _ = self_signed(folder, "other")
        shutil.copy(key, folder("open.key"))
        os.chmod(folder("open.key"), 0o644)
        with open(folder("damaged.pem"), "w") as file:
            file.write("-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n")
        expired, expired_key = Authority(folder).vouch("expired", "IP:127.0.0.1", days="-1")
        table = (((certificate, folder("open.key")), 1, "chmod 600"), ((other, key), 1, "another key"),
                 ((folder("none.pem"), key), 1, "cannot be read"), ((certificate, folder("none.key")), 1, "cannot be read"),
                 ((folder("damaged.pem"), key), 1, "no certificate"), ((expired, expired_key), 1, "expired"),
                 ((certificate, certificate), 1, ""))
        for (one, two), code, line in table:
            done = subprocess.run([os.path.join(BIN, "parley-relay"), "--listen", "tls://127.0.0.1:0", "--certificate", one, "--key", two],
                                  capture_output=True, text=True, timeout=PATIENCE)
            check(done.returncode == code and line in done.stderr and len(done.stderr.splitlines()) == 1, (one, two, done))
        done = subprocess.run([os.path.join(BIN, "parley-relay"), "--listen", "tls://127.0.0.1:0", "--certificate", certificate],
                              capture_output=True, text=True, timeout=PATIENCE)
        check(done.returncode == 2 and "key is missing" in done.stderr, done)


def o12_sighup_reads_the_files_again_and_a_bad_one_changes_nothing():  # FAULTS O12
    with Folder() as folder:
        certificate, key = self_signed(folder, "relay")
        relay = Served("tls", "--certificate", certificate, "--key", key)
        anna, ben = two_at(relay.address)
        meet(anna, ben)
        with open(certificate, "w") as file:
            file.write("half a certif")
        relay.process.send_signal(signal.SIGHUP)
        relay.wait_err("the certificate in use stays")
        clara = person("clara", relay.address)
        clara.wait_err("Connected")
        self_signed(folder, "relay")
        relay.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(relay.out) == 2, "the new address")
        fresh = relay.out[1].split()[-1]
        check(fresh != relay.address and pin_of(certificate) in fresh, (fresh, relay.address))
        anna.say("who was here stays")
        ben.wait_out("who was here stays")
        person("dora", fresh).wait_err("Connected")
        ends_with(4, "another key", relay.address)


def a_kept_key_is_the_owners_alone_and_keeps_its_pin():
    with Folder() as folder:
        first = Served("tls", "--key", folder("key.pem"))
        check(os.stat(folder("key.pem")).st_mode & 0o777 == 0o600, "its owner alone reads it")
        first.kill()
        check(Served("tls", "--key", folder("key.pem"), port=first.port).address == first.address, "the pin stays")
        check(Served("tls").address.split("@")[0] != first.address.split("@")[0], "without a file each start has another")


def beyond_this_machine_there_is_no_connection_without_tls():
    with Folder() as folder:
        plain = invitation("tcp://192.0.2.1:1")
        for words in (["--relay", "tcp://192.0.2.1:1"], ["--relay", "ws://relay.example.org:1"], ["join", plain]):
            done = subprocess.run([os.path.join(BIN, "parley"), *words, "--plain", "--no-host"], input="", capture_output=True, text=True, timeout=PATIENCE)
            check(done.returncode == 2 and "--insecure" in done.stderr, (words, done))
        done = subprocess.run([os.path.join(BIN, "parley"), "--relay", "abcdef.onion:1", "--plain"], input="", capture_output=True, text=True, timeout=PATIENCE)
        check(done.returncode == 2 and "--proxy" in done.stderr, done)


# --- proxies ---

class Socks:
    """A SOCKS5 proxy that knows one name, and notes what it was asked."""

    def __init__(self, names, user=False):
        self.names, self.user, self.asked, self.users = names, user, [], []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.negotiate, args=(connection,), daemon=True).start()

    def negotiate(self, front):
        def read(size):
            data = b""
            while len(data) < size:
                piece = front.recv(size - len(data))
                if not piece:
                    raise EOFError
                data += piece
            return data
        try:
            read(read(2)[1])
            front.sendall(b"\5\2" if self.user else b"\5\0")
            if self.user:
                self.users.append(read(read(2)[1]))
                read(read(1)[0])
                front.sendall(b"\1\0")
            kind = read(4)[3]
            host = {1: lambda: socket.inet_ntoa(read(4)), 3: lambda: read(read(1)[0]).decode(),
                    4: lambda: socket.inet_ntop(socket.AF_INET6, read(16))}[kind]()
            port = int.from_bytes(read(2), "big")
            self.asked.append((kind, host, port))
            if host not in self.names:
                return front.sendall(b"\5\4\0\1" + bytes(6))
            back = socket.create_connection((self.names[host], port))
            front.sendall(b"\5\0\0\1" + bytes(6))
        except (EOFError, OSError):
            return front.close()
        threading.Thread(target=pump, args=(front, back), daemon=True).start()
        pump(back, front)


def names_are_resolved_by_the_proxy_and_rooms_are_kept_apart():
    relay = Served("tls")
    proxy = Socks({"relay.invalid": "127.0.0.1", "abcdef.onion": "127.0.0.1"}, user=True)
    through_it = ("--proxy", f"socks5://127.0.0.1:{proxy.port}")
    talk(*two_at(relay.address.replace("127.0.0.1", "relay.invalid"), *through_it))
    check(set(proxy.asked) == {(3, "relay.invalid", relay.port)}, proxy.asked)
    check(len(set(proxy.users)) == len(proxy.users) >= 2, "each connection has a name of its own")
    plain = Served("tcp")
    talk(*two_at(f"abcdef.onion:{plain.port}", *through_it))


def there_is_no_way_around_a_proxy():
    relay = Served("tcp")
    ends_with(3, "the proxy does not answer", relay.address, "--proxy", f"socks5://127.0.0.1:{free_port()}")
    stubborn = Socks({})
    ends_with(3, "cannot find or reach", relay.address, "--proxy", f"socks5://127.0.0.1:{stubborn.port}")
    check(stubborn.asked == [(1, "127.0.0.1", relay.port)], stubborn.asked)
    ends_with(2, "socks5://HOST:PORT", relay.address, "--proxy", "http://127.0.0.1:1")
    # The twin: without the proxy there is a way.
    talk(*two_at(relay.address))
    # Nor does a run with a proxy become the relay that it does not find.
    done = subprocess.run([os.path.join(BIN, "parley"), "--relay", f"127.0.0.1:{free_port()}", "--plain", "--proxy", f"socks5://127.0.0.1:{stubborn.port}"],
                          input="", capture_output=True, text=True, timeout=PATIENCE)
    check(done.returncode == 3 and "hosting" not in done.stderr, done)


# --- finding WebSocket ---

def a_client_finds_websocket_by_itself():
    relay = Served("ws")
    anna, ben = two_at(f"127.0.0.1:{relay.port}")
    anna.wait_err("next with WebSocket")
    talk(anna, ben)


def a_client_finds_websocket_behind_a_web_server_by_itself():
    relay = Served("ws")
    with Folder() as folder:
        certificate, key = self_signed(folder, "front")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        context.set_alpn_protocols(["h2", "http/1.1"])
        front = socket.create_server(("127.0.0.1", 0))

        def serve():
            while True:
                connection, _ = front.accept()
                try:
                    secured = context.wrap_socket(connection, server_side=True)
                except OSError:
                    continue
                back = socket.create_connection(("127.0.0.1", relay.port))
                for pair in ((secured, back), (back, secured)):
                    threading.Thread(target=pump, args=pair, daemon=True).start()
        threading.Thread(target=serve, daemon=True).start()
        anna, ben = two_at(f"tls://{pin_of(certificate)}@127.0.0.1:{front.getsockname()[1]}")
        talk(anna, ben)
        check(not any("next with WebSocket" in line for line in anna.err), "at once, not at the second attempt")


def a_port_of_both_takes_both():
    relay = Served("wss")
    anna = person("anna", relay.address)
    ben = person("ben", relay.address.replace("wss://", "tls://"))
    talk(anna, ben)


def w10_a_page_connects_only_where_it_is_allowed():  # FAULTS W10
    relay, port, oracle = with_a_door("ws", "--origin", "https://chat.example.org")
    for origin, answer in (("https://chat.example.org", b"101"), ("https://evil.example.org", b"403"), (None, b"101")):
        raw = socket.create_connection(("127.0.0.1", port))
        raw.settimeout(PATIENCE)
        field = f"Origin: {origin}\r\n" if origin else ""
        raw.sendall(("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{field}\r\n").encode())
        check(raw.recv(4096).startswith(b"HTTP/1.1 " + answer), origin)
        raw.close()
    oracle.holds()


def an_idle_tls_connection_costs_little():
    if os.environ.get("PARLEY_SANITIZED"):
        raise Skip("a sanitizer keeps more")
    relay = Served("tls")
    context = trusts_anyone()

    def many(count):
        raws = []
        for _ in range(count):
            raw = Raw(relay.port)
            raw.socket = context.wrap_socket(raw.socket)
            raws.append(raw.send(join(os.urandom(32), os.urandom(16))))
            raw.receive_kind(0x81)
        return raws
    first = many(50)  # what the first ones cost is not theirs
    before = rss_kib(relay.pid)
    more = many(400)
    each = (rss_kib(relay.pid) - before) / len(more)
    print(f"{each:.1f} KiB for each joined TLS connection with a room of its own")
    check(each <= 26, f"{each} KiB, of which a plain one has 4")
    check(first and more, "they stay until here")


if __name__ == "__main__":
    main(globals())
