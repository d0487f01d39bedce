"""Hellos and records of TLS that no good client sends, to a real relay, while a room of others sings (FAULTS N)."""
import contextlib
import os
import shutil
import socket
import struct

from doors import *
from raw_tls import *
from transport_tests import Folder, TlsServer, openssl, self_signed
from websocket_tests import GOOD


# --- TLS: the first hello ---

def alert(number):
    FATAL = 2
    return [(ALERT, bytes([FATAL, number]))]


def tls_raw(relay, scheme):
    return contextlib.closing(Raw(relay.at[scheme]))


def expect_answers(relay, answer, openers):
    """These records come in return, and then the end of the connection."""
    for scheme in SECURED:
        for name, said in openers.items():
            with tls_raw(relay, scheme) as raw:
                heard = list(records_of(heard_until_end(say(raw, said))))
                check(heard == answer, f"{scheme}: {name}: {heard}, not {answer}")


def server_hello(raw):
    """The content of the first record, which has to be one: (random, extensions by kind)."""
    kind, _, size = struct.unpack(">BHH", raw._exactly(5))
    said = raw._exactly(size)
    check(kind == HANDSHAKE and said[0] == SERVER_HELLO, f"{kind}: {said}")
    after_session = 4 + 2 + 32 + 1 + said[38]
    extensions, rest = {}, said[after_session + 2 + 1 + 2:]
    while rest:
        size = int.from_bytes(rest[2:4], "big")
        extensions[int.from_bytes(rest[:2], "big")], rest = rest[4:4 + size], rest[4 + size:]
    return said[6:38], extensions


def expect_hellos(relay, openers):
    """The twins: a hello is answered with the relay's own."""
    for scheme in SECURED:
        for name, said in openers.items():
            with tls_raw(relay, scheme) as raw:
                server_hello(raw.send(said))


def hello_record(**shape):
    return record(HANDSHAKE, hello(**shape))


def ssl_2(version):
    """A length with its highest bit, type 1, a version, three ciphers, a challenge."""
    return b"\x80\x22\x01" + struct.pack(">H", version) + b"\x00\x09\x00\x00\x00\x10\x01\x00\x80\x02\x00\x80\x06\x00\x40" + bytes(16)


def n01_older_versions_are_refused_and_never_agreed_on():  # FAULTS N01
    relay = Doors()
    offered = ((TLS_1_2,), (TLS_1_1,), (TLS_1_0,), (0x0300,), (0x0002,), (TLS_1_0, TLS_1_1, TLS_1_2), (0x0305,), (0x7f1c,))
    refused = {
        **{f"{versions}": hello_record(versions=versions) for versions in offered},
        "as TLS 1.2 says it": hello_record(versions=()),
        "as TLS 1.0 says it": hello_record(versions=(), legacy_version=TLS_1_0),
        "TLS 1.4 as TLS 1.2 says it": hello_record(versions=(), legacy_version=0x0305),
        "SSL 2": ssl_2(2),
        "SSL 2 that speaks of TLS 1.3": ssl_2(TLS_1_3),
    }

    def attack():
        expect_answers(relay, alert(PROTOCOL_VERSION), refused)
        expect_answers(relay, alert(HANDSHAKE_FAILURE), {"as SSL 3 says it": hello_record(versions=(), legacy_version=0x0300)})
        for scheme in SECURED:
            for versions in ((TLS_1_3,), (TLS_1_2, TLS_1_3), (TLS_1_0, TLS_1_2, TLS_1_3, 0x0305)):
                with tls_raw(relay, scheme) as raw:
                    chance, extensions = server_hello(raw.send(hello_record(versions=versions)))
                check(extensions[43] == struct.pack(">H", TLS_1_3), f"{scheme}: {versions}: {extensions}")
                # RFC 9846 section 4.1.3: what a server says that was brought down.
                check(chance[-8:-1] != b"DOWNGRD", f"{scheme}: {versions}: {chance}")
    played(relay, attack)


def n03_weak_groups_signatures_and_compression_are_refused():  # FAULTS N03
    relay = Doors()
    weak = {f"group {group}": hello_record(groups=(group,)) for group in (P_384, P_521, X448, FFDHE_2048, 1, 19, 0x0a0a)}
    weak |= {f"signature {signature:#x}": hello_record(signatures=(signature,)) for signature in (0x0203, 0x0201, 0x0101, 0x0401, 0x0402, 0x0804)}
    compression = {f"compression {methods}": hello_record(compression=methods) for methods in (b"\1", b"\1\0", b"\0\1", b"\x40")}
    strong_too = hello_record(groups=(X25519, P_384, FFDHE_2048), signatures=(0x0203, ECDSA_SHA256))

    def attack():
        expect_answers(relay, alert(HANDSHAKE_FAILURE), weak)
        expect_answers(relay, alert(ILLEGAL_PARAMETER), compression)
        expect_hellos(relay, {"as it should be": hello_record(), "weak ones beside": strong_too})
    played(relay, attack)


def n05_first_records_that_are_none_end_it():  # FAULTS N03, N05
    relay = Doors()
    whole = hello()
    silent = {"a request": GOOD, "a Join": come_in(), "zeros": bytes(300), "mail": b"EHLO relay.example.org\r\n", "SSH": b"SSH-2.0-parley\r\n"}
    too_long = {f"a length of {size}": record(HANDSHAKE, b"", size) for size in (MOST_CONTENT + 1, MOST_CONTENT + 256, MOST_CONTENT + 257, 2**16 - 1)}
    too_long["a hello of 2^14 and one byte"] = record(HANDSHAKE, message(CLIENT_HELLO, bytes(MOST_CONTENT - 3)))
    unexpected = {f"a record of kind {kind}": record(kind, b"\1\2") for kind in (CHANGE_CIPHER_SPEC, ALERT, DATA, 24, 99, 255)}
    unexpected |= {f"a message of kind {kind}": record(HANDSHAKE, message(kind, whole[4:])) for kind in (0, 2, 4, 8, 11, 15, 20, 24, 254)}
    damaged = {f"a hello of {size} bytes": record(HANDSHAKE, message(CLIENT_HELLO, whole[4:4 + size])) for size in range(0, len(whole) - 4, 7)}
    damaged["a byte left over"] = record(HANDSHAKE, message(CLIENT_HELLO, whole[4:] + b"\0"))
    far_too_long = {"a hello of 16 MiB": record(HANDSHAKE, bytes([CLIENT_HELLO]) + b"\xff\xff\xff" + bytes(100))}

    def attack():
        for answer, openers in (([], silent), (alert(RECORD_OVERFLOW), too_long), (alert(UNEXPECTED_MESSAGE), unexpected),
                                (alert(DECODE_ERROR), damaged), (alert(ILLEGAL_PARAMETER), far_too_long)):
            expect_answers(relay, answer, openers)
        expect_hellos(relay, {"a whole one": record(HANDSHAKE, whole)})
    played(relay, attack)


def has_had_a_turn(witness):
    """What came before this has been read."""
    witness.send(frame(6)).receive_kind(PONG_FRAME)


def n05_a_first_hello_may_come_in_any_pieces():  # FAULTS N05
    relay = Doors()

    def attack():
        with guest_at(relay) as witness:
            witness.comes_in(os.urandom(32))
            for scheme in SECURED:
                for at in range(1, len(hello_record())):
                    with tls_raw(relay, scheme) as raw:
                        said = hello_record()
                        raw.send(said[:at])
                        has_had_a_turn(witness)
                        server_hello(raw.send(said[at:]))
        expect_hellos(relay, {"records of a byte": b"".join(record(HANDSHAKE, bytes([byte])) for byte in hello())})
    played(relay, attack)


def n04_a_hello_that_is_cut_is_answered_with_an_alert_or_not_at_all():  # FAULTS N04
    relay = Doors()

    def attack():
        for scheme in SECURED:
            said = hello_record()
            for at in range(0, len(said), 5):
                with tls_raw(relay, scheme) as raw:
                    raw.send(said[:at]).socket.shutdown(socket.SHUT_WR)
                    heard = list(records_of(heard_until_end(raw)))
                    check(heard == alert(DECODE_ERROR), f"{scheme}: an end after {at} bytes: {heard}")
                with tls_raw(relay, scheme) as raw:
                    raw.send(said[:at]).reset()
            with tls_raw(relay, scheme) as raw:
                server_hello(raw.send(said))
                raw.socket.shutdown(socket.SHUT_WR)
                heard_until_end(raw)
            with tls_raw(relay, scheme) as raw:
                server_hello(raw.send(said))
                raw.reset()
    played(relay, attack)


def n05_handshakes_that_stop_are_cut_at_the_deadline():  # FAULTS F07, N05
    relay = Doors(*IMPATIENT)
    said = hello_record()
    table = [(name, "tls", opener) for name, opener in
             (("nothing", b""), ("a byte", said[:1]), ("the head of a record", said[:5]), ("half a hello", said[:60]), ("all but a byte", said[:-1]),
              ("an empty record", record(HANDSHAKE, b"")), ("a record of 2^14 bytes that does not come", record(HANDSHAKE, b"", MOST_CONTENT)))]

    def attack():
        with contextlib.ExitStack() as stack:
            answered = [stack.enter_context(tls_raw(relay, scheme)).send(hello_record()) for scheme in SECURED]
            for raw in answered:
                server_hello(raw)
            expect_cut_at_the_deadline(relay, table)
            for raw in answered:
                check(all(kind in (CHANGE_CIPHER_SPEC, DATA) for kind, _ in records_of(heard_until_end(raw))), "nothing more comes of it")
    played(relay, attack)


# --- TLS: what comes behind the handshake ---

def sealed_at(relay):
    return contextlib.closing(RawTls(relay.at["tls"]))


def comes_in_sealed(raw):
    raw.seal(DATA, come_in())
    check(raw.hear(4 + 51)[4] == WELCOME, "its Join is answered")
    return raw


def expect_ends(relay, table):
    """How it ends for records (kind, content, padding) behind a Join."""
    for name, records, end in table:
        with sealed_at(relay) as raw:
            comes_in_sealed(raw)
            for one in records:
                raw.seal(*one)
            heard = raw.end()
            check(heard.endswith(end), f"{name}: {heard}, not {end}")


def expect_pongs(relay, table):
    """The twins: with these records in front a Ping is answered."""
    for name, records in table:
        with sealed_at(relay) as raw:
            comes_in_sealed(raw)
            for one in [*records, (DATA, frame(6))]:
                raw.seal(*one)
            check(raw.hear(5) == PINGED, f"{name}: it goes on")


def n03_nothing_is_negotiated_again():  # FAULTS N03, N08
    relay = Doors()
    messages = {
        "a second hello": hello(),
        "a second hello of TLS 1.2": hello(versions=()),
        "a request for a hello": message(0, b""),
        "a ticket": message(4, b""),
        "an end of early data": message(5, b""),
        "a certificate that nobody asked for": message(11, bytes(4)),
        "a request for one": message(13, bytes(3)),
        "a Finished": message(20, bytes(48)),
        "no message": b"",
    }
    table = [(name, [(HANDSHAKE, content)], "ALERT_UNEXPECTED_MESSAGE") for name, content in messages.items()]
    table += [("another cipher from here on", [(CHANGE_CIPHER_SPEC, b"\1")], "ALERT_UNEXPECTED_MESSAGE"),
              ("a record of no kind", [(99, b"x")], "ALERT_UNEXPECTED_MESSAGE")]

    def attack():
        expect_ends(relay, table)
        expect_pongs(relay, [("nothing in front", [])])
    played(relay, attack)


def n04_a_stream_that_is_cut_delivers_no_part_of_a_message_whatever_carries_it():  # FAULTS N04, R04
    relay = Doors()
    whole, half = post(1, b"whole" * 100), post(2, b"half" * 500)[:1000]

    def expect_the_whole(reader, writer_ends, name):
        check(reader.bodies(1) == [b"whole" * 100], f"{name}: what came whole is delivered")
        writer_ends()
        # Its seat goes, and nothing came of the half.
        while (got := reader.receive())[0] != SEAT or got[1][16] != 2:
            check(got[0] != DELIVER, f"{name}: nothing of the half")

    def sealed_ends(room, *pieces):
        """Between the pieces everything that came is read."""
        with guest_at(relay) as reader, sealed_at(relay) as raw:
            reader.comes_in(room)
            raw.seal(DATA, join(room, os.urandom(16), grace=0) + whole)

            def ends():
                for piece in pieces:
                    raw.send(piece(raw.sealer))
                raw.socket.shutdown(socket.SHUT_WR)
            expect_the_whole(reader, ends, "sealed")

    def attack():
        for scheme in EVERY:
            for name, end in (("an end", lambda writer: writer.socket.shutdown(socket.SHUT_WR)), ("a reset", Guest.reset)):
                room = os.urandom(32)
                with guest_at(relay) as reader, guest_at(relay, scheme) as writer:
                    reader.comes_in(room)
                    writer.comes_in(room).send(whole)
                    expect_the_whole(reader, lambda: end(writer.send(half)), f"{scheme}, {name}")
        sealed_ends(os.urandom(32), lambda sealer: sealer.seal(DATA, half)[:-10])
        sealed_ends(os.urandom(32), lambda sealer: sealer.seal(DATA, half), lambda sealer: sealer.seal(ALERT, b"\1\0"))
        sealed_ends(os.urandom(32), lambda sealer: sealer.seal(DATA, half[:500]), lambda sealer: sealer.seal(DATA, half[500:])[:3])
    played(relay, attack)


def n05_records_have_a_size_and_may_come_in_any_pieces():  # FAULTS N05
    relay = Doors()
    # Sealed, one may have 256 bytes more: its kind, 16 of the tag, and padding.
    most_padded = MOST_CONTENT + 256 - 17
    full = post(1, bytes(MOST_CONTENT - 29))
    over, empty = "ALERT_RECORD_OVERFLOW", (DATA, b"")
    ends = [("2^14 bytes and one", [(DATA, full + b"\0")], over),
            ("padded beyond the limit", [(DATA, full[:100], most_padded - 99)], over),
            ("nothing but content", [(DATA, bytes(most_padded))], over),
            ("33 empty records in a row", [empty] * 33, "ALERT_UNEXPECTED_MESSAGE")]
    pongs = [("2^14 bytes", [(DATA, full)]),
             ("padded up to the limit", [(DATA, frame(2, b"c"), most_padded - 6)]),
             ("32 empty records", [empty] * 32)]

    def attack():
        expect_ends(relay, ends)
        expect_pongs(relay, pongs)
        for name, said, end in (("a length beyond the limit", record(DATA, b"", MOST_CONTENT + 257), over),
                                ("garbage", record(DATA, os.urandom(100)), "ALERT_BAD_RECORD_MAC"),
                                ("a record in the clear", record(HANDSHAKE, hello()), "ALERT_UNEXPECTED_MESSAGE")):
            with sealed_at(relay) as raw:
                comes_in_sealed(raw).send(said)
                heard = raw.end()
                check(heard.endswith(end), f"{name}: {heard}, not {end}")
        with guest_at(relay) as witness, sealed_at(relay) as raw:
            witness.comes_in(os.urandom(32))
            comes_in_sealed(raw)
            for at in range(1, len(frame(6)) + 1 + 16 + 5):
                sealed = raw.sealer.seal(DATA, frame(6))
                raw.send(sealed[:at])
                has_had_a_turn(witness)
                check(raw.send(sealed[at:]).hear(5) == PINGED, f"split at {at}")
    played(relay, attack)


def n06_nobody_goes_on_with_an_earlier_session():  # FAULTS N06
    relay = Doors()

    def session_of(port, earlier=None):
        """What there is after a word of the server, and whether it went on with an earlier one."""
        with once.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE), session=earlier) as tls:
            tls.sendall(come_in())
            tls.recv(65536)
            return tls.session, tls.session_reused
    once = trusts_anyone()

    def attack():
        session, _ = session_of(relay.at["tls"])
        check(not session.has_ticket, "no ticket is given")
        check(not session_of(relay.at["tls"], session)[1], "and nothing is remembered")
        for scheme in SECURED:
            for more in (unknown_session(), extension(42, b"") + unknown_session(), extension(35, os.urandom(100))):
                with tls_raw(relay, scheme) as raw:
                    _, extensions = server_hello(raw.send(hello_record(more=more)))
                    check(set(extensions) == {43, 51}, f"{scheme}: it begins anew: {extensions}")
    played(relay, attack)
    # The twin: another server's ticket is seen.
    with Folder() as folder:
        server = TlsServer(*self_signed(folder, "generous"))
        session, _ = session_of(server.port)
        check(session.has_ticket and session_of(server.port, session)[1], "where there are tickets, they are found")


def n07_a_flood_of_key_updates_ends():  # FAULTS N07
    relay = Doors()
    not_requested, requested = message(24, b"\0"), message(24, b"\1")

    def updated(raw, count, update):
        """So many, and a Ping behind them."""
        sealed = []
        for _ in range(count):
            sealed.append(raw.sealer.seal(HANDSHAKE, update))
            raw.sealer.update()
        say(raw, b"".join([*sealed, raw.sealer.seal(DATA, frame(6))]))

    def attack():
        for update in (not_requested, requested):
            for count in (1, 64, 65, 2000):
                with sealed_at(relay) as raw:
                    comes_in_sealed(raw)
                    updated(raw, count, update)
                    if count <= 64:
                        check(raw.hear(5) == PINGED, f"{count} of {update} are followed")
                    else:
                        # Who sends on is reset, and may miss the last word.
                        heard = raw.end()
                        check(heard == "closed" or (count > 65 and heard == "cut"), f"{count} of {update}: {heard}")
        expect_ends(relay, [("two in a record", [(HANDSHAKE, 2 * not_requested)], "ALERT_UNEXPECTED_MESSAGE"),
                            ("one that asks for something unknown", [(HANDSHAKE, message(24, b"\2"))], "ALERT_ILLEGAL_PARAMETER"),
                            ("one of no length", [(HANDSHAKE, message(24, b""))], "ALERT_DECODE_ERROR")])
    played(relay, attack)


def run_openssl(*words):
    openssl("version")
    return Program(shutil.which("openssl"), *words)


def openssl_client(port, *words):
    return run_openssl("s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", *words)


def openssl_server(folder, *words):
    """With the port that it has."""
    certificate, key = self_signed(folder, "server")
    server = run_openssl("s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-tls1_3", *words)
    line = wait_until(lambda: next((line for line in server.out if line.startswith("ACCEPT")), None), "its line")
    return int(line.rsplit(":", 1)[1])


def n03_data_before_the_handshake_is_thrown_away():  # FAULTS N03
    relay = Doors()
    early_room, room = os.urandom(32), os.urandom(32)
    with Folder() as folder, guest_at(relay) as early_witness, guest_at(relay) as witness:
        early_witness.comes_in(early_room)
        witness.comes_in(room)
        with open(folder("early"), "wb") as file:
            file.write(join(early_room, os.urandom(16)) + frame(6))
        # The twin gives the session that is needed, and takes what comes early.
        twin = openssl_server(folder, "-early_data", "-max_early_data", "16384", "-no_anti_replay")
        first_time = openssl_client(twin, "-sess_out", folder("session"))
        wait_until(lambda: os.path.exists(folder("session")) and os.path.getsize(folder("session")), "a ticket")
        wait_until(lambda: open(folder("session")).read().endswith("END SSL SESSION PARAMETERS-----\n"), "all of it")
        first_time.kill()
        early = ("-sess_in", folder("session"), "-early_data", folder("early"))
        openssl_client(twin, *early).wait_out("Early data was accepted")

        def attack():
            client = openssl_client(relay.at["tls"], *early)
            client.wait_out("Early data was rejected")
            client.process.stdin.write(join(room, os.urandom(16), grace=0))
            client.process.stdin.flush()
            check(witness.receive_kind(SEAT)[16] == 0, "what comes at its time is heard")
            check(early_witness.so_far() == [], "what came early is not")
            client.kill()
            check(witness.receive_kind(SEAT)[16] == 2, "it goes")
        played(relay, attack)


def n08_no_certificate_of_a_client_is_asked_for():  # FAULTS N08
    relay = Doors()
    with Folder() as folder:
        certificate, key = self_signed(folder, "client")

        def asked(port):
            client = openssl_client(port, "-cert", certificate, "-key", key, "-msg")
            wait_until(lambda: any(line.startswith(">>>") and "Finished" in line for line in client.out), "a handshake")
            client.kill()
            messages = [line.rsplit(", ", 1)[1] for line in client.out if line[:3] in ("<<<", ">>>") and "Handshake" in line]
            return "CertificateRequest" in messages, messages.count("Certificate")

        def attack():
            for scheme in SECURED:
                check(asked(relay.at[scheme]) == (False, 1), f"{scheme}: none is asked for, and the only one is the relay's")
        played(relay, attack)
        check(asked(openssl_server(folder, "-verify", "1")) == (True, 2), "the twin: a server that asks is given one")


if __name__ == "__main__":
    main(globals())
