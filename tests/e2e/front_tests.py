"""Web servers in front of the relay: what docs/OPERATING.md shows, run as it stands there but for ports and places of files."""
import fcntl
import glob
import shutil
import tempfile

from support import *
from transport_tests import Authority, Folder, talk, two_at

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNPACKED = os.path.join(os.path.dirname(os.path.abspath(BIN)), "unpacked")
LETS_ENCRYPT = "/etc/letsencrypt/live/relay.example.org/"


def shown(heading, language):
    """The first block of that language after the heading."""
    with open(os.path.join(SOURCE, "docs", "OPERATING.md")) as page:
        _, found, rest = page.read().partition(f"**{heading}**")
    check(found, f"docs/OPERATING.md has {heading!r}")
    return re.search(rf"^```{language}\n(.*?)^```", rest, re.M | re.S)[1]


# --- the web servers ---

def installed(program, *packages):
    """Where it is: here already, or unpacked from Debian's packages, which starts nothing."""
    places = (shutil.which(program), f"/usr/sbin/{program}", f"{UNPACKED}/usr/sbin/{program}", f"{UNPACKED}/usr/bin/{program}")
    with open(UNPACKED + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run beside each other: who comes second finds it whole
        if not any(place and os.path.exists(place) for place in places):
            unpack(packages)
    found = [place for place in places if place and os.path.exists(place)]
    if not found:
        raise Skip(f"{program} is missing, and apt-get download {' '.join(packages)} did not bring it")
    return found[0]


def unpack(packages):
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(["apt-get", "download", "-q", *packages], cwd=folder, capture_output=True, timeout=60, check=True)
            for package in glob.glob(folder + "/*.deb"):
                subprocess.run(["dpkg", "-x", package, UNPACKED], capture_output=True, check=True)
        except (OSError, subprocess.SubprocessError):
            pass  # who looks for it says so


class Front(Program):
    """In front of a relay on a port of its own; it is asked for by that port on localhost."""

    def __init__(self, relay, *words, prefix=(), environment=None):
        self.relay = relay
        super().__init__(*words, stdin=False, prefix=prefix, environment=environment)
        wait_until(self.listens, lambda: f"{words[0]} to listen: {self.err[-5:]}")

    def listens(self):
        """Without a connection, which the relay would take for one that says nothing in time."""
        check(self.alive(), self.err)
        with open("/proc/net/tcp") as sockets:
            return f"0100007F:{self.port:04X} 00000000:0000 0A" in sockets.read()


class Nginx(Front):
    OUTSIDE = {"stream": "{block}", "server": "http {{ access_log off; {temporary} {block} }}"}

    def __init__(self, folder, relay, heading, certificate, key, change=lambda text: text):
        program = installed("nginx", "nginx", "libnginx-mod-stream")
        self.port = free_port()
        block = change(shown(heading, "nginx"))
        check("listen 443" in block and f"127.0.0.1:{relay.shown_port};" in block, block)
        block = block.replace("listen 443", f"listen 127.0.0.1:{self.port}").replace(f":{relay.shown_port};", f":{relay.port};")
        block = block.replace(LETS_ENCRYPT + "fullchain.pem", certificate).replace(LETS_ENCRYPT + "privkey.pem", key)
        temporary = "".join(f"{kind}_temp_path {folder(kind)};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(folder("nginx.conf"), "w") as file:
            file.write(f"{stream_module(block)} daemon off; master_process off; pid {folder('pid')}; error_log stderr; events {{}}\n")
            file.write(self.OUTSIDE[block.split()[0]].format(block=block, temporary=temporary))
        super().__init__(relay, program, "-e", "stderr", "-p", folder.path, "-c", folder("nginx.conf"))


def stream_module(block):
    if not block.startswith("stream"):
        return ""
    for root in ("/", UNPACKED):
        module = os.path.join(root, "usr/lib/nginx/modules/ngx_stream_module.so")
        if os.path.exists(module):
            return f"load_module {module};"
    raise Skip("nginx has no stream module here: libnginx-mod-stream")


class Caddy(Front):
    def __init__(self, folder, relay, heading, certificate, key, change=lambda text: text):
        program = installed("caddy", "caddy")
        self.port = free_port()
        block = change(shown(heading, "caddy"))
        site, proxied = "relay.example.org {\n", f"127.0.0.1:{relay.shown_port}"
        check(site in block and proxied in block, block)
        # It cannot fetch a certificate here.
        block = block.replace(site, f"https://localhost:{self.port} {{\n bind 127.0.0.1\n tls {certificate} {key}\n")
        with open(folder("Caddyfile"), "w") as file:
            file.write("{\n admin off\n auto_https disable_redirects\n}\n")
            file.write(block.replace(proxied, f"127.0.0.1:{relay.port}"))
        super().__init__(relay, program, "run", "--config", folder("Caddyfile"), "--adapter", "caddyfile",
                         environment={**os.environ, "HOME": folder.path, "XDG_DATA_HOME": folder.path, "XDG_CONFIG_HOME": folder.path})


class Behind(Program):
    """A relay with the settings that the document shows for that front, which limits those of this machine too."""

    def __init__(self, folder, heading):
        settings = shown(heading, "toml")
        self.shown_port = re.search(r'listen = \["\w+://127\.0\.0\.1:(\d+)"\]', settings)[1]
        with open(folder("relay.toml"), "w") as file:
            file.write(settings.replace(f":{self.shown_port}", ":0").replace("/var/lib/parley", folder.path))
        super().__init__("parley-relay", "--config", folder("relay.toml"), "--limit-loopback", "--connections-per-address", "2", stdin=False)
        self.address = self.start_line().split()[-1]
        self.port = int(self.address.rsplit(":", 1)[1])


# --- who comes through them ---

def secured(port, source):
    raw = Raw(port, source=source)
    raw.socket = trusts_anyone().wrap_socket(raw.socket, server_hostname="localhost")
    return raw


def comes_in_with_frames(port, source):
    """The connection of one that the relay takes in, or None."""
    try:
        raw = secured(port, source)
        raw.send(join(os.urandom(32), os.urandom(16))).receive_kind(0x81)
        return raw
    except (EOFError, OSError):
        return None


def comes_in_with_websocket(port, source, *lines):
    raw = secured(port, source)
    return raw if asks_for_websocket(raw, "Host: localhost", *lines) else None


def clients_are_told_apart(front, comes_in):
    first = [comes_in(front.port, "127.0.0.2") for _ in range(2)]
    check(all(first), "two of one address")
    check(not comes_in(front.port, "127.0.0.2"), "and no third")
    if comes_in is comes_in_with_websocket:
        check(not comes_in(front.port, "127.0.0.2", "X-Forwarded-For: 203.0.113.5"), "whatever it claims itself")
    check(comes_in(front.port, "127.0.0.3"), "one of another address")


def check_front(kind, heading, scheme, comes_in, unnamed):
    """Two people talk through it, the limits count who is behind it, and without the line that names them nobody comes in."""
    with Folder() as folder:
        authority = Authority(folder)
        certificate, key = authority.vouch("front", "DNS:localhost")
        relay = Behind(folder, heading)
        front = kind(folder, relay, heading, certificate, key)
        pin = relay.address.split("//")[1].partition("@")[0] + "@" if "@" in relay.address else ""
        talk(*two_at(f"{scheme}://{pin}localhost:{front.port}", environment=authority.trusted))
        clients_are_told_apart(front, comes_in)
        front.kill()
        silent = kind(folder, relay, heading, certificate, key, unnamed)
        check(not comes_in(silent.port, "127.0.0.4"), "a proxy that names nobody is not believed")


def without(line):
    def change(block):
        check(line in block, block)
        return block.replace(line, "")
    return change


def nginx_that_sees_nothing_names_the_clients():
    check_front(Nginx, "Behind nginx, which need not see inside", "tls", comes_in_with_frames, without("proxy_protocol on;"))


def nginx_that_has_the_certificate_names_the_clients():
    check_front(Nginx, "Behind nginx, which has the certificate", "tls", comes_in_with_frames, without("proxy_protocol on;"))


def nginx_beside_web_sites_names_the_clients():
    check_front(Nginx, "Behind nginx, beside web sites", "wss", comes_in_with_websocket,
                without("proxy_set_header X-Forwarded-For $remote_addr;"))


def caddy_names_the_clients():
    def unnamed(block):
        return block.replace("reverse_proxy 127.0.0.1:5557", "reverse_proxy 127.0.0.1:5557 {\nheader_up -X-Forwarded-For\n}")
    check_front(Caddy, "Behind Caddy", "wss", comes_in_with_websocket, unnamed)


if __name__ == "__main__":
    main(globals())
