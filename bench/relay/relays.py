"""The relays that are measured: how each is started on loopback, with a configuration of its own."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited in vain for {what}")
        time.sleep(0.02)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Relay:
    """One running server on one core. Subclasses say how to start it."""

    protocol = ""   # what relay_load calls it
    program = ""    # where it is not ours: a Debian package's
    words = ()      # more for relay_load

    def __init__(self, bin_folder, core, spin=0):
        self.folder = tempfile.mkdtemp(prefix="relay-bench-")
        self.port = free_port()
        command = self.command(bin_folder, spin)
        pinned = ["taskset", "-c", str(core), *command] if core is not None else command
        self.process = subprocess.Popen(pinned, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        try:
            wait_for(lambda: answers(self.port) or self.process.poll() is not None, f"{command[0]} to listen")
        except RuntimeError:
            self.stop()
            raise
        if self.process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended with {self.process.poll()}")

    @property
    def pid(self):
        return self.process.pid

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @classmethod
    def is_there(cls):
        return not cls.program or shutil.which(cls.program) is not None


class Limit(Relay):
    protocol = "forwarder"

    def command(self, bin_folder, spin):
        return [os.path.join(bin_folder, "relay_forwarder"), str(self.port), str(spin)]


class Parley(Relay):
    """As it is, but for the limits that 1,000 seats in a room and 10,000 new connections at once would meet."""

    protocol = "parley"
    scheme = "tcp"

    def command(self, bin_folder, spin):
        settings = {"listen": f"{self.scheme}://127.0.0.1:{self.port}", "seats-per-room": 2000, "join-burst": 1_000_000,
                    "new-in-all": 1_000_000, "new-in-all-burst": 1_000_000}
        if spin:
            settings["spin"] = spin
        words = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
        return [os.path.join(bin_folder, "parley-relay"), *words]


class ParleyTls(Parley):
    scheme = "tls"
    words = ("carrier=tls",)


class ParleyWeb(Parley):
    scheme = "ws"
    words = ("carrier=ws",)


class HandshakeFloor(Relay):
    """OpenSSL's handshake with the relay's certificate and nothing else."""

    protocol = "parley"
    words = ("carrier=tls",)

    def command(self, bin_folder, spin):
        return [os.path.join(bin_folder, "relay_handshake_floor"), str(self.port)]


class Nats(Relay):
    protocol = "nats"
    program = "nats-server"

    def command(self, bin_folder, spin):
        return [self.program, "-a", "127.0.0.1", "-p", str(self.port)]


class Redis(Relay):
    protocol = "redis"
    program = "redis-server"

    def command(self, bin_folder, spin):
        return [self.program, self.write("redis.conf", f"""
bind 127.0.0.1
port {self.port}
save ""
appendonly no
maxclients 15000
client-output-buffer-limit pubsub 0 0 0
""")]


class Mosquitto(Relay):
    protocol = "mosquitto"
    program = "mosquitto"

    def command(self, bin_folder, spin):
        return [shutil.which(self.program), "-c", self.write("mosquitto.conf", f"""
listener {self.port} 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
max_queued_messages 0
max_inflight_messages 0
""")]


RIVALS = {"NATS": Nats, "Redis": Redis, "Mosquitto": Mosquitto}
AMONG = {
    "rivals": {"limit": Limit, "Parley": Parley, **RIVALS},
    "carriers": {"TCP": Parley, "TLS": ParleyTls, "WebSocket": ParleyWeb},
    "handshakes": {"floor": HandshakeFloor, "TLS": ParleyTls},
}
